package acervo.sync;

import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Version;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.Operation;
import acervo.sync.plan.RemoteNode;
import acervo.sync.plan.SyncedNode;
import acervo.sync.plan.Trees;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is noted of an operation before it is begun and once it is done, as its contract says. The control thread's.
final class Notes {
    private final Ledger ledger;
    /// Folders that were made in the space, by path with their version, while the feed has yet to tell of them.
    /// Files have their versions in the synced tree; folders have none there.
    private final Map<FilePath, Long> awaited = new HashMap<>();

    Notes(Ledger ledger) {
        this.ledger = ledger;
    }

    /// Paths that can't be planned for before the feed has told more.
    Set<FilePath> awaited() {
        awaited.values().removeIf(version -> version <= ledger.trees().cursor());
        return awaited.keySet();
    }

    boolean isAwaiting() {
        return !awaited.isEmpty();
    }

    /// Another catalog stands behind the space: what was awaited will never come.
    void merged() {
        awaited.clear();
    }

    /// Notes what must be durable before an operation is begun, so that what it does is never taken, after a crash,
    /// for something that a person did.
    ///
    /// @return whether the index must be forced
    boolean before(Operation operation) {
        Trees trees = ledger.trees();
        return switch (operation) {
            case Operation.KeepBothLocal(LocalNode local, var _, boolean forget) ->
                forget && forget(trees.syncedWithLocal(local.id()));
            case Operation.KeepBothRemote(RemoteNode remote, var _, boolean forget) ->
                forget && forget(trees.syncedWithRemote(remote.id()));
            case Operation.Upload(LocalNode local, RemoteNode replaces) -> replaces != null && rebind(local, replaces);
            // One half of a rename that can't be done as one: the other half may be taken back meanwhile.
            case Operation.RemoveLocal(LocalNode local) -> {
                SyncedNode base = trees.syncedWithLocal(local.id());
                yield base != null && trees.remote(base.remoteId()) != null && forget(base);
            }
            // That it was seen to be gone must be remembered first, at any rate: else, if it came back before a crash,
            // it
            // would pass for what was in step all along, and for removed by somebody else.
            case Operation.RemoveRemote(RemoteNode remote) -> {
                SyncedNode base = trees.syncedWithRemote(remote.id());
                if (base != null && trees.local(base.localId()) != null) {
                    forget(base);
                }
                yield true;
            }
            default -> false;
        };
    }

    private boolean forget(@Nullable SyncedNode base) {
        if (base != null) {
            ledger.unsynced(base);
        }
        return base != null;
    }

    /// What was in step with a row was made anew on disk, which is about to replace the row. That must be
    /// remembered first: else, after a crash, the old one would still pass for what the row is compared with,
    /// wherever it is now.
    ///
    /// @return whether it was noted
    private boolean rebind(LocalNode local, RemoteNode replaces) {
        SyncedNode base = ledger.trees().syncedWithRemote(replaces.id());
        if (base == null || base.localId() == local.id()) {
            return false;
        }
        ledger.synced(new SyncedNode(local.id(), replaces.id(), local.path(), base.version(), base.content()));
        return true;
    }

    /// Forgets what was agreed on about something that is gone.
    private void removed(long localId, long remoteId, FilePath path, Kind kind) {
        if (kind == Kind.FOLDER) {
            ledger.unsyncedFolder(path);
        } else {
            ledger.unsynced(localId, remoteId);
        }
    }

    /// Notes a change of the disk as its operation says.
    ///
    /// @param agreed whether what was agreed on when it was begun still counts
    void onDisk(Operation operation, @Nullable LocalNode now, boolean agreed) {
        switch (operation) {
            case Operation.MakeLocalFolder(FilePath path) -> {
                if (agreed) {
                    ledger.synced(folder(path));
                }
            }
            case Operation.RemoveLocal(LocalNode node) -> {
                ledger.trees().removeLocal(node.id());
                removed(node.id(), 0, node.path(), node.content().kind());
            }
            case Operation.MoveLocal(var _, FilePath to, SyncedNode base, boolean aside) -> {
                if (agreed && !aside) {
                    ledger.synced(at(base, to, base.version()));
                }
            }
            case Operation.SetLocalMetadata(var _, var _, SyncedNode both) -> {
                if (agreed) {
                    ledger.synced(both);
                }
            }
            case Operation.Download(RemoteNode remote, var _, var _) -> {
                if (agreed && now != null) {
                    ledger.synced(new SyncedNode(
                            now.id(),
                            remote.id(),
                            remote.path(),
                            remote.version().number(),
                            remote.content()));
                }
            }
            default -> {}
        }
    }

    /// Notes that a row is gone by our own removal.
    void gone(RemoteNode row, Version by) {
        ledger.removedRemote(row, by);
        removed(0, row.id(), row.path(), row.content().kind());
    }

    /// Whether a row that an answer tells of can belong to the space as it is known. One with a version that the
    /// feed has passed, and has not told of, comes from a server that was restored meanwhile; noted as agreed on,
    /// it would look as if somebody had removed it since. (Or somebody was fast, and has. Not to note it is always
    /// safe.)
    private boolean isCredible(RemoteNode now) {
        return now.version().number() > ledger.trees().cursor()
                || now.equals(ledger.trees().remote(now.id()));
    }

    /// Notes a change of the space as its operation says. The remote tree waits for the feed.
    void inSpace(Operation operation, RemoteNode now) {
        if (!isCredible(now)) {
            return;
        }
        switch (operation) {
            case Operation.Upload upload -> ledger.synced(upload.synced(now));
            case Operation.SetRemoteMetadata set -> ledger.synced(set.synced(now));
            case Operation.MakeRemoteFolder(FilePath path) -> {
                ledger.synced(folder(path));
                awaited.put(path, now.version().number());
            }
            case Operation.MoveRemote(var _, FilePath to, SyncedNode base, boolean aside) ->
                ledger.synced(at(base, aside ? base.path() : to, now.version().number()));
            default -> {}
        }
    }

    private static SyncedNode folder(FilePath path) {
        return new SyncedNode(0, 0, path, 0, Hands.FOLDER);
    }

    private static SyncedNode at(SyncedNode base, FilePath path, long version) {
        return new SyncedNode(base.localId(), base.remoteId(), path, version, base.content());
    }

    /// A row turns out to be our own deposit, whose answer was lost: both sides had it, whatever came since.
    void settle(Operation sent, RemoteNode now) {
        switch (sent) {
            case Operation.Upload upload
            when isOurs(now, upload.local(), upload.replaces()) -> ledger.synced(upload.synced(now));
            case Operation.SetRemoteMetadata set
            when isOurs(now, set.local(), set.remote()) -> ledger.synced(set.synced(now));
            default -> {}
        }
    }

    private static boolean isOurs(RemoteNode now, LocalNode sent, @Nullable RemoteNode replaced) {
        return now.content().equals(sent.content())
                && now.path().equals(sent.path())
                && (replaced == null || now.id() == replaced.id());
    }
}
