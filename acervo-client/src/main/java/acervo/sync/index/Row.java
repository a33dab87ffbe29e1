package acervo.sync.index;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.sync.plan.LocalNode;
import acervo.watch.Stat;
import org.jspecify.annotations.Nullable;

/// One thing that was seen on disk, as a place in the tree of [Rows]. There is one for every file: it holds its name
/// only, and its numbers without objects around them. Guarded by whoever owns the rows.
public final class Row {
    final String name;

    @Nullable
    Row parent;
    /// What is in a folder, found by name: a table with free places. Null for none.
    Row @Nullable [] inside;

    int insideCount;

    long id;
    Kind kind;
    boolean executable;
    long size;
    long modifiedNanos;
    long changedNanos;
    long inode;
    private long hash0;
    private long hash1;
    private long hash2;
    private long hash3;
    /// The number of the last scan that came by.
    private int scan;

    Row(String name, @Nullable Row parent) {
        this.name = name;
        this.parent = parent;
        this.kind = Kind.FOLDER;
    }

    /// Its id; 0 for a place that is only the way to others.
    public long id() {
        return id;
    }

    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    public boolean executable() {
        return executable;
    }

    public long size() {
        return size;
    }

    public long modifiedNanos() {
        return modifiedNanos;
    }

    /// The inode's time of change when the bytes were hashed; 0 when that has still to be confirmed.
    public long changedNanos() {
        return changedNanos;
    }

    public long inode() {
        return inode;
    }

    public BlobId blob() {
        return new BlobId(hash0, hash1, hash2, hash3);
    }

    void blob(BlobId blob) {
        hash0 = blob.word0();
        hash1 = blob.word1();
        hash2 = blob.word2();
        hash3 = blob.word3();
    }

    /// Marks it as seen by a scan.
    public void seenBy(int number) {
        scan = number;
    }

    public boolean wasSeenBy(int number) {
        return scan == number;
    }

    /// Its path, names joined by `/`; `""` for the synced folder itself.
    public String path() {
        if (parent == null) {
            return name;
        }
        StringBuilder path = new StringBuilder(64);
        appendTo(path);
        return path.toString();
    }

    private void appendTo(StringBuilder path) {
        if (parent != null) {
            parent.appendTo(path);
            if (!path.isEmpty()) {
                path.append('/');
            }
            path.append(name);
        }
    }

    /// Whether the system says the same; as cheap as can be, since a scan asks it of every file.
    public boolean matches(Stat stat) {
        return switch (kind) {
            case FILE ->
                stat.isFile()
                        && inode == stat.inode()
                        && size == stat.size()
                        && changedNanos == stat.changedNanos()
                        && modifiedNanos == stat.modifiedNanos()
                        && executable == stat.isExecutable();
            case LINK -> stat.isLink() && inode == stat.inode() && changedNanos == stat.changedNanos();
            case FOLDER -> stat.isFolder();
        };
    }

    public Facts facts() {
        return new Facts(kind, executable, size, modifiedNanos, changedNanos, inode);
    }

    /// As the planner sees it.
    public LocalNode node() {
        return new LocalNode(id, new FilePath(path()), content());
    }

    public Content content() {
        return facts().content(blob());
    }

    /// What is in it, in no order, for a walk in which nothing is added or removed.
    public Iterable<Row> inside() {
        Row[] table = inside;
        return table == null
                ? java.util.List.of()
                : () -> java.util.Arrays.stream(table)
                        .filter(java.util.Objects::nonNull)
                        .iterator();
    }
}
