package acervo.sync.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Runs tasks at the same time, each on a virtual thread, and waits for all of them.
final class Tasks {
    private Tasks() {}

    /// @param lane how many tasks of its kind may run at once
    record Task(Semaphore lane, Runnable work) {}

    /// @throws RuntimeException what one of the tasks threw, once all have ended
    static void all(List<Task> tasks) {
        if (tasks.size() == 1) {
            run(tasks.getFirst());
            return;
        }
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>(tasks.size());
        for (Task task : tasks) {
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    run(task);
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            }));
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException _) {
                    interrupted = true;
                    threads.forEach(Thread::interrupt);
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        switch (failure.get()) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
            case null -> {}
        }
    }

    private static void run(Task task) {
        task.lane.acquireUninterruptibly();
        try {
            task.work.run();
        } finally {
            task.lane.release();
        }
    }
}
