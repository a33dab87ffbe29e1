package acervo.server;

import java.io.PrintStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/// Writes log lines from a thread of its own, so that nobody who logs waits for a terminal or a pipe. What comes faster
/// than can
/// be written is dropped, and the number is told.
final class LogOutput extends Handler {
    private static final int WAITING = 8_192;
    private static final long PATIENCE_MILLIS = 2_000;

    private final BlockingQueue<LogRecord> queue = new ArrayBlockingQueue<>(WAITING);
    private final LongAdder dropped = new LongAdder();
    private final PrintStream out;
    private final Formatter format;
    private final Thread writer;
    private volatile boolean closed;

    LogOutput(PrintStream out, Formatter format) {
        this.out = out;
        this.format = format;
        this.writer = Thread.ofPlatform().daemon().name("acervo-log").start(this::write);
    }

    @Override
    public void publish(LogRecord logged) {
        if (isLoggable(logged) && !queue.offer(logged)) {
            dropped.increment();
        }
    }

    private void write() {
        try {
            while (!closed || !queue.isEmpty()) {
                LogRecord next = queue.poll(100, TimeUnit.MILLISECONDS);
                if (next != null) {
                    out.print(format.format(next));
                }
                if (queue.isEmpty()) {
                    tellDropped();
                    out.flush();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void tellDropped() {
        long lost = dropped.sumThenReset();
        if (lost > 0) {
            LogRecord told = new LogRecord(java.util.logging.Level.WARNING, lost + " log lines were dropped");
            told.setLoggerName("acervo.log");
            out.print(format.format(told));
        }
    }

    @Override
    public void flush() {
        // The writer does so whenever it has caught up.
    }

    @Override
    public void close() {
        closed = true;
        try {
            writer.join(PATIENCE_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
