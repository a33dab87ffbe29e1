package acervo.sync.local;

import acervo.sync.LocalSink;
import acervo.sync.RootLostException;
import acervo.sync.ignore.IgnoreRules;
import acervo.sync.index.FileIndex;
import acervo.watch.PosixException;
import acervo.watch.Waiting.Wait;
import acervo.watch.Watch;
import acervo.watch.WatchEvent;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Watches and scans the synced folder on a thread of its own: the path from a hint to an observation. Hints make paths
/// wait ([Waiting]), a look compares them with the index, what differs is read and judged ([Findings]).
final class Observer implements AutoCloseable {
    private static final int ROUND = 4096;
    private static final long MILLISECOND = 1_000_000L;
    /// What was seen is written down this long afterwards, unless someone has it forced before.
    private static final long WRITE_DOWN = 3_000 * MILLISECOND;

    private static final String NO_QUEUE =
            "this system does not tell of changes, so they are found by looking again and"
                    + " again; if it has run out of queues: sudo sysctl fs.inotify.max_user_instances=1024";

    private final Root root;
    private final FileIndex index;
    private final LocalSink sink;
    private final Pace pace;
    private final WatchFactory watches;
    private final Hashing hashing;
    private final Troubles troubles;
    private final Findings findings;
    private final Thread thread;
    /// Writes the index's file when that is due.
    private volatile Thread writer = new Thread();

    private final SplittableRandom random = new SplittableRandom();

    /// Guarded by this object, like the four below.
    private final List<String> asked = new ArrayList<>();

    private final List<Hashed> hashed = new ArrayList<>();
    private @Nullable RuntimeException broken;
    private boolean woken;
    private boolean closed;

    // What follows is the thread's own.
    private IgnoreRules rules = IgnoreRules.NONE;
    private @Nullable Watch watch;
    private int scans;
    private long nextScan;
    private long nextVisit;
    private long nextWriting = Long.MAX_VALUE;
    private long scanEnd;
    private boolean scanOpen;
    /// Whether a part of the folder can't be watched.
    private boolean blind;
    /// Whether the watch has to be made anew.
    private boolean renew = true;
    private boolean lost;

    private record Hashed(Found found, Reading reading) {}

    /// Opens the watch of a folder.
    interface WatchFactory {
        /// @param skipped folders that are not to be watched
        /// @param wake called from any thread when there is something to drain
        /// @param to told what happens meanwhile
        /// @return null when the system gives none
        @Nullable
        Watch open(Predicate<String> skipped, Runnable wake, Consumer<WatchEvent> to);
    }

    Observer(Root root, FileIndex index, LocalSink sink, Pace pace, WatchFactory watches) {
        this.root = root;
        this.index = index;
        this.sink = sink;
        this.pace = pace;
        this.watches = watches;
        this.hashing = new Hashing(root);
        this.troubles = new Troubles(sink);
        this.findings = new Findings(index, sink, hashing, troubles, pace, this::finished);
        this.thread = Thread.ofPlatform().daemon().name("acervo-observer").unstarted(this::run);
    }

    void start() {
        index.onWaiting(this::wake);
        thread.start();
    }

    /// Asks to look at paths, and all in them. Any thread.
    synchronized void look(List<String> paths) {
        asked.addAll(paths);
        wake();
    }

    private synchronized void wake() {
        woken = true;
        notifyAll();
    }

    private synchronized void finished(Found found, Reading reading) {
        hashed.add(new Hashed(found, reading));
        wake();
    }

