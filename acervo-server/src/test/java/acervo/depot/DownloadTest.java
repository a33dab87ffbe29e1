package acervo.depot;

import static acervo.depot.World.ANA;
import static acervo.depot.World.HOME;
import static acervo.depot.World.bytes;
import static acervo.depot.World.id;
import static acervo.depot.World.path;
import static acervo.depot.World.reason;
import static acervo.depot.World.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.Command;
import acervo.model.Reason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class DownloadTest extends WithWorld {
    @Test
    void smallFileReadTwiceComesFromMemoryWithoutTouchingTheDisk() {
        world.put("f", bytes(4096, 1));
        assertEquals(
                Optional.empty(),
                world.depot.hot(ANA, HOME, path("f"), Long.MAX_VALUE).map(Download::length));
        world.get("f");
        int opens = world.blobs.opens.get();
        world.get("f");
        try (Download hot =
                world.depot.hot(ANA, HOME, path("f"), Long.MAX_VALUE).orElseThrow()) {
            assertEquals(ByteBuffer.wrap(bytes(4096, 1)), hot.memory().orElseThrow());
            assertEquals(1, hot.verified());
            assertEquals(Optional.empty(), hot.extent(0, 1));
        }
        assertEquals(opens, world.blobs.opens.get());
        DepotStatus.CacheStatus status = world.depot.status().cache();
        assertEquals(2, status.hits());
        assertEquals(1, status.misses());
        assertEquals(4096 + HotCache.OVERHEAD, status.bytes());
    }

    @Test
    void hotNeverTouchesTheDiskWhateverItIsAsked() {
        world.put("small", bytes(10, 1));
        world.put("large", bytes(2_000_000, 1));
        world.put("empty", new byte[0]);
        world.blobs.beforeOpen = () -> {
            throw new AssertionError("the disk was touched");
        };
        assertTrue(world.depot.hot(ANA, HOME, path("small"), Long.MAX_VALUE).isEmpty());
        assertTrue(world.depot.hot(ANA, HOME, path("large"), Long.MAX_VALUE).isEmpty());
        assertTrue(world.depot.hot(ANA, HOME, path("empty"), Long.MAX_VALUE).isPresent());
        assertEquals(Reason.NO_SUCH_FILE, reason(() -> world.depot.hot(ANA, HOME, path("none"), Long.MAX_VALUE)));
    }

    @Test
    void largeFileComesFromMemoryOnceItWasReadTwice() {
        byte[] large = bytes(3 << 20, 1);
        world.put("large", large);
        assertArrayEquals(large, world.get("large"));
        assertEquals(0, world.depot.status().cache().bytes(), "read once, it is streamed from the disk");
        assertArrayEquals(large, world.get("large"));
        int opens = world.blobs.opens.get();
        try (Download hot =
                world.depot.hot(ANA, HOME, path("large"), Long.MAX_VALUE).orElseThrow()) {
            assertEquals(ByteBuffer.wrap(large), hot.memory().orElseThrow());
        }
        assertArrayEquals(large, world.get("large"));
        assertEquals(opens, world.blobs.opens.get());
        world.put("huge", bytes(9 << 20, 1));
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(bytes(9 << 20, 1), world.get("huge"));
        }
        assertTrue(
                world.depot.hot(ANA, HOME, path("huge"), Long.MAX_VALUE).isEmpty(), "more than an eighth of the cache");
        assertEquals(0, world.depot.downloads().lent().taken());
    }

    @Test
    void replacedFileIsNeverReadFromOldMemory() {
        world.put("f", bytes(10, 1));
        world.get("f");
        world.put("f", bytes(10, 2));
        assertArrayEquals(bytes(10, 2), world.get("f"));
    }

    @Test
    void rangesAreReadAndTheirEdgesChecked() {
        byte[] bytes = bytes(2_000_000, 1);
        world.put("large", bytes);
        world.put("small", java.util.Arrays.copyOf(bytes, 1000));
        for (String name : List.of("small", "large")) {
            try (Download download = world.depot.open(ANA, HOME, path(name))) {
                ByteBuffer into = ByteBuffer.allocate(10);
                download.read(990, into);
                assertArrayEquals(java.util.Arrays.copyOfRange(bytes, 990, 1000), into.array());
                long length = download.length();
                assertThrows(IndexOutOfBoundsException.class, () -> download.read(length - 9, ByteBuffer.allocate(10)));
                assertThrows(IndexOutOfBoundsException.class, () -> download.read(-1, ByteBuffer.allocate(1)));
                assertThrows(
                        IndexOutOfBoundsException.class, () -> download.read(Long.MAX_VALUE, ByteBuffer.allocate(1)));
            }
        }
    }

    @Test
    void openFileKeepsItsBytesWhateverHappensToThePath() {
        byte[] bytes = bytes(2_000_000, 1);
        world.put("f", bytes);
        try (Download download = world.depot.open(ANA, HOME, path("f"))) {
            world.removeForEver("f");
            world.clock.pass(Duration.ofHours(2));
            world.depot.collector().collect();
            ByteBuffer into = ByteBuffer.allocate(bytes.length);
            download.read(0, into);
            assertArrayEquals(bytes, into.array());
        }
    }

    @Test
    void fileReplacedAndCollectedBetweenLookUpAndOpeningIsReadInItsNewVersion() {
        world.put("f", bytes(10, 1));
        AtomicBoolean once = new AtomicBoolean();
        world.blobs.beforeOpen = () -> {
            if (once.compareAndSet(false, true)) {
                world.put("f", bytes(10, 2));
                world.clock.pass(Duration.ofDays(31));
                world.depot.collector().trim();
                world.clock.pass(Duration.ofHours(2));
                world.depot.collector().collect();
            }
        };
        assertArrayEquals(bytes(10, 2), world.get("f"));
        assertEquals(0, world.depot.damage().count());
    }

    @Test
    void damagedSmallFileIsNeverHandedOutAndGoesToQuarantine() {
        world.put("f", bytes(10, 1));
        damagedIsNeverHandedOut("f", id(bytes(10, 1)));
    }

    @Test
    void damagedLargeFileIsNeverHandedOutAndGoesToQuarantine() {
        world.put("f", bytes(2_000_000, 1));
        damagedIsNeverHandedOut("f", id(bytes(2_000_000, 1)));
    }

    private void damagedIsNeverHandedOut(String name, BlobId id) {
        world.blobs.spoil(id);
        assertEquals(List.of(name), refusal(() -> world.get(name)).arguments());
        assertEquals(Reason.CORRUPT, reason(() -> world.get(name)));
        assertEquals(List.of(id), world.blobs.quarantined);
        assertEquals(0, world.depot.verified(world.depot.file(ANA, HOME, path(name))));
        assertFalse(
                world.depot.receipt(ANA, HOME, path(name)).copies().getFirst().healthy());
        DepotStatus status = world.depot.status();
        assertEquals(1, status.damaged());
        assertEquals(1, status.filesShort());
        assertTrue(status.writable());
        assertEquals(1, status.troubles().size());
    }

    @Test
    void damageFoundByZeroCopyIsReportedTheSameWay() {
        byte[] bytes = bytes(10, 1);
        world.put("f", bytes);
        world.blobs.spoil(id(bytes));
        try (Download download = Download.onDisk(
                world.depot.downloads(), world.depot.file(ANA, HOME, path("f")), world.extentOf(id(bytes)))) {
            assertEquals(Reason.CORRUPT, reason(() -> download.extent(0, 10)));
        }
        assertEquals(List.of(id(bytes)), world.blobs.quarantined);
    }

    @Test
    void depositOfTheSameBytesHealsADamagedFile() {
        byte[] bytes = bytes(10, 1);
        world.put("f", bytes);
        world.blobs.spoil(id(bytes));
        assertEquals(Reason.CORRUPT, reason(() -> world.get("f")));
        world.put("g", bytes);
        assertArrayEquals(bytes, world.get("f"));
        assertEquals(0, world.depot.status().damaged());
        assertEquals(1, world.depot.verified(world.depot.file(ANA, HOME, path("f"))));
    }

    @Test
    void uploadOfTheSameBytesHealsADamagedLargeFile() {
        byte[] bytes = bytes(2_000_000, 1);
        world.put("f", bytes);
        world.blobs.spoil(id(bytes));
        assertEquals(Reason.CORRUPT, reason(() -> world.get("f")));
        world.put("g", bytes);
        assertArrayEquals(bytes, world.get("f"));
        assertEquals(0, world.depot.status().damaged());
    }

    @Test
    void damageIsRememberedAcrossARestart() {
        world.put("f", bytes(10, 1));
        world.blobs.spoil(id(bytes(10, 1)));
        assertEquals(Reason.CORRUPT, reason(() -> world.get("f")));
        world.restart();
        assertEquals(1, world.depot.status().damaged());
        assertEquals(0, world.depot.verified(world.depot.file(ANA, HOME, path("f"))));
    }

    @Test
    void damageThatASecondLookDoesNotFindIsNotQuarantined() {
        world.put("f", bytes(10, 1));
        world.blobs.spoil(id(bytes(10, 1)), 1);
        assertEquals(Reason.UNAVAILABLE, reason(() -> world.get("f")));
        assertEquals(List.of(), world.blobs.quarantined);
        assertArrayEquals(bytes(10, 1), world.get("f"));
    }

    @Test
    void goodCopyThatADepositStoresWhileDamageIsLookedAtIsNotQuarantined() {
        byte[] bytes = bytes(10, 1);
        world.put("f", bytes);
        world.blobs.spoil(id(bytes));
        AtomicBoolean once = new AtomicBoolean();
        world.blobs.beforeOpen = () -> {
            if (world.blobs.opens.get() == 2 && once.compareAndSet(false, true)) {
                // Between the second look and the quarantine: the store replaces the copy under the reader's eyes.
                world.blobs.afterSecondLook = () -> world.put("g", bytes);
            }
        };
        reason(() -> world.get("f"));
        assertTrue(once.get());
        assertEquals(List.of(), world.blobs.quarantined);
        world.depot.damage().settleAll();
        assertArrayEquals(bytes, world.get("g"));
        assertArrayEquals(bytes, world.get("f"));
        assertEquals(0, world.depot.status().damaged());
    }

    @Test
    void badCopyThatIsStillInTheWayIsNotTakenForHealed() {
        byte[] bytes = bytes(10, 1);
        world.put("f", bytes);
        world.blobs.spoil(id(bytes));
        // A deposit of the same bytes is under way when the damage is met, so that the copy can't be put aside yet.
        world.catalog.before = command -> {
            if (command instanceof Command.PutFiles) {
                world.blobs.spoil(id(bytes));
                assertEquals(Reason.CORRUPT, reason(() -> world.get("f")));
                world.depot.damage().healed(id(bytes));
            }
        };
        world.put("g", bytes);
        assertEquals(List.of(), world.blobs.quarantined);
        assertEquals(1, world.depot.status().damaged());
        world.depot.damage().settleAll();
        assertEquals(List.of(id(bytes)), world.blobs.quarantined);
        assertEquals(Reason.CORRUPT, reason(() -> world.get("g")));
    }

    @Test
    void hotFileThatRotsOnDiskIsHealedFromMemory() {
        byte[] bytes = bytes(10, 1);
        world.put("f", bytes);
        world.get("f");
        world.blobs.spoil(id(bytes));
        world.depot.verification().start();
        World.await(world.depot.verification());
        assertEquals(List.of(id(bytes)), world.depot.verification().progress().damaged());
        assertEquals(List.of(id(bytes)), world.blobs.quarantined, "what was seen is kept for a person to look at");
        assertTrue(world.blobs.has(id(bytes)));
        assertEquals(0, world.depot.status().damaged());
    }

    @Test
    void missingFileIsReported() {
        world.put("f", bytes(10, 1));
        world.blobs.lost.add(id(bytes(10, 1)));
        assertEquals(Reason.CORRUPT, reason(() -> world.get("f")));
        assertEquals(1, world.depot.status().damaged());
        assertEquals(0, world.depot.verified(world.depot.file(ANA, HOME, path("f"))));
        world.put("f", bytes(10, 1));
        assertArrayEquals(bytes(10, 1), world.get("f"));
        assertEquals(0, world.depot.status().damaged());
    }

    @Test
    void damagedFileThatIsRemovedIsForgotten() {
        world.put("f", bytes(10, 1));
        world.blobs.spoil(id(bytes(10, 1)));
        assertEquals(Reason.CORRUPT, reason(() -> world.get("f")));
        world.removeForEver("f");
        world.clock.pass(Duration.ofHours(2));
        world.depot.collector().collect();
        assertEquals(0, world.depot.status().damaged());
    }

    @Test
    void memoryLentToSlowReadersIsBounded() {
        DepotSettings settings = new DepotSettings(
                512L << 20,
                Duration.ofHours(1),
                Duration.ofDays(30),
                Duration.ofDays(7),
                1,
                1,
                1,
                Duration.ofDays(30),
                0);
        try (World big = new World(folder.resolve("big"), settings, 1 << 30)) {
            List<Download> open = new ArrayList<>();
            int inMemory = 0;
            for (int i = 0; i < 100; i++) {
                big.put("f" + i, bytes(1 << 20, i));
                Download download = big.depot.open(ANA, HOME, path("f" + i));
                inMemory += download.memory().isPresent() ? 1 : 0;
                open.add(download);
            }
            assertEquals(64, inMemory, "the others are streamed from the disk");
            open.forEach(Download::close);
            open.forEach(Download::close);
            try (Download again = big.depot.open(ANA, HOME, path("f99"))) {
                assertTrue(again.memory().isPresent());
            }
            assertEquals(0, big.depot.downloads().lent().taken());
        }
    }
}
