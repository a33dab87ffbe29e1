package acervo.sync.remote;

import acervo.client.HttpConnection;
import acervo.client.Patience;
import acervo.client.Response;
import acervo.client.Transport;
import acervo.model.RefusedException;
import acervo.sync.LocalBytes;
import acervo.sync.Stage;
import acervo.sync.plan.RemoteNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// One large version on its way into a stage, from its first byte to its last: copied where the local file has it,
/// fetched where not. Ranges are asked for one behind the other without waiting for answers. Where a connection breaks
/// it goes on where the stage stands.
final class Receiving {
    private static final int BUFFER = 256 * 1024;

    /// How many ranges may wait for their answers: so few that the system's buffers hold the requests.
    private static final int TOGETHER = 24;

    private static final int TOGETHER_BYTES = 16 * 1024;

    /// A range that is not asked for at once, so that a broken connection costs little and none is held for long.
    private static final long MOST_RANGE = 1L << 30;

    private final Transport transport;
    private final Part part;
    private final RemoteNode version;
    private final Stage stage;
    private final List<Run> same;
    private final Patience patience;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

    /// @param same in the version's order, disjoint there
    Receiving(Transport transport, Part part, RemoteNode version, Stage stage, List<Run> same) {
        this.transport = transport;
        this.part = part;
        this.version = version;
        this.stage = stage;
        this.same = same;
        this.patience = transport.patience();
    }

    /// Bytes of the version, taken from the local file at `local`, or fetched (`local` < 0).
    private record Step(long local, Range range) {
        boolean isCopy() {
            return local >= 0;
        }
    }

    /// @throws IOException when the stage can't be written
    /// @throws LocalChangeException when the local file can't be read as it was
    void run() throws IOException {
        try {
            while (stage.position() < version.content().size()) {
                try {
                    transport.once(this::attempt);
                } catch (IOException e) {
                    patience.afterFailure(e);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private boolean attempt(HttpConnection c) throws IOException {
        Deque<Step> steps = steps(stage.position());
        Deque<Step> asked = new ArrayDeque<>();
        Deque<Step> toAsk =
                new ArrayDeque<>(steps.stream().filter(step -> !step.isCopy()).toList());
        for (Step step : steps) {
            if (step.isCopy()) {
                copy(step);
                continue;
            }
            if (asked.isEmpty()) {
                ask(c, toAsk, asked);
            }
            asked.remove();
            receive(c, step.range);
        }
        return true;
    }

    private Deque<Step> steps(long from) {
        Deque<Step> steps = new ArrayDeque<>();
        long at = from;
        for (Run run : same) {
            if (run.remoteEnd() <= at) {
                continue;
            }
            at = missing(steps, at, run.remote());
            long skipped = at - run.remote();
            steps.add(new Step(run.local() + skipped, new Range(at, run.remoteEnd())));
            at = run.remoteEnd();
        }
        missing(steps, at, version.content().size());
        return steps;
    }

    private static long missing(Deque<Step> steps, long from, long to) {
        long at = from;
        while (at < to) {
            long end = Math.min(to, at + MOST_RANGE);
            steps.add(new Step(-1, new Range(at, end)));
            at = end;
        }
        return at;
    }

    private void ask(HttpConnection c, Deque<Step> toAsk, Deque<Step> asked) throws IOException {
        String target = part.file(version.path()).target("/v1/files");
        List<StringBuilder> heads = new ArrayList<>();
        int length = 0;
        while (!toAsk.isEmpty() && heads.size() < TOGETHER && length < TOGETHER_BYTES) {
            Step step = toAsk.remove();
            StringBuilder head = Asking.exactly(transport.head(c, "GET", target), version);
            Asking.range(head, step.range.from(), step.range.to()).append("\r\n");
            length += head.length();
            heads.add(head);
            asked.add(step);
        }
        c.write(ByteBuffer.wrap(String.join("", heads).getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void receive(HttpConnection c, Range range) throws IOException {
        Response answer;
        try {
            answer = Asking.checked(c.readHead(false), version);
        } catch (RefusedException e) {
            // The answers to the other ranges are still to come.
            c.spoil();
            throw e;
        }
        Asking.expectRange(answer, range.from(), range.to());
        for (long at = range.from(); at < range.to(); at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(BUFFER, range.to() - at));
            Asking.fill(answer, buffer);
            write(buffer.flip());
            patience.progress();
        }
    }

    private void copy(Step step) {
        LocalBytes old = stage.replaced();
        if (old == null) {
            throw new LocalChangeException(version.path());
        }
        long distance = step.local - step.range.from();
        for (long at = step.range.from(); at < step.range.to(); at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(BUFFER, step.range.to() - at));
            Reading.exactly(old, buffer, at + distance, version.path());
            write(buffer.flip());
        }
    }

    /// What the stage throws is not the connection's fault.
    private void write(ByteBuffer some) {
        try {
            stage.write(some);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