    private void run() {
        try {
            while (pause()) {
                try (Session session = root.enter()) {
                    findings.turn(session);
                    if (renew) {
                        begin(session);
                    }
                    turn(System.nanoTime());
                } catch (RootLostException e) {
                    lose(e.getMessage());
                }
            }
        } catch (RuntimeException | Error e) {
            sink.rootLost("the folder " + root.path() + " is watched no more: " + e.getMessage());
            throw e;
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
            long next = lost ? nextVisit : Math.min(Math.min(renew ? 0 : nextScan, nextWriting), findings.nextDue());
            long left = next - System.nanoTime();
            if (broken != null) {
                throw broken;
            }
            if (woken && !lost || next != Long.MAX_VALUE && left <= 0) {
                woken = false;
                return true;
            }
            try {
                // Zero is for ever.
                wait(next == Long.MAX_VALUE ? 0 : (left + MILLISECOND - 1) / MILLISECOND);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private void begin(Session session) {
        findings.clear();
        findings.trust(root.isOnlyLookedAt() ? Clockwork.unknown() : Clockwork.measure(session));
        try {
            if (!root.isOnlyLookedAt()) {
                Leftovers.clear(session, index);
            }
        } catch (PosixException e) {
            troubles.set(DiskStage.FOLDER, "what a crash has left can't be cleared away: " + e.getMessage());
        }
        rules = IgnoreFiles.all(session);
        if (watch != null) {
            watch.close();
        }
        openWatch();
        nextScan = System.nanoTime();
        renew = false;
        lost = false;
    }

    private void openWatch() {
        blind = false;
        watch = watches.open(this::isSkipped, this::wake, this::heard);
        if (watch == null) {
            blind = true;
            troubles.whole(NO_QUEUE);
        } else if (!blind) {
            troubles.whole(null);
        }
    }

    private void lose(@Nullable String why) {
        findings.clear();
        scanOpen = false;
        renew = true;
        nextVisit = System.nanoTime() + pace.lost().toNanos();
        if (!lost) {
            lost = true;
            sink.rootLost(String.valueOf(why));
        }
    }

    /// Folders that no watch is wasted on. What the index has is looked at even when it is ignored: as with git,
    /// ignoring is about what is new.
    private boolean isSkipped(String folder) {
        if (IgnoreRules.isReserved(Session.name(folder))) {
            return true;
        }
        if (!rules.ignores(folder, true)) {
            return false;
        }
        synchronized (index.lock()) {
            return index.rows().find(folder) == null;
        }
    }

    private void heard(WatchEvent event) {
        long now = System.nanoTime();
        switch (event) {
            case WatchEvent.Touched(String path, boolean _) when IgnoreRules.isReserved(Session.name(path)) -> {}
            case WatchEvent.Touched(String path, boolean whole) -> {
                if (Session.name(path).equals(IgnoreRules.FILE_NAME)) {
                    touch(Session.parentOf(path), true, true, now);
                }
                touch(path, whole, false, now);
            }
            case WatchEvent.Appeared(String folder) -> touch(folder, true, true, now);
            case WatchEvent.Missed() -> nextScan = now;
            case WatchEvent.Blind(String advice) -> {
                blind = true;
                troubles.whole(advice);
                nextScan = Math.min(nextScan, now + pace.blind().toNanos());
            }
            case WatchEvent.RootGone() -> renew = true;
        }
    }

    private void touch(String path, boolean whole, boolean tree, long now) {
        findings.waiting().touch(path, whole, tree, now);
    }

    private void turn(long now) {
        takeIn(now);
        if (watch != null) {
            watch.drain(this::heard);
        }
        if (renew) {
            // It was moved or removed; or put back at once, and then the watches are of what it was.
            return;
        }
        if (now >= nextScan) {
            fullScan(now);
        }
        for (Wait one : findings.waiting().due(System.nanoTime(), ROUND)) {
            boolean isFolder = one.path().isEmpty() || findings.look(one, rules);
            if (isFolder) {
                scan(one.path());
            }
        }
        findings.finish();
        findings.expire(System.nanoTime());
        if (scanOpen && findings.isComplete(scanEnd)) {
            scanOpen = false;
            sink.scanned();
        }
        writeDown(System.nanoTime());
    }

    private synchronized void takeIn(long now) {
        asked.forEach(path -> touch(path, true, true, now));
        asked.clear();
        hashed.forEach(one -> findings.read(one.found(), one.reading(), now));
        hashed.clear();
    }

    private void fullScan(long now) {
        if (watch == null) {
            openWatch();
        } else if (blind) {
            // Room for more watches may have become free.
            blind = false;
            watch.cover("", this::heard);
            if (!blind) {
                troubles.whole(null);
            }
        }
        scan("");
        findings.finish();
        scanEnd = System.nanoTime();
        scanOpen = true;
        long took = scanEnd - now;
        long base = blind
                ? Math.max(pace.blind().toNanos(), 20 * took)
                : pace.rescan().toNanos();
        nextScan = scanEnd + base * 3 / 4 + random.nextLong(Math.max(1, base / 2));
    }

    private void scan(String path) {
        IgnoreRules now = findings.scan(path, rules, ++scans);
        boolean changed = now != rules && !now.toString().equals(rules.toString());
        rules = now;
        if (changed && watch != null) {
            watch.cover("", this::heard);
        }
    }

    /// Has what was seen written down, by another thread, since forcing takes its time. (A thread that nobody
    /// interrupts: that would close the file under its hands.)
    private void writeDown(long now) {
        if (!index.isWaiting()) {
            nextWriting = Long.MAX_VALUE;
        } else if (nextWriting == Long.MAX_VALUE) {
            nextWriting = now + WRITE_DOWN;
        } else if (now >= nextWriting) {
            nextWriting = now + WRITE_DOWN;
            if (!writer.isAlive()) {
                writer = Thread.ofPlatform().daemon().name("acervo-index").start(this::force);
            }
        }
    }

    private void force() {
        try {
            index.force();
        } catch (UncheckedIOException e) {
            synchronized (this) {
                broken = e;
                notifyAll();
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive() || writer.isAlive()) {
            try {
                thread.join();
                writer.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        hashing.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
