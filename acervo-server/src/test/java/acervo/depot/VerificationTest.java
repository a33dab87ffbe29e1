package acervo.depot;

import static acervo.depot.World.ANA;
import static acervo.depot.World.BIA;
import static acervo.depot.World.HOME;
import static acervo.depot.World.bytes;
import static acervo.depot.World.id;
import static acervo.depot.World.in;
import static acervo.depot.World.path;
import static acervo.depot.World.target;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.catalog.Catalog.FileRef;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.SpaceName;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class VerificationTest extends WithWorld {
    private Verification.Progress verify() {
        assertTrue(world.depot.verification().start());
        World.await(world.depot.verification());
        return world.depot.verification().progress();
    }

    @Test
    void healthyStoreIsReadToItsEndAndNothingIsReported() {
        world.put("a", bytes(10, 1));
        world.put("b", bytes(2_000_000, 2));
        world.put("c", new byte[0]);
        assertEquals(0, world.depot.verification().progress().startedMillis());
        Verification.Progress progress = verify();
        assertEquals(
                new Verification.Progress(
                        false, 2, 2, 2_000_010, List.of(), List.of(), world.clock.millis(), world.clock.millis(), ""),
                progress);
        assertEquals(List.of(), world.depot.verification().affected());
    }

    @Test
    void damagedAndMissingAreReportedWithTheirFiles() {
        SpaceName shared = SpaceName.PUBLIC;
        world.put("good", bytes(10, 1));
        world.put("bad", bytes(10, 2));
        world.put("bad too", bytes(10, 2));
        world.put("lost", bytes(2_000_000, 3));
        world.put(BIA, in(shared, "everyone's"), bytes(10, 2));
        world.put(BIA, target("bia's"), bytes(10, 2));
        world.blobs.spoil(id(bytes(10, 2)));
        world.blobs.lost.add(id(bytes(2_000_000, 3)));
        Verification.Progress progress = verify();
        assertEquals(List.of(id(bytes(10, 2))), progress.damaged());
        assertEquals(List.of(id(bytes(2_000_000, 3))), progress.missing());
        assertEquals(List.of(id(bytes(10, 2))), world.blobs.quarantined);
        assertEquals(
                Set.of("bad", "bad too", "lost", "everyone's", "bia's"),
                names(world.depot.verification().affected()));
        assertEquals(
                Set.of("bad", "bad too", "lost", "everyone's"),
                names(world.depot.verification().affected(ANA)));
        assertEquals(
                Set.of("everyone's", "bia's"), names(world.depot.verification().affected(BIA)));
        assertEquals(2, world.depot.status().damaged());
    }

    private static Set<String> names(List<FileRef> files) {
        Set<String> names = new TreeSet<>();
        files.forEach(file -> names.add(file.entry().path().text()));
        return names;
    }

    @Test
    void blobInQuarantineFromBeforeIsReportedAsMissing() {
        world.put("bad", bytes(10, 2));
        world.blobs.spoil(id(bytes(10, 2)));
        verify();
        Verification.Progress again = verify();
        assertEquals(List.of(), again.damaged());
        assertEquals(List.of(id(bytes(10, 2))), again.missing());
    }

    @Test
    void onePassAtATimeAndItTellsHowFarItIs() throws InterruptedException {
        world.put("a", bytes(10, 1));
        world.put("b", bytes(10, 2));
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        world.blobs.beforeOpen = () -> {
            reading.countDown();
            PinsTest.await(goOn);
        };
        assertTrue(world.depot.verification().start());
        reading.await();
        assertFalse(world.depot.verification().start());
        Verification.Progress progress = world.depot.verification().progress();
        assertTrue(progress.running());
        assertEquals(0, progress.blobsDone());
        assertEquals(2, progress.blobsTotal());
        goOn.countDown();
        World.await(world.depot.verification());
        assertTrue(world.depot.verification().start());
    }

    @Test
    void closingTheDepotEndsThePass() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            world.put("f" + i, bytes(10, i));
        }
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        world.blobs.beforeOpen = () -> {
            reading.countDown();
            PinsTest.await(goOn);
        };
        Verification verification = world.depot.verification();
        verification.start();
        reading.await();
        Thread closer = Thread.ofPlatform().start(() -> world.depot.close());
        while (verification.start() || closer.getState() == Thread.State.NEW) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        closer.join();
        assertFalse(verification.progress().running());
        assertFalse(verification.start());
    }

    @Test
    void passThatFailsSaysSo() {
        world.put("a", bytes(10, 1));
        world.blobs.beforeOpen = () -> {
            throw new IllegalStateException("no such luck");
        };
        Verification.Progress progress = verify();
        assertFalse(progress.running());
        assertEquals("no such luck", progress.failure());
    }

    @Test
    void fileDepositedOrRemovedDuringThePassIsNotMissing() {
        for (int i = 0; i < 3; i++) {
            world.put("f" + i, bytes(10, i));
        }
        boolean[] done = new boolean[1];
        world.blobs.beforeOpen = () -> {
            if (!done[0]) {
                done[0] = true;
                world.put("new", bytes(10, 77));
            }
        };
        assertEquals(List.of(), verify().missing());
    }

    @Test
    void blobThatIsThereWhenItIsLookedForAgainIsNotMissing() {
        world.put("f", bytes(10, 1));
        // Stored after the list was made.
        world.blobs.unlisted.add(id(bytes(10, 1)));
        assertEquals(List.of(), verify().missing());
        assertEquals(0, world.depot.status().damaged());
    }

    @Test
    void receiptTellsWhenACopyWasLastReadAgain() {
        long deposited = world.clock.millis();
        world.put("f", bytes(10, 1));
        assertEquals(deposited, verifiedMillis("f"));
        world.clock.pass(Duration.ofDays(1));
        // Neither reads the copy again.
        world.put("g", bytes(10, 1));
        world.depot.submit(
                ANA,
                World.request(),
                new Command.MoveFiles(HOME, List.of(new Command.Move(path("g"), path("h"), Condition.ANY, false))));
        assertEquals(deposited, verifiedMillis("f"));
        assertEquals(deposited, verifiedMillis("h"));
        verify();
        long first = world.clock.millis();
        assertEquals(first, verifiedMillis("f"));
        world.clock.pass(Duration.ofDays(1));
        assertEquals(first, verifiedMillis("f"));
        while (world.depot.scrub().step(bytes -> {})) {}
        assertEquals(world.clock.millis(), verifiedMillis("f"));
        world.restart();
        assertEquals(world.clock.millis(), verifiedMillis("f"));
    }

    private long verifiedMillis(String name) {
        return world.depot.receipt(ANA, HOME, path(name)).copies().getFirst().verifiedMillis();
    }

    @Test
    void scrubFindsRotAndLossWhereNobodyReads() {
        world.put("rot", bytes(10, 1));
        world.put("loss", bytes(10, 2));
        world.blobs.spoil(id(bytes(10, 1)));
        world.blobs.lost.add(id(bytes(10, 2)));
        while (world.depot.scrub().step(bytes -> {})) {}
        assertEquals(List.of(id(bytes(10, 1))), world.blobs.quarantined);
        assertEquals(2, world.depot.status().damaged());
    }

    @Test
    void scrubGoesOnWhereItStoodWhenTheServerWasStopped() {
        for (int i = 0; i < 10; i++) {
            world.put("f" + i, bytes(10 + i, i));
        }
        long[] read = {0};
        for (int i = 0; i < 6; i++) {
            assertTrue(world.depot.scrub().step(bytes -> read[0] += bytes));
        }
        world.depot.scrub().save();
        world.restart();
        while (world.depot.scrub().step(bytes -> read[0] += bytes)) {}
        assertEquals(145, read[0], "each is read once in a pass");
        while (world.depot.scrub().step(bytes -> read[0] += bytes)) {}
        assertEquals(290, read[0]);
    }

    @Test
    void scrubThatIsStoppedInTheMiddleOfABlobReadsItAgain() {
        world.put("f", bytes(2_000_000, 1));
        assertThrows(
                CancellationException.class,
                () -> world.depot.scrub().step(bytes -> {
                    throw new CancellationException();
                }));
        long[] read = {0};
        assertTrue(world.depot.scrub().step(bytes -> read[0] += bytes));
        assertEquals(2_000_000, read[0]);
    }

    @Test
    void scrubReadsAllWithinTheTimeAimedAtAndNeverFasterThanAllowed() {
        Duration month = Duration.ofDays(30);
        long terabyte = 1_000_000_000_000L;
        assertEquals(1, Scrub.rate(0, month, 20_000_000));
        assertEquals(86_400_000 / 86_400, Scrub.rate(86_400_000, month, 20_000_000), "a small store within a day");
        assertEquals(1_000_000, Scrub.rate(terabyte, month, 20_000_000));
        assertEquals(42_438_271, Scrub.rate(100 * terabyte, month, 100_000_000));
        assertEquals(20_000_000, Scrub.rate(100 * terabyte, month, 20_000_000));
    }

    @Test
    void timesAreNeverLaterThanTheReading() {
        VerifiedTimes times = new VerifiedTimes();
        BlobId low = new BlobId(0x10L << 56, 0, 0, 0);
        BlobId high = new BlobId(0x20L << 56, 0, 0, 0);
        VerifiedTimes.Round round = times.new Round(null, 1);
        round.reach(low, 10);
        assertEquals(0, times.at(low), "it is being read");
        assertEquals(1, times.at(new BlobId(1, 0, 0, 0)));
        round.reach(high, 20);
        assertEquals(10, times.at(low));
        assertEquals(0, times.at(high));
        round.end();
        assertEquals(20, times.at(high));
        assertEquals(20, times.at(new BlobId(-1, 0, 0, 0)));
        times.new Round(null, 5).end();
        assertEquals(10, times.at(low), "an older pass that ends later takes nothing back");
    }

    @Test
    void clientsOfOtherSpacesLearnNothing() {
        world.put("bad", bytes(10, 2));
        world.blobs.spoil(id(bytes(10, 2)));
        verify();
        assertEquals(List.of(), world.depot.verification().affected(BIA));
        assertEquals(List.of(), world.depot.verification().affected(new ClientId(new java.util.UUID(7, 7))));
    }
}
