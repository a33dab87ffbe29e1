package acervo.sync.local;

import acervo.watch.Posix;
import acervo.watch.PosixException;
import java.lang.foreign.MemorySegment;

/// How far the times of the disk can be trusted. Pure but for its measuring.
///
/// A file system that keeps times in steps of a few milliseconds gives two changes within one step the same time, so
/// that a change right after the bytes were read can't be seen. Newer ones give every change that someone looked at a
/// time of its own.
///
/// @param stepNanos how long one time may stand for several changes; 0 for never
record Clockwork(long stepNanos) {
    /// Longer than the steps of every local file system that has nanoseconds at all.
    private static final long COARSE = 20_000_000L;
    /// FAT keeps even seconds.
    private static final long WHOLE_SECONDS = 2_100_000_000L;

    private static final int TRIES = 4;
    private static final String PROBE = ".acervo-clock";

    /// What is safe where nothing may be written.
    static Clockwork unknown() {
        return new Clockwork(WHOLE_SECONDS);
    }

    /// Finds out by changing a file twice in a row.
    static Clockwork measure(Session session) {
        Posix posix = session.posix();
        try {
            int file = posix.open(session.folder(), PROBE, Posix.O_WRONLY | Posix.O_CREAT | Posix.O_NOFOLLOW, 0600);
            try {
                MemorySegment one = posix.scratch();
                long last = Long.MIN_VALUE;
                boolean fine = true;
                for (int i = 0; i < TRIES; i++) {
                    posix.write(file, one, 1);
                    long now = posix.stat(file, "").changedNanos();
                    fine &= now > last;
                    last = now;
                }
                return new Clockwork(fine ? 0 : last % 1_000_000_000L == 0 ? WHOLE_SECONDS : COARSE);
            } finally {
                posix.close(file);
                posix.unlink(session.folder(), PROBE);
            }
        } catch (PosixException _) {
            return new Clockwork(COARSE);
        }
    }

    /// Whether a time is so young that a change from now on may get the same one.
    boolean isFresh(long changedNanos) {
        return stepNanos > 0 && System.currentTimeMillis() * 1_000_000L - changedNanos < stepNanos;
    }
}
