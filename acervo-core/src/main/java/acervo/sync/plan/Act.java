package acervo.sync.plan;

import acervo.model.FilePath;
import org.jspecify.annotations.Nullable;

/// An operation while a plan is made, with the paths that it leaves and takes on its side; neither, when it changes
/// something in place or only takes a note.
///
/// @param folder whether what leaves or comes is a folder
/// @param item null for a folder
record Act(
        Operation operation,
        Side side,
        @Nullable String leaves,
        @Nullable String takes,
        boolean folder,
        @Nullable Item item) {
    /// Where something is.
    enum Side {
        LOCAL,
        REMOTE
    }

    static Act of(Operation operation, @Nullable Item item) {
        return switch (operation) {
            case Operation.Upload(LocalNode local, RemoteNode replaces) ->
                new Act(
                        operation,
                        Side.REMOTE,
                        null,
                        replaces == null ? local.path().text() : null,
                        false,
                        item);
            case Operation.MakeRemoteFolder(FilePath path) ->
                new Act(operation, Side.REMOTE, null, path.text(), true, null);
            case Operation.RemoveRemote(RemoteNode remote) ->
                new Act(operation, Side.REMOTE, remote.path().text(), null, item == null, item);
            case Operation.MoveRemote move ->
                new Act(
                        operation,
                        Side.REMOTE,
                        move.remote().path().text(),
                        move.to().text(),
                        false,
                        item);
            case Operation.Download(RemoteNode remote, LocalNode replaces, var content) ->
                new Act(
                        operation,
                        Side.LOCAL,
                        null,
                        replaces == null ? remote.path().text() : null,
                        false,
                        item);
            case Operation.MakeLocalFolder(FilePath path) ->
                new Act(operation, Side.LOCAL, null, path.text(), true, null);
            case Operation.RemoveLocal(LocalNode local) ->
                new Act(operation, Side.LOCAL, local.path().text(), null, item == null, item);
            case Operation.MoveLocal move ->
                new Act(
                        operation,
                        Side.LOCAL,
                        move.local().path().text(),
                        move.to().text(),
                        false,
                        item);
            case Operation.KeepBothLocal keep ->
                new Act(
                        operation,
                        Side.LOCAL,
                        keep.local().path().text(),
                        keep.to().text(),
                        false,
                        item);
            case Operation.KeepBothRemote keep ->
                new Act(
                        operation,
                        Side.REMOTE,
                        keep.remote().path().text(),
                        keep.to().text(),
                        false,
                        item);
            case Operation.SetLocalMetadata o -> new Act(operation, Side.LOCAL, null, null, false, item);
            case Operation.SetRemoteMetadata o -> new Act(operation, Side.REMOTE, null, null, false, item);
            case Operation.AdoptSame o -> new Act(operation, Side.LOCAL, null, null, false, item);
            case Operation.Forget o -> new Act(operation, Side.LOCAL, null, null, false, item);
        };
    }

    /// A path to sort by.
    String path() {
        return takes != null ? takes : leaves != null ? leaves : item != null ? item.path() : notedPath();
    }

    private String notedPath() {
        return switch (operation) {
            case Operation.AdoptSame(SyncedNode agreed) -> agreed.path().text();
            case Operation.Forget(SyncedNode synced) -> synced.path().text();
            default -> "";
        };
    }

    /// Notes first, since they cost nothing; removals last, since they can't be taken back.
    int rank() {
        return switch (operation) {
            case Operation.AdoptSame o -> 0;
            case Operation.Forget o -> 0;
            case Operation.KeepBothLocal o -> 1;
            case Operation.KeepBothRemote o -> 1;
            case Operation.MakeLocalFolder o -> 2;
            case Operation.MakeRemoteFolder o -> 2;
            case Operation.MoveLocal o -> 3;
            case Operation.MoveRemote o -> 3;
            case Operation.SetLocalMetadata o -> 4;
            case Operation.SetRemoteMetadata o -> 4;
            case Operation.Upload o -> 5;
            case Operation.Download o -> 5;
            case Operation.RemoveLocal o -> 6;
            case Operation.RemoveRemote o -> 6;
        };
    }
}
