package acervo.sync.plan;

import acervo.model.FilePath;
import acervo.model.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The local, the remote and the synced tree, and what in them is out of step, so that a plan costs what has
/// changed and not what is there. One thread. A file that is in step takes about 230 bytes with a path of 40
/// characters.
public final class Trees {
    final Tree local = new Tree(true, this::checkFolder);
    final Tree remote = new Tree(false, this::checkFolder);
    final Table syncedByLocal = new Table(Table.Key.LOCAL);
    final Table syncedByRemote = new Table(Table.Key.REMOTE);
    final Map<String, Entry> syncedFolders = new HashMap<>();

    /// What is out of step: nodes by their ids, synced files by their local id, folders by path.
    final Set<Long> strayLocal = new HashSet<>();

    final Set<Long> strayRemote = new HashSet<>();
    final Set<Long> straySynced = new HashSet<>();
    final Set<String> strayFolders = new HashSet<>();
    private long cursor;

    /// The version up to which the remote tree has all of the feed.
    public long cursor() {
        return cursor;
    }

    public void setCursor(long cursor) {
        this.cursor = cursor;
    }

    /// Puts a node in place of the one with its id.
    public void put(LocalNode node) {
        local.put(Entry.of(node));
        checkLocal(node.id());
    }

    public void removeLocal(long id) {
        local.remove(id);
        checkLocal(id);
    }

    /// Puts a node in place of the one with its id.
    public void put(RemoteNode node) {
        remote.put(Entry.of(node));
        checkRemote(node.id());
    }

    public void removeRemote(long id) {
        remote.remove(id);
        checkRemote(id);
    }

    /// Notes an agreement in place of what is known of the same local and of the same remote node, or of the same
    /// folder.
    public void put(SyncedNode node) {
        if (node.content().kind() == Kind.FOLDER) {
            syncedFolders.put(node.path().text(), Entry.of(node));
            checkFolder(node.path().text());
            return;
        }
        forget(node.localId(), node.remoteId());
        Entry entry = Entry.of(node);
        syncedByLocal.put(entry);
        syncedByRemote.put(entry);
        check(entry);
    }

    /// Forgets what was agreed on about a local node and about a remote node; an id of 0 is none.
    public void forget(long localId, long remoteId) {
        drop(syncedByLocal.get(localId));
        drop(syncedByRemote.get(remoteId));
    }

    public void forgetFolder(FilePath path) {
        if (syncedFolders.remove(path.text()) != null) {
            checkFolder(path.text());
        }
    }

    /// Forgets all that was agreed on: merge mode. Nothing is then removed or replaced because of it.
    public void forgetSynced() {
        List<Entry> all = new ArrayList<>(syncedByLocal.size());
        syncedByLocal.forEach(all::add);
        all.forEach(this::drop);
        for (String path : List.copyOf(syncedFolders.keySet())) {
            forgetFolder(new FilePath(path));
        }
    }

    /// Forgets the remote tree, to read it anew; nothing may be planned before it was read to its end.
    public void forgetRemote() {
        List<Entry> all = new ArrayList<>(remote.size());
        remote.forEach(all::add);
        remote.clear();
        for (Entry entry : all) {
            checkRemote(entry.remote);
        }
        cursor = 0;
    }

    public @Nullable LocalNode local(long id) {
        Entry there = local.get(id);
        return there == null ? null : there.localNode();
    }

    public @Nullable LocalNode localAt(FilePath path) {
        Entry there = local.at(path.text());
        return there == null ? null : there.localNode();
    }

    public @Nullable RemoteNode remote(long id) {
        Entry there = remote.get(id);
        return there == null ? null : there.remoteNode();
    }

    public @Nullable RemoteNode remoteAt(FilePath path) {
        Entry there = remote.at(path.text());
        return there == null ? null : there.remoteNode();
    }

    /// Whether there is a folder in the space, made on purpose or implied by what is below it.
    public boolean isRemoteFolder(FilePath path) {
        return remote.hasFolder(path.text());
    }

    public boolean isSyncedFolder(FilePath path) {
        return syncedFolders.containsKey(path.text());
    }

    public @Nullable SyncedNode syncedWithLocal(long localId) {
        Entry there = syncedByLocal.get(localId);
        return there == null ? null : there.syncedNode();
    }

