package acervo.sync;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A world in which all that happens follows from a seed: what runs next, how late messages are, who writes what, and
/// when power fails. One real thread; whatever waits in a call lets others go on meanwhile.
final class Simulation {
    /// Thrown in an incarnation that is no more.
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;

        Crash() {
            super("power failed", null, false, false);
        }
    }

    /// What may happen next.
    enum Sort {
        /// In order, one at a time.
        CONTROL,
        WORK,
        TIMER
    }

    private record Event(Sort sort, SimClient.@Nullable Life life, long due, Runnable task) {}

    private static final int DEEPEST = 3;

    final Random random;
    final SimServer server = new SimServer();
    final List<SimClient> clients = new ArrayList<>();
    /// What users wrote, and nobody who had seen it has overwritten or removed since.
    final Set<BlobId> owed = new HashSet<>();
    private final List<Event> events = new ArrayList<>();
    private final boolean trace = Boolean.getBoolean("acervo.trace");
    private boolean chaos = true;
    private int depth;
    private long millis = 1_790_000_000_000L;
    private long contents;

    Simulation(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
    }

    void trace(String what) {
        if (trace) {
            System.out.println(" ".repeat(depth) + what);
        }
    }

    long millis() {
        return millis;
    }

    boolean isChaos() {
        return chaos;
    }

    /// True in one of `of` cases while there is chaos.
    boolean happens(int of) {
        return chaos && random.nextInt(of) == 0;
    }

    void add(Sort sort, SimClient.@Nullable Life life, long delay, Runnable task) {
        if (life == null || !life.isDead()) {
            events.add(new Event(sort, life, millis + delay, task));
        }
    }

    void forget(SimClient.Life life) {
        events.removeIf(event -> event.life() == life);
    }

    /// Bytes that nobody wrote before, or some that somebody did.
    Content fresh() {
        Kind kind = random.nextInt(6) == 0 ? Kind.LINK : Kind.FILE;
        boolean again = contents > 0 && random.nextInt(12) == 0;
        long number = again ? random.nextLong(contents) : contents++;
        BlobId blob = new BlobId(number, kind.code(), 7, 7);
        if (again) {
            owed.remove(blob);
        } else {
            owed.add(blob);
        }
        boolean file = kind == Kind.FILE;
        return new Content(
                kind,
                blob,
                number % 20 == 7 ? 2 << 20 : 10,
                file ? random.nextInt(3) : 0,
                file && random.nextInt(4) == 0);
    }

    /// A user overwrites or removes what he sees.
    void release(Content content) {
        owed.remove(content.blob());
    }

    /// Lets something else happen while a call waits.
    void meanwhile() {
        if (chaos && depth < DEEPEST && random.nextInt(3) == 0) {
            depth++;
            step();
            depth--;
        }
    }

    /// Lets one thing happen.
    ///
    /// @return whether anything did
    boolean step() {
        List<Event> ready = new ArrayList<>();
        List<Event> timers = new ArrayList<>();
        Set<SimClient.Life> controlled = new HashSet<>();
        for (Event event : events) {
            SimClient.Life life = event.life();
            if (event.sort() == Sort.TIMER && event.due() > millis) {
                timers.add(event);
            } else if (event.sort() != Sort.CONTROL) {
                ready.add(event);
            } else if (life != null && !life.isControlled() && controlled.add(life)) {
                ready.add(event);
            }
        }
        if (chaos && !timers.isEmpty() && random.nextInt(40) == 0) {
            ready.add(timers.get(random.nextInt(timers.size()))); // early
        }
        if (ready.isEmpty()) {
            return false;
        }
        run(ready.get(random.nextInt(ready.size())));
        return true;
    }

    /// Lets time pass until the next timer.
    boolean skip() {
        long next = Long.MAX_VALUE;
        for (Event event : events) {
            next = Math.min(next, event.due());
        }
        if (next == Long.MAX_VALUE) {
            return false;
        }
        millis = Math.max(millis, next);
        return true;
    }

    private void run(Event event) {
        events.remove(event);
        SimClient.Life life = event.life();
        boolean control = event.sort() == Sort.CONTROL && life != null;
        try {
            if (life != null && control) {
                life.control(true);
            }
            event.task().run();
        } catch (Crash _) {
            trace("crashed");
        } finally {
            if (life != null && control) {
                life.control(false);
            }
        }
    }

    void calm() {
        chaos = false;
    }
}
