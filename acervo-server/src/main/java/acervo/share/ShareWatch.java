package acervo.share;

import acervo.watch.InotifyWatch;
import acervo.watch.LibC;
import acervo.watch.PosixException;
import acervo.watch.Watch;
import acervo.watch.WatchEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees what happens in a shared folder, on a thread of its own. Hints of the watch make paths wait until they have
/// settled; a look compares them with what is known ([Known]); what differs is told ([Looks]). Whole scans find what no
/// hint told: at the start, after lost hints, every few minutes, and all the time where the system does not watch.
public final class ShareWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("acervo.share");
    private static final long MILLISECOND = 1_000_000L;
    private static final long SOON = 100 * MILLISECOND;

    /// A warning that is true for long is written so seldom.
    private static final long WARNED_AGAIN = 600_000 * MILLISECOND;

    /// How often things are looked at, whatever the watch says.
    ///
    /// @param rescan from one whole scan to the next
    /// @param blind the same while a part can't be watched; at least twenty times what a scan takes
    /// @param visit how often it is looked whether the folder itself is still the same
    record Pace(Duration rescan, Duration blind, Duration visit) {
        static final Pace USUAL = new Pace(Duration.ofMinutes(10), Duration.ofSeconds(5), Duration.ofSeconds(2));
    }

    /// Opens the watch of a folder.
    interface WatchFactory {
        /// @throws IOException when the system gives none
        Watch open(Runnable wake, Consumer<WatchEvent> to) throws IOException;
    }

    private final SharedFolder share;
    private final Pace pace;
    private final WatchFactory watches;
    private final Thread thread;
    private final CountDownLatch scanned = new CountDownLatch(1);

    /// Guarded by this object, like the one below.
    private boolean woken;

    private boolean closed;

    // What follows is the thread's own.
    private final Disk disk;
    private final Looks looks;
    private @Nullable Watch watch;
    private Disk.@Nullable Identity root;
    private boolean blind;
    private boolean renew = true;
    private boolean lost;
    private long nextScan;
    private long nextVisit;
    private String warned = "";
    private long warnedUntil;

    private ShareWatch(SharedFolder share, Known known, InstantSource clock, Pace pace, WatchFactory watches) {
        this.share = share;
        this.disk = new Disk(share.root());
        this.looks = new Looks(share.name(), disk, known, clock);
        this.pace = pace;
        this.watches = watches;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("acervo-share-" + share.name())
                .unstarted(this::run);
    }

    /// Whether this system can be asked.
    public static boolean isPossible() {
        return LibC.AVAILABLE;
    }

    /// Begins to watch.
    public static ShareWatch start(SharedFolder share, Known known, InstantSource clock) {
        return start(
                share, known, clock, Pace.USUAL, (wake, to) -> InotifyWatch.openAcrossDisks(share.root(), wake, to));
    }

    static ShareWatch start(SharedFolder share, Known known, InstantSource clock, Pace pace, WatchFactory watches) {
        ShareWatch watch = new ShareWatch(share, known, clock, pace, watches);
        watch.thread.start();
        return watch;
    }

    /// Waits until everything was looked at once.
    ///
    /// @return whether it was
    public boolean awaitScanned(Duration most) {
        try {
            return scanned.await(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized void wake() {
        woken = true;
        notifyAll();
    }

    private void run() {
        try (disk) {
            while (pause()) {
                try {
                    turn();
                } catch (PosixException e) {
                    lose(e.getMessage());
                } catch (RuntimeException e) {
                    // The catalog takes no changes now, or something unforeseen: a whole scan finds what was not told.
                    warn("what was seen can't be told now: " + e, e);
                    looks.forget();
                    nextScan = System.nanoTime() + pace.blind().toNanos();
                }
            }
        } finally {
            if (watch != null) {
                watch.close();
            }
        }
    }

    /// Waits until there is something to do.
    ///
    /// @return false at the end
    private synchronized boolean pause() {
        while (!closed) {
            long next = lost ? nextVisit : Math.min(Math.min(nextVisit, nextScan), looks.nextDue());
            long left = next - System.nanoTime();
            if (woken && !lost || renew && !lost || left <= 0) {
                woken = false;
                return true;
            }
            try {
                wait((left + MILLISECOND - 1) / MILLISECOND);
            } catch (InterruptedException _) {
                return false;
            }
        }
        return false;
    }

    private void turn() throws PosixException {
        long now = System.nanoTime();
        Disk.Identity there = disk.identity();
        nextVisit = now + pace.visit().toNanos();
        if (renew || lost || !there.equals(root)) {
            begin(there);
        }
        if (watch != null) {
            watch.drain(this::heard);
        }
        if (nextScan - now <= 0) {
            scan();
        }
        looks.round();
        if (looks.wantsScan()) {
            nextScan = Math.min(nextScan, System.nanoTime() + SOON);
        }
    }

    private void begin(Disk.Identity there) {
        if (lost) {
            LOG.info("The shared folder {} can be read again", share.name());
        }
        if (watch != null) {
            watch.close();
            watch = null;
        }
        root = there;
        renew = false;
        lost = false;
        blind = false;
        looks.forget();
        nextScan = System.nanoTime();
        try {
            watch = watches.open(this::wake, this::heard);
        } catch (IOException e) {
            blind("the system gives no means to watch it (" + e.getMessage()
                    + "), so changes are found by looking again and again; if it has run out of queues:"
                    + " sudo sysctl fs.inotify.max_user_instances=1024");
        }
    }

    /// What is known stays: files that can't be read now are not gone.
    private void lose(String why) {
        if (!lost) {
            LOG.warn("The shared folder {} can't be read: {}", share.name(), why);
        }
        lost = true;
        looks.forget();
        nextVisit = System.nanoTime() + pace.visit().toNanos();
    }

    private void heard(WatchEvent event) {
        long now = System.nanoTime();
        switch (event) {
            case WatchEvent.Touched(String path, boolean whole) -> looks.touch(path, whole, false);
            case WatchEvent.Appeared(String folder) -> looks.touch(folder, true, true);
            case WatchEvent.Missed() -> {
                warn(
                        "it changes faster than the system tells, so all of it is looked at again; to have more told:"
                                + " sudo sysctl fs.inotify.max_queued_events=131072",
                        null);
                nextScan = now;
            }
            case WatchEvent.Blind(String advice) -> {
                blind(advice);
                nextScan = Math.min(nextScan, now + pace.blind().toNanos());
            }
            case WatchEvent.RootGone() -> renew = true;
        }
    }

    private void blind(String advice) {
        blind = true;
        warn(advice, null);
    }

    /// Says what goes on for long, or comes again and again, every few minutes only.
    private void warn(String what, @Nullable Exception why) {
        long now = System.nanoTime();
        if (!what.equals(warned) || now - warnedUntil > 0) {
            LOG.warn("The shared folder {}: {}", share.name(), what, why);
            warned = what;
            warnedUntil = now + WARNED_AGAIN;
        }
    }

    private void scan() throws PosixException {
        long began = System.nanoTime();
        if (blind && watch != null) {
            // There may be room by now.
            blind = false;
            watch.cover("", this::heard);
        }
        looks.scan();
        long end = System.nanoTime();
        long often = pace.rescan().toNanos();
        nextScan = end + (blind ? Math.min(often, Math.max(pace.blind().toNanos(), 20 * (end - began))) : often);
        scanned.countDown();
    }

    /// Ends the watching and waits for it.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
