package acervo.client;

import acervo.model.Refusal;
import acervo.model.RefusedException;
import acervo.wire.v1.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Recovers many files at once: a few workers, each on its own connection, so that one's disk and another's network
/// overlap.
/// One thread adds.
public final class Recoveries implements AutoCloseable {
    private static final int WORKERS = 6;
    private static final int QUEUE = 256;

    private final Transport transport;
    private final boolean force;
    private final Listener listener;
    private final Progress progress;
    private final BlockingQueue<Optional<Task>> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Set<Path> folders = ConcurrentHashMap.newKeySet();
    private final List<Thread> workers = new ArrayList<>();
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    /// Told of every file, by one thread at a time.
    public interface Listener {
        void recovered(Recovered done);

        void refused(RemoteFile file, Refusal refusal);

        void failed(LocalTrouble trouble);
    }

    private record Task(RemoteFile file, RemoteFacts facts, Path to) {}

    Recoveries(Transport transport, boolean force, Listener listener, Progress progress) {
        this.transport = transport;
        this.force = force;
        this.listener = listener;
        this.progress = progress;
    }

    /// Adds a file as a listing told of it. Its folder must exist.
    ///
    /// @throws RuntimeException what stopped a worker
    public void add(RemoteFile file, File listed, Path to) {
        progress.found(1, listed.getSize());
        if (workers.size() < WORKERS) {
            Thread worker = new Thread(this::work, "acervo-get-" + workers.size());
            worker.setDaemon(true);
            workers.add(worker);
            worker.start();
        }
        put(Optional.of(new Task(file, RemoteFacts.of(listed), to)));
    }

    /// Waits until all is done.
    ///
    /// @throws RuntimeException what stopped a worker
    public void finish() {
        for (int i = 0; i < workers.size(); i++) {
            put(Optional.empty());
        }
        join();
        rethrow();
        for (Path folder : folders) {
            forceFolder(folder);
        }
    }

    private static void forceFolder(Path folder) {
        try {
            StateFile.forceFolder(folder);
        } catch (IOException e) {
            throw LocalTroubleException.of(LocalTrouble.Kind.UNWRITABLE, folder.toString(), e);
        }
    }

    private void put(Optional<Task> task) {
        rethrow();
        try {
            queue.put(task);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while recovering", e);
        }
    }

    private void rethrow() {
        RuntimeException e = failure.get();
        if (e != null) {
            throw e;
        }
    }

    private void join() {
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while recovering", e);
        }
    }

    private void work() {
        try {
            for (Optional<Task> task = queue.take(); task.isPresent(); task = queue.take()) {
                if (failure.get() == null) {
                    recover(task.get());
                }
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    private void recover(Task task) {
        try {
            Recovered done =
                    new Download(transport, task.file(), task.to(), force, folders::add, progress).run(task.facts());
            synchronized (listener) {
                listener.recovered(done);
            }
        } catch (LocalTroubleException e) {
            synchronized (listener) {
                listener.failed(e.trouble());
            }
        } catch (RefusedException e) {
            refused(task, e);
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
        progress.done(1);
    }

    private void refused(Task task, RefusedException e) {
        switch (e.refusal().reason()) {
            case UNAUTHENTICATED, FORBIDDEN, NO_SUCH_SPACE, UNAVAILABLE, TOO_MANY -> failure.compareAndSet(null, e);
            default -> {
                synchronized (listener) {
                    listener.refused(task.file(), e.refusal());
                }
            }
        }
    }

    /// Stops the workers.
    @Override
    public void close() {
        queue.clear();
        workers.forEach(worker -> queue.add(Optional.empty()));
        workers.forEach(Thread::interrupt);
        join();
    }
}
