package acervo.depot;

import static acervo.depot.World.NODE;
import static acervo.depot.World.bytes;
import static acervo.depot.World.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.catalog.CatalogUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HousekeepingTest {
    @TempDir
    Path folder;

    @Test
    void collectingRunsByItself() throws InterruptedException {
        try (World world = new World(folder)) {
            world.put("f", bytes(10, 1));
            world.removeForEver("f");
            world.clock.pass(Duration.ofHours(2));
            CountDownLatch removed = new CountDownLatch(1);
            world.blobs.beforeRemove = removed::countDown;
            Depot busy = Depot.open(world.blobs, world.catalog, NODE, folder, world.settings, world.clock);
            try {
                removed.await();
            } finally {
                busy.close();
            }
            assertFalse(world.blobs.has(id(bytes(10, 1))));
        }
    }

    @Test
    void choresComeRoundWhenTheirTimeComes() {
        try (World world = new World(folder)) {
            world.put("f", bytes(10, 1));
            world.depot.housekeeping().tick();
            world.removeForEver("f");
            world.clock.pass(Duration.ofMinutes(59));
            world.depot.housekeeping().tick();
            assertTrue(world.blobs.has(id(bytes(10, 1))));
            world.clock.pass(Duration.ofMinutes(2));
            world.depot.housekeeping().tick();
            assertFalse(world.blobs.has(id(bytes(10, 1))));
        }
    }

    @Test
    void choreThatFailsIsDoneAgainAndHoldsNoOtherUp() {
        try (World world = new World(folder)) {
            world.put("f", bytes(10, 1));
            world.removeForEver("f");
            world.clock.pass(Duration.ofHours(2));
            world.catalog.before = command -> {
                throw new CatalogUnavailableException("no quorum", null);
            };
            world.depot.housekeeping().tick();
            assertTrue(world.blobs.has(id(bytes(10, 1))));
            world.catalog.before = command -> {};
            world.clock.pass(Duration.ofSeconds(2));
            world.depot.housekeeping().tick();
            assertFalse(world.blobs.has(id(bytes(10, 1))));
        }
    }

    @Test
    void idleDepotWritesNothingToTheLogButTheHourlyTrim() {
        try (World world = new World(folder)) {
            world.put("f", bytes(10, 1));
            world.depot.housekeeping().tick();
            int before = world.catalog.submitted.size();
            for (int minute = 0; minute < 59; minute++) {
                world.clock.pass(Duration.ofMinutes(1));
                world.depot.housekeeping().tick();
            }
            assertEquals(before, world.catalog.submitted.size());
        }
    }

    @Test
    void settingsOfSecondsDoNotSpin() {
        DepotSettings quick =
                new DepotSettings(0, Duration.ZERO, Duration.ZERO, Duration.ZERO, 1, 1, 1, Duration.ofDays(30), 0);
        try (World world = new World(folder, quick, 1 << 30)) {
            world.depot.housekeeping().tick();
            int before = world.catalog.submitted.size();
            for (int i = 0; i < 100; i++) {
                world.depot.housekeeping().tick();
            }
            assertEquals(before, world.catalog.submitted.size());
        }
    }
}
