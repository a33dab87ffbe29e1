package acervo.sync.plan;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Version;

/// A node of any of the three trees, with its numbers in place. Immutable, so that one entry can stand in all three
/// trees for a file that is in step, which is nearly every file: 96 bytes and the path.
final class Entry {
    final String path;
    /// 0 in the remote tree's own entries, and in a synced folder's.
    final long local;
    /// 0 in the local tree's own entries, and in a synced folder's.
    final long remote;
    /// 0 in the local tree's own entries.
    final long version;

    final long size;
    final long millis;
    final Kind kind;
    final boolean executable;
    private final long word0;
    private final long word1;
    private final long word2;
    private final long word3;

    private Entry(String path, long local, long remote, long version, Content content) {
        this.path = path;
        this.local = local;
        this.remote = remote;
        this.version = version;
        this.size = content.size();
        this.millis = content.modifiedMillis();
        this.kind = content.kind();
        this.executable = content.executable();
        this.word0 = content.blob().word0();
        this.word1 = content.blob().word1();
        this.word2 = content.blob().word2();
        this.word3 = content.blob().word3();
    }

    private Entry(Entry of, long local, long remote, long version) {
        this.path = of.path;
        this.local = local;
        this.remote = remote;
        this.version = version;
        this.size = of.size;
        this.millis = of.millis;
        this.kind = of.kind;
        this.executable = of.executable;
        this.word0 = of.word0;
        this.word1 = of.word1;
        this.word2 = of.word2;
        this.word3 = of.word3;
    }

    static Entry of(LocalNode node) {
        return new Entry(node.path().text(), node.id(), 0, 0, node.content());
    }

    static Entry of(RemoteNode node) {
        return new Entry(node.path().text(), 0, node.id(), node.version().number(), node.content());
    }

    static Entry of(SyncedNode node) {
        return new Entry(node.path().text(), node.localId(), node.remoteId(), node.version(), node.content());
    }

    /// One entry for all three trees.
    static Entry shared(Entry local, Entry remote) {
        return new Entry(local, local.local, remote.remote, remote.version);
    }

    LocalNode localNode() {
        return new LocalNode(local, new FilePath(path), content());
    }

    RemoteNode remoteNode() {
        return new RemoteNode(remote, new FilePath(path), new Version(version), content());
    }

    SyncedNode syncedNode() {
        return new SyncedNode(local, remote, new FilePath(path), version, content());
    }

    BlobId blob() {
        return new BlobId(word0, word1, word2, word3);
    }

    Content content() {
        return new Content(kind, blob(), size, millis, executable);
    }

    boolean isFolder() {
        return kind == Kind.FOLDER;
    }

    /// The same bytes as the same kind of thing.
    boolean sameBytes(Entry other) {
        return kind == other.kind
                && word0 == other.word0
                && word1 == other.word1
                && word2 == other.word2
                && word3 == other.word3;
    }

    /// The same time and executable bit, where they mean anything.
    boolean sameMetadata(Entry other) {
        return kind != Kind.FILE || (millis == other.millis && executable == other.executable);
    }

    /// The same in everything that is kept in step.
    boolean agrees(Entry other) {
        return sameBytes(other) && sameMetadata(other) && path.equals(other.path);
    }
}
