package acervo.catalog;

import acervo.model.BlobId;
import acervo.model.Change;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Interest;
import acervo.model.NodeId;
import acervo.model.Notice;
import acervo.model.Outcome;
import acervo.model.RequestId;
import acervo.model.Role;
import acervo.model.SecretHash;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What exists: clients, spaces, files with their versions, blobs with their reference counts, feeds.
///
/// Changes go through [#submit] only, which returns once the change is in the log, forced, and applied here. Reads see
/// every
/// change whose submit has returned. Safe for any number of threads; reads never wait for changes.
public interface Catalog extends AutoCloseable {
    /// Puts a command into the log and waits until it is applied. Many commands in flight share one entry and one
    /// force.
    ///
    /// @param author the client that asks; the rules check what it may do
    /// @param request the same for every retry: a repeated one has no second effect and gets the first one's
    /// outcome
    /// @throws CatalogUnavailableException when it could not be known whether the command took effect (retry with
    /// the same request), or
    ///     when the log takes no writes (full disk, failed force); nothing of it is visible in that case
    Outcome submit(Command command, ClientId author, RequestId request);

    /// What became of a request that took effect before, when its outcome is still kept; empty when `author` sent
    /// none such. A retry
    /// asks this before anything is checked early, so that a deposit that succeeded is not refused because of
    /// itself.
    Optional<Outcome> outcome(ClientId author, RequestId request);

    /// The hash of a client's secret; empty for an unknown client.
    Optional<SecretHash> secret(ClientId client);

    /// What `caller` sees of the space that it names so: empty when there is none, or none that it may read.
    Optional<SpaceView> space(ClientId caller, SpaceName name);

    /// Whether a shared space has that name, whoever may see it: not a folder that the server shares or had shared.
    boolean isTaken(SpaceName name);

    /// All spaces that `caller` may read, by name: `home` and `public` first.
    List<SpaceView> spaces(ClientId caller);

    /// The clients with a role in a shared space, the owner among them.
    List<Member> members(SpaceId space);

    /// What stands at a path.
    Optional<FileEntry> file(SpaceId space, FilePath path);

    /// A page of a folder in the order of paths ([FilePath#compareTo]): its files and its sub-folders, or, when
    /// `recursive`, all
    /// files below it. A folder that was made on purpose is an entry, whether something is in it or not.
    ///
    /// @param after the last path of the page before, or null
    /// @param limit 1 to 10,000
    Page list(SpaceId space, FilePath folder, boolean recursive, @Nullable FilePath after, int limit);

    /// Rows of a space's feed after `after` (0: from the start), oldest first.
    List<Change> feed(SpaceId space, long after, int limit);

    /// How far back the feed is complete: a reader whose last version is less than this (but not 0) may have missed
    /// removals,
    /// whose rows expire with the history, and has to start again from 0.
    long feedStart(SpaceId space);

    /// Interests of a client after number `after` (0: from the start), in the order of their numbers; those whose
    /// time is over may still be among them.
    List<Interest> interests(ClientId client, long after, int limit);

    /// One interest; empty when it was met or cancelled, or let go of when its time was over.
    Optional<Interest> interest(ClientId client, long number);

    /// Notices of a client after number `after` (0: from the start), oldest first, without those of files that
    /// it may not read now.
    Inbox notices(ClientId client, long after, int limit);

    /// Whether the time of some interest was over at `nowMillis`, so that [Command.ExpireInterests] finds
    /// something.
    boolean interestsAreDue(long nowMillis);

    /// Has `listener` told of everything that is applied from now on. There is no way back: a listener lives as
    /// long as the catalog.
    void listen(Listener listener);

    /// Past versions of a path, newest first: those of the file that stands there now, wherever it stood then, and
    /// those of files that were
    /// removed there. A version that differs from the next one only in its replicas, time or flags, or in its path,
    /// is not kept.
    List<FileEntry> history(SpaceId space, FilePath path, int limit);

    /// What is known of a blob; empty for one that nothing refers to and that was forgotten.
    Optional<BlobView> blob(BlobId id);

    /// Blobs that nothing has referred to since before `beforeMillis`, at most `limit`.
    List<BlobId> orphans(long beforeMillis, int limit);

    /// Blobs after `after` (from the start when null) in the order of their ids, orphans among them, at most
    /// `limit`: what the disk is
    /// compared with.
    List<BlobView> blobs(@Nullable BlobId after, int limit);

    /// The current files, of all spaces, whose content is one of `blobs`, at most `limit`. Walks every file: meant
    /// for the rare
    /// case that damage was found.
    List<FileRef> referring(Set<BlobId> blobs, int limit);

    /// The machines that can hold replicas.
    List<NodeId> nodes();

    /// Counts and positions, cheap enough to ask every second.
    CatalogStatus status();

    @Override
    void close();

    /// A space as one client sees it.
    ///
    /// @param role of the caller, at least reader
    /// @param latest the newest version in its feed, 0 for none
    record SpaceView(SpaceId id, SpaceName name, Role role, long files, long bytes, long latest) {}

    /// Notices of one client.
    ///
    /// @param last everything up to this number was looked at: where to go on after
    /// @param more whether there may be some after `last`
    /// @param missed how many there was no room for, and that were not acknowledged yet
    record Inbox(List<Notice> notices, long last, boolean more, long missed) {
        public Inbox {
            notices = List.copyOf(notices);
        }
    }

    /// Told what changed, once readers see it. It only says where to look: what is there is read from the catalog.
    interface Listener {
        /// Must not block and not throw: it runs where entries are applied, one at a time.
        ///
        /// @param spaces with a new row in their feeds, or with other members, or removed
        /// @param clients with other interests or notices than before
        void applied(Set<SpaceId> spaces, Set<ClientId> clients);
    }

    /// A client's role in a space.
    record Member(ClientId client, Role role) {}

    /// Files and sub-folders in one order.
    ///
    /// @param more whether the list goes on after the last item
    record Page(List<Item> items, boolean more) {}

    /// A line of a listing.
    sealed interface Item {
        FilePath path();

        /// A file (or a folder made on purpose, or a link).
        record Entry(FileEntry entry) implements Item {
            @Override
            public FilePath path() {
                return entry.path();
            }
        }

        /// A folder that the paths of files imply.
        record Folder(FilePath path) implements Item {}
    }

    /// A blob's facts.
    ///
    /// @param sinceMillis when it became known, its bytes having just been hashed; 0 when nobody wrote that down
    /// @param references versions of files, in the history too, that have this content
    /// @param replicas the largest count that any of those files asks for
    /// @param holders where copies are, forced
    record BlobView(BlobId id, long size, long sinceMillis, long references, int replicas, List<NodeId> holders) {}

    /// A file, and the space that it stands in.
    ///
    /// @param name how the space is called; `home` for a client's own
    /// @param owner of a home or a shared space; empty for `public`
    record FileRef(SpaceId space, SpaceName name, Optional<ClientId> owner, FileEntry entry) {}

    /// Counts and positions.
    ///
    /// @param appliedIndex the log's index up to which the state was made
    /// @param epoch changes only when the catalog is restored from a backup
    record CatalogStatus(
            long clients,
            long spaces,
            long files,
            long bytes,
            long blobs,
            long orphans,
            long appliedTerm,
            long appliedIndex,
            long epoch,
            boolean writable,
            Optional<String> trouble) {}
}
