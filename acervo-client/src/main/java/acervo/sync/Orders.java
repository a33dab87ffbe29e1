package acervo.sync;

import acervo.model.FilePath;
import acervo.sync.plan.Operation;
import acervo.sync.plan.SyncedNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Facts about operations that carrying them out needs.
final class Orders {
    /// Who carries an operation out.
    enum Lane {
        /// Nobody: only noted.
        NOTE,
        /// The disk, in order.
        LOCAL,
        /// The space, then the disk.
        FETCH,
        /// The disk, then the space.
        DEPOSIT,
        REMOVE,
        /// The space, in order.
        MOVE;

        /// Whether those of one call are done in their order, so that one may build on another of the same
        /// call.
        boolean isOrdered() {
            return this == LOCAL || this == REMOVE || this == MOVE;
        }
    }

    private Orders() {}

    static Lane lane(Operation operation) {
        return switch (operation) {
            case Operation.AdoptSame _, Operation.Forget _ -> Lane.NOTE;
            case Operation.MakeLocalFolder _,
                    Operation.RemoveLocal _,
                    Operation.MoveLocal _,
                    Operation.SetLocalMetadata _,
                    Operation.KeepBothLocal _ -> Lane.LOCAL;
            case Operation.Download _ -> Lane.FETCH;
            case Operation.Upload _, Operation.MakeRemoteFolder _, Operation.SetRemoteMetadata _ -> Lane.DEPOSIT;
            case Operation.RemoveRemote _ -> Lane.REMOVE;
            case Operation.MoveRemote _, Operation.KeepBothRemote _ -> Lane.MOVE;
        };
    }

    /// Bytes that it moves; 0 for most.
    static long bytes(Operation operation) {
        return switch (operation) {
            case Operation.Upload(var local, var _) -> local.content().size();
            case Operation.Download(var _, var _, var content) -> content.size();
            default -> 0;
        };
    }

    /// What it reads or changes.
    static Set<FilePath> paths(Operation operation) {
        Set<FilePath> paths = new HashSet<>(4);
        switch (operation) {
            case Operation.Upload(var local, var _) -> paths.add(local.path());
            case Operation.MakeRemoteFolder(FilePath path) -> paths.add(path);
            case Operation.RemoveRemote(var remote) -> paths.add(remote.path());
            case Operation.MoveRemote(var remote, FilePath to, SyncedNode base, var _) ->
                paths.addAll(List.of(remote.path(), to, base.path()));
            case Operation.Download(var remote, var _, var _) -> paths.add(remote.path());
            case Operation.MakeLocalFolder(FilePath path) -> paths.add(path);
            case Operation.RemoveLocal(var local) -> paths.add(local.path());
            case Operation.MoveLocal(var local, FilePath to, SyncedNode base, var _) -> {
                paths.add(local.path());
                paths.add(to);
                paths.add(base.path());
            }
            case Operation.SetLocalMetadata(var local, var _, var _) -> paths.add(local.path());
            case Operation.SetRemoteMetadata(var remote, var local) -> {
                paths.add(remote.path());
                paths.add(local.path());
            }
            case Operation.KeepBothLocal(var local, FilePath to, var _) -> {
                paths.add(local.path());
                paths.add(to);
            }
            case Operation.KeepBothRemote(var remote, FilePath to, var _) -> {
                paths.add(remote.path());
                paths.add(to);
            }
            case Operation.AdoptSame(SyncedNode agreed) -> paths.add(agreed.path());
            case Operation.Forget(SyncedNode synced) -> paths.add(synced.path());
        }
        return paths;
    }

    /// The path that a person would know it by.
    static FilePath path(Operation operation) {
        return switch (operation) {
            case Operation.Upload(var local, var _) -> local.path();
            case Operation.MakeRemoteFolder(FilePath path) -> path;
            case Operation.RemoveRemote(var remote) -> remote.path();
            case Operation.MoveRemote(var _, FilePath to, var _, var _) -> to;
            case Operation.Download(var remote, var _, var _) -> remote.path();
            case Operation.MakeLocalFolder(FilePath path) -> path;
            case Operation.RemoveLocal(var local) -> local.path();
            case Operation.MoveLocal(var _, FilePath to, var _, var _) -> to;
            case Operation.SetLocalMetadata(var local, var _, var _) -> local.path();
            case Operation.SetRemoteMetadata(var _, var local) -> local.path();
            case Operation.KeepBothLocal(var local, var _, var _) -> local.path();
            case Operation.KeepBothRemote(var remote, var _, var _) -> remote.path();
            case Operation.AdoptSame(SyncedNode agreed) -> agreed.path();
            case Operation.Forget(SyncedNode synced) -> synced.path();
        };
    }
}
