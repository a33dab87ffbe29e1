package acervo.catalog;

import acervo.cluster.LogGroup;
import acervo.cluster.LogSettings;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.NodeId;
import acervo.model.Outcome;
import acervo.model.RequestId;
import acervo.model.Stamp;
import acervo.rules.Edit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A catalog on disk: commands go through the log, the log's entries are applied to rows in RocksDB.
///
/// ```
/// identity      whose catalog this is
/// log/          the log (Ratis)
/// state/        the rows (RocksDB)
/// checkpoints/  copies of the rows, the last two; damaged rows are restored from them (`StateFolder`)
/// ballast       room kept aside
/// ```
///
/// When the log or the rows can't be written, nothing is acknowledged any more and reads go on. If what was missing is
/// room, the log is started again
/// as soon as there is some; after any other error only a person can tell whether the disk is to be trusted, so the
/// catalog stays as it is
/// until the process ends.
final class RocksCatalog extends StoredCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(RocksCatalog.class);
    private static final int DRAINED_AT_ONCE = 2_000;
    private static final long START_SECONDS = 600;

    private final Path folder;
    private final CatalogOptions options;
    private final NodeId self;
    private final RocksRows rows;
    private final Checkpoints checkpoints;
    private final Ballast ballast;
    private final Batcher batcher;
    private final Keeper keeper;
    private final AtomicLong unflushed = new AtomicLong();
    private final AtomicLong uncopied = new AtomicLong();

    /// Why nothing can be written; empty when all is well.
    private volatile Optional<String> trouble = Optional.empty();

    /// Whether waiting for room is all that is needed.
    private volatile boolean full;

    private volatile boolean closed;

    /// Null when the log could not be started (again).
    private volatile @Nullable LogGroup log;

    private Identity identity;

    static RocksCatalog open(Path folder, NodeId self, CatalogOptions options) throws IOException {
        Identity identity = Identity.of(folder, self);
        if (!identity.ready()) {
            identity.sweep(folder);
        }
        RocksRows rows = identity.ready()
                ? new StateFolder(folder, LogGroup.firstEntry(folder.resolve("log"), identity.group()), options.clock())
                        .open()
                : RocksRows.open(folder.resolve("state"));
        try {
            RocksCatalog catalog = new RocksCatalog(folder, self, options, identity, rows);
            catalog.start();
            return catalog;
        } catch (IOException | RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    private RocksCatalog(Path folder, NodeId self, CatalogOptions options, Identity identity, RocksRows rows)
            throws IOException {
        super(rows);
        this.folder = folder;
        this.self = self;
        this.options = options;
        this.identity = identity;
        this.rows = rows;
        this.checkpoints = new Checkpoints(folder.resolve("checkpoints"));
        this.ballast = new Ballast(folder.resolve("ballast"), options.ballastBytes(), needed(Batcher.ENTRY_BYTES));
        this.batcher = new Batcher(options.clock(), totals(rows).lastMillis(), this::send);
        this.keeper = new Keeper(this, options.retryMillis());
    }

    private void start() throws IOException {
        try {
            checkpoints.keep(2);
            startLog();
            batcher.start();
            if (!nodes().contains(self)) {
                own(new Command.AddNode(self));
            }
            keeper.start();
        } catch (IOException | RuntimeException e) {
            batcher.close();
            stopLog();
            throw e;
        }
    }

    /// Starts the log and waits until everything in it is applied.
    private void startLog() throws IOException {
        unflushed.set(0);
        CompletableFuture<Void> ready = new CompletableFuture<>();
        CatalogMachine machine = new CatalogMachine(rows, checkpoints, new Watcher(ready));
        LogSettings settings = new LogSettings(
                options.segmentBytes(),
                options.preallocatedBytes(),
                Batcher.COMMAND_BYTES + (4 << 10),
                options.checkpointEntries());
        log = LogGroup.start(
                folder.resolve("log"), self.uuid(), identity.group(), !identity.ready(), machine, settings);
        try {
            ready.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the log was started", e);
        } catch (ExecutionException e) {
            throw new IOException("the log can't be started: " + told(e.getCause()), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the log was not ready in " + START_SECONDS + " s", e);
        }
        if (!identity.ready()) {
            identity = identity.madeReady(folder);
        }
    }

    private void stopLog() {
        LogGroup old = log;
        log = null;
        if (old != null) {
            try {
                old.close();
            } catch (IOException e) {
                LOG.warn("The log did not stop in order: {}", told(e));
            }
        }
    }

    /// What happens in the log's threads. One per start, so that a late word of an old one is not heard.
    private final class Watcher implements CatalogMachine.Watcher {
        private final CompletableFuture<Void> ready;
        private volatile boolean over;

        Watcher(CompletableFuture<Void> ready) {
            this.ready = ready;
        }

        @Override
        public void ready() {
            ready.complete(null);
        }

        @Override
        public void failed(Throwable cause) {
            if (!over) {
                over = true;
                if (!ready.completeExceptionally(cause)) {
                    fail(cause);
                }
            }
        }

        @Override
        public void wrote(List<Edit> edits) {
            told().applied(edits);
        }

        @Override
        public void applied(int bytes) {
            if (unflushed.addAndGet(bytes) >= options.flushBytes()) {
                unflushed.set(0);
                keeper.flushSoon();
            }
            if (uncopied.addAndGet(bytes) >= options.checkpointBytes()) {
                uncopied.set(0);
                keeper.checkpointSoon();
            }
        }
    }

    private void send(Batch batch) {
        LogGroup now = log;
        try {
            ballast.letGoBelow(needed(batch.bytes().length));
        } catch (IOException e) {
            LOG.warn("The room kept aside can't be managed: {}", told(e));
        }
        if (now == null) {
            batch.failed(unavailable(new IOException("the log is stopped")));
            return;
        }
        now.submit(new CatalogMachine.Entry(batch), e -> batch.failed(unavailable(e)));
    }

    /// Free bytes that an entry wants to find: for itself, for the step in which the file grows, for the rows to be
    /// flushed.
    private long needed(int entryBytes) {
        return entryBytes + options.preallocatedBytes() + options.ballastBytes() / 4;
    }

    private static CatalogUnavailableException unavailable(Throwable cause) {
        return cause instanceof CatalogUnavailableException known
                ? known
                : new CatalogUnavailableException("the log took no entry: " + told(cause), cause);
    }

    private void fail(Throwable cause) {
        full = isFull(cause);
        String text = what(cause) + told(cause);
        trouble = Optional.of(text);
        LOG.error("The catalog takes no changes: {}", text);
        batcher.fail(new CatalogUnavailableException(text, cause));
        keeper.wake();
    }

    private String what(Throwable cause) {
        if (full) {
            return "the disk is full: ";
        }
        return RocksRows.isDamage(cause)
                ? "the catalog's state is damaged or its disk is, and is restored when the server is started again: "
                : "the disk failed, and nothing is written until the server is started again: ";
    }

    static boolean isFull(@Nullable Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            String message = t.getMessage();
            if (message != null) {
                String text = message.toLowerCase(Locale.ROOT);
                if (text.contains("no space left") || text.contains("disk quota exceeded")) {
                    return true;
                }
            }
        }
        return false;
    }

    /// What lies at the bottom of it, in words.
    static String told(@Nullable Throwable cause) {
        Throwable root = cause;
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        return root == null ? "unknown" : String.valueOf(root.getMessage());
    }

    @Override
    public Outcome submit(Command command, ClientId author, RequestId request) {
        if (ballast.out() && !frees(command)) {
            throw CatalogUnavailableException.notTried("the disk is full: only removing is possible now");
        }
        Outcome outcome = batcher.submit(command, author, request);
        if (drains(command)) {
            keeper.wake();
        }
        return outcome;
    }

    /// Whether it makes room, now or in time. Nothing else may use up what is left for it.
    private static boolean frees(Command command) {
        return switch (command) {
            case Command.RemoveFiles _,
                    Command.RemoveSpace _,
                    Command.TrimHistory _,
                    Command.ForgetBlobs _,
                    Command.Drain _,
                    Command.Unwant _,
                    Command.Acknowledge _,
                    Command.ExpireInterests _,
                    // One small row each, when the server starts: what hides a folder must not wait for room.
                    Command.ShareFolders _ -> true;
            case Command.RegisterClient _,
                    Command.AddNode _,
                    Command.CreateSpace _,
                    Command.Grant _,
                    Command.PutFiles _,
                    Command.MoveFiles _,
                    Command.SetReplicas _,
                    Command.Want _,
                    Command.Sight _ -> false;
        };
    }

    private static boolean drains(Command command) {
        return command instanceof Command.RemoveSpace || command instanceof Command.RemoveFiles;
    }

    private void own(Command command) {
        batcher.submit(command, Stamp.SERVER, new RequestId(UUID.randomUUID()));
    }

    // What the keeper does, in its own thread.

    /// Lets go of some of what was removed as a whole.
    ///
    /// @return whether there may be more
    boolean drainSome() {
        if (closed || trouble.isPresent() || totals(rows).drains() == 0) {
            return false;
        }
        own(new Command.Drain(DRAINED_AT_ONCE));
        return true;
    }

    void flushRows() {
        rows.flushSoon();
    }

    void checkpoint() {
        LogGroup now = log;
        if (now != null && trouble.isEmpty()) {
            now.snapshot();
        }
    }

    /// Starts the log again when the disk was full and no longer is. Also manages the room kept aside.
    void recover() {
        try {
            long needed = needed(Batcher.ENTRY_BYTES);
            if (trouble.isEmpty()) {
                ballast.balance(needed);
                return;
            }
            if (!full || closed) {
                return;
            }
            ballast.balance(needed);
            if (ballast.free() < needed) {
                checkpoints.keep(1);
                return;
            }
            stopLog();
            rows.reopen();
            startLog();
            trouble = Optional.empty();
            full = false;
            batcher.mend();
            LOG.info("The catalog takes changes again");
        } catch (IOException | RuntimeException e) {
            full = isFull(e);
            trouble = Optional.of((full ? "the disk is full: " : "the catalog can't be started again: ") + told(e));
            LOG.warn("The catalog takes no changes: {}", trouble.get());
        }
    }

    @Override
    public CatalogStatus status() {
        Optional<String> now = trouble;
        if (now.isEmpty() && ballast.out()) {
            now = Optional.of("the disk is nearly full: only removing is possible now");
        }
        return status(trouble.isEmpty() && !closed, now);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        batcher.close();
        keeper.close();
        stopLog();
        rows.close();
    }
}
