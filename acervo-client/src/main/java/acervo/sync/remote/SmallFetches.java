package acervo.sync.remote;

import acervo.client.HttpConnection;
import acervo.client.Patience;
import acervo.client.Response;
import acervo.client.Transport;
import acervo.model.Kind;
import acervo.model.RefusedException;
import acervo.sync.Stage;
import acervo.sync.plan.RemoteNode;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Fetches small versions for many threads: their requests share a few connections, and go out one behind the other
/// without waiting for answers.
///
/// There is no thread for it. Who comes while a lane is free leads it: takes along all that wait, sends their requests,
/// hands out the answers, and leaves the lane to the next one that waits. So a single fetch waits for nobody, and the
/// more there are at once, the more travel together.
final class SmallFetches {
    private static final int LANES = 3;

    /// How many requests may wait for their answers, in number and in bytes: so few that the system's buffers hold
    /// them, whether or not the server reads on before it has answered.
    private static final int TOGETHER = 64;

    private static final int TOGETHER_BYTES = 16 * 1024;

    private final Transport transport;
    private final Part part;
    private final Deque<Ask> waiting = new ArrayDeque<>();
    private int led;

    SmallFetches(Transport transport, Part part) {
        this.transport = transport;
        this.part = part;
    }

    /// One version that somebody waits for.
    private static final class Ask {
        private final RemoteNode version;

        /// True tells its owner to lead.
        private final CompletableFuture<Boolean> turn = new CompletableFuture<>();

        private byte @Nullable [] bytes;
        private @Nullable RuntimeException failure;

        private Ask(RemoteNode version) {
            this.version = version;
        }

        private boolean isOpen() {
            return bytes == null && failure == null;
        }

        private byte[] result() {
            if (failure != null) {
                throw failure;
            }
            if (bytes == null) {
                throw new IllegalStateException("nobody asked for " + version.path());
            }
            return bytes;
        }
    }

    void fetch(RemoteNode version, Stage stage) throws IOException {
        byte[] all = whole(version);
        int from = Math.toIntExact(Math.min(stage.position(), all.length));
        stage.write(ByteBuffer.wrap(all, from, all.length - from));
    }

    private byte[] whole(RemoteNode version) {
        if (version.content().kind() == Kind.FOLDER || version.content().size() == 0) {
            return new byte[0];
        }
        Ask ask = new Ask(version);
        if (begins(ask) || ask.turn.join()) {
            lead(ask);
        }
        return ask.result();
    }

    private synchronized boolean begins(Ask ask) {
        if (led < LANES) {
            led++;
            return true;
        }
        waiting.add(ask);
        return false;
    }

    private void lead(Ask own) {
        List<Ask> together = together(own);
        try {
            fetch(new ArrayDeque<>(together));
        } catch (RuntimeException e) {
            for (Ask ask : together) {
                if (ask.isOpen()) {
                    ask.failure = e;
                }
            }
        } finally {
            together.stream().filter(ask -> ask != own).forEach(ask -> ask.turn.complete(false));
            handOver();
        }
    }

    private synchronized List<Ask> together(Ask own) {
        List<Ask> together = new ArrayList<>();
        together.add(own);
        while (together.size() < TOGETHER && !waiting.isEmpty()) {
            together.add(waiting.remove());
        }
        return together;
    }

    private void handOver() {
        Ask next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                led--;
            }
        }
        if (next != null) {
            next.turn.complete(true);
        }
    }

    private void fetch(Deque<Ask> left) {
        Patience patience = transport.patience();
        int atOnce = TOGETHER;
        while (!left.isEmpty()) {
            try {
                int most = atOnce;
                transport.once(c -> fetch(c, left, most, patience));
            } catch (IOException e) {
                // A server that refuses one and closes may lose its answer to the requests behind it.
                atOnce = 1;
                patience.afterFailure(e);
            }
        }
    }

    /// Takes from `left` what was answered.
    private boolean fetch(HttpConnection c, Deque<Ask> left, int most, Patience patience) throws IOException {
        while (!left.isEmpty()) {
            for (int asked = ask(c, left, most); asked > 0; asked--) {
                Response answer = c.readHead(false);
                Ask ask = left.element();
                try {
                    ask.bytes = read(Asking.checked(answer, ask.version), ask.version);
                } catch (RefusedException e) {
                    ask.failure = e;
                }
                left.remove();
                patience.progress();
            }
        }
        return true;
    }

    private static byte[] read(Response answer, RemoteNode version) throws IOException {
        byte[] bytes = answer.bytes();
        if (bytes.length != version.content().size()) {
            throw new ProtocolException(
                    version.path() + " has " + version.content().size() + " bytes, and " + bytes.length + " came");
        }
        return bytes;
    }

    private int ask(HttpConnection c, Deque<Ask> left, int most) throws IOException {
        StringBuilder heads = new StringBuilder(TOGETHER_BYTES);
        int asked = 0;
        for (Ask ask : left) {
            String target = part.file(ask.version.path()).target("/v1/files");
            StringBuilder head = Asking.exactly(transport.head(c, "GET", target), ask.version);
            if (asked == most || (asked > 0 && heads.length() + head.length() > TOGETHER_BYTES)) {
                break;
            }
            heads.append(head).append("\r\n");
            asked++;
        }
        c.write(ByteBuffer.wrap(heads.toString().getBytes(StandardCharsets.ISO_8859_1)));
        return asked;
    }
}
