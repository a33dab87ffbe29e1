package acervo.depot;

import static acervo.depot.World.ANA;
import static acervo.depot.World.HOME;
import static acervo.depot.World.bytes;
import static acervo.depot.World.path;
import static acervo.depot.World.target;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import acervo.model.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whether deposits in flight can share forces and entries of the log: all of them must be able to stand at the same
/// point at once.
@Timeout(60)
final class ConcurrencyTest {
    private static final int MANY = 200;

    @TempDir
    Path folder;

    @Test
    void manyDepositsStandAtTheStoreAtOnce() throws InterruptedException {
        try (World world = new World(folder)) {
            CyclicBarrier all = new CyclicBarrier(MANY);
            world.blobs.beforePut = () -> meet(all);
            putMany(world, false);
        }
    }

    @Test
    void manyDepositsStandAtTheCatalogAtOnce() throws InterruptedException {
        try (World world = new World(folder)) {
            CyclicBarrier all = new CyclicBarrier(MANY);
            world.catalog.before = command -> {
                if (command instanceof Command.PutFiles) {
                    meet(all);
                }
            };
            putMany(world, false);
        }
    }

    @Test
    void manyDepositsOfTheSameBytesStandAtTheStoreAtOnce() throws InterruptedException {
        try (World world = new World(folder)) {
            CyclicBarrier all = new CyclicBarrier(MANY);
            world.blobs.beforePut = () -> meet(all);
            putMany(world, true);
            assertEquals(1, world.blobs.contents().size());
        }
    }

    @Test
    void manyReadersStandAtTheDiskAtOnce() throws InterruptedException {
        try (World world = new World(folder)) {
            for (int i = 0; i < MANY; i++) {
                world.put("f" + i, bytes(100, i));
            }
            CyclicBarrier all = new CyclicBarrier(MANY);
            world.blobs.beforeOpen = () -> meet(all);
            inParallel(i -> assertArrayEquals(bytes(100, i), world.get("f" + i)));
        }
    }

    private static void putMany(World world, boolean same) throws InterruptedException {
        inParallel(i -> world.put(ANA, target("f" + i), bytes(100, same ? 0 : i)));
        for (int i = 0; i < MANY; i++) {
            assertArrayEquals(
                    bytes(100, same ? 0 : i), world.get(ANA, HOME, path("f" + i).text()));
        }
    }

    private static void inParallel(java.util.function.IntConsumer action) throws InterruptedException {
        AtomicReference<Throwable> trouble = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    action.accept(number);
                } catch (Throwable e) {
                    trouble.compareAndSet(null, e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (trouble.get() != null) {
            throw new AssertionError(trouble.get());
        }
    }

    private static void meet(CyclicBarrier all) {
        try {
            all.await(50, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("they wait for each other", e);
        }
    }
}
