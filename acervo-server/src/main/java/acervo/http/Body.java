package acervo.http;

import acervo.model.BlobId;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The body of one request on its way from the event loop to the one virtual thread that takes it in. The buffers that
/// the
/// socket filled are handed over as they are.
///
/// Back-pressure: when more than its share of [Bodies] waits here, the connection is no longer read until half of it
/// was
/// taken. What can be waiting is that share and one read of the socket.
///
/// Progress: while the consumer waits, a body must bring a minimum of bytes per window; one that does not is given up.
/// Time in
/// which the server is the slow one does not count.
final class Body implements BodySink, AutoCloseable {
    /// What a buffer costs beside its bytes, so that a flood of tiny chunks is counted for what it is.
    private static final int OVERHEAD = 256;

    private final Bodies bodies;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();
    private @Nullable BodySource source;
    private long waiting;
    private long received;
    private boolean paused;
    private boolean ended;
    private boolean closed;
    private @Nullable BrokenBodyException broken;
    private String digestTrailer = "";
    private long waitedNanos;
    private long inWindow;

    Body(Bodies bodies) {
        this.bodies = bodies;
        bodies.opened();
    }

    /// Called once, before the first byte.
    void from(BodySource theSource) {
        source = theSource;
    }

    @Override
    public void data(ByteBuf bytes) {
        int size = bytes.readableBytes();
        lock.lock();
        try {
            received += size;
            if (closed || size == 0) {
                bytes.release();
                return;
            }
            queue.add(bytes);
            waiting += size + OVERHEAD;
            inWindow += size;
            bodies.buffered(size + OVERHEAD);
            if (!paused && waiting >= bodies.share()) {
                paused = true;
                source().pause();
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void end(String digest) {
        lock.lock();
        try {
            ended = true;
            digestTrailer = digest;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void broken(BrokenBodyException why) {
        lock.lock();
        try {
            broken = why;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Takes the next bytes and releases them when `to` has returned; blocks until there are some.
    ///
    /// @return false at the end
    /// @throws BrokenBodyException when the body will never be whole, once what came before was taken
    boolean next(Consumer<ByteBuffer> to) {
        ByteBuf bytes = take();
        if (bytes == null) {
            return false;
        }
        try {
            if (bytes.nioBufferCount() == 1) {
                to.accept(bytes.nioBuffer());
            } else {
                for (ByteBuffer part : bytes.nioBuffers()) {
                    to.accept(part);
                }
            }
        } finally {
            bytes.release();
        }
        return true;
    }

    /// Takes all of it.
    ///
    /// @throws BrokenBodyException when the body will never be whole
    void all(Consumer<ByteBuffer> to) {
        while (next(to)) {
            // The work is in the condition.
        }
    }

    private @Nullable ByteBuf take() {
        lock.lock();
        try {
            while (queue.isEmpty()) {
                if (broken != null) {
                    throw broken;
                }
                if (ended) {
                    return null;
                }
                await();
            }
            ByteBuf bytes = queue.remove();
            int cost = bytes.readableBytes() + OVERHEAD;
            waiting -= cost;
            bodies.buffered(-cost);
            if (paused && waiting <= bodies.share() / 2) {
                paused = false;
                source().resume();
            }
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // The loop is take's.
    private void await() {
        Duration window = bodies.window();
        if (waitedNanos >= window.toNanos()) {
            if (inWindow < bodies.windowBytes()) {
                throw new BrokenBodyException(
                        408, "the body brought " + inWindow + " bytes in " + window.toSeconds() + " s");
            }
            waitedNanos = 0;
            inWindow = 0;
        }
        try {
            long left = window.toNanos() - waitedNanos;
            waitedNanos += left - changed.awaitNanos(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokenBodyException(503, "the server is stopping");
        }
    }

    private BodySource source() {
        BodySource there = source;
        if (there == null) {
            throw new IllegalStateException("a body without a connection");
        }
        return there;
    }

    /// Whether the last byte has arrived.
    boolean whole() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /// Bytes that have arrived.
    long received() {
        lock.lock();
        try {
            return received;
        } finally {
            lock.unlock();
        }
    }

    /// What a trailer said about the content, once the body is whole.
    Optional<BlobId> digestTrailer() {
        lock.lock();
        try {
            return digestTrailer.isEmpty() ? Optional.empty() : Optional.of(FileHeaders.digest(digestTrailer));
        } finally {
            lock.unlock();
        }
    }

    /// Lets go of it: what is waiting is released, and what still comes is thrown away.
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            queue.forEach(ByteBuf::release);
            queue.clear();
            bodies.buffered(-waiting);
            waiting = 0;
            bodies.closed();
            if (!ended && broken == null) {
                source().discard();
            }
        } finally {
            lock.unlock();
        }
    }
}
