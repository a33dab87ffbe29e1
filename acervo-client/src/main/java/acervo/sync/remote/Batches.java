package acervo.sync.remote;

import acervo.client.Randomness;
import acervo.client.Transport;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Reason;
import acervo.model.RequestId;
import acervo.sync.RemoteSpace.Deposit;
import acervo.sync.RemoteSpace.RemoteAnswer;
import acervo.wire.v1.ChangesReply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/// Deposits without many bytes: small files, links, folders, and changes of time and executable bit. They go together,
/// a few batches at once, so that one is read from disk while others are on their way or being forced.
final class Batches {
    /// Batches under way at once, each on a connection of its own.
    private static final int AT_ONCE = 3;

    private final Transport transport;
    private final Part part;
    private final HttpSpace.Opener opener;
    private final Semaphore lane = new Semaphore(AT_ONCE);

    Batches(Transport transport, Part part, HttpSpace.Opener opener) {
        this.transport = transport;
        this.part = part;
        this.opener = opener;
    }

    /// Whether the version that is replaced has these bytes already.
    static boolean isKept(Deposit deposit) {
        if (deposit.replaces() == null) {
            return false;
        }
        Content was = deposit.replaces().content();
        Content now = deposit.content();
        return now.kind() == was.kind()
                && now.size() == was.size()
                && now.blob().equals(was.blob());
    }

    /// @param answers where each deposit's answer goes
    Plan plan(RemoteAnswer[] answers) {
        return new Plan(answers);
    }

    /// Deposits, cut into batches.
    final class Plan {
        private final RemoteAnswer[] answers;
        private final List<Tasks.Task> tasks = new ArrayList<>();
        private List<Planned> next = new ArrayList<>();
        private long bytes;

        private Plan(RemoteAnswer[] answers) {
            this.answers = answers;
        }

        private record Planned(Deposit deposit, int at) {}

        /// @param at the place of its answer
        void add(Deposit deposit, int at) {
            long most = BatchBody.most(part.outer(deposit.path()), content(deposit));
            if (next.size() == BatchBody.MOST_RECORDS || bytes + most > BatchBody.MOST_BYTES) {
                cut();
            }
            next.add(new Planned(deposit, at));
            bytes += most;
        }

        List<Tasks.Task> tasks() {
            cut();
            return tasks;
        }

        private void cut() {
            if (!next.isEmpty()) {
                List<Planned> batch = next;
                int room = (int) bytes;
                tasks.add(new Tasks.Task(lane, () -> send(batch, room)));
                next = new ArrayList<>();
                bytes = 0;
            }
        }

        private void send(List<Planned> batch, int room) {
            BatchBody body = new BatchBody(room);
            List<Planned> sent = new ArrayList<>(batch.size());
            for (Planned one : batch) {
                if (read(one.deposit, body)) {
                    sent.add(one);
                } else {
                    answers[one.at] = new RemoteAnswer.Changed();
                }
            }
            if (sent.isEmpty()) {
                return;
            }
            ChangesReply reply = Batches.this.send(body.bytes());
            if (reply.getResultsCount() != sent.size()) {
                throw new IllegalStateException(
                        "a batch of " + sent.size() + " was answered with " + reply.getResultsCount() + " results");
            }
            for (int i = 0; i < sent.size(); i++) {
                FilePath path = sent.get(i).deposit.path();
                answers[sent.get(i).at] = changedOr(Rows.answer(reply.getResults(i), path));
            }
        }
    }

    /// Bytes that are to be sent.
    private static long content(Deposit deposit) {
        return deposit.content().kind() == Kind.FOLDER || isKept(deposit)
                ? 0
                : deposit.content().size();
    }

    /// @return false when the local file is not what was observed
    private boolean read(Deposit deposit, BatchBody body) {
        return body.add(
                part.outer(deposit.path()),
                deposit,
                isKept(deposit),
                (int) content(deposit),
                into -> fill(deposit, into));
    }

    private boolean fill(Deposit deposit, ByteBuffer into) throws IOException {
        return Reading.whole(opener, deposit, into);
    }

    /// Bytes with another hash than what was observed: it changed without its stat's telling.
    private static RemoteAnswer changedOr(RemoteAnswer answer) {
        return answer instanceof RemoteAnswer.Refused(var why) && why.reason() == Reason.DIGEST_MISMATCH
                ? new RemoteAnswer.Changed()
                : answer;
    }

    private ChangesReply send(ByteBuffer body) {
        RequestId id = Randomness.request();
        return transport.run(c -> {
            StringBuilder head =
                    transport.head(c, "POST", "/v1/batch/" + part.space().text());
            head.append("Content-Type: application/x-acervo-batch\r\nAccept: application/proto\r\nIdempotency-Key: \"");
            head.append(id)
                    .append("\"\r\nContent-Length: ")
                    .append(body.remaining())
                    .append("\r\n");
            c.writeHead(head);
            try {
                c.write(body.duplicate());
            } catch (IOException e) {
                c.readHeadAfter(e).orThrow();
                throw e;
            }
            return ChangesReply.parseFrom(c.readHead(false).orThrow().bytes());
        });
    }
}
