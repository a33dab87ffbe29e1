package acervo.sync.plan;

import acervo.model.Content;
import acervo.model.FilePath;
import org.jspecify.annotations.Nullable;

/// One thing to do, with the observations that it is based on: whoever does it looks again, and does nothing if they no
/// longer hold. What to note when it is done stands with each; nothing else is noted.
public sealed interface Operation {
    /// Deposits a local file or link. Then synced is `local` with the id and version of the row that came of it.
    ///
    /// @param replaces the row that it replaces, at exactly that version; null when nothing may be there
    record Upload(LocalNode local, @Nullable RemoteNode replaces) implements Operation {
        /// What to note, given the row that came of it.
        public SyncedNode synced(RemoteNode now) {
            return new SyncedNode(
                    local.id(), now.id(), local.path(), now.version().number(), local.content());
        }
    }

    /// Makes a folder of the space that stays without anything in it. Then synced has the folder.
    record MakeRemoteFolder(FilePath path) implements Operation {}

    /// Removes a row at exactly its version. Then the remote tree lacks it at once, and synced forgets it.
    record RemoveRemote(RemoteNode remote) implements Operation {}

    /// Renames a row at exactly its version; nothing may be at `to`. Then synced has the version that came of it
    /// and, unless it only stands `aside` for a moment, the new path; and the rest of `base`.
    record MoveRemote(RemoteNode remote, FilePath to, SyncedNode base, boolean aside) implements Operation {}

    /// Fetches a version, and puts it in place of `replaces` or where nothing is. Then the local tree has what the
    /// disk says, and synced is `remote`.
    ///
    /// @param content the version's, maybe with an executable bit that was changed locally meanwhile
    record Download(RemoteNode remote, @Nullable LocalNode replaces, Content content) implements Operation {}

    /// Makes a folder on disk. Then the local tree has it, and synced too.
    record MakeLocalFolder(FilePath path) implements Operation {}

    /// Removes a file, a link or an empty folder from the disk. Then the local tree lacks it, and synced forgets
    /// it.
    record RemoveLocal(LocalNode local) implements Operation {}

    /// Renames on disk; nothing may be at `to`. Then the local tree has the new path, and, unless it only stands
    /// `aside` for a moment, synced has it too, with the rest of `base`.
    record MoveLocal(LocalNode local, FilePath to, SyncedNode base, boolean aside) implements Operation {}

    /// Gives a local file another time and executable bit. Then the local tree has them, and synced is `agreed`.
    record SetLocalMetadata(LocalNode local, Content content, SyncedNode agreed) implements Operation {}

    /// Gives a row the time and executable bit of the local file, at exactly its version. Then synced is `local`
    /// with the version that came of it.
    record SetRemoteMetadata(RemoteNode remote, LocalNode local) implements Operation {
        /// What to note, given the row that came of it.
        public SyncedNode synced(RemoteNode now) {
            return new SyncedNode(
                    local.id(), now.id(), local.path(), now.version().number(), local.content());
        }
    }

    /// Both sides have something of their own at one path: the local one gets the name of a conflict, and will be
    /// uploaded. *Before* it is renamed, synced forgets it if `forget`, so that the renaming is never taken for a
    /// person's.
    record KeepBothLocal(LocalNode local, FilePath to, boolean forget) implements Operation {}

    /// The same with the row, where nothing local may be changed or a local folder is in its way.
    record KeepBothRemote(RemoteNode remote, FilePath to, boolean forget) implements Operation {}

    /// Both sides have the same: only notes it.
    record AdoptSame(SyncedNode agreed) implements Operation {}

    /// Neither side has it any more: only forgets it.
    record Forget(SyncedNode synced) implements Operation {}
}
