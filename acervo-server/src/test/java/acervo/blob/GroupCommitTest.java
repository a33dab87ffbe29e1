package acervo.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Callers share a force, and none returns before its own bytes are forced.
final class GroupCommitTest {
    private final Quiet quiet = new Quiet();
    private final Rig rig;
    private final CountDownLatch forcing = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicInteger forces = new AtomicInteger();

    GroupCommitTest() throws IOException {
        rig = new Rig(new DiskSettings(0, 64 << 20, 4000, false));
    }

    @AfterEach
    void close() {
        rig.close();
        quiet.close();
    }

    /// The first force from now on waits for `goOn`.
    private void holdTheFirstForce() {
        rig.disk.beforeForce(() -> {
            forces.incrementAndGet();
            forcing.countDown();
            await(goOn);
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Until that many threads wait for the writer: only then is it sure that they are queued.
    private static void awaitQueued(List<Thread> threads) {
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void whoeverQueuesWhileOneForceRunsSharesTheNext() throws Exception {
        holdTheFirstForce();
        List<Thread> threads = new ArrayList<>();
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] bytes = Bytes.random(100, i);
            all.add(bytes);
            threads.add(Thread.ofPlatform().start(() -> rig.store.putAll(List.of(Bytes.small(bytes)))));
            await(forcing);
        }
        awaitQueued(threads);
        goOn.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(2, forces.get());
        rig.cutPower();
        all.forEach(bytes -> assertArrayEquals(bytes, Bytes.read(rig.store, Bytes.id(bytes))));
    }

    @Test
    void theSameBlobStoredTwiceAtOnceIsDurableForBothWhenEitherReturns() throws Exception {
        holdTheFirstForce();
        byte[] bytes = Bytes.random(100, 1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = executor.submit(() -> rig.store.putAll(List.of(Bytes.small(bytes))));
            await(forcing);
            assertTrue(rig.store.open(Bytes.id(bytes)).isEmpty());
            Thread second = Thread.ofPlatform().start(() -> rig.store.putAll(List.of(Bytes.small(bytes))));
            awaitQueued(List.of(second));
            assertTrue(second.isAlive());
            goOn.countDown();
            first.get();
            second.join();
        }
        assertEquals(1, forces.get());
        assertEquals(1, rig.store.status().blobs());
    }

    @Test
    void storingWhatIsThereWritesNothing() {
        List<byte[]> all = rig.put(1000, 1, 5);
        int operations = rig.disk.operations();
        rig.store.putAll(all.stream().map(Bytes::small).toList());
        assertEquals(operations, rig.disk.operations());
    }

    @Test
    void aThousandBlobsInOneCallTakeOneForce() {
        rig.put(10, 5000, 1);
        int forced = rig.disk.forces();
        rig.put(1000, 1, 1000);
        assertEquals(forced + 1, rig.disk.forces());
    }

    @Test
    void anInterruptedCallerBreaksNothing() {
        Thread.currentThread().interrupt();
        byte[] bytes = rig.put(100, 1, 1).getFirst();
        assertTrue(Thread.interrupted());
        assertArrayEquals(bytes, Bytes.read(rig.store, Bytes.id(bytes)));
        rig.put(100, 2, 1);
    }

    @Test
    void aForceThatFailsBesideTheWritingFailsTheStage() throws IOException {
        Medium medium = new Medium(rig.disk, 0, () -> 0);
        DiskFile file = rig.disk.open(Rig.LAYOUT.staging().resolve("x"), Disk.Mode.CREATE);
        WriteBack writeBack = new WriteBack(medium, file, "x");
        rig.disk.failAt(1, FaultyDisk.Fault.FAIL);
        writeBack.wrote(WriteBack.STEP);
        writeBack.await();
        int before = rig.disk.forces();
        assertThrows(StoreFailedException.class, writeBack::finish);
        assertThrows(StoreFailedException.class, () -> medium.admit(1));
        assertEquals(before, rig.disk.forces());
        assertFalse(String.valueOf(medium.failure()).isEmpty());
    }
}
