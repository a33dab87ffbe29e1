package acervo.sync;

import acervo.sync.plan.Operation;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/// Operations that could not be done, and are not tried again before some time has passed; what is based on other
/// observations is another operation. The control thread's.
final class Retries {
    private static final long LONGEST = 600_000;

    /// One that could not be done.
    static final class Held {
        final Status.Why why;
        final String detail;
        final int attempts;
        final long millis;
        private boolean waiting = true;

        private Held(Status.Why why, String detail, int attempts, long millis) {
            this.why = why;
            this.detail = detail;
            this.attempts = attempts;
            this.millis = millis;
        }

        /// Whether it may still come out well by itself within a moment.
        boolean isPassing() {
            return why == Status.Why.CHANGING && attempts < 4;
        }
    }

    private final Workers workers;
    private final Runnable due;
    private final Map<Operation, Held> held = new LinkedHashMap<>();

    /// @param due called on the control thread when something may be tried again
    Retries(Workers workers, Runnable due) {
        this.workers = workers;
        this.due = due;
    }

    boolean holds(Operation operation) {
        Held there = held.get(operation);
        return there != null && there.waiting;
    }

    /// @param first how long to wait after the first time, in milliseconds; twice as long after each further one
    Held failed(Operation operation, Status.Why why, String detail, long first) {
        Held before = held.get(operation);
        int attempts = before == null ? 1 : before.attempts + 1;
        long millis = Math.min(LONGEST, first << Math.min(attempts - 1, 16));
        Held now = new Held(why, detail, attempts, millis);
        held.put(operation, now);
        workers.later(millis, () -> {
            now.waiting = false;
            due.run();
        });
        return now;
    }

    void done(Operation operation) {
        held.remove(operation);
    }

    void releaseAll() {
        held.values().forEach(one -> one.waiting = false);
    }

    /// Forgets those that no one wants any more.
    void keepOnly(Collection<Operation> wanted) {
        held.keySet().retainAll(wanted);
    }

    Map<Operation, Held> all() {
        return held;
    }
}
