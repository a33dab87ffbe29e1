package acervo.sync;

import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Version;
import acervo.sync.Index.Edit;
import acervo.sync.Index.Position;
import acervo.sync.plan.RemoteNode;
import acervo.sync.plan.SyncedNode;
import acervo.sync.plan.Trees;
import java.util.ArrayList;
import java.util.List;

/// The three trees in memory, and what of them the index remembers: both change together. The control thread's.
final class Ledger {
    private final Index index;
    private final Trees trees = new Trees();
    private final List<Edit> edits = new ArrayList<>();
    private long epoch;
    private int generation;
    private boolean moved;

    Ledger(Index index) {
        this.index = index;
    }

    Trees trees() {
        return trees;
    }

    long epoch() {
        return epoch;
    }

    /// Grows whenever what was agreed on is forgotten: what was begun before may not be noted afterwards.
    int generation() {
        return generation;
    }

    void load() {
        Position at = index.load(new Index.Trees(trees::put, trees::put, trees::put));
        epoch = at.epoch();
        trees.setCursor(at.cursor());
    }

    void synced(SyncedNode node) {
        trees.put(node);
        edits.add(new Edit.Synced(node));
    }

    /// Forgets what was agreed on about a file; an id of 0 is none.
    void unsynced(long localId, long remoteId) {
        trees.forget(localId, remoteId);
        edits.add(new Edit.Unsynced(localId, remoteId));
    }

    void unsyncedFolder(FilePath path) {
        trees.forgetFolder(path);
        edits.add(new Edit.UnsyncedFolder(path));
    }

    void unsynced(SyncedNode node) {
        if (node.content().kind() == Kind.FOLDER) {
            unsyncedFolder(node.path());
        } else {
            unsynced(node.localId(), node.remoteId());
        }
    }

    /// Takes out a row whose removal was acknowledged: else it would look like a new one. (A page that was read
    /// before may bring it back for a moment: its bytes can't be fetched any more, and the next page takes it out
    /// again.)
    void removedRemote(RemoteNode row, Version by) {
        RemoteNode known = trees.remote(row.id());
        if (known != null && known.version().compareTo(by) < 0) {
            trees.removeRemote(row.id());
            edits.add(new Edit.Remote(row.id(), null));
        }
    }

    /// Takes in a page of the feed. Rows come in order and only grow.
    ///
    /// @return whether anything changed
    boolean page(RemoteSpace.FeedPage page) {
        boolean changed = false;
        long cursor = trees.cursor();
        for (RemoteSpace.FeedRow row : page.rows()) {
            cursor = Math.max(cursor, row.version().number());
            RemoteNode now = row.present();
            if (now == null) {
                trees.removeRemote(row.id());
            } else {
                trees.put(now);
            }
            edits.add(new Edit.Remote(row.id(), now));
            changed = true;
        }
        if (page.rows().isEmpty()) {
            cursor = Math.max(cursor, page.latest());
        }
        if (cursor != trees.cursor() || page.epoch() != epoch) {
            trees.setCursor(cursor);
            epoch = page.epoch();
            moved = true;
        }
        return changed;
    }

    /// Merge mode: another catalog stands behind the space, or an earlier state of it. Nothing counts as agreed on,
    /// so nothing will be removed or replaced, and the space is read from its beginning.
    void merge(long newEpoch) {
        trees.forgetSynced();
        trees.forgetRemote();
        edits.clear();
        edits.add(new Edit.NothingSynced());
        edits.add(new Edit.NothingRemote());
        epoch = newEpoch;
        generation++;
        commit(true);
    }

    /// Forgets the remote tree, which is read anew from the beginning of the feed. What was agreed on stays.
    void rereadRemote() {
        trees.forgetRemote();
        edits.add(new Edit.NothingRemote());
        moved = true;
        commit(false);
    }

    /// Writes what has changed.
    ///
    /// @param force whether it must be durable before anything else is done
    void commit(boolean force) {
        if (force || moved || !edits.isEmpty()) {
            List<Edit> all = List.copyOf(edits);
            edits.clear();
            moved = false;
            index.commit(all, new Position(epoch, trees.cursor()), force);
        }
    }
}
