package acervo.depot;

import acervo.blob.BlobStore;
import acervo.depot.DepotStatus.CacheStatus;
import acervo.model.BlobId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Bytes of blobs that are read often. What is in it was verified on its way in and is named by its hash, so that it
/// can
/// never be stale. Bounded in bytes, overhead included. Any thread; never blocks on the disk.
///
/// Whoever reads everything once must not throw out what others read all the time. Two things see to it: when there is
/// no room left a blob comes in only the second time that it is asked for; and what then has to go is what Caffeine
/// counted as asked for least (W-TinyLFU). The second alone does not do: Caffeine begins to count when it is half full,
/// and a hot set smaller than that has no standing against the first scan.
final class HotCache {
    /// What an entry costs besides its bytes: the id (48), the array's head (16), the cache's node (about 72), its
    /// table and the sketch of how often ids are asked for (about 60).
    static final int OVERHEAD = 196;

    /// The memory for ids that were asked for once has a place for each so many bytes of the cache.
    private static final int BYTES_PER_SEEN = 1_024;

    private final long limit;
    private final long largest;
    private final long room;
    private final Cache<BlobId, byte[]> entries;
    private final Seen seen;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder evictions = new LongAdder();

    /// @param limit bytes; 0 keeps nothing
    HotCache(long limit) {
        this.limit = limit;
        this.largest = limit / 8 - OVERHEAD;
        this.seen = new Seen(limit / BYTES_PER_SEEN);
        this.room = Math.max(0, limit - seen.bytes());
        this.entries = Caffeine.newBuilder()
                .maximumWeight(room)
                .weigher((BlobId id, byte[] bytes) -> bytes.length + OVERHEAD)
                .executor(Runnable::run)
                .evictionListener(
                        (@Nullable BlobId id, byte @Nullable [] bytes, RemovalCause cause) -> evictions.increment())
                .build();
    }

    /// What to do about a blob that is not here.
    enum Miss {
        /// Send it from where it is.
        STREAM,
        /// Read it whole, and leave it at that.
        READ,
        /// Read it whole and hand it to [#put].
        KEEP
    }

    /// Whether a blob of that size may stay: larger than an eighth of the cache passes by, lest one file throws out
    /// a thousand.
    boolean takes(long size) {
        return size <= largest;
    }

    /// Says what to do about a blob that the disk has to answer for, and counts a miss if it could have been here.
    /// A
    /// large one is not read whole the first time: it goes from the file to the client without a copy.
    Miss missed(BlobId id, long size) {
        if (!takes(size)) {
            return Miss.STREAM;
        }
        misses.increment();
        boolean again = seen.before(id);
        boolean small = size <= BlobStore.SMALL;
        if (again || small && bytes() + size + OVERHEAD <= room) {
            return Miss.KEEP;
        }
        return small ? Miss.READ : Miss.STREAM;
    }

    /// The bytes, never to be written to, or null. Counts a hit, and no miss: the caller may ask again elsewhere.
    byte @Nullable [] get(BlobId id) {
        byte[] bytes = entries.getIfPresent(id);
        if (bytes != null) {
            hits.increment();
        }
        return bytes;
    }

    /// The bytes without counting, or null.
    byte @Nullable [] peek(BlobId id) {
        return entries.getIfPresent(id);
    }

    /// Takes what was read from the disk, when it is small enough. The array is the cache's from now on.
    void put(BlobId id, byte[] verified) {
        if (takes(verified.length)) {
            entries.put(id, verified);
        }
    }

    void drop(BlobId id) {
        entries.invalidate(id);
    }

    CacheStatus status() {
        return new CacheStatus(hits.sum(), misses.sum(), evictions.sum(), bytes(), limit);
    }

    private long bytes() {
        return entries.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }

    /// Remembers which ids were asked for not long ago: each has one place, which the next one that falls on it
    /// takes.
    /// Loses some and never invents one, but for two ids with the same first 64 bits.
    private static final class Seen {
        private final AtomicLongArray places;

        Seen(long places) {
            this.places = new AtomicLongArray((int) Long.highestOneBit(Math.clamp(places, 1, 1 << 20)));
        }

        long bytes() {
            return 8L * places.length();
        }

        /// Whether the id was here before; from now on it is.
        boolean before(BlobId id) {
            int place = (int) id.word1() & places.length() - 1;
            return places.getAndSet(place, id.word0()) == id.word0();
        }
    }
}
