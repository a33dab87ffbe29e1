package acervo.catalog;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what nobody waits for, in a thread of its own: flushing, checkpoints, letting go of what was removed as a
/// whole, and getting up
/// again when the disk was full.
final class Keeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    private final RocksCatalog catalog;
    private final long everyMillis;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean awake = true;
    private boolean flush;
    private boolean checkpoint;
    private boolean closed;

    Keeper(RocksCatalog catalog, long everyMillis) {
        this.catalog = catalog;
        this.everyMillis = everyMillis;
        this.thread = Thread.ofPlatform().daemon().name("catalog-keeper").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void flushSoon() {
        tell(() -> flush = true);
    }

    void checkpointSoon() {
        tell(() -> checkpoint = true);
    }

    void wake() {
        tell(() -> {});
    }

    private void tell(Runnable what) {
        lock.lock();
        try {
            what.run();
            awake = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private record Tasks(boolean flush, boolean checkpoint) {}

    /// Waits until there is something to do or time is up; null to end.
    private @org.jspecify.annotations.Nullable Tasks next() throws InterruptedException {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(everyMillis);
            while (!awake && !closed && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            Tasks tasks = closed ? null : new Tasks(flush, checkpoint);
            awake = false;
            flush = false;
            checkpoint = false;
            return tasks;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            for (Tasks tasks = next(); tasks != null; tasks = next()) {
                carryOut(tasks);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void carryOut(Tasks tasks) {
        try {
            catalog.recover();
            if (tasks.flush()) {
                catalog.flushRows();
            }
            if (tasks.checkpoint()) {
                catalog.checkpoint();
            }
            if (catalog.drainSome()) {
                wake();
            }
        } catch (CatalogUnavailableException e) {
            LOG.debug("Housekeeping waits: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        tell(() -> closed = true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