    public @Nullable SyncedNode syncedWithRemote(long remoteId) {
        Entry there = syncedByRemote.get(remoteId);
        return there == null ? null : there.syncedNode();
    }

    /// All nodes on disk, in no order.
    public Collection<LocalNode> locals() {
        List<LocalNode> all = new ArrayList<>(local.size());
        local.forEach(e -> all.add(e.localNode()));
        return all;
    }

    /// All rows of the space, in no order.
    public Collection<RemoteNode> remotes() {
        List<RemoteNode> all = new ArrayList<>(remote.size());
        remote.forEach(e -> all.add(e.remoteNode()));
        return all;
    }

    /// All agreements, in no order.
    public Collection<SyncedNode> synceds() {
        List<SyncedNode> all = new ArrayList<>(syncedByLocal.size() + syncedFolders.size());
        syncedByLocal.forEach(e -> all.add(e.syncedNode()));
        syncedFolders.values().forEach(e -> all.add(e.syncedNode()));
        return all;
    }

    /// Files and links that were in step once.
    public int syncedFiles() {
        return syncedByLocal.size();
    }

    /// What is in step, and what bears the name of a conflict.
    ///
    /// @param files files and links that all three trees agree on
    /// @param bytes theirs
    /// @param conflicts files on disk with the name of a conflict, by path; not all of them when there are many
    /// @param conflictCount how many those are in all
    public record Summary(long files, long bytes, List<FilePath> conflicts, long conflictCount) {}

    /// A walk over all.
    ///
    /// @param most how many conflicts to list at most
    public Summary summary(int most) {
        List<String> conflicts = new ArrayList<>();
        local.forEach(e -> {
            if (!e.isFolder() && OtherNames.isConflict(e.path)) {
                conflicts.add(e.path);
            }
        });
        conflicts.sort(null);
        long[] bytes = new long[1];
        syncedByLocal.forEach(e -> bytes[0] += straySynced.contains(e.local) ? 0 : e.size);
        return new Summary(
                syncedByLocal.size() - straySynced.size(),
                bytes[0],
                conflicts.stream().limit(most).map(FilePath::new).toList(),
                conflicts.size());
    }

    /// Whether all three trees say the same.
    public boolean inStep() {
        return strayLocal.isEmpty() && strayRemote.isEmpty() && straySynced.isEmpty() && strayFolders.isEmpty();
    }

    private void drop(@Nullable Entry synced) {
        if (synced == null) {
            return;
        }
        syncedByLocal.remove(synced);
        syncedByRemote.remove(synced);
        straySynced.remove(synced.local);
        checkLocal(synced.local);
        checkRemote(synced.remote);
    }

    private void checkLocal(long id) {
        Entry synced = syncedByLocal.get(id);
        if (synced != null) {
            check(synced);
        } else {
            mark(strayLocal, id, isFile(local.get(id)));
        }
    }

    private void checkRemote(long id) {
        Entry synced = syncedByRemote.get(id);
        if (synced != null) {
            check(synced);
        } else {
            mark(strayRemote, id, isFile(remote.get(id)));
        }
    }

    private static boolean isFile(@Nullable Entry entry) {
        return entry != null && !entry.isFolder();
    }

    /// Sees whether a synced file is in step; if so, one entry stands for it in all three trees.
    private void check(Entry synced) {
        Entry l = local.get(synced.local);
        Entry r = remote.get(synced.remote);
        boolean inStep = false;
        if (l != null && r != null && r.version >= synced.version && synced.agrees(l) && synced.agrees(r)) {
            inStep = true;
            if (l != r || l != synced) {
                Entry one = Entry.shared(l, r);
                local.exchange(one);
                remote.exchange(one);
                syncedByLocal.put(one);
                syncedByRemote.put(one);
            }
        }
        mark(straySynced, synced.local, !inStep);
        mark(strayLocal, synced.local, !inStep && l != null);
        mark(strayRemote, synced.remote, !inStep && r != null);
    }

    private void checkFolder(String path) {
        boolean l = local.hasFolder(path);
        boolean r = remote.hasFolder(path);
        boolean s = syncedFolders.containsKey(path);
        mark(strayFolders, path, l != r || l != s);
    }

    private static <T> void mark(Set<T> stray, T key, boolean isStray) {
        if (isStray) {
            stray.add(key);
        } else {
            stray.remove(key);
        }
    }
}
