package acervo.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs one random sequence of operations again and again, and lets something go wrong at the first disk
/// operation, the second, and so on.
final class CrashTest {
    private static final int STEPS = 25;

    private final Quiet quiet = new Quiet();

    @AfterEach
    void speak() {
        quiet.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"KILL", "POWER", "FAIL"})
    void whateverGoesWrongAtWhicheverOperationNothingAcknowledgedIsLost(FaultyDisk.Fault fault) throws IOException {
        nothingAcknowledgedIsLost(Seed.of("CrashTest " + fault), fault);
    }

    /// The first: a removal that was cut off before its unlink was durable. The second: one that had been moved to
    /// quarantine, not durably.
    @ParameterizedTest
    @ValueSource(longs = {32555083102725L, 34636228505027L})
    void aLargeBlobWhoseFileComesBackAfterAPowerCutIsListedAndHasItsSums(long seed) throws IOException {
        nothingAcknowledgedIsLost(seed, FaultyDisk.Fault.KILL);
    }

    private static void nothingAcknowledgedIsLost(long seed, FaultyDisk.Fault fault) throws IOException {
        int operations = operationsOf(seed);
        for (int n = 1; n <= operations; n++) {
            String run = "seed " + seed + ", " + fault + " at " + n + " of " + operations;
            try {
                crashAt(seed, fault, n);
            } catch (AssertionError | RuntimeException | IOException e) {
                throw new AssertionError(run + ": " + e.getMessage(), e);
            }
        }
    }

    private static int operationsOf(long seed) throws IOException {
        World world = new World(seed, new Random(seed));
        for (int i = 0; i < STEPS; i++) {
            assertEquals(Optional.empty(), world.doSomething());
            world.check();
        }
        world.closeAfterTrouble();
        return world.disk.operations();
    }

    private static void crashAt(long seed, FaultyDisk.Fault fault, int n) throws IOException {
        World world = new World(seed, new Random(seed + n));
        world.disk.failAt(Math.max(1, n - world.disk.operations()), fault);
        for (int i = 0; i < STEPS && !world.disk.struck(); i++) {
            world.doSomething();
        }
        world.restartAfter(fault);
        world.check();
        world.relyOnWhatIsThere();
        // A crash of the recovered store, before anything else forced what recovery found.
        world.restartAfter(FaultyDisk.Fault.POWER);
        world.check();
        for (int i = 0; i < 10; i++) {
            assertEquals(Optional.empty(), world.doSomething());
        }
        world.check();
        world.repeatDeposits();
        world.restartAfter(FaultyDisk.Fault.POWER);
        world.check();
        world.loseIndex();
        world.check();
        world.closeAfterTrouble();
    }

    @Test
    void aFullDiskRefusesDepositsAndTakesThemAgainOnceThereIsRoom() throws IOException {
        long seed = Seed.of("CrashTest FULL");
        int operations = operationsOf(seed);
        for (int n = 1; n <= operations; n++) {
            World world = new World(seed, new Random(seed + n));
            world.disk.failAt(Math.max(1, n - world.disk.operations()), FaultyDisk.Fault.FULL);
            try {
                for (int i = 0; i < STEPS; i++) {
                    world.doSomething().ifPresent(e -> assertInstanceOf(StoreFullException.class, e));
                    world.check();
                }
                assertTrue(world.store().status().failure().isEmpty());
                world.disk.makeRoom();
                world.repeatDeposits();
                world.check();
                world.restartAfter(FaultyDisk.Fault.POWER);
                world.check();
                world.closeAfterTrouble();
            } catch (AssertionError | RuntimeException | IOException e) {
                throw new AssertionError("seed " + seed + ", full at " + n + ": " + e.getMessage(), e);
            }
        }
    }

    @Test
    void afterAForceFailedNothingIsStoredAndNothingIsForcedUntilTheStoreIsOpenedAgain() throws IOException {
        World world = new World(1, new Random(1));
        byte[] before = Bytes.random(100, 1);
        byte[] during = Bytes.random(100, 2);
        world.store().putAll(List.of(Bytes.small(before)));
        int forces = world.disk.forces();
        // One write, then the force.
        world.disk.failAt(2, FaultyDisk.Fault.FAIL);
        assertNotEquals(null, failureOf(() -> world.store().putAll(List.of(Bytes.small(during)))));
        assertTrue(world.disk.struck());
        for (int i = 0; i < 3; i++) {
            assertNotEquals(null, failureOf(() -> world.store().putAll(List.of(Bytes.small(during)))));
            assertNotEquals(null, failureOf(() -> Bytes.stage(world.store(), Bytes.random(5000, 5))));
        }
        assertEquals(forces, world.disk.forces());
        assertTrue(world.store().status().failure().isPresent());
        assertArrayEquals(before, Bytes.read(world.store(), Bytes.id(before)));
        world.restartAfter(FaultyDisk.Fault.KILL);
        // What the failed force lost is still in the system's cache: to believe it would be to acknowledge it without
        // having it.
        world.store().putAll(List.of(Bytes.small(during)));
        world.restartAfter(FaultyDisk.Fault.POWER);
        assertArrayEquals(during, Bytes.read(world.store(), Bytes.id(during)));
        world.closeAfterTrouble();
    }

    @Test
    void aStageGoesOnAfterAnyFailureAndIsWholeInTheEnd() throws IOException {
        byte[] bytes = Bytes.random(150_000, 1);
        StageId id = new StageId(new UUID(1, 1));
        boolean struck = true;
        for (int n = 1; struck; n++) {
            try (Rig rig = new Rig()) {
                rig.disk.failAt(n, FaultyDisk.Fault.FAIL);
                try (Stage stage = rig.store.stage(id)) {
                    stage.write(ByteBuffer.wrap(bytes));
                    stage.commit();
                } catch (StoreFailedException e) {
                    assertTrue(rig.disk.struck());
                }
                struck = rig.disk.struck();
                rig.disk.restart();
                rig.reopen();
                try (Stage stage = rig.store.stage(id)) {
                    int length = Math.toIntExact(stage.length());
                    stage.write(ByteBuffer.wrap(bytes, length, bytes.length - length));
                    stage.commit();
                }
                rig.cutPower();
                assertArrayEquals(bytes, Bytes.read(rig.store, Bytes.id(bytes)), "failure at " + n);
            }
        }
    }

    private static StoreFailedException failureOf(Runnable work) {
        try {
            work.run();
            throw new AssertionError("nothing failed");
        } catch (StoreFailedException e) {
            return e;
        }
    }
}
