package acervo.sync.remote;

import acervo.client.Randomness;
import acervo.client.Transport;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.SpaceName;
import acervo.sync.ChangedException;
import acervo.sync.LocalBytes;
import acervo.sync.RemoteSpace;
import acervo.sync.Stage;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.RemoteNode;
import acervo.wire.v1.ChangesReply;
import acervo.wire.v1.FeedReply;
import acervo.wire.v1.FeedRequest;
import acervo.wire.v1.MoveItem;
import acervo.wire.v1.MoveRequest;
import acervo.wire.v1.RemoveItem;
import acervo.wire.v1.RemoveRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/// A space on a server, or one folder of it. Blocking; any thread; any number of calls at once.
///
/// Wiring: one [Batches] and one [LargeDeposit] for bytes up, one [SmallFetches] and one [LargeFetch] for bytes down.
public final class HttpSpace implements RemoteSpace {
    /// Up to this size a file travels whole, with others. In bytes; the server's limit for a record of a batch.
    static final int SMALL = 1 << 20;

    /// Items in one change. The server takes 2,000; a call's body has at most 1 MiB.
    private static final int MOST_ITEMS = 2_000;

    private static final int MOST_ITEM_BYTES = 900_000;

    private final Transport transport;
    private final Part part;
    private final Rows rows;
    private final Batches batches;
    private final LargeDeposit large;
    private final SmallFetches small;
    private final LargeFetch streamed;
    private final Watcher watcher;

    /// Where the bytes of local files come from: [acervo.sync.LocalDisk#open].
    @FunctionalInterface
    public interface Opener {
        LocalBytes open(LocalNode node) throws ChangedException;
    }

    /// @param transport stays the caller's to close, after this
    /// @param root the folder of the space that is kept in step; [FilePath#ROOT] for all of it
    /// @param folder names the local folder, the same after a restart: large deposits that were cut off are found
    /// again
    ///     by it, and two folders never get into each other's
    public HttpSpace(Transport transport, SpaceName space, FilePath root, UUID folder, Opener opener) {
        this.transport = transport;
        this.part = new Part(space, root);
        this.rows = new Rows(part);
        this.batches = new Batches(transport, part, opener);
        SumsOnServer sums = new SumsOnServer(transport, part);
        this.large = new LargeDeposit(transport, part, folder, opener, sums);
        this.small = new SmallFetches(transport, part);
        this.streamed = new LargeFetch(transport, part, sums);
        this.watcher = new Watcher(transport, space);
    }

    @Override
    public FeedPage feed(long after, int limit) {
        FeedRequest request = FeedRequest.newBuilder()
                .setSpace(part.space().text())
                .setAfter(after)
                .setLimit(limit)
                .build();
        return rows.page(transport.call("Feed", request, FeedReply.parser()));
    }

    @Override
    public void watch(long after, Runnable hint) {
        watcher.watch(after, hint);
    }

    @Override
    public List<RemoteAnswer> deposit(List<Deposit> deposits) {
        RemoteAnswer[] answers = new RemoteAnswer[deposits.size()];
        List<Tasks.Task> tasks = new ArrayList<>();
        Batches.Plan plan = batches.plan(answers);
        for (int i = 0; i < answers.length; i++) {
            Deposit deposit = deposits.get(i);
            if (isLarge(deposit)) {
                int at = i;
                tasks.add(large.lane(() -> answers[at] = large.deposit(deposit)));
            } else {
                plan.add(deposit, i);
            }
        }
        tasks.addAll(plan.tasks());
        Tasks.all(tasks);
        return List.of(answers);
    }

    private static boolean isLarge(Deposit deposit) {
        Content content = deposit.content();
        return content.kind() == Kind.FILE && content.size() > SMALL && !Batches.isKept(deposit);
    }

    @Override
    public List<RemoteAnswer> remove(List<RemoteNode> gone) {
        return inSteps(gone, RemoteNode::path, _ -> 64, step -> {
            RemoveRequest.Builder request = RemoveRequest.newBuilder()
                    .setSpace(part.space().text())
                    .setRequestId(Randomness.request().toString());
            step.forEach(row -> request.addItems(RemoveItem.newBuilder()
                    .setPath(part.outer(row.path()).text())
                    .setIfVersion(row.version().number())));
            return transport.call("Remove", request.build(), ChangesReply.parser());
        });
    }

    @Override
    public List<RemoteAnswer> move(List<Move> moves) {
        return inSteps(
                moves, Move::to, move -> 64 + 2 * move.row().path().text().length(), step -> {
                    MoveRequest.Builder request = MoveRequest.newBuilder()
                            .setSpace(part.space().text())
                            .setRequestId(Randomness.request().toString());
                    step.forEach(move -> request.addItems(MoveItem.newBuilder()
                            .setFrom(part.outer(move.row().path()).text())
                            .setTo(part.outer(move.to()).text())
                            .setIfVersion(move.row().version().number())));
                    return transport.call("Move", request.build(), ChangesReply.parser());
                });
    }

    /// Sends items in order, as many at once as the server takes.
    private <T> List<RemoteAnswer> inSteps(
            List<T> items,
            Function<T, FilePath> path,
            Function<T, Integer> more,
            Function<List<T>, ChangesReply> send) {
        List<RemoteAnswer> answers = new ArrayList<>(items.size());
        for (int from = 0; from < items.size(); ) {
            int end = from;
            int bytes = 0;
            while (end < items.size() && end - from < MOST_ITEMS && bytes < MOST_ITEM_BYTES) {
                T item = items.get(end++);
                // A character has at most 3 bytes in UTF-8.
                bytes += 3
                                * (part.root().text().length()
                                        + path.apply(item).text().length())
                        + more.apply(item);
            }
            List<T> step = items.subList(from, end);
            ChangesReply reply = send.apply(step);
            if (reply.getResultsCount() != step.size()) {
                throw new IllegalStateException(
                        step.size() + " changes were answered with " + reply.getResultsCount() + " results");
            }
            for (int i = 0; i < step.size(); i++) {
                answers.add(Rows.answer(reply.getResults(i), path.apply(step.get(i))));
            }
            from = end;
        }
        return answers;
    }

    @Override
    public void fetch(RemoteNode version, Stage stage) throws IOException {
        if (version.content().kind() != Kind.FILE || version.content().size() <= SMALL) {
            small.fetch(version, stage);
        } else {
            streamed.fetch(version, stage);
        }
    }

    /// Stops watching.
    @Override
    public void close() {
        watcher.close();
    }
}
