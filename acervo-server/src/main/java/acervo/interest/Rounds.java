package acervo.interest;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/// Runs short pieces of work in their order, a few at a time, on virtual threads that are there only while there is
/// work: when one deposit wakes ten thousand streams, requests still get their share of the machine. Any thread.
final class Rounds {
    private static final int AT_ONCE = 4;

    private final Executor threads;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();

    Rounds() {
        this(work -> Thread.ofVirtual().name("acervo-notices").start(work));
    }

    /// @param threads runs what it is given, later or elsewhere
    Rounds(Executor threads) {
        this.threads = threads;
    }

    void add(Runnable work) {
        waiting.add(work);
        begin();
    }

    private void begin() {
        if (enter()) {
            threads.execute(this::work);
        }
    }

    private boolean enter() {
        int now = running.get();
        while (now < AT_ONCE) {
            if (running.compareAndSet(now, now + 1)) {
                return true;
            }
            now = running.get();
        }
        return false;
    }

    private void work() {
        try {
            for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                next.run();
            }
        } finally {
            running.decrementAndGet();
            // What came after the last look and before this one stood aside has nobody else to run it.
            if (!waiting.isEmpty()) {
                begin();
            }
        }
    }
}
