package acervo.catalog;

import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Outcome;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import acervo.model.Stamp;
import acervo.model.Stamped;
import acervo.wire.EntryFormat;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Puts the commands of many callers into few entries. One entry is being forced at a time, and all that arrives
/// meanwhile goes into the
/// next; it sets out when the one before is on disk, while that is still being applied.
///
/// That only one entry is not forced is also what makes the end of a log readable after a crash: see
/// `acervo.cluster.LogTail`.
final class Batcher implements AutoCloseable {
    /// Bytes of an entry beyond which no more commands join it.
    static final int ENTRY_BYTES = 1 << 20;

    /// Bytes of the largest single command.
    static final int COMMAND_BYTES = 2 << 20;

    private static final int COMMANDS = 2_000;
    private static final int QUEUED = 4_096;
    private static final long ANSWER_SECONDS = 120;
    private static final long WAKE_MILLIS = 50;

    private final InstantSource clock;
    private final Consumer<Batch> send;
    private final BlockingQueue<Batch.Waiting> queue = new ArrayBlockingQueue<>(QUEUED);

    /// Bytes of commands that wait or travel.
    private final Semaphore room = new Semaphore(16 * ENTRY_BYTES);

    private final Thread thread;
    private final Semaphore unforced = new Semaphore(1);

    /// Batches that are in the log and not applied.
    private final Set<Batch> travelling = ConcurrentHashMap.newKeySet();

    /// Taken from the queue, and too large for the entry that was being made.
    private Batch.@Nullable Waiting left;

    private volatile @Nullable CatalogUnavailableException broken;
    private volatile boolean closed;
    private long lastMillis;

    /// @param send puts a batch into the log; must not throw
    /// @param lastMillis the latest stamp before
    Batcher(InstantSource clock, long lastMillis, Consumer<Batch> send) {
        this.clock = clock;
        this.lastMillis = lastMillis;
        this.send = send;
        this.thread = Thread.ofPlatform().daemon().name("catalog-batcher").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Waits for the command's outcome.
    Outcome submit(Command command, ClientId author, RequestId request) {
        byte[] encoded = EntryFormat.write(command);
        if (encoded.length > COMMAND_BYTES) {
            throw new RefusedException(Reason.TOO_LARGE, "the list", COMMAND_BYTES + " bytes");
        }
        Batch.Waiting waiting = new Batch.Waiting(command, author, request, encoded);
        int bytes = encoded.length + EntryFormat.STAMP_BYTES;
        try {
            room.acquire(bytes);
            try {
                check();
                queue.put(waiting);
                if (closed || broken != null) {
                    drain();
                }
                return waiting.outcome().get(ANSWER_SECONDS, TimeUnit.SECONDS);
            } finally {
                room.release(bytes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CatalogUnavailableException("interrupted while waiting for the log", e);
        } catch (TimeoutException e) {
            throw new CatalogUnavailableException("the log did not answer in " + ANSWER_SECONDS + " s", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CatalogUnavailableException unavailable) {
                throw again(unavailable);
            }
            throw new CatalogUnavailableException("the log took no entry", e.getCause());
        }
    }

    /// The same trouble with the stack of the one who meets it now.
    private static CatalogUnavailableException again(CatalogUnavailableException trouble) {
        return new CatalogUnavailableException(String.valueOf(trouble.getMessage()), trouble);
    }

    private void check() {
        CatalogUnavailableException trouble = broken;
        if (trouble != null) {
            throw again(trouble);
        }
        if (closed) {
            throw closing();
        }
    }

    private static CatalogUnavailableException closing() {
        return new CatalogUnavailableException("the catalog is closed", null);
    }

    private void run() {
        try {
            while (!closed) {
                Batch.Waiting first = left != null ? left : queue.poll(WAKE_MILLIS, TimeUnit.MILLISECONDS);
                left = null;
                if (first == null) {
                    continue;
                }
                while (!unforced.tryAcquire(WAKE_MILLIS, TimeUnit.MILLISECONDS)) {
                    if (closed) {
                        first.outcome().completeExceptionally(closing());
                        return;
                    }
                }
                CatalogUnavailableException trouble = broken;
                if (trouble != null) {
                    first.outcome().completeExceptionally(trouble);
                    unforced.release();
                    continue;
                }
                Batch batch = gather(first);
                travelling.add(batch);
                send.accept(batch);
                if (broken != null) {
                    abandon();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            abandon();
            drain();
        }
    }

    private Batch gather(Batch.Waiting first) {
        List<Batch.Waiting> waiting = new ArrayList<>();
        List<Stamp> stamps = new ArrayList<>();
        List<byte[]> encoded = new ArrayList<>();
        List<Stamped> commands = new ArrayList<>();
        lastMillis = Math.max(lastMillis, clock.millis());
        int bytes = 0;
        Batch.Waiting next = first;
        while (next != null) {
            int more = next.encoded().length + EntryFormat.STAMP_BYTES;
            if (!waiting.isEmpty() && bytes + more > ENTRY_BYTES) {
                left = next;
                break;
            }
            bytes += more;
            Stamp stamp = next.stamp(lastMillis);
            waiting.add(next);
            stamps.add(stamp);
            encoded.add(next.encoded());
            commands.add(new Stamped(stamp, next.command()));
            next = commands.size() < COMMANDS ? queue.poll() : null;
        }
        return new Batch(waiting, commands, EntryFormat.write(stamps, encoded), unforced::release, travelling::remove);
    }

    /// From now on everything is refused, and who waits in the queue hears of it.
    void fail(CatalogUnavailableException trouble) {
        broken = trouble;
        abandon();
        drain();
    }

    /// Those whose entries are under way hear that it can't be known what becomes of them.
    private void abandon() {
        CatalogUnavailableException trouble = broken;
        for (Batch batch : travelling) {
            batch.failed(trouble != null ? trouble : closing());
        }
    }

    /// The log takes entries again.
    void mend() {
        broken = null;
    }

    private void drain() {
        CatalogUnavailableException trouble = broken;
        CatalogUnavailableException why = trouble != null ? trouble : closing();
        for (Batch.Waiting one = queue.poll(); one != null; one = queue.poll()) {
            one.outcome().completeExceptionally(why);
        }
    }

    /// Refuses new commands, and waits for those that are under way as long as the log goes on.
    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
