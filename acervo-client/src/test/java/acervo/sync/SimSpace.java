package acervo.sync;

import acervo.client.ServerAddress;
import acervo.client.UnreachableException;
import acervo.model.BlobId;
import acervo.model.FilePath;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.sync.Simulation.Sort;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.RemoteNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// One client's way to the server, on which requests and answers get lost or are late.
final class SimSpace implements RemoteSpace {
    private final SimClient client;
    private final SimClient.Life life;
    private final Simulation sim;
    private final Set<FilePath> underWay = new HashSet<>();

    SimSpace(SimClient client, SimClient.Life life) {
        this.client = client;
        this.life = life;
        this.sim = client.sim;
    }

    /// A call may get lost on its way, or its answer, or it is late and answered to nobody.
    private <T> T call(Supplier<T> request) {
        life.step();
        sim.meanwhile();
        life.check();
        if (!client.online || sim.happens(25)) {
            if (client.online && sim.happens(3)) {
                sim.add(Sort.WORK, null, 0, () -> sim.trace("late: " + request.get()));
            }
            throw unreachable();
        }
        T answer = request.get();
        life.step();
        sim.meanwhile();
        life.check();
        if (client.answersLost > 0) {
            client.answersLost--;
            throw unreachable();
        }
        if (sim.happens(25)) {
            throw unreachable();
        }
        return answer;
    }

    private UnreachableException unreachable() {
        return new UnreachableException(ServerAddress.DEFAULT, true, new IOException("the network is down"));
    }

    @Override
    public FeedPage feed(long after, int limit) {
        return call(() -> sim.server.feed(after, 1 + sim.random.nextInt(8)));
    }

    @Override
    public void watch(long after, Runnable hint) {
        life.hintAt(hint);
        if (sim.server.sequence() > after) {
            life.hint();
        }
    }

    @Override
    public List<RemoteAnswer> deposit(List<Deposit> deposits) {
        List<RemoteAnswer> answers = new ArrayList<>();
        for (Deposit one : deposits) {
            answers.add(deposit(one));
        }
        return answers;
    }

    private RemoteAnswer deposit(Deposit one) {
        life.maySend(false);
        if (!underWay.add(one.path())) {
            throw new AssertionError(one.path() + " is deposited twice at once");
        }
        try {
            return depositAlone(one);
        } finally {
            underWay.remove(one.path());
        }
    }

    private RemoteAnswer depositAlone(Deposit one) {
        LocalNode from = one.from();
        if (from != null) {
            try (LocalBytes bytes = life.folder.open(from)) {
                sim.meanwhile();
                life.check();
                if (!bytes.unchanged()) {
                    return new RemoteAnswer.Changed();
                }
            } catch (ChangedException _) {
                return new RemoteAnswer.Changed();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return call(() -> sim.server.deposit(one));
    }

    @Override
    public List<RemoteAnswer> remove(List<RemoteNode> rows) {
        life.maySend(true);
        return rows.stream().map(row -> call(() -> sim.server.remove(row))).toList();
    }

    @Override
    public List<RemoteAnswer> move(List<Move> moves) {
        life.maySend(false);
        return moves.stream().map(move -> call(() -> sim.server.move(move))).toList();
    }

    @Override
    public void fetch(RemoteNode version, Stage stage) {
        boolean there = call(() -> sim.server.has(version));
        if (!there) {
            throw new RefusedException(Reason.VERSION_CHANGED, version.path(), version.version());
        }
        ((SimStage) stage).blob =
                sim.happens(40) ? BlobId.EMPTY : version.content().blob();
    }

    @Override
    public void close() {}
}
