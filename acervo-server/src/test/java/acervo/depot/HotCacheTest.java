package acervo.depot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HotCacheTest {
    private static final long LIMIT = 100_000;

    @TempDir
    private Path folder;

    private static BlobId id(int number) {
        return new BlobId(number, 1, 1, 1);
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
}
