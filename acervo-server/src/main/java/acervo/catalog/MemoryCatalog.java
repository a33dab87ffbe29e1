package acervo.catalog;

import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.NodeId;
import acervo.model.Outcome;
import acervo.model.RequestId;
import acervo.model.Stamp;
import acervo.rules.Decision;
import acervo.rules.Rules;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/// A catalog that is gone when the process ends: the same rules on the same rows, with no log and no disk.
final class MemoryCatalog extends StoredCatalog {
    private static final int DRAINED_AT_ONCE = 2_000;

    private final MemoryRows rows;
    private final InstantSource clock;
    private final Object order = new Object();
    private volatile boolean closed;

    /// Housekeeping's own request ids: nobody retries them.
    private long sequence;

    MemoryCatalog(NodeId self, InstantSource clock) {
        this(new MemoryRows(), self, clock);
    }

    private MemoryCatalog(MemoryRows rows, NodeId self, InstantSource clock) {
        super(rows);
        this.rows = rows;
        this.clock = clock;
        synchronized (order) {
            own(new Command.AddNode(self));
        }
    }

    @Override
    public Outcome submit(Command command, ClientId author, RequestId request) {
        synchronized (order) {
            if (closed) {
                throw new CatalogUnavailableException("the catalog is closed", null);
            }
            Outcome outcome = apply(command, author, request);
            while (totals(rows).drains() > 0) {
                own(new Command.Drain(DRAINED_AT_ONCE));
            }
            return outcome;
        }
    }

    private void own(Command command) {
        apply(command, Stamp.SERVER, new RequestId(new UUID(0, ++sequence)));
    }

    private Outcome apply(Command command, ClientId author, RequestId request) {
        Decision decision = Rules.decide(rows, command, new Stamp(clock.millis(), author, request));
        rows.write(decision.edits(), new Position(1, rows.applied().index() + 1));
        told().applied(decision.edits());
        return decision.outcome();
    }

    @Override
    public CatalogStatus status() {
        return status(!closed, Optional.empty());
    }

    @Override
    public void close() {
        closed = true;
    }
}
