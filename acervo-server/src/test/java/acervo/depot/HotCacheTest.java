package acervo.depot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HotCacheTest {
    private static final long LIMIT = 100_000;
    private static final int ENTRY = 8_000;

    private final HotCache cache = new HotCache(1 << 20);

    @TempDir
    private Path folder;

    private static BlobId id(int number) {
        // As spread out as hashes are.
        return new BlobId(number, number * 0x9E37_79B9_7F4A_7C15L >>> 20, 1, 1);
    }

    @Test
    void whatAnEntryCostsBesidesItsBytesCounts() {
        HotCache cache = new HotCache(LIMIT);
        for (int i = 0; i < 10_000; i++) {
            cache.put(id(i), new byte[1]);
        }
        assertTrue(cache.status().bytes() <= LIMIT, () -> cache.status().toString());
        int kept = 0;
        for (int i = 0; i < 10_000; i++) {
            kept += cache.peek(id(i)) == null ? 0 : 1;
        }
        assertTrue(kept > 0 && (long) kept * (1 + HotCache.OVERHEAD) <= LIMIT, kept + " entries");
    }

    @Test
    void moreThanAnEighthOfItPassesBy() {
        HotCache cache = new HotCache(LIMIT);
        int most = (int) (LIMIT / 8) - HotCache.OVERHEAD;
        cache.put(id(1), new byte[most]);
        cache.put(id(2), new byte[most + 1]);
        assertNotNull(cache.peek(id(1)));
        assertNull(cache.peek(id(2)));
    }

    @Test
    void oneOfNoBytesKeepsNothing() {
        HotCache cache = new HotCache(0);
        cache.put(id(1), new byte[0]);
        assertNull(cache.peek(id(1)));
    }

    @Test
    void aFileThatChangedIsNeverServedAsItWas() {
        try (World world = new World(folder)) {
            byte[] before = World.bytes(1_000, 1);
            byte[] after = World.bytes(1_000, 2);
            world.put("f", before);
            assertArrayEquals(before, world.get("f"));
            assertArrayEquals(before, world.get("f"));
            assertEquals(1, world.depot.status().cache().hits());
            world.put("f", after);
            assertArrayEquals(after, world.get("f"));
            assertArrayEquals(after, world.get("f"));
            assertEquals(2, world.depot.status().cache().hits());
        }
    }

    /// One download, as `Downloads` goes about it.
    ///
    /// @return whether it came from memory
    private boolean read(BlobId id, int size) {
        if (cache.get(id) != null) {
            return true;
        }
        if (cache.missed(id, size) == HotCache.Miss.KEEP) {
            cache.put(id, new byte[size]);
        }
        return false;
    }

    @Test
    void cacheIsBoundedInBytesAndLargeBlobsPassBy() {
        assertTrue(cache.takes((1 << 17) - HotCache.OVERHEAD));
        assertFalse(cache.takes(1 << 17));
        for (int i = 0; i < 1000; i++) {
            cache.put(id(i), new byte[10_000]);
        }
        cache.put(id(-1), new byte[1 << 17]);
        DepotStatus.CacheStatus status = cache.status();
        assertTrue(status.bytes() <= 1 << 20, status.toString());
        assertTrue(status.bytes() >= 1 << 19, status.toString());
        assertTrue(status.evictions() >= 890, status.toString());
        assertNull(cache.get(id(-1)));
    }

    @Test
    void whatPassesByIsNoMiss() {
        assertEquals(HotCache.Miss.STREAM, cache.missed(id(1), 1 << 17));
        assertEquals(0, cache.status().misses());
        assertEquals(HotCache.Miss.KEEP, cache.missed(id(1), 100));
        assertEquals(1, cache.status().misses());
    }

    @Test
    void largeBlobIsKeptWhenItIsReadTheSecondTime() {
        HotCache large = new HotCache(64 << 20);
        int size = 3 << 20;
        assertEquals(HotCache.Miss.STREAM, large.missed(id(1), size));
        assertEquals(HotCache.Miss.STREAM, large.missed(id(2), size));
        assertEquals(HotCache.Miss.KEEP, large.missed(id(1), size));
        large.put(id(1), new byte[size]);
        assertNotNull(large.get(id(1)));
        assertEquals(3, large.status().misses());
    }

    @Test
    void fullCacheTakesInWhatIsReadTwice() {
        for (int i = 0; i < 1_000; i++) {
            read(id(i), ENTRY);
        }
        assertEquals(0, cache.status().evictions());
        assertEquals(HotCache.Miss.READ, cache.missed(id(2_000), ENTRY));
        assertEquals(HotCache.Miss.KEEP, cache.missed(id(2_000), ENTRY));
    }

    /// Reads a hot set of half the cache, then ten times the cache of others, and counts what stayed of the hot
    /// set.
    ///
    /// @param times how often each of the others is read, shortly one after the other
    /// @param hotEvery after how many of the others one of the hot set is read again; 0: none
    /// @return how many of a hundred of the hot set
    private int scan(int times, int hotEvery) {
        int hot = (1 << 20) / 2 / (ENTRY + HotCache.OVERHEAD);
        for (int i = 0; i < 2 * hot; i++) {
            read(id(i % hot), ENTRY);
        }
        int apart = 20;
        int others = 0;
        for (int from = 0; from < 10 * (1 << 20) / ENTRY; from += apart) {
            for (int i = 0; i < times * apart; i++) {
                read(id(1_000_000 + from + i % apart), ENTRY);
                if (hotEvery > 0 && ++others % hotEvery == 0) {
                    read(id(others / hotEvery % hot), ENTRY);
                }
            }
        }
        assertTrue(cache.status().bytes() <= 1 << 20);
        int stayed = 0;
        for (int i = 0; i < hot; i++) {
            stayed += read(id(i), ENTRY) ? 1 : 0;
        }
        return 100 * stayed / hot;
    }

    @Test
    void scanOfTenTimesItsSizeLeavesTheHotSetIn() {
        assertEquals(100, scan(1, 0));
    }

    @Test
    void scanThatReadsEachBlobTwiceLeavesInWhatIsReadMeanwhile() {
        int stayed = scan(2, 4);
        assertTrue(stayed >= 90, stayed + " of 100");
    }
}
