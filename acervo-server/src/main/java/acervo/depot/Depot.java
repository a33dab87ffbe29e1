package acervo.depot;

import acervo.blob.BlobStore;
import acervo.catalog.Catalog;
import acervo.catalog.Catalog.Member;
import acervo.catalog.Catalog.Page;
import acervo.catalog.Catalog.SpaceView;
import acervo.model.Change;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.NodeId;
import acervo.model.Outcome;
import acervo.model.RequestId;
import acervo.model.SecretHash;
import acervo.model.SpaceName;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The only place where blobs and names meet: everything that the front door can ask.
///
/// Every method may be called from any thread, may block (the one that may not says so), and throws
/// [acervo.model.RefusedException] for the caller's "no", [acervo.blob.StoreException] when the disk failed, and
/// [acervo.catalog.CatalogUnavailableException] when a change could not be carried out now. A full disk is a refusal,
/// NO_ROOM. `caller` was authenticated.
/// A space that the caller may not read is NO_SUCH_SPACE, as if there were none.
public final class Depot implements AutoCloseable {
    private Depot() {}

    /// Opens a depot over a store and a catalog, which stay the caller's to close, after this.
    ///
    /// @param node this machine, known to the catalog already
    /// @param folder for uploads' records and what else is kept locally; made when missing
    public static Depot open(
            BlobStore blobs, Catalog catalog, NodeId node, Path folder, DepotSettings settings, Clock clock) {
        throw new UnsupportedOperationException();
    }

    /// Checks an id and its secret. Takes as long for an unknown id.
    ///
    /// @return `id`
    /// @throws acervo.model.RefusedException UNAUTHENTICATED
    public ClientId authenticate(ClientId id, byte[] secret) {
        throw new UnsupportedOperationException();
    }

    /// Makes a client and its home. Again with the same hash: changes nothing.
    ///
    /// @throws acervo.model.RefusedException CLIENT_EXISTS
    public void register(ClientId id, SecretHash hash, RequestId request) {
        throw new UnsupportedOperationException();
    }

    /// @throws acervo.model.RefusedException NO_SUCH_SPACE
    public SpaceView space(ClientId caller, SpaceName name) {
        throw new UnsupportedOperationException();
    }

    /// All spaces that the caller may read: `home` and `public` first.
    public List<SpaceView> spaces(ClientId caller) {
        throw new UnsupportedOperationException();
    }

    /// The clients with a role in a shared space.
    public List<Member> members(ClientId caller, SpaceName name) {
        throw new UnsupportedOperationException();
    }

    /// A page of a folder; the path of a file lists just that file.
    ///
    /// @param limit 1 to 10,000
    public Page list(
            ClientId caller, SpaceName name, FilePath folder, boolean recursive, @Nullable FilePath after, int limit) {
        throw new UnsupportedOperationException();
    }

    /// @throws acervo.model.RefusedException NO_SUCH_FILE
    public FileEntry file(ClientId caller, SpaceName name, FilePath path) {
        throw new UnsupportedOperationException();
    }

    /// How many verified copies a version has; a look-up in memory and one in the catalog.
    public int verified(FileEntry entry) {
        throw new UnsupportedOperationException();
    }

    /// A file's facts, copies and past versions.
    public Receipt receipt(ClientId caller, SpaceName name, FilePath path) {
        throw new UnsupportedOperationException();
    }

    /// Rows of a space's feed after `after`, oldest first.
    public List<Change> feed(ClientId caller, SpaceName name, long after, int limit) {
        throw new UnsupportedOperationException();
    }

    /// Carries out a command that a client may ask for: remove, move, replicas, spaces, grants. Never a deposit,
    /// nor what only a server may.
    ///
    /// @return never [Outcome.Refused]: that is thrown
    /// @throws acervo.model.RefusedException when the whole command was refused; items have their own results
    public Outcome submit(ClientId caller, RequestId request, Command command) {
        throw new UnsupportedOperationException();
    }

    /// Opens a file for reading.
    ///
    /// @throws acervo.model.RefusedException NO_SUCH_FILE; CORRUPT when the only copy is damaged or missing
    public Download open(ClientId caller, SpaceName name, FilePath path) {
        throw new UnsupportedOperationException();
    }

    /// As [#open], but only when the bytes are in memory: never touches the blobs' disk, so that an event loop may
    /// call it. Empty when they
    /// are not: then call [#open] elsewhere.
    public Optional<Download> hot(ClientId caller, SpaceName name, FilePath path) {
        throw new UnsupportedOperationException();
    }

    /// Begins a deposit, once rights, path, condition, copies and room look as if it could succeed.
    public Intake begin(ClientId caller, Target target) {
        throw new UnsupportedOperationException();
    }

    /// Deposits many small files with one force of blobs and one command.
    ///
    /// @param replicas for all of them; 0 keeps what is there
    /// @return one result per item, in order: an item that is refused does not keep the others back
    public List<Outcome.Result> depositAll(
            ClientId caller, SpaceName name, int replicas, RequestId request, List<SmallDeposit> items) {
        throw new UnsupportedOperationException();
    }

    public Uploads uploads() {
        throw new UnsupportedOperationException();
    }

    public Verification verification() {
        throw new UnsupportedOperationException();
    }

    public DepotStatus status() {
        throw new UnsupportedOperationException();
    }

    /// Stops what runs by itself and waits for it. Deposits in flight fail.
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
