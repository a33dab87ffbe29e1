package acervo.client;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Follows a stream of the server for as long as one likes. A connection that breaks is made anew, however often and
/// however long that takes, and the stream goes on from where the listener says. One thread runs it, any thread may
/// close it.
public final class Following<T> implements AutoCloseable {
    private static final long FIRST_MILLIS = 50;
    private static final long LONGEST_MILLIS = 3_000;

    private final Transport transport;
    private final String method;
    private final Parser<T> parser;
    private final Listener<T> listener;

    private @Nullable HttpConnection connection;
    private @Nullable Thread runner;
    private boolean closed;

    /// Messages so far; the running thread's own.
    private long heard;

    /// Told by the thread that runs.
    public interface Listener<T> {
        /// What to ask for, at the beginning of each connection: from where on.
        MessageLite request();

        /// A message. The first one of a connection comes at once, and empty ones now and then.
        ///
        /// @return whether to go on
        boolean heard(T message);

        /// The connection broke, or could not be made again; told once, until something is heard again.
        ///
        /// @param seen in the system's words
        void lost(String seen);
    }

    /// @param method one with a stream of answers
    public Following(Transport transport, String method, Parser<T> parser, Listener<T> listener) {
        this.transport = transport;
        this.method = method;
        this.parser = parser;
        this.listener = listener;
    }

    /// Follows until the listener has had enough, the server has said all, or [#close].
    ///
    /// @throws acervo.model.RefusedException for the server's "no"
    public void run() {
        synchronized (this) {
            runner = Thread.currentThread();
        }
        int failures = 0;
        try {
            while (true) {
                long before = heard;
                IOException failure = once();
                if (failure == null || isClosed()) {
                    return;
                }
                failures = heard > before ? 1 : failures + 1;
                if (failures == 1) {
                    String seen = failure.getMessage();
                    listener.lost(seen == null ? failure.getClass().getSimpleName() : seen);
                }
                if (!pause(failures)) {
                    return;
                }
            }
        } finally {
            synchronized (this) {
                runner = null;
                if (closed) {
                    // It was meant for the waiting that has ended here.
                    Thread.interrupted();
                }
            }
        }
    }

    /// @return what broke the connection; null at the end
    private @Nullable IOException once() {
        try (HttpConnection c = transport.connect()) {
            if (!use(c)) {
                return null;
            }
            try (MessageStream<T> stream = MessageStream.open(transport, c, method, listener.request(), parser)) {
                for (T message = stream.next(); message != null; message = stream.next()) {
                    heard++;
                    if (!listener.heard(message)) {
                        return null;
                    }
                }
                return null;
            }
        } catch (IOException e) {
            return e;
        }
    }

    private synchronized boolean use(HttpConnection c) {
        connection = c;
        return !closed;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /// Waits between half and the whole of a time that doubles: when a server comes back, its thousands of clients
    /// do
    /// not all come at the same instant.
    private boolean pause(int failures) {
        long whole = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures - 1, 10));
        long millis = ThreadLocalRandom.current().nextLong(whole / 2, whole + 1);
        try {
            transport.policy().pause().pause(millis);
        } catch (IOException _) {
            return false;
        }
        return !isClosed();
    }

    /// Ends [#run], soon.
    @Override
    public synchronized void close() {
        closed = true;
        if (connection != null) {
            connection.close();
        }
        if (runner != null && !runner.equals(Thread.currentThread())) {
            runner.interrupt();
        }
    }
}
