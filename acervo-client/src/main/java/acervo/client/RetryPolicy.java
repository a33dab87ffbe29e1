package acervo.client;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// How long to go on trying, and how to wait.
///
/// @param patience how long without any progress, from the first failure on
/// @param idle how long a connection may stand still before it counts as broken
/// @param nanoClock a clock like `System.nanoTime`
public record RetryPolicy(Duration patience, Duration idle, LongSupplier nanoClock, Pause pause) {
    /// 30 seconds of patience, 2 minutes of silence on a connection.
    public static final RetryPolicy USUAL =
            new RetryPolicy(Duration.ofSeconds(30), Duration.ofMinutes(2), System::nanoTime, RetryPolicy::park);

    /// The same with another patience.
    public RetryPolicy patient(Duration other) {
        return new RetryPolicy(other, idle, nanoClock, pause);
    }

    /// Waits between attempts.
    @FunctionalInterface
    public interface Pause {
        /// @param millis at least 1
        void pause(long millis) throws InterruptedIOException;
    }

    private static void park(long millis) throws InterruptedIOException {
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = millis * 1_000_000; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedIOException("interrupted between two attempts");
            }
        }
    }
}
