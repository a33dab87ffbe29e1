package acervo.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// All bodies that are being taken in, which share one allowance of memory. Any thread.
final class Bodies {
    /// Less than this makes no sense: the socket is read in pieces of up to this size.
    private static final long LEAST_SHARE = DoorTransport.MOST_READ;

    private final Limits limits;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong buffered = new AtomicLong();

    Bodies(Limits limits) {
        this.limits = limits;
    }

    void opened() {
        open.incrementAndGet();
    }

    void closed() {
        open.decrementAndGet();
    }

    void buffered(long more) {
        buffered.addAndGet(more);
    }

    /// Bytes that wait to be taken in, of all bodies.
    long buffered() {
        return buffered.get();
    }

    int open() {
        return open.get();
    }

    /// How much of one body may wait.
    long share() {
        return Math.clamp(limits.bodyBuffers() / Math.max(1, open.get()), LEAST_SHARE, limits.bodyBuffer());
    }

    Duration window() {
        return limits.bodyWindow();
    }

    long windowBytes() {
        return limits.bodyWindowBytes();
    }
}
