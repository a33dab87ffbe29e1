package acervo.sync;

import acervo.sync.plan.LocalNode;
import acervo.sync.plan.RemoteNode;
import acervo.sync.plan.SyncedNode;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Remembers the three trees across restarts. The local tree is written by the disk itself, with its stat facts; the
/// other two by the engine. One thread at a time on the engine's side.
public interface Index extends AutoCloseable {
    /// Reads everything. Nodes go to `trees`; called once, before anything else.
    ///
    /// @return how far the feed was read
    Position load(Trees trees);

    /// Writes edits in order, all or none. Durable on return when `force`; else at the latest with the next forced
    /// commit,
    /// and never without all that was committed before it: losing the newest edits of the remote and synced tree is
    /// safe,
    /// since the feed is read again and agreement is noticed again.
    void commit(List<Edit> edits, Position position, boolean force);

    @Override
    void close();

    /// @param epoch 0 before the feed was ever read
    /// @param cursor the version up to which the remote tree has all rows of the feed
    record Position(long epoch, long cursor) {
        public static final Position START = new Position(0, 0);
    }

    /// Takes the trees up at the start.
    record Trees(Consumer<LocalNode> local, Consumer<RemoteNode> remote, Consumer<SyncedNode> synced) {}

    /// One change of the remote or the synced tree.
    sealed interface Edit {
        /// @param now null when the row is gone
        record Remote(long id, @Nullable RemoteNode now) implements Edit {}

        /// Replaces what is known of that local id and of that remote id (of that path, for a folder).
        record Synced(SyncedNode now) implements Edit {}

        /// Forgets a file or link.
        record Unsynced(long localId, long remoteId) implements Edit {}

        /// Forgets a folder.
        record UnsyncedFolder(acervo.model.FilePath path) implements Edit {}

        /// Forgets the whole synced tree: merge mode.
        record NothingSynced() implements Edit {}

        /// Forgets the whole remote tree: the feed is read anew.
        record NothingRemote() implements Edit {}
    }
}
