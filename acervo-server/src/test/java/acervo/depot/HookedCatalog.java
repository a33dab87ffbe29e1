package acervo.depot;

import acervo.catalog.Catalog;
import acervo.catalog.CatalogUnavailableException;
import acervo.model.BlobId;
import acervo.model.Change;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Interest;
import acervo.model.NodeId;
import acervo.model.Outcome;
import acervo.model.RequestId;
import acervo.model.SecretHash;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A catalog that a test can step into.
final class HookedCatalog implements Catalog {
    /// Run before and after a command is applied.
    volatile Consumer<Command> before = command -> {};

    volatile Consumer<Command> after = command -> {};

    /// Commands of this kind take effect, and their answer is lost.
    volatile @Nullable Class<? extends Command> losingAnswersOf;

    /// Commands of this kind are not even tried yet: the answer is lost, and [#applyLate] applies them.
    volatile @Nullable Class<? extends Command> delaying;

    final List<Command> submitted = new ArrayList<>();
    private final List<Runnable> late = new ArrayList<>();
    private final Catalog catalog;

    HookedCatalog(Catalog catalog) {
        this.catalog = catalog;
    }

    /// What was delayed is applied now.
    void applyLate() {
        late.forEach(Runnable::run);
        late.clear();
    }

    @Override
    public Outcome submit(Command command, ClientId author, RequestId request) {
        synchronized (submitted) {
            submitted.add(command);
        }
        Class<? extends Command> delayed = delaying;
        if (delayed != null && delayed.isInstance(command)) {
            late.add(() -> catalog.submit(command, author, request));
            throw new CatalogUnavailableException("no answer", null);
        }
        before.accept(command);
        Outcome outcome = catalog.submit(command, author, request);
        after.accept(command);
        Class<? extends Command> losing = losingAnswersOf;
        if (losing != null && losing.isInstance(command)) {
            throw new CatalogUnavailableException("no answer", null);
        }
        return outcome;
    }

    @Override
    public Optional<Outcome> outcome(ClientId author, RequestId request) {
        return catalog.outcome(author, request);
    }

    @Override
    public Optional<SecretHash> secret(ClientId client) {
        return catalog.secret(client);
    }

    @Override
    public Optional<SpaceView> space(ClientId caller, SpaceName name) {
        return catalog.space(caller, name);
    }

    @Override
    public boolean isTaken(SpaceName name) {
        return catalog.isTaken(name);
    }

    @Override
    public List<SpaceView> spaces(ClientId caller) {
        return catalog.spaces(caller);
    }

    @Override
    public List<Member> members(SpaceId space) {
        return catalog.members(space);
    }

    @Override
    public Optional<FileEntry> file(SpaceId space, FilePath path) {
        return catalog.file(space, path);
    }

    @Override
    public Page list(SpaceId space, FilePath folder, boolean recursive, @Nullable FilePath after, int limit) {
        return catalog.list(space, folder, recursive, after, limit);
    }

    @Override
    public List<Change> feed(SpaceId space, long after, int limit) {
        return catalog.feed(space, after, limit);
    }

    @Override
    public long feedStart(SpaceId space) {
        return catalog.feedStart(space);
    }

    @Override
    public List<Interest> interests(ClientId client, long after, int limit) {
        return catalog.interests(client, after, limit);
    }

    @Override
    public Optional<Interest> interest(ClientId client, long number) {
        return catalog.interest(client, number);
    }

    @Override
    public Inbox notices(ClientId client, long after, int limit) {
        return catalog.notices(client, after, limit);
    }

    @Override
    public boolean interestsAreDue(long nowMillis) {
        return catalog.interestsAreDue(nowMillis);
    }

    @Override
    public void listen(Listener listener) {
        catalog.listen(listener);
    }

    @Override
    public List<FileEntry> history(SpaceId space, FilePath path, int limit) {
        return catalog.history(space, path, limit);
    }

    @Override
    public Optional<BlobView> blob(BlobId id) {
        return catalog.blob(id);
    }

    @Override
    public List<BlobId> orphans(long beforeMillis, int limit) {
        return catalog.orphans(beforeMillis, limit);
    }

    @Override
    public List<BlobView> blobs(@Nullable BlobId after, int limit) {
        return catalog.blobs(after, limit);
    }

    @Override
    public List<FileRef> referring(Set<BlobId> blobs, int limit) {
        return catalog.referring(blobs, limit);
    }

    @Override
    public List<NodeId> nodes() {
        return catalog.nodes();
    }

    @Override
    public CatalogStatus status() {
        return catalog.status();
    }

    @Override
    public void close() {
        catalog.close();
    }
}
