package acervo.depot;

import static acervo.depot.World.ANA;
import static acervo.depot.World.BIA;
import static acervo.depot.World.HOME;
import static acervo.depot.World.bytes;
import static acervo.depot.World.id;
import static acervo.depot.World.path;
import static acervo.depot.World.reason;
import static acervo.depot.World.request;
import static acervo.depot.World.small;
import static acervo.depot.World.target;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.blob.SmallBlob;
import acervo.blob.StoreStatus;
import acervo.catalog.CatalogUnavailableException;
import acervo.model.BlobId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.Reason;
import acervo.model.RequestId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class CollectorTest extends WithWorld {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MOMENT = Duration.ofMillis(1);

    /// A blob that nothing refers to any more, and that the next collection takes.
    private BlobId orphan(byte[] bytes) {
        world.put("orphan", bytes);
        world.removeForEver("orphan");
        world.clock.pass(HOUR.plus(MOMENT));
        return id(bytes);
    }

    @Test
    void orphansGoAfterTheGracePeriodAndNotBefore() {
        world.put("f", bytes(10, 1));
        world.removeForEver("f");
        world.clock.pass(HOUR.minus(MOMENT));
        world.depot.collector().collect();
        assertTrue(world.blobs.has(id(bytes(10, 1))));
        world.clock.pass(MOMENT.multipliedBy(2));
        assertEquals(10, world.depot.collector().collect());
        assertFalse(world.blobs.has(id(bytes(10, 1))));
        assertTrue(world.catalog.blob(id(bytes(10, 1))).isEmpty());
    }

    @Test
    void historyKeepsBytesUntilItsRetentionEnds() {
        world.put("f", bytes(10, 1));
        world.put("f", bytes(10, 2));
        world.remove("f");
        world.clock.pass(MONTH.minus(MOMENT));
        world.depot.collector().trim();
        world.depot.collector().collect();
        assertTrue(world.blobs.has(id(bytes(10, 1))));
        world.clock.pass(MOMENT.multipliedBy(2));
        world.depot.collector().trim();
        world.clock.pass(HOUR.plus(MOMENT));
        world.depot.collector().collect();
        assertEquals(Map.of(), world.blobs.contents());
    }

    @Test
    void manyOrphansGoInSeveralCommands() {
        List<SmallDeposit> items = new ArrayList<>();
        List<Command.Remove> removals = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            items.add(small("f" + i, bytes(8, i)));
            removals.add(new Command.Remove(path("f" + i), Condition.ANY));
        }
        world.depot.depositAll(ANA, HOME, 0, request(), items);
        world.depot.submit(ANA, request(), new Command.RemoveFiles(HOME, true, removals));
        world.clock.pass(HOUR.plus(MOMENT));
        assertEquals(1_500 * 8, world.depot.collector().collect());
        assertEquals(Map.of(), world.blobs.contents());
    }

    /// The race that would lose data if the collector looked at pins alone: forgotten, deposited again,
    /// acknowledged, and only then removed.
    @Test
    void blobDepositedAgainAfterItWasForgottenIsNotRemoved() {
        byte[] bytes = bytes(10, 1);
        orphan(bytes);
        world.catalog.after = command -> {
            if (command instanceof Command.ForgetBlobs) {
                world.put("again", bytes);
            }
        };
        assertEquals(0, world.depot.collector().collect());
        assertArrayEquals(bytes, world.get("again"));
    }

    @Test
    void blobThatADepositHasJustStoredIsNotRemoved() {
        byte[] bytes = bytes(10, 1);
        orphan(bytes);
        AtomicBoolean collected = new AtomicBoolean();
        world.catalog.before = command -> {
            // The bytes are on disk (they were before), and the catalog has not heard of the deposit.
            if (command instanceof Command.PutFiles && collected.compareAndSet(false, true)) {
                assertEquals(0, world.depot.collector().collect());
                assertTrue(world.catalog.blob(id(bytes)).isEmpty(), "forgotten, and there nevertheless");
            }
        };
        world.put("again", bytes);
        assertTrue(collected.get());
        assertArrayEquals(bytes, world.get("again"));
    }

    @Test
    void largeBlobThatADepositHasJustStoredIsNotRemoved() {
        byte[] bytes = bytes(2_000_000, 1);
        orphan(bytes);
        AtomicBoolean collected = new AtomicBoolean();
        world.catalog.before = command -> {
            if (command instanceof Command.PutFiles && collected.compareAndSet(false, true)) {
                assertEquals(0, world.depot.collector().collect());
            }
        };
        world.put("again", bytes);
        assertTrue(collected.get());
        assertArrayEquals(bytes, world.get("again"));
    }

    @Test
    void blobThatABatchHasJustStoredIsNotRemoved() {
        byte[] bytes = bytes(10, 1);
        orphan(bytes);
        AtomicBoolean collected = new AtomicBoolean();
        world.catalog.before = command -> {
            if (command instanceof Command.PutFiles && collected.compareAndSet(false, true)) {
                assertEquals(0, world.depot.collector().collect());
            }
        };
        world.depot.depositAll(ANA, HOME, 0, request(), List.of(small("again", bytes)));
        assertTrue(collected.get());
        assertArrayEquals(bytes, world.get("again"));
    }

    @Test
    void depositThatComesWhileItsBlobIsBeingRemovedWaitsAndStoresItAgain() throws InterruptedException {
        byte[] bytes = bytes(10, 1);
        orphan(bytes);
        CountDownLatch removing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        world.blobs.beforeRemove = () -> {
            removing.countDown();
            PinsTest.await(goOn);
        };
        Thread collector =
                Thread.ofPlatform().start(() -> world.depot.collector().collect());
        removing.await();
        AtomicReference<Throwable> trouble = new AtomicReference<>();
        Thread depositor = Thread.ofPlatform().start(() -> {
            try {
                world.put("again", bytes);
            } catch (RuntimeException e) {
                trouble.set(e);
            }
        });
        // Either order of the two from here on is legal; the file must be there in both.
        goOn.countDown();
        collector.join();
        depositor.join();
        assertEquals(null, trouble.get());
        assertArrayEquals(bytes, world.get("again"));
    }

    @Test
    void depositWithoutAnAnswerStaysPinnedBecauseItMayTakeEffectLater() {
        byte[] bytes = bytes(10, 1);
        orphan(bytes);
        world.catalog.delaying = Command.PutFiles.class;
        assertThrows(CatalogUnavailableException.class, () -> world.put("late", bytes));
        world.catalog.delaying = null;
        world.depot.collector().collect();
        reconcileTwice();
        world.catalog.applyLate();
        assertArrayEquals(bytes, world.get("late"));
    }

    @Test
    void depositThatTheCatalogTurnedAwayLeavesNoBytes() {
        world.catalog.before = command -> {
            throw CatalogUnavailableException.notTried("only removing is possible now");
        };
        assertThrows(CatalogUnavailableException.class, () -> world.put("f", bytes(10, 1)));
        assertThrows(CatalogUnavailableException.class, () -> world.put("f", bytes(2_000_000, 1)));
        assertThrows(
                CatalogUnavailableException.class,
                () -> world.depot.depositAll(ANA, HOME, 0, request(), List.of(small("f", bytes(9, 1)))));
        assertEquals(Map.of(), world.blobs.contents());
        world.blobs.status = new StoreStatus(0, 0, 5, 10, 0, Optional.empty());
        assertEquals(Reason.NO_ROOM, reason(() -> world.put("f", bytes(10, 1))));
    }

    @Test
    void batchWithoutAnAnswerStaysPinnedBecauseItMayTakeEffectLater() {
        world.catalog.delaying = Command.PutFiles.class;
        byte[] bytes = bytes(10, 1);
        assertThrows(
                CatalogUnavailableException.class,
                () -> world.depot.depositAll(ANA, HOME, 0, request(), List.of(small("late", bytes))));
        world.catalog.delaying = null;
        reconcileTwice();
        world.catalog.applyLate();
        assertArrayEquals(bytes, world.get("late"));
    }

    private void reconcileTwice() {
        world.depot.collector().reconcile();
        world.clock.pass(HOUR.plus(MOMENT));
        world.depot.collector().reconcile();
    }

    @Test
    void refusedDepositDoesNotTakeAwayAnotherOnesBytes() {
        byte[] bytes = bytes(10, 1);
        world.put("f", bytes);
        RequestId used = request();
        world.put(ANA, target("g", used), bytes(3, 3));
        assertEquals(Reason.REQUEST_REUSED, reason(() -> world.put(ANA, target("h", used), bytes)));
        assertArrayEquals(bytes, world.get("f"));
        world.put(BIA, target("theirs"), bytes);
        assertArrayEquals(bytes, world.get(BIA, HOME, "theirs"));
    }

    @Test
    void bytesThatOnlyTheDiskKnowsGoWhenTheyWereSeenSoForTheGracePeriod() {
        world.put("f", bytes(10, 1));
        BlobId stray = id(bytes(10, 2));
        world.blobs.putAll(List.of(new SmallBlob(stray, ByteBuffer.wrap(bytes(10, 2)))));
        assertEquals(0, world.depot.collector().reconcile());
        assertTrue(world.depot.collector().hasStrays());
        world.clock.pass(HOUR.minus(MOMENT));
        assertEquals(0, world.depot.collector().reconcile());
        world.clock.pass(MOMENT);
        assertEquals(1, world.depot.collector().reconcile());
        assertFalse(world.depot.collector().hasStrays());
        assertFalse(world.blobs.has(stray));
        assertArrayEquals(bytes(10, 1), world.get("f"));
    }

    @Test
    void strayThatIsDepositedMeanwhileStays() {
        byte[] bytes = bytes(10, 2);
        world.blobs.putAll(List.of(new SmallBlob(id(bytes), ByteBuffer.wrap(bytes))));
        world.depot.collector().reconcile();
        world.put("f", bytes);
        world.clock.pass(HOUR);
        world.depot.collector().reconcile();
        assertArrayEquals(bytes, world.get("f"));
    }

    @Test
    void removalOnAFullDiskFreesSpaceAtOnceAndDepositsWorkAgain() {
        try (World small = new World(folder.resolve("small"), DepotSettings.DEFAULTS, 38 << 20)) {
            for (int i = 0; i < 9; i++) {
                small.put("f" + i, bytes(4 << 20, i));
            }
            assertEquals(Reason.NO_ROOM, reason(() -> small.put("more", bytes(5 << 20, 99))));
            assertFalse(small.exists("more"));
            assertArrayEquals(bytes(4 << 20, 1), small.get("f1"));
            small.remove("f0");
            small.remove("f1");
            small.depot.housekeeping().tick();
            assertTrue(small.blobs.status().freeBytes() >= 8 << 20, "freed " + small.blobs.status());
            small.put("more", bytes(5 << 20, 99));
            assertArrayEquals(bytes(5 << 20, 99), small.get("more"));
        }
    }

    @Test
    void depositOnAFullDiskLetsGoOfTheOldestHistoryFirstAndOfNoMoreThanNeeded() {
        try (World small = new World(folder.resolve("small"), DepotSettings.DEFAULTS, 600 << 10)) {
            for (int i = 0; i < 400; i++) {
                small.put("f", bytes(1_000, i));
                small.clock.pass(MOMENT);
            }
            // The memory store keeps nothing in reserve, so that a shortage is seen at 4 MiB: below that, only what is
            // over the capacity counts.
            small.put("g", bytes(300_000, 7));
            assertArrayEquals(bytes(300_000, 7), small.get("g"));
            assertArrayEquals(bytes(1_000, 399), small.get("f"), "a current file is never let go of");
            assertFalse(small.blobs.has(id(bytes(1_000, 0))));
        }
    }

    @Test
    void nothingIsTriedAgainWhileNothingCanBeLetGoOf() {
        try (World small = new World(folder.resolve("small"), DepotSettings.DEFAULTS, 1 << 20)) {
            small.put("f", bytes(1_000_000, 1));
            small.depot.housekeeping().tick();
            small.depot.housekeeping().tick();
            int before = small.catalog.submitted.size();
            for (int i = 0; i < 10; i++) {
                small.clock.pass(Duration.ofSeconds(1));
                small.depot.housekeeping().tick();
            }
            assertEquals(before, small.catalog.submitted.size(), "a log entry a second would fill the disk");
        }
    }

    @Test
    void whateverHappensNoFileThatIsThereLosesItsBytes() throws InterruptedException {
        long seed = Long.getLong("acervo.seed", System.nanoTime());
        System.out.println("seed " + seed);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> trouble = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        threads.add(Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                world.clock.pass(Duration.ofDays(31));
                world.depot.collector().trim();
                world.clock.pass(HOUR.multipliedBy(2));
                world.depot.collector().collect();
                world.depot.collector().reconcile();
            }
        }));
        for (int t = 0; t < 3; t++) {
            Random random = new Random(seed + t);
            String name = "t" + t;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < 1_500; i++) {
                        // Few contents, so that they are stored, forgotten and stored again all the time.
                        byte[] bytes = bytes(100, random.nextInt(4));
                        world.put(name, bytes);
                        assertArrayEquals(bytes, world.get(name));
                        if (random.nextBoolean()) {
                            world.remove(name);
                        }
                    }
                } catch (Throwable e) {
                    trouble.compareAndSet(null, e);
                }
            }));
        }
        for (Thread thread : threads.subList(1, threads.size())) {
            thread.join();
        }
        stop.set(true);
        threads.getFirst().join();
        if (trouble.get() != null) {
            throw new AssertionError("seed " + seed, trouble.get());
        }
    }
}
