package acervo.sync.remote;

import acervo.client.HttpConnection;
import acervo.client.Response;
import acervo.client.Transport;
import acervo.model.RefusedException;
import acervo.model.SpaceName;
import acervo.wire.v1.WatchReply;
import acervo.wire.v1.WatchRequest;
import acervo.wire.v1.WatchedSpace;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Listens to the space's feed over a connection that stays open, and says when it grew. One virtual thread; connects
/// again for as long as it is wanted, 100 ms after the first failure, then doubled up to 30 s.
///
/// Only a hint: the rows that come along are dropped, since what counts is the feed as it is read page by page.
final class Watcher implements AutoCloseable {
    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 30_000;

    /// Flag of the envelope that ends a stream.
    private static final int END = 2;

    private static final int MOST_MESSAGE = 16 << 20;

    private final Transport transport;
    private final SpaceName space;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopped = lock.newCondition();

    /// Who is told, since the last call of [#watch]; another object ends the thread that was started for this one.
    private @Nullable Watch current;

    Watcher(Transport transport, SpaceName space) {
        this.transport = transport;
        this.space = space;
    }

    private static final class Watch {
        private final Runnable hint;
        private volatile long after;
        private volatile @Nullable HttpConnection connection;
        private int failures;

        private Watch(long after, Runnable hint) {
            this.after = after;
            this.hint = hint;
        }
    }

    void watch(long after, Runnable hint) {
        Watch fresh = new Watch(after, hint);
        replace(fresh);
        Thread.ofVirtual().name("acervo-watch-" + space).start(() -> run(fresh));
    }

    @Override
    public void close() {
        replace(null);
    }

    private void replace(@Nullable Watch fresh) {
        Watch old;
        lock.lock();
        try {
            old = current;
            current = fresh;
            stopped.signalAll();
        } finally {
            lock.unlock();
        }
        HttpConnection open = old == null ? null : old.connection;
        if (open != null) {
            open.close();
        }
    }

    private boolean isWanted(Watch watch) {
        lock.lock();
        try {
            return current == watch;
        } finally {
            lock.unlock();
        }
    }

    private void run(Watch watch) {
        while (isWanted(watch)) {
            try {
                listen(watch);
            } catch (IOException | RefusedException _) {
                // Whoever reads the feed hears of it. Here it only means to try again.
                watch.failures++;
            }
            rest(watch);
        }
    }

    private void listen(Watch watch) throws IOException {
        try (HttpConnection c = transport.connect()) {
            watch.connection = c;
            if (!isWanted(watch)) {
                return;
            }
            ask(c, watch.after);
            Response answer = c.readHead(false);
            if (answer.status() != 200) {
                answer.orThrow();
                throw new ProtocolException("a stream was answered with " + answer.status());
            }
            // The first message comes at once, so that what was missed while there was no connection is hinted at.
            while (isWanted(watch)) {
                message(answer, watch);
            }
        } finally {
            watch.connection = null;
        }
    }

    private void ask(HttpConnection c, long after) throws IOException {
        WatchRequest request = WatchRequest.newBuilder()
                .addSpaces(WatchedSpace.newBuilder().setSpace(space.text()).setAfter(after))
                .build();
        byte[] message = request.toByteArray();
        byte[] envelope = ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
        StringBuilder head = transport.head(c, "POST", "/acervo.v1.Acervo/Watch");
        head.append("Content-Type: application/connect+proto\r\nConnect-Protocol-Version: 1\r\nContent-Length: ");
        c.write(head.append(envelope.length).append("\r\n"), envelope);
    }

    private void message(Response answer, Watch watch) throws IOException {
        ByteBuffer prefix = ByteBuffer.allocate(5);
        fill(answer, prefix);
        int flags = prefix.get(0);
        int length = prefix.getInt(1);
        if (length < 0 || length > MOST_MESSAGE) {
            throw new ProtocolException("a message of " + Integer.toUnsignedString(length) + " bytes");
        }
        ByteBuffer content = ByteBuffer.allocate(length);
        fill(answer, content);
        if ((flags & END) != 0) {
            throw new EOFException("the server ended the stream");
        }
        WatchReply reply = WatchReply.parseFrom(content.flip());
        if (reply.getSpace().isEmpty()) {
            return;
        }
        if (reply.hasError()) {
            tell(watch);
            throw new EOFException(
                    "there is nothing more to watch: " + reply.getError().getMessage());
        }
        watch.failures = 0;
        watch.after = Math.max(watch.after, reply.getLatest());
        tell(watch);
    }

    private void tell(Watch watch) {
        if (isWanted(watch)) {
            watch.hint.run();
        }
    }

    private static void fill(Response answer, ByteBuffer into) throws IOException {
        Asking.fill(answer, into);
    }

    private void rest(Watch watch) {
        long whole = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(Math.max(0, watch.failures - 1), 12));
        long millis = ThreadLocalRandom.current().nextLong(whole / 2, whole + 1);
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (current == watch && left > 0) {
                left = stopped.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            // Nobody interrupts this thread.
        } finally {
            lock.unlock();
        }
    }
}
