package acervo.depot;

import acervo.blob.BlobStore;
import acervo.blob.StoreFailedException;
import acervo.blob.StoreFullException;
import acervo.blob.StoreStatus;
import acervo.catalog.Catalog;
import acervo.catalog.CatalogUnavailableException;
import acervo.model.Reason;
import acervo.model.RefusedException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The disk's room, and what of it is spoken for by deposits that announced their length and are still on their way.
/// Any thread.
final class Room {
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final BlobStore blobs;
    private final Catalog catalog;
    private final AtomicLong pledged = new AtomicLong();
    private volatile @Nullable Seen seen;

    Room(BlobStore blobs, Catalog catalog) {
        this.blobs = blobs;
        this.catalog = catalog;
    }

    /// Room and health as of a moment ago.
    StoreStatus status() {
        Seen last = seen;
        if (last == null || System.nanoTime() - last.nanos > FRESH_NANOS) {
            return now();
        }
        return last.status;
    }

    /// Room and health now: a store that just broke must not be called ready.
    StoreStatus now() {
        Seen now = new Seen(blobs.status(), System.nanoTime());
        seen = now;
        return now.status;
    }

    /// Refuses early what the store would refuse later, and speaks for `bytes` until the pledge is closed.
    ///
    /// @throws RefusedException NO_ROOM
    /// @throws StoreFailedException when the store takes no writes
    Pledge pledge(long bytes) {
        StoreStatus status = status();
        status.failure().ifPresent(failure -> {
            throw new StoreFailedException("the store takes no more writes: " + failure, null);
        });
        long before;
        do {
            before = pledged.get();
            // The sum is never formed before it is known to fit: a length is the client's word and may be near the
            // largest number there is.
            if (bytes > available(status) - before) {
                throw noRoom(status.freeBytes(), status.reserveBytes());
            }
        } while (!pledged.compareAndSet(before, before + bytes));
        return new Pledge(bytes);
    }

    /// What is free, and what can be made free by letting go of history: bytes that are there and that no current
    /// file has. (Files with the same content count twice in the catalog, so that this is rather too small.)
    private long available(StoreStatus status) {
        long collectable = Math.max(0, status.bytes() - catalog.status().bytes());
        return status.freeBytes() - status.reserveBytes() + collectable;
    }

    /// What to answer when the catalog turned a command away: that the disk is full, when it is.
    RuntimeException fullOr(CatalogUnavailableException e) {
        StoreStatus now = blobs.status();
        return Collector.isShort(now) ? noRoom(now.freeBytes(), now.reserveBytes()) : e;
    }

    static RefusedException noRoom(StoreFullException e) {
        return noRoom(e.freeBytes(), e.reserveBytes());
    }

    private static RefusedException noRoom(long free, long reserve) {
        return new RefusedException(Reason.NO_ROOM, human(free), human(reserve));
    }

    /// Bytes for people: `512 B`, `1.5 GiB`.
    static String human(long bytes) {
        if (Math.abs(bytes) < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = 0;
        while (Math.abs(value) >= 1024 && unit < 6) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %siB", value, "KMGTPE".charAt(unit - 1));
    }

    private record Seen(StoreStatus status, long nanos) {}

    /// Room that is spoken for.
    final class Pledge implements AutoCloseable {
        private final AtomicLong left;

        private Pledge(long bytes) {
            this.left = new AtomicLong(bytes);
        }

        /// Some of it was written, and shows in what the disk has free.
        void used(long bytes) {
            long was = left.getAndUpdate(now -> Math.max(0, now - bytes));
            pledged.addAndGet(-Math.min(was, bytes));
        }

        @Override
        public void close() {
            pledged.addAndGet(-left.getAndSet(0));
        }
    }
}
