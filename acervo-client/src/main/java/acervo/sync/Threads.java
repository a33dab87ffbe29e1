package acervo.sync;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Workers with real threads: one for control, one for each task under way (an engine has a dozen at most; they
/// call the system, which a virtual thread would hold its carrier for). Close it after the engines that use it.
public final class Threads implements Workers, AutoCloseable {
    private final ScheduledThreadPoolExecutor control;
    private final ExecutorService tasks;

    public Threads() {
        control = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("sync-control").daemon().factory());
        control.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        tasks = Executors.newCachedThreadPool(
                Thread.ofPlatform().name("sync-", 0).daemon().factory());
    }

    @Override
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public void work(Runnable task) {
        tasks.execute(task);
    }

    @Override
    public void control(Runnable task) {
        try {
            control.execute(task);
        } catch (RejectedExecutionException e) {
            closed(e);
        }
    }

    @Override
    public void later(long millis, Runnable task) {
        try {
            var _ = control.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            closed(e);
        }
    }

    /// Once it is closed, a late hint has nobody to tell.
    private void closed(RejectedExecutionException e) {
        if (!control.isShutdown()) {
            throw e;
        }
    }

    @Override
    public void close() {
        control.shutdown();
        tasks.shutdown();
    }
}
