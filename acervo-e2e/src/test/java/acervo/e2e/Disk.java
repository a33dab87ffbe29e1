package acervo.e2e;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.sync.ChangedException;
import acervo.sync.LocalBytes;
import acervo.sync.Stage;
import acervo.sync.plan.LocalNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The local side of folder sync, in memory.
final class Disk {
    private final Map<Long, byte[]> files = new HashMap<>();
    private final Map<Long, Runnable> atRead = new HashMap<>();
    private long ids;

    static Content content(Kind kind, byte[] bytes) {
        BlobId blob = BlobId.of(Bytes.sha256().digest(bytes));
        return new Content(kind, blob, bytes.length, 1_700_000_000_123L, false);
    }

    synchronized LocalNode file(String path, byte[] bytes) {
        return node(path, content(Kind.FILE, bytes), bytes);
    }

    synchronized LocalNode node(String path, Content content, byte[] bytes) {
        LocalNode node = new LocalNode(++ids, new FilePath(path), content);
        files.put(node.id(), bytes);
        return node;
    }

    /// Changes a file behind the observer's back.
    synchronized void replace(LocalNode node, byte[] bytes) {
        files.put(node.id(), bytes);
    }

    /// Runs something once, when the file is first read.
    synchronized void atRead(LocalNode node, Runnable action) {
        atRead.put(node.id(), action);
    }

    LocalBytes open(LocalNode node) throws ChangedException {
        byte[] bytes = bytes(node);
        if (bytes == null) {
            throw new ChangedException(node.path());
        }
        return new Opened(bytes, node);
    }

    private synchronized byte @Nullable [] bytes(LocalNode node) {
        return files.get(node.id());
    }

    private synchronized @Nullable Runnable action(LocalNode node) {
        return atRead.remove(node.id());
    }

    static LocalBytes of(byte[] bytes) {
        Disk disk = new Disk();
        try {
            return disk.open(disk.file("some", bytes));
        } catch (ChangedException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Opened implements LocalBytes {
        private final byte[] bytes;
        private final LocalNode node;

        Opened(byte[] bytes, LocalNode node) {
            this.bytes = bytes;
            this.node = node;
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public int read(ByteBuffer into, long at) {
            Runnable action = action(node);
            if (action != null) {
                action.run();
            }
            if (at >= bytes.length) {
                return -1;
            }
            int n = (int) Math.min(into.remaining(), bytes.length - at);
            into.put(bytes, (int) at, n);
            return n;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // Other bytes are another array, even if they are alike.
        public boolean unchanged() {
            return bytes == bytes(node);
        }

        @Override
        public void close() {}
    }

    /// A stage in memory.
    static final class Staged implements Stage {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final byte @Nullable [] replaced;

        Staged(byte @Nullable [] replaced) {
            this.replaced = replaced;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        @Override
        public long position() {
            return bytes.size();
        }

        @Override
        public void write(ByteBuffer some) throws IOException {
            byte[] copy = new byte[some.remaining()];
            some.get(copy);
            bytes.write(copy);
        }

        @Override
        public @Nullable LocalBytes replaced() {
            return replaced == null ? null : of(replaced);
        }

        @Override
        public void discard() {
            bytes.reset();
        }

        @Override
        public void close() {}
    }
}
