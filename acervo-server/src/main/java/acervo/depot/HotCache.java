package acervo.depot;

import acervo.depot.DepotStatus.CacheStatus;
import acervo.model.BlobId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Bytes of small blobs that are read often. What is in it was verified on its way in and is named by its hash, so that
/// it can never
/// be stale. Bounded in bytes, overhead included. Any thread; never blocks on the disk.
final class HotCache {
    /// What an entry costs besides its bytes: the id (48), the array's head (16), the cache's node (about 72), its
    /// table and the sketch of how
    /// often ids are asked for (about 60).
    static final int OVERHEAD = 196;

    private final long limit;
    private final long largest;
    private final Cache<BlobId, byte[]> entries;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder evictions = new LongAdder();

    /// @param limit bytes; 0 keeps nothing
    HotCache(long limit) {
        this.limit = limit;
        this.largest = limit / 8 - OVERHEAD;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(limit)
                .weigher((BlobId id, byte[] bytes) -> bytes.length + OVERHEAD)
                .executor(Runnable::run)
                .evictionListener(
                        (@Nullable BlobId id, byte @Nullable [] bytes, RemovalCause cause) -> evictions.increment())
                .build();
    }

    /// Whether a blob of that size may stay: larger than an eighth of the cache passes by, lest one file throws out
    /// a thousand.
    boolean takes(long size) {
        return size <= largest;
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

    /// Counts a read that the disk had to answer.
    void missed() {
        misses.increment();
    }

    void drop(BlobId id) {
        entries.invalidate(id);
    }

    CacheStatus status() {
        long bytes = entries.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
        return new CacheStatus(hits.sum(), misses.sum(), evictions.sum(), bytes, limit);
    }
}
