package acervo.sync.index;

import acervo.model.BlobId;
import acervo.model.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// All that was seen on disk, in memory: found by path and by inode. Not thread-safe.
public final class Rows {
    private final Row root = new Row("", null);
    /// Files and links by inode; names of one inode (hard links) lie beside each other. Free places are null.
    private Row[] byInode = new Row[64];
    private int inodes;
    private int count;
    private long lastId;

    /// The synced folder itself; it has no id.
    public Row root() {
        return root;
    }

    /// How many files, links and folders there are.
    public int size() {
        return count;
    }

    /// A new id, never given before.
    public long nextId() {
        return ++lastId;
    }

    long lastId() {
        return lastId;
    }

    void idsUpTo(long given) {
        lastId = Math.max(lastId, given);
    }

    /// What was seen at a path, or null.
    public @Nullable Row find(String path) {
        if (path.isEmpty()) {
            return root;
        }
        Row at = root;
        int from = 0;
        while (at != null) {
            int slash = path.indexOf('/', from);
            at = child(at, slash < 0 ? path.substring(from) : path.substring(from, slash));
            if (slash < 0) {
                break;
            }
            from = slash + 1;
        }
        return at == null || at.id == 0 ? null : at;
    }

    /// What was seen in a folder under a name, or null. Allocates nothing.
    public @Nullable Row child(Row folder, String name) {
        Row[] table = folder.inside;
        if (table == null) {
            return null;
        }
        int mask = table.length - 1;
        for (int i = spread(name.hashCode()) & mask; ; i = (i + 1) & mask) {
            Row row = table[i];
            if (row == null || row.name.equals(name)) {
                return row;
            }
        }
    }

    /// A file or link of this inode that `wanted` takes, or null.
    public @Nullable Row byInode(long inode, Predicate<Row> wanted) {
        int mask = byInode.length - 1;
        for (int i = spread(inode) & mask; byInode[i] != null; i = (i + 1) & mask) {
            Row row = byInode[i];
            if (row.inode == inode && wanted.test(row)) {
                return row;
            }
        }
        return null;
    }

    /// Puts something at a path, in the place of what was there; folders on the way come into being without an id.
    public Row put(String path, long id, Facts facts, BlobId blob) {
        Row at = root;
        for (int from = 0; from <= path.length(); ) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            Row inside = child(at, path.substring(from, to));
            at = inside != null ? inside : add(at, new Row(path.substring(from, to), at));
            from = to + 1;
        }
        if (at.id == 0) {
            count++;
        } else if (at.kind != Kind.FOLDER) {
            removeInode(at);
        }
        at.id = id;
        at.kind = facts.kind();
        at.executable = facts.executable();
        at.size = facts.size();
        at.modifiedNanos = facts.modifiedNanos();
        at.changedNanos = facts.changedNanos();
        at.inode = facts.inode();
        at.blob(blob);
        idsUpTo(id);
        if (at.kind != Kind.FOLDER) {
            addInode(at);
        }
        return at;
    }

    /// Takes something out. A folder in which there is still something stays as the way there, without an id.
    public void remove(Row row) {
        if (row.id == 0) {
            return;
        }
        if (row.kind != Kind.FOLDER) {
            removeInode(row);
        }
        row.id = 0;
        row.kind = Kind.FOLDER;
        count--;
        Row at = row;
        while (at.id == 0 && at.insideCount == 0 && at.parent != null) {
            Row parent = at.parent;
            take(parent, at);
            at.parent = null;
            at = parent;
        }
    }

    /// All in and below a folder, each after the folder that it is in; without the folder itself.
    public List<Row> below(Row folder) {
        List<Row> all = new ArrayList<>();
        collect(folder, all);
        return all;
    }

    private static void collect(Row folder, List<Row> all) {
        for (Row row : folder.inside()) {
            if (row.id != 0) {
                all.add(row);
            }
            collect(row, all);
        }
    }

    private static Row add(Row folder, Row row) {
        Row[] table = folder.inside;
        if (table == null) {
            table = new Row[4];
        } else if (4 * (folder.insideCount + 1) > 3 * table.length) {
            Row[] larger = new Row[2 * table.length];
            for (Row one : table) {
                if (one != null) {
                    place(larger, one);
                }
            }
            table = larger;
        }
        place(table, row);
        folder.inside = table;
        folder.insideCount++;
        return row;
    }

    private static void place(Row[] table, Row row) {
        int mask = table.length - 1;
        int i = spread(row.name.hashCode()) & mask;
        while (table[i] != null) {
            i = (i + 1) & mask;
        }
        table[i] = row;
    }

    private static void take(Row folder, Row row) {
        Row[] table = folder.inside;
        if (table == null) {
            return;
        }
        int mask = table.length - 1;
        int i = spread(row.name.hashCode()) & mask;
        while (table[i] != row) {
            i = (i + 1) & mask;
        }
        table[i] = null;
        // What lies behind may have been pushed on by it.
        for (int j = (i + 1) & mask; table[j] != null; j = (j + 1) & mask) {
            Row moved = table[j];
            table[j] = null;
            place(table, moved);
        }
        folder.insideCount--;
        if (folder.insideCount == 0) {
            folder.inside = null;
        }
    }

    private void addInode(Row row) {
        if (2 * (inodes + 1) > byInode.length) {
            Row[] old = byInode;
            byInode = new Row[2 * old.length];
            for (Row one : old) {
                if (one != null) {
                    placeInode(one);
                }
            }
        }
        placeInode(row);
        inodes++;
    }

    private void placeInode(Row row) {
        int mask = byInode.length - 1;
        int i = spread(row.inode) & mask;
        while (byInode[i] != null) {
            i = (i + 1) & mask;
        }
        byInode[i] = row;
    }

    private void removeInode(Row row) {
        int mask = byInode.length - 1;
        int i = spread(row.inode) & mask;
        while (byInode[i] != row) {
            i = (i + 1) & mask;
        }
        byInode[i] = null;
        for (int j = (i + 1) & mask; byInode[j] != null; j = (j + 1) & mask) {
            Row moved = byInode[j];
            byInode[j] = null;
            placeInode(moved);
        }
        inodes--;
    }

    private static int spread(long value) {
        long mixed = value * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32);
    }
}
