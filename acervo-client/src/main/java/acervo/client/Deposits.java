package acervo.client;

import acervo.model.BlobId;
import acervo.model.FilePath;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import acervo.model.SpaceName;
import acervo.wire.v1.ChangeResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Deposits many files of any size into one space: small ones together in batches, large ones resumably. One thread
/// adds
/// (and walks folders meanwhile), a few workers read, hash and send, each on its own connection: while one waits for
/// the
/// server's disk, another reads.
public final class Deposits implements AutoCloseable {
    private static final int WORKERS = 2;
    private static final Chunk END = new Chunk(List.of());

    private final Transport transport;
    private final String who;
    private final UploadJournal journal;
    private final SpaceName space;
    private final int replicas;
    private final Listener listener;
    private final Progress progress;
    private final BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(2 * WORKERS);
    private final List<Thread> workers = new ArrayList<>();
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    private List<Task> next = new ArrayList<>();
    private long nextBytes;

    /// Told of every file, by one thread at a time.
    public interface Listener {
        void deposited(LocalFile file, Deposited done);

        void refused(LocalFile file, RemoteFile to, Refusal refusal);

        void failed(LocalTrouble trouble);
    }

    private record Task(LocalFile file, FilePath to) {}

    /// What one worker takes at once; with nothing in it, the end.
    private record Chunk(List<Task> tasks) {
        boolean isEnd() {
            return tasks.isEmpty();
        }
    }

    Deposits(
            Transport transport,
            String who,
            Path journal,
            SpaceName space,
            int replicas,
            Listener listener,
            Progress progress) {
        this.transport = transport;
        this.who = who;
        this.journal = new UploadJournal(journal);
        this.space = space;
        this.replicas = replicas;
        this.listener = listener;
        this.progress = progress;
    }

    /// Adds a file, or a folder that is to exist though it is empty. Waits while the workers are busy.
    ///
    /// @throws RuntimeException what stopped a worker: the server refuses everything, or can't be reached
    public void add(LocalFile file, FilePath to) {
        progress.found(1, file.type() == LocalFile.Type.FILE ? file.size() : 0);
        if (file.type() == LocalFile.Type.FILE && file.size() > Batch.MAX_CONTENT) {
            enqueue(new Chunk(List.of(new Task(file, to))));
            return;
        }
        // A character of the path takes at most three bytes.
        long bytes = file.size() + 3L * to.text().length() + Batch.OVERHEAD;
        if (nextBytes + bytes > Batch.MAX_BYTES || next.size() == Batch.MAX_RECORDS) {
            flush();
        }
        next.add(new Task(file, to));
        nextBytes += bytes;
    }

    /// Waits until all is done.
    ///
    /// @throws RuntimeException what stopped a worker
    public void finish() {
        flush();
        for (int i = 0; i < workers.size(); i++) {
            enqueue(END);
        }
        join();
        rethrow();
    }

    private void flush() {
        if (!next.isEmpty()) {
            enqueue(new Chunk(next));
            next = new ArrayList<>();
            nextBytes = 0;
        }
    }

    private void enqueue(Chunk chunk) {
        if (workers.size() < WORKERS && !chunk.isEnd()) {
            Thread worker = new Thread(this::work, "acervo-put-" + workers.size());
            worker.setDaemon(true);
            workers.add(worker);
            worker.start();
        }
        rethrow();
        try {
            queue.put(chunk);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while depositing", e);
        }
        rethrow();
    }

