package acervo.sync.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The local or the remote tree: entries by id and by path, and the folders that they stand in. A folder is there
/// because it has an entry of its own or because something is below it.
final class Tree {
    private final Table byId;
    private final Table byPath = new Table(Table.Key.PATH);
    private final boolean isLocal;
    /// Ids of what has the same path as something that came later, by path: for a moment, since the feed tells of a
    /// file that took a path before it tells what became of the one that had it. A crash, or a page's end, may lie
    /// in
    /// that moment.
    private final Map<String, List<Long>> hidden = new HashMap<>();

    private final Map<String, Folder> folders = new HashMap<>();
    private final Consumer<String> folderChanged;

    private static final class Folder {
        /// Files, links and folders right below.
        int children;
        /// Entries of its own: 0 or 1, or 2 for a moment while ids change.
        int entries;

        boolean there() {
            return children > 0 || entries > 0;
        }
    }

    /// @param folderChanged hears of each folder that came or went
    Tree(boolean isLocal, Consumer<String> folderChanged) {
        this.isLocal = isLocal;
        this.byId = new Table(isLocal ? Table.Key.LOCAL : Table.Key.REMOTE);
        this.folderChanged = folderChanged;
    }

    int size() {
        return byId.size();
    }

    @Nullable
    Entry get(long id) {
        return byId.get(id);
    }

    /// The entry at a path, a folder's too.
    @Nullable
    Entry at(String path) {
        return byPath.get(path);
    }

    /// The file or link at a path.
    @Nullable
    Entry fileAt(String path) {
        Entry there = byPath.get(path);
        return there == null || there.isFolder() ? null : there;
    }

    boolean hasFolder(String path) {
        return path.isEmpty() || folders.containsKey(path);
    }

    /// How many things are right below a folder.
    int children(String path) {
        Folder folder = folders.get(path);
        return folder == null ? 0 : folder.children;
    }

    void forEach(Consumer<Entry> each) {
        byId.forEach(each);
    }

    /// Puts an entry and returns the one that had its id.
    @Nullable
    Entry put(Entry entry) {
        Entry before = byId.put(entry);
        if (before != null) {
            leave(before);
        }
        Entry there = byPath.put(entry);
        if (there != null && id(there) != id(entry)) {
            hidden.computeIfAbsent(entry.path, _ -> new ArrayList<>(1)).add(id(there));
        }
        count(entry, 1);
        if (before != null) {
            count(before, -1);
        }
        return before;
    }

    @Nullable
    Entry remove(long id) {
        Entry before = byId.get(id);
        if (before != null) {
            byId.remove(before);
            leave(before);
            count(before, -1);
        }
        return before;
    }

    /// Puts an entry in place of one with the same id, path and kind; what came to its path since is still found by
    /// it.
    void exchange(Entry entry) {
        byId.put(entry);
        Entry there = byPath.get(entry.path);
        if (there != null && id(there) == id(entry)) {
            byPath.put(entry);
        }
    }

    /// Of two that have one path for a moment, the one that came last is found by it; when it goes first, the other
    /// is.
    private void leave(Entry before) {
        List<Long> others = hidden.getOrDefault(before.path, List.of());
        Entry there = byPath.get(before.path);
        if (there == null || id(there) != id(before)) {
            others.remove(id(before));
        } else if (others.isEmpty()) {
            byPath.remove(before);
        } else {
            Entry other = byId.get(others.removeLast());
            if (other == null) {
                throw new IllegalStateException("nothing is behind " + before.path);
            }
            byPath.put(other);
        }
        if (others.isEmpty()) {
            hidden.remove(before.path);
        }
    }

    private void count(Entry entry, int by) {
        if (entry.isFolder()) {
            change(entry.path, 0, by);
        } else {
            change(Paths.parent(entry.path), by, 0);
        }
    }

    private void change(String path, int children, int entries) {
        if (path.isEmpty()) {
            return;
        }
        Folder folder = folders.computeIfAbsent(path, p -> new Folder());
        boolean before = folder.there();
        folder.children += children;
        folder.entries += entries;
        boolean after = folder.there();
        if (!after) {
            folders.remove(path);
        }
        if (before != after) {
            change(Paths.parent(path), after ? 1 : -1, 0);
            folderChanged.accept(path);
        }
    }

    void clear() {
        byId.clear();
        byPath.clear();
        hidden.clear();
        String[] gone = folders.keySet().toArray(new String[0]);
        folders.clear();
        for (String path : gone) {
            folderChanged.accept(path);
        }
    }

    private long id(Entry entry) {
        return isLocal ? entry.local : entry.remote;
    }
}
