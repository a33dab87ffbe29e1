package acervo.sync;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One folder and one space that are kept in step, until closed. Any thread.
///
/// It owns what it is given: disk, space and index are closed with it. Workers may be shared.
public final class Sync implements AutoCloseable {
    private final LocalDisk disk;
    private final RemoteSpace space;
    private final Index index;
    private final Workers workers;
    private final Engine engine;
    private boolean closed;
    private @Nullable Status last;

    /// Reads nothing and changes nothing yet.
    public Sync(
            LocalDisk disk, RemoteSpace space, Index index, Workers workers, Settings settings, SyncListener listener) {
        this.disk = disk;
        this.space = space;
        this.index = index;
        this.workers = workers;
        this.engine = new Engine(disk, space, index, workers, settings, listener);
    }

    /// Reads the index, and begins to scan, to read the feed, and to keep in step. Returns at once. Call it once.
    public void start() {
        workers.control(engine::start);
    }

    /// Starts, waits until nothing is left to do that can be done or the engine can't go on by itself (a brake, a
    /// lost folder, a server that can't be reached), and closes.
    ///
    /// @return how it was in the end, before it was closed; with [Settings#dryRun], what would be done
    public Status once() throws InterruptedException {
        CompletableFuture<Status> rest = new CompletableFuture<>();
        workers.control(() -> engine.whenAtRest(rest::complete));
        start();
        try (this) {
            return rest.get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// How it is now, or was when it was closed. Waits for the control thread: never call it there.
    public Status status() {
        synchronized (this) {
            Status then = last;
            if (then != null) {
                return then;
            }
        }
        CompletableFuture<Status> status = new CompletableFuture<>();
        workers.control(() -> status.complete(engine.status()));
        return status.join();
    }

    /// A person agrees to the removals that [Status#brake] tells of. More than those trip the brake again.
    public void confirm() {
        workers.control(engine::confirm);
    }

    /// A person does not agree: what is missing on one side is put back from the other.
    public void putBack() {
        workers.control(engine::putBack);
    }

    /// Tries at once what waits to be tried again.
    public void retry() {
        workers.control(engine::retry);
    }

    /// Lets what is under way come to its end, and lets go of everything. What was not done is planned anew at the
    /// next start.
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        CompletableFuture<Status> quiet = new CompletableFuture<>();
        workers.control(() -> engine.stop(() -> quiet.complete(engine.status())));
        space.close();
        Status then = quiet.join();
        synchronized (this) {
            last = then;
        }
        disk.close();
        index.close();
    }
}
