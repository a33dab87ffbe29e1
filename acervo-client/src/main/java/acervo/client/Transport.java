package acervo.client;

import acervo.model.RefusedException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Idle connections to one server, and the rule of when to try again. Any thread.
public final class Transport implements AutoCloseable {
    private static final int MAX_IDLE = 16;

    private final ServerAddress server;
    private final @Nullable String authorization;
    private final RetryPolicy policy;
    private final Deque<HttpConnection> idle = new ArrayDeque<>();
    private volatile boolean everConnected;
    private boolean closed;

    Transport(ServerAddress server, @Nullable Credentials who, RetryPolicy policy) {
        this.server = server;
        this.authorization = who == null ? null : who.authorization();
        this.policy = policy;
    }

    /// One request and its answer. Must be such that doing it again does no harm.
    @FunctionalInterface
    public interface Exchange<T> {
        /// @param c to be written to and read from; the answer's body must be read to its end, or the
        /// connection is closed
        T run(HttpConnection c) throws IOException;
    }

    public ServerAddress server() {
        return server;
    }

    boolean everConnected() {
        return everConnected;
    }

    /// Counts the failures of an undertaking of several requests.
    public Patience patience() {
        return new Patience(this, policy);
    }

    RetryPolicy policy() {
        return policy;
    }

    /// Starts a request's head with what every request carries.
    public StringBuilder head(HttpConnection c, String method, String target) {
        StringBuilder head = c.head(method, target);
        if (authorization != null) {
            head.append("Authorization: ").append(authorization).append("\r\n");
        }
        return head;
    }

    /// Runs an exchange, and again after a broken connection or a "later", until patience ends.
    ///
    /// @throws UnreachableException when it does
    public <T> T run(Exchange<T> exchange) {
        Patience patience = patience();
        while (true) {
            try {
                return once(exchange);
            } catch (IOException e) {
                patience.afterFailure(e);
            }
        }
    }

    /// Runs an exchange once; an idle connection that turns out to be closed does not count as an attempt.
    public <T> T once(Exchange<T> exchange) throws IOException {
        while (true) {
            HttpConnection c = lease();
            boolean mayBeStale = c.used();
            boolean answered = false;
            try {
                T result = exchange.run(c);
                answered = true;
                giveBack(c);
                return result;
            } catch (RefusedException e) {
                answered = true;
                giveBack(c);
                throw e;
            } catch (TryLaterException e) {
                throw e;
            } catch (IOException e) {
                if (!mayBeStale) {
                    throw e;
                }
            } finally {
                if (!answered) {
                    c.close();
                }
            }
        }
    }

    /// One call by Connect's unary protocol, again after a broken connection: a change needs a request id in it.
    public <T> T call(String method, MessageLite request, Parser<T> reply) {
        return call(method, request, reply, "");
    }

    /// @param more whole lines of the request's head, each with its end
    <T> T call(String method, MessageLite request, Parser<T> reply, String more) {
        byte[] body = request.toByteArray();
        return run(c -> {
            StringBuilder head = head(c, "POST", "/acervo.v1.Acervo/" + method);
            head.append("Content-Type: application/proto\r\nConnect-Protocol-Version: 1\r\nContent-Length: ");
            c.write(head.append(body.length).append("\r\n").append(more), body);
            return reply.parseFrom(c.readHead(false).orThrow().bytes());
        });
    }

    private HttpConnection lease() throws IOException {
        synchronized (idle) {
            HttpConnection c = idle.pollLast();
            if (c != null) {
                return c;
            }
        }
        return connect();
    }

    /// A new connection, which is the caller's own.
    HttpConnection connect() throws IOException {
        HttpConnection c = HttpConnection.open(server, policy.idle().toNanos());
        everConnected = true;
        return c;
    }

    private void giveBack(HttpConnection c) {
        boolean reusable = c.reusable();
        synchronized (idle) {
            if (reusable && !closed && idle.size() < MAX_IDLE) {
                idle.addLast(c);
                return;
            }
        }
        c.close();
    }

    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
            idle.forEach(HttpConnection::close);
            idle.clear();
        }
    }
}
