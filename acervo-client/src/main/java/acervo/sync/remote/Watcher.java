package acervo.sync.remote;

import acervo.client.Following;
import acervo.client.Transport;
import acervo.model.RefusedException;
import acervo.model.SpaceName;
import acervo.wire.v1.WatchReply;
import acervo.wire.v1.WatchRequest;
import acervo.wire.v1.WatchedSpace;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Follows the space's feed, and says when it grew. One virtual thread, for as long as it is wanted.
///
/// Only a hint: the rows that come along are dropped, since what counts is the feed as it is read page by page.
final class Watcher implements AutoCloseable {
    /// After the server's "no": until somebody gets the right, or makes the space.
    private static final long REST_SECONDS = 30;

    private final Transport transport;
    private final SpaceName space;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// Who is told, since the last call of [#watch]; another object ends the thread that was started for this one.
    private @Nullable Watch current;

    Watcher(Transport transport, SpaceName space) {
        this.transport = transport;
        this.space = space;
    }

    void watch(long after, Runnable hint) {
        Watch fresh = new Watch(after, hint);
        replace(fresh);
        Thread.ofVirtual().name("acervo-watch-" + space).start(fresh::run);
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
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (old != null) {
            old.following.close();
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

    private void rest(Watch watch) {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(REST_SECONDS);
            while (current == watch && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            // Closed, or about to be.
        } finally {
            lock.unlock();
        }
    }

    private final class Watch implements Following.Listener<WatchReply> {
        private final Runnable hint;
        private final Following<WatchReply> following = new Following<>(transport, "Watch", WatchReply.parser(), this);

        /// The newest version that was hinted at; the running thread's own.
        private long after;

        private Watch(long after, Runnable hint) {
            this.after = after;
            this.hint = hint;
        }

        private void run() {
            while (isWanted(this)) {
                try {
                    following.run();
                } catch (RefusedException _) {
                    // Whoever reads the feed hears of it.
                }
                tell();
                rest(this);
            }
        }

        @Override
        public WatchRequest request() {
            return WatchRequest.newBuilder()
                    .addSpaces(WatchedSpace.newBuilder().setSpace(space.text()).setAfter(after))
                    .build();
        }

        /// The first message of a connection comes at once, so that what was missed without one is hinted at.
        @Override
        public boolean heard(WatchReply reply) {
            if (reply.getSpace().isEmpty()) {
                // It only says that the server is there.
                return true;
            }
            after = Math.max(after, reply.getLatest());
            tell();
            return !reply.hasError();
        }

        @Override
        public void lost(String seen) {
            // It is made again, and then hinted at what was missed.
        }

        private void tell() {
            if (isWanted(this)) {
                hint.run();
            }
        }
    }
}
