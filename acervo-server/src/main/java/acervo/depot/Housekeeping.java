package acervo.depot;

import acervo.blob.StoreException;
import acervo.blob.StoreStatus;
import acervo.catalog.CatalogUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a depot does by itself: one thread for chores that come round, one for the slow verification. Each chore is a
/// call that
/// tests make without waiting.
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Room room;
    private final Collector collector;
    private final Scrub scrub;
    private final DepotSettings settings;
    private final Clock clock;
    private final List<Chore> chores = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// Guarded by [#lock], like the next one.
    private boolean stopping;

    private boolean kicked;

    private boolean wasShort;
    private boolean hadFailed;

    Housekeeping(Room room, Collector collector, Scrub scrub, DepotSettings settings, Clock clock) {
        this.room = room;
        this.collector = collector;
        this.scrub = scrub;
        this.settings = settings;
        this.clock = clock;
    }

    /// Adds a chore that is first done at once.
    ///
    /// @param action tells after how long it wants to be done again
    void chore(String name, Supplier<Duration> action) {
        chores.add(new Chore(name, action));
    }

    void start() {
        threads.add(Thread.ofPlatform().daemon().name("acervo-housekeeping").start(this::doChores));
        if (settings.verifyBytesPerSecond() > 0) {
            threads.add(Thread.ofPlatform().daemon().name("acervo-scrub").start(this::verifySlowly));
        }
    }

    /// Looks at the disk now rather than within a second: something was removed.
    void kick() {
        lock.lock();
        try {
            kicked = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Ends both threads and waits for them.
    void stop() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    // Never passed on to the threads: an interrupt in the middle of a write would close the store's
                    // files.
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Does what is due.
    void tick() {
        guarded("watching the disk", this::watchDisk);
        for (Chore chore : chores) {
            if (clock.millis() >= chore.dueMillis && !isStopping()) {
                chore.dueMillis = clock.millis() + TICK.toMillis();
                guarded(
                        chore.name,
                        () -> chore.dueMillis =
                                clock.millis() + chore.action.get().toMillis());
            }
        }
    }

    private void watchDisk() {
        StoreStatus status = room.status();
        boolean isShort = Collector.isShort(status);
        if (isShort && !wasShort) {
            LOG.warn(
                    "the disk is short of room: {} free, {} kept in reserve",
                    Room.human(status.freeBytes()),
                    Room.human(status.reserveBytes()));
        } else if (!isShort && wasShort) {
            LOG.info("the disk has room again: {} free", Room.human(status.freeBytes()));
        }
        wasShort = isShort;
        if (status.failure().isPresent() && !hadFailed) {
            hadFailed = true;
            LOG.error(
                    "the store takes no more writes until the server is restarted: {}",
                    status.failure().get());
        }
        if (isShort) {
            collector.relieve();
        }
    }

    private void doChores() {
        while (!isStopping()) {
            tick();
            pause(TICK.toNanos(), true);
        }
    }

    private void verifySlowly() {
        boolean rest = true;
        while (!isStopping()) {
            if (rest) {
                pause(TimeUnit.MINUTES.toNanos(1), false);
            }
            // What fails once fails again at once: a full disk would be filled with the log that says so.
            rest = !guarded("verifying slowly", this::verifyNext);
        }
        guarded("writing down where verifying stands", scrub::save);
    }

    /// Reads one copy at the highest rate that is allowed, so that it is not held open for long, and then waits
    /// until it fits the rate that is
    /// aimed at.
    private void verifyNext() {
        long started = System.nanoTime();
        long[] read = {0};
        boolean more = scrub.step(bytes -> {
            read[0] += bytes;
            pause(cost(read[0], settings.verifyBytesPerSecond()) - (System.nanoTime() - started), false);
            if (isStopping()) {
                throw new CancellationException("the server stops");
            }
        });
        if (!more) {
            pause(TimeUnit.MINUTES.toNanos(1), false);
            return;
        }
        long rate = Scrub.rate(room.status().bytes(), settings.verifyPass(), settings.verifyBytesPerSecond());
        pause(cost(read[0], rate) - (System.nanoTime() - started), false);
    }

    private static long cost(long bytes, long bytesPerSecond) {
        return (long) (bytes * 1e9 / bytesPerSecond);
    }

    /// Waits so long, or until this stops or, for the chores, is kicked.
    private void pause(long nanos, boolean kickable) {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !stopping && !(kickable && kicked)) {
                left = changed.awaitNanos(left);
            }
            if (kickable) {
                kicked = false;
            }
        } catch (InterruptedException e) {
            stopping = true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isStopping() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    /// A chore that fails is done again when its time comes: what it is for does not go away.
    ///
    /// @return whether it was done
    private static boolean guarded(String what, Runnable action) {
        try {
            action.run();
            return true;
        } catch (CancellationException e) {
            LOG.debug("{} was cut short", what);
        } catch (CatalogUnavailableException | StoreException e) {
            LOG.warn("{} could not be done and will be tried again: {}", what, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{} failed", what, e);
        }
        return false;
    }

    private static final class Chore {
        private final String name;
        private final Supplier<Duration> action;
        private volatile long dueMillis;

        Chore(String name, Supplier<Duration> action) {
            this.name = name;
            this.action = action;
        }
    }
}
