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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Recovers many files at once: a few workers, each on its own connection, so that one's disk and another's network
/// overlap. A large file is a worker's task by itself ([Download]), small ones are handed out together ([Handful]).
/// One thread adds.
public final class Recoveries implements AutoCloseable {
    private static final int WORKERS = 3;
    private static final int QUEUE = 16;
    private static final int HANDFUL = 256;
    private static final long HANDFUL_BYTES = 4 << 20;

    /// Forces of small files at once. Each waits for the disk and takes no processor meanwhile; a journal's commit
    /// serves all that wait for it.
    private static final int FORCES = 24;

    private final Transport transport;
    private final boolean force;
    private final Listener listener;
    private final Progress progress;
    private final BlockingQueue<Optional<List<Task>>> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Set<Path> folders = ConcurrentHashMap.newKeySet();
    private final List<Thread> workers = new ArrayList<>();
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private final ExecutorService forcing =
            Executors.newFixedThreadPool(FORCES, Thread.ofPlatform().daemon().factory());

    private List<Task> small = new ArrayList<>();
    private long smallBytes;

    /// Told of every file, by one thread at a time.
    public interface Listener {
        void recovered(Recovered done);

        void refused(RemoteFile file, Refusal refusal);

        void failed(LocalTrouble trouble);
    }

    /// @param size as the listing told it
    /// @param facts the same; null when it did not know the hash, as of a shared folder's file that nobody has
    /// asked for
    record Task(RemoteFile file, long size, @Nullable RemoteFacts facts, Path to) {}

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
        RemoteFacts facts = listed.getSha256().isEmpty() ? null : RemoteFacts.of(listed);
        Task task = new Task(file, listed.getSize(), facts, to);
        if (listed.getSize() > Handful.LARGEST) {
            put(Optional.of(List.of(task)));
            return;
        }
        small.add(task);
        smallBytes += listed.getSize();
        if (small.size() >= HANDFUL || smallBytes >= HANDFUL_BYTES) {
            putSmall();
        }
    }

    private void putSmall() {
        if (!small.isEmpty()) {
            put(Optional.of(small));
            small = new ArrayList<>();
            smallBytes = 0;
        }
    }

    /// Waits until all is done.
    ///
    /// @throws RuntimeException what stopped a worker
    public void finish() {
        putSmall();
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

    private void put(Optional<List<Task>> tasks) {
        rethrow();
        if (tasks.isPresent() && workers.size() < WORKERS) {
            Thread worker = new Thread(this::work, "acervo-get-" + workers.size());
            worker.setDaemon(true);
            workers.add(worker);
            worker.start();
        }
        try {
            queue.put(tasks);
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
            for (Optional<List<Task>> next = queue.take(); next.isPresent(); next = queue.take()) {
                if (failure.get() == null) {
                    recover(next.get());
                }
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    private void recover(List<Task> tasks) {
        List<Task> alone = tasks;
        try {
            if (tasks.getFirst().size() <= Handful.LARGEST) {
                alone = new Handful(transport, force, this::force, new SmallFates()).run(tasks);
            }
            alone.forEach(this::download);
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private Future<Void> force(PartFile part) {
        return forcing.submit(() -> {
            part.force();
            return null;
        });
    }

    private void download(Task task) {
        try {
            Download one = new Download(transport, task.file(), task.to(), force, folders::add, progress);
            recovered(one.run(task.facts(), true));
        } catch (LocalTroubleException e) {
            failed(e);
        } catch (RefusedException e) {
            refused(task, e);
        }
    }

    private void recovered(Recovered one) {
        synchronized (listener) {
            listener.recovered(one);
        }
        progress.done(1);
    }

    private void failed(LocalTroubleException e) {
        synchronized (listener) {
            listener.failed(e.trouble());
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
        progress.done(1);
    }

    private final class SmallFates implements Handful.Fates {
        @Override
        public void recovered(Task task, RemoteFacts facts, boolean alreadyThere) {
            Path folder = task.to().toAbsolutePath().getParent();
            if (folder != null && !alreadyThere) {
                folders.add(folder);
            }
            progress.moved(facts.size());
            Recoveries.this.recovered(
                    new Recovered(task.file(), task.to(), facts.version(), facts.sha256(), facts.size(), alreadyThere));
        }

        @Override
        public void failed(LocalTroubleException trouble) {
            Recoveries.this.failed(trouble);
        }

        @Override
        public void refused(Task task, RefusedException refusal) {
            Recoveries.this.refused(task, refusal);
        }
    }

    /// Stops the workers.
    @Override
    public void close() {
        queue.clear();
        workers.forEach(worker -> queue.add(Optional.empty()));
        workers.forEach(Thread::interrupt);
        join();
        forcing.shutdownNow();
    }
}
