package acervo.blob;

import acervo.model.BlobId;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Blobs in memory, gone with the process: for `--ephemeral` and for tests. Keeps the whole contract but
/// durability.
public final class MemoryBlobStore implements BlobStore {
    private static final int PIECE = 1 << 20;

    private final long capacity;
    private final LongSupplier millis;
    private final TreeMap<BlobId, Bytes> blobs = new TreeMap<>();
    private final Map<BlobId, String> quarantined = new HashMap<>();
    private final Map<StageId, MemoryStage> stages = new HashMap<>();
    /// Of blobs and stages together.
    private long used;
    private long bytes;

    /// @param capacity bytes of blobs and stages at most
    /// @param millis milliseconds since 1970
    public MemoryBlobStore(long capacity, LongSupplier millis) {
        this.capacity = capacity;
        this.millis = millis;
    }

    /// Bytes in pieces of one megabyte, so that a blob may be larger than an array.
    private static final class Bytes {
        private final List<byte[]> pieces = new ArrayList<>();
        private long length;

        void add(ByteBuffer from) {
            while (from.hasRemaining()) {
                int at = (int) (length % PIECE);
                if (at == 0) {
                    pieces.add(new byte[Math.min(PIECE, Math.max(from.remaining(), 4096))]);
                }
                byte[] last = pieces.getLast();
                int n = Math.min(PIECE - at, from.remaining());
                if (last.length < at + n) {
                    byte[] larger = new byte[Math.min(PIECE, Math.max(at + n, 2 * last.length))];
                    System.arraycopy(last, 0, larger, 0, at);
                    pieces.set(pieces.size() - 1, larger);
                    last = larger;
                }
                from.get(last, at, n);
                length += n;
            }
        }

        void read(long offset, ByteBuffer into) {
            long at = offset;
            while (into.hasRemaining()) {
                byte[] piece = pieces.get((int) (at / PIECE));
                int from = (int) (at % PIECE);
                int n = Math.min(into.remaining(), piece.length - from);
                into.put(piece, from, n);
                at += n;
            }
        }
    }

    @Override
    public synchronized Stage stage(StageId id) {
        MemoryStage stage = stages.computeIfAbsent(id, MemoryStage::new);
        if (stage.open) {
            throw new IllegalStateException("stage " + id + " is open already");
        }
        stage.open = true;
        return stage;
    }

    @Override
    public synchronized List<StagedBlob> stages() {
        return stages.values().stream()
                .map(stage -> new StagedBlob(stage.id, stage.bytes.length, stage.modified))
                .toList();
    }

    @Override
    public synchronized void discard(StageId id) {
        MemoryStage stage = stages.get(id);
        if (stage != null) {
            if (stage.open) {
                throw new IllegalStateException("stage " + id + " is open already");
            }
            stages.remove(id);
            used -= stage.bytes.length;
        }
    }

    @Override
    public synchronized void putAll(List<SmallBlob> all) {
        for (SmallBlob blob : all) {
            if (blob.bytes().remaining() > SMALL) {
                throw new IllegalArgumentException("blob " + blob.id() + " is larger than " + SMALL + " bytes");
            }
        }
        List<SmallBlob> fresh =
                all.stream().filter(blob -> !blobs.containsKey(blob.id())).toList();
        admit(fresh.stream().mapToLong(blob -> blob.bytes().remaining()).sum());
        for (SmallBlob blob : fresh) {
            Bytes copy = new Bytes();
            copy.add(blob.bytes().duplicate());
            used += copy.length;
            add(blob.id(), copy);
        }
    }

    private void admit(long more) {
        if (used + more > capacity) {
            throw new StoreFullException(capacity - used, 0);
        }
    }

    /// The bytes are counted as used already.
    private void add(BlobId id, Bytes copy) {
        if (blobs.putIfAbsent(id, copy) == null) {
            bytes += copy.length;
        } else {
            used -= copy.length;
        }
    }

    @Override
    public synchronized Optional<StoredBlob> open(BlobId id) {
        return Optional.ofNullable(blobs.get(id)).map(copy -> new MemoryBlob(id, copy));
    }

    @Override
    public synchronized void remove(BlobId id) {
        Bytes gone = blobs.remove(id);
        if (gone != null) {
            used -= gone.length;
            bytes -= gone.length;
        }
    }

    @Override
    public synchronized void quarantine(BlobId id, String reason) {
        if (blobs.containsKey(id)) {
            remove(id);
            quarantined.put(id, reason);
        }
    }

    @Override
    public synchronized List<BlobId> list(@Nullable BlobId after, int limit) {
        return (after == null ? blobs : blobs.tailMap(after, false))
                .keySet().stream().limit(Math.max(0, limit)).toList();
    }

    @Override
    public synchronized StoreStatus status() {
        return new StoreStatus(blobs.size(), bytes, capacity - used, 0, quarantined.size(), Optional.empty());
    }

    @Override
    public void close() {}

    private record MemoryBlob(BlobId id, Bytes bytes) implements StoredBlob {
        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            Objects.checkFromIndexSize(offset, into.remaining(), length());
            bytes.read(offset, into);
        }

        @Override
        public void check(long offset, long length) {
            Objects.checkFromIndexSize(offset, length, length());
        }

        @Override
        public void verify(LongConsumer progress) {
            Sha256 hash = new Sha256();
            ByteBuffer chunk = ByteBuffer.allocate(Blocks.SIZE);
            for (long at = 0; at < length(); at += chunk.limit()) {
                bytes.read(at, chunk.clear().limit((int) Math.min(Blocks.SIZE, length() - at)));
                hash.update(chunk.flip());
                progress.accept(chunk.limit());
            }
            if (!hash.soFar().equals(id)) {
                throw new CorruptBlobException(id, "its SHA-256 is " + hash.soFar());
            }
        }

        @Override
        public void sums(long first, IntBuffer into) {
            Objects.checkFromIndexSize(first, into.remaining(), Blocks.count(length()));
            ByteBuffer block = ByteBuffer.allocate(Blocks.SIZE);
            for (long at = first * Blocks.SIZE; into.hasRemaining(); at += Blocks.SIZE) {
                bytes.read(at, block.clear().limit((int) Math.min(Blocks.SIZE, length() - at)));
                into.put(Blocks.sum(block.flip()));
            }
        }

        @Override
        public Optional<Extent> extent() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }

    private final class MemoryStage implements Stage {
        private final StageId id;
        private final Bytes bytes = new Bytes();
        private final Sha256 hash = new Sha256();
        private long modified = millis.getAsLong();
        private boolean open;

        MemoryStage(StageId id) {
            this.id = id;
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public BlobId digest() {
            return hash.soFar();
        }

        @Override
        public void write(ByteBuffer from) {
            synchronized (MemoryBlobStore.this) {
                requireOpen();
                admit(from.remaining());
                used += from.remaining();
                hash.update(from);
                bytes.add(from);
                modified = millis.getAsLong();
            }
        }

        @Override
        public BlobId commit() {
            synchronized (MemoryBlobStore.this) {
                requireOpen();
                BlobId digest = digest();
                end();
                add(digest, bytes);
                return digest;
            }
        }

        @Override
        public void discard() {
            synchronized (MemoryBlobStore.this) {
                if (open) {
                    end();
                    used -= bytes.length;
                }
            }
        }

        private void end() {
            open = false;
            stages.remove(id);
        }

        @Override
        public void close() {
            synchronized (MemoryBlobStore.this) {
                open = false;
            }
        }

        private void requireOpen() {
            if (!open) {
                throw new IllegalStateException("stage " + id + " has ended");
            }
        }
    }
}
