package acervo.http;

import acervo.blob.BlobStore;
import acervo.blob.CorruptBlobException;
import acervo.blob.SmallBlob;
import acervo.blob.Stage;
import acervo.blob.StageId;
import acervo.blob.StagedBlob;
import acervo.blob.StoreStatus;
import acervo.blob.StoredBlob;
import acervo.model.BlobId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A store whose disk stands still until it is told to go on, and whose blobs may be damaged from some byte on.
final class SlowStore implements BlobStore {
    final CountDownLatch go = new CountDownLatch(1);
    final CountDownLatch writing = new CountDownLatch(1);
    /// Reads beyond this byte find damage.
    final AtomicLong damagedFrom = new AtomicLong(Long.MAX_VALUE);

    private final BlobStore store;

    SlowStore(BlobStore store) {
        this.store = store;
    }

    private void await() {
        writing.countDown();
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Stage stage(StageId id) {
        Stage stage = store.stage(id);
        return new Stage() {
            @Override
            public long length() {
                return stage.length();
            }

            @Override
            public BlobId digest() {
                return stage.digest();
            }

            @Override
            public void write(ByteBuffer bytes) {
                await();
                stage.write(bytes);
            }

            @Override
            public BlobId commit() {
                return stage.commit();
            }

            @Override
            public void discard() {
                stage.discard();
            }

            @Override
            public void close() {
                stage.close();
            }
        };
    }

    @Override
    public List<StagedBlob> stages() {
        return store.stages();
    }

    @Override
    public void discard(StageId id) {
        store.discard(id);
    }

    @Override
    public void putAll(List<SmallBlob> blobs) {
        store.putAll(blobs);
    }

    @Override
    public Optional<StoredBlob> open(BlobId id) {
        return store.open(id).map(Damaged::new);
    }

    @Override
    public void remove(BlobId id) {
        store.remove(id);
    }

    @Override
    public void quarantine(BlobId id, String reason) {
        store.quarantine(id, reason);
    }

    @Override
    public List<BlobId> list(@Nullable BlobId after, int limit) {
        return store.list(after, limit);
    }

    @Override
    public StoreStatus status() {
        return store.status();
    }

    @Override
    public void close() {
        store.close();
    }

    private final class Damaged implements StoredBlob {
        private final StoredBlob blob;

        Damaged(StoredBlob blob) {
            this.blob = blob;
        }

        @Override
        public BlobId id() {
            return blob.id();
        }

        @Override
        public long length() {
            return blob.length();
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            check(offset, into.remaining());
            blob.read(offset, into);
        }

        @Override
        public void check(long offset, long length) {
            if (offset + length > damagedFrom.get()) {
                throw new CorruptBlobException(blob.id(), "damaged for a test");
            }
        }

        @Override
        public void verify(LongConsumer progress) {
            check(0, blob.length());
            blob.verify(progress);
        }

        @Override
        public Optional<Extent> extent() {
            return blob.extent();
        }

        @Override
        public void close() {
            blob.close();
        }
    }
}
