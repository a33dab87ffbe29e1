package acervo.catalog;

import acervo.model.Stamped;
import acervo.rules.Decision;
import acervo.rules.Edit;
import acervo.rules.Rules;
import acervo.wire.EntryFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies the log's entries to the rows, in Ratis' hands. The only class here that knows Ratis.
///
/// A snapshot is the state that RocksDB has flushed, with a checkpoint beside it. Ratis purges the log up to a
/// snapshot, so everything is checked and forced before one is reported; and it replays the log from there, so at a
/// start the snapshot is simply what the rows are: the state as of the last flush.
final class CatalogMachine extends BaseStateMachine {
    /// What the machine tells. Called by the engine's threads; must not block.
    interface Watcher {
        /// This server leads and has applied everything.
        void ready();

        /// The log or the state can't be written any more; nothing is applied from now on.
        void failed(Throwable cause);

        /// These edits are written.
        void wrote(List<Edit> edits);

        /// An entry of so many bytes was applied.
        void applied(int bytes);
    }

    private static final Logger LOG = LoggerFactory.getLogger(CatalogMachine.class);

    private final RocksRows rows;
    private final Checkpoints checkpoints;
    private final Watcher watcher;
    private volatile TermIndex snapshot;

    /// Why an entry could not be applied. Once set, it stays.
    private volatile @Nullable Throwable broken;

    CatalogMachine(RocksRows rows, Checkpoints checkpoints, Watcher watcher) {
        this.rows = rows;
        this.checkpoints = checkpoints;
        this.watcher = watcher;
        this.snapshot = termIndex(rows.applied());
        setLastAppliedTermIndex(snapshot);
    }

    private static TermIndex termIndex(Position position) {
        return position.equals(Position.NONE)
                ? TermIndex.INITIAL_VALUE
                : TermIndex.valueOf(position.term(), position.index());
    }

    /// A batch on its way through the log: it comes back to [#applyTransaction] as it is, without being read again.
    record Entry(Batch batch) implements Message {
        @Override
        public ByteString getContent() {
            return UnsafeByteOperations.unsafeWrap(batch.bytes());
        }
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage) throws IOException {
        // Without the transition everything works until a snapshot has to be installed.
        getLifeCycle().startAndTransition(() -> super.initialize(server, group, storage), IOException.class);
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        TransactionContext.Builder builder = TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setLogData(request.getMessage().getContent());
        if (request.getMessage() instanceof Entry entry) {
            builder.setStateMachineContext(entry.batch());
        }
        return builder.build();
    }

    /// Never throws, and its future never fails. Ratis would stop itself for the one, and if it is being closed at
    /// that moment its updater waits for ever for the entry to be applied; the other it would only log. Instead an
    /// entry that can't be applied is the last one for this machine: those after it are passed over, no snapshot is
    /// taken, and so the next start begins with that same entry.
    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        Batch batch = transaction.getStateMachineContext() instanceof Batch own ? own : null;
        if (batch != null) {
            batch.committed();
        }
        if (broken == null) {
            ByteString bytes = entry.getStateMachineLogEntry().getLogData();
            try {
                apply(new Position(entry.getTerm(), entry.getIndex()), batch, bytes);
                updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
                watcher.applied(bytes.size());
            } catch (RuntimeException | Error e) {
                broken = e;
                watcher.failed(e);
            }
        }
        Throwable cause = broken;
        if (cause != null && batch != null) {
            batch.failed(new CatalogUnavailableException("an entry before this one could not be applied", cause));
        }
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    private void apply(Position position, @Nullable Batch batch, ByteString bytes) {
        List<Stamped> commands = batch == null ? EntryFormat.read(bytes.toByteArray()) : batch.commands();
        Decision decision = Rules.decide(rows, commands);
        rows.write(decision.edits(), position);
        watcher.wrote(decision.edits());
        if (batch != null) {
            batch.applied(decision.outcomes());
        }
    }

    @Override
    public long takeSnapshot() throws IOException {
        if (broken != null) {
            throw new IOException("no snapshot behind an entry that could not be applied", broken);
        }
        TermIndex applied = getLastAppliedTermIndex();
        try {
            // Entries that are not ours, of the configuration, moved the index without touching the rows.
            rows.write(List.of(), new Position(applied.getTerm(), applied.getIndex()));
            rows.flush();
            checkpoints.take(rows, applied.getTerm(), applied.getIndex());
        } catch (CatalogUnavailableException | UncheckedIOException e) {
            if (RocksRows.isDamage(e)) {
                watcher.failed(e);
                throw new IOException("no snapshot at " + applied, e);
            }
            // The log is kept, and the next one is tried in time.
            LOG.warn("No checkpoint could be taken: {}", e.getMessage(), e);
            throw new IOException("no snapshot at " + applied, e);
        }
        snapshot = applied;
        return applied.getIndex();
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        TermIndex latest = snapshot;
        return latest.equals(TermIndex.INITIAL_VALUE) ? null : new Snapshot(latest);
    }

    private record Snapshot(TermIndex at) implements SnapshotInfo {
        @Override
        public TermIndex getTermIndex() {
            return at;
        }

        @Override
        public List<FileInfo> getFiles() {
            return List.of();
        }
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return new StateMachineStorage() {
            @Override
            public void init(RaftStorage storage) {}

            @Override
            public @Nullable SnapshotInfo getLatestSnapshot() {
                return CatalogMachine.this.getLatestSnapshot();
            }

            @Override
            public void format() throws IOException {
                throw new IOException("a catalog is never formatted");
            }

            @Override
            public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) {
                checkpoints.keep(policy.getNumSnapshotsRetained());
            }
        };
    }

    @Override
    public void notifyLeaderReady() {
        watcher.ready();
    }

    @Override
    public void notifyLogFailed(@Nullable Throwable cause, @Nullable LogEntryProto entry) {
        watcher.failed(cause == null ? new IOException("the log failed") : cause);
    }
}