    private void join() {
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while depositing", e);
        }
    }

    private void rethrow() {
        RuntimeException e = failure.get();
        if (e != null) {
            throw e;
        }
    }

    private void work() {
        Batch batch = new Batch(transport, space, replicas);
        try {
            while (true) {
                Chunk chunk = queue.take();
                if (chunk.isEnd()) {
                    return;
                }
                // After a failure the queue is only emptied, so that nobody waits for room in it.
                if (failure.get() == null) {
                    work(chunk, batch);
                }
            }
        } catch (InterruptedException _) {
            // Closed.
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
            drain();
        }
    }

    private void drain() {
        try {
            Chunk chunk;
            do {
                chunk = queue.take();
            } while (!chunk.isEnd());
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    private void work(Chunk chunk, Batch batch) {
        if (chunk.tasks().size() == 1) {
            Task only = chunk.tasks().getFirst();
            if (only.file().type() == LocalFile.Type.FILE) {
                alone(only);
                return;
            }
        }
        batch.clear();
        for (Task task : chunk.tasks()) {
            try {
                batch.add(task.file(), task.to());
                progress.moved(
                        task.file().type() == LocalFile.Type.FILE ? task.file().size() : 0);
            } catch (LocalTroubleException e) {
                tell(e.trouble());
            }
        }
        if (!batch.items().isEmpty()) {
            List<ChangeResult> results = batch.send().getResultsList();
            synchronized (listener) {
                for (int i = 0; i < results.size(); i++) {
                    tell(batch.items().get(i), results.get(i));
                }
            }
        }
        progress.done(chunk.tasks().size());
    }

    private void tell(Batch.Item item, ChangeResult result) {
        RemoteFile to = new RemoteFile(space, item.to());
        if (result.hasError()) {
            listener.refused(item.file(), to, ServerRefusals.of(result.getError()));
            return;
        }
        try {
            long size = item.file().type() == LocalFile.Type.FILE ? item.file().size() : 0;
            listener.deposited(item.file(), Deposited.of(result.getNow(), to, item.sha256(), size));
        } catch (LocalTroubleException e) {
            listener.failed(e.trouble());
        }
    }

    private void tell(LocalTrouble trouble) {
        synchronized (listener) {
            listener.failed(trouble);
        }
    }

    private void alone(Task task) {
        DepositTarget target = new DepositTarget(new RemoteFile(space, task.to()), replicas);
        try {
            Deposited done = one(transport, who, journal, target, task.file(), progress);
            synchronized (listener) {
                listener.deposited(task.file(), done);
            }
        } catch (LocalTroubleException e) {
            tell(e.trouble());
        } catch (RefusedException e) {
            refusedAlone(task, target, e);
        }
        progress.done(1);
    }

    /// What concerns only this file's path lets the others go on; the rest would happen to them all.
    private void refusedAlone(Task task, DepositTarget target, RefusedException e) {
        switch (e.refusal().reason()) {
            case UNAUTHENTICATED, FORBIDDEN, NO_SUCH_SPACE, NO_ROOM, NOT_ENOUGH_NODES, UNAVAILABLE, TOO_MANY -> throw e;
            default -> {
                synchronized (listener) {
                    listener.refused(task.file(), target.file(), e.refusal());
                }
            }
        }
    }

    /// Deposits one file in the way that fits its size.
    static Deposited one(
            Transport transport,
            String who,
            UploadJournal journal,
            DepositTarget target,
            LocalFile file,
            Progress progress) {
        if (file.size() > SmallDeposit.MAX_BYTES) {
            try (UploadJournal.Entry entry = journal.open(who, target, file)) {
                return new Upload(transport, target, file, entry, progress).run();
            } catch (IOException e) {
                throw LocalTroubleException.of(LocalTrouble.Kind.UNWRITABLE, String.valueOf(e.getMessage()), e);
            }
        }
        byte[] memory = new byte[(int) file.size()];
        SmallDeposit.read(file, memory, 0);
        ByteBuffer content = ByteBuffer.wrap(memory);
        var digest = HashLane.sha256();
        digest.update(content.duplicate());
        BlobId sha = BlobId.of(digest.digest());
        Deposited done = SmallDeposit.put(transport, target, file, content, sha, Randomness.request());
        progress.moved(file.size());
        return done;
    }

    /// Stops the workers; what was not finished is not deposited.
    @Override
    public void close() {
        queue.clear();
        workers.forEach(worker -> queue.add(END));
        workers.forEach(Thread::interrupt);
        join();
    }
}
