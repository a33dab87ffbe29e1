package acervo.interest;

import acervo.model.ClientId;
import acervo.model.SpaceId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// One stream to one reader. Woken when there may be news, it sends message by message for as long as its source has
/// any, each when the one before has left; in between it costs nothing. Any thread.
public final class Delivery<M> implements AutoCloseable {
    private enum State {
        /// Nothing to say, as far as is known.
        IDLE,
        /// Reading, or waiting for room.
        BUSY,
        /// The same, and there was news since it last looked.
        BUSY_WITH_NEWS,
        CLOSED
    }

    private final Source<M> source;
    private final Outlet<M> outlet;
    private final Rounds rounds;
    private final Lookout lookout;
    private final ClientId client;
    private final List<SpaceId> spaces;
    /// Notified when something was read.
    private final Object read = new Object();

    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

    /// @param spaces whose changes wake it; empty to be woken by the client's own interests and notices
    Delivery(
            Source<M> source, Outlet<M> outlet, Rounds rounds, Lookout lookout, ClientId client, List<SpaceId> spaces) {
        this.source = source;
        this.outlet = outlet;
        this.rounds = rounds;
        this.lookout = lookout;
        this.client = client;
        this.spaces = List.copyOf(spaces);
    }

    ClientId client() {
        return client;
    }

    List<SpaceId> spaces() {
        return spaces;
    }

    /// Begins to send.
    public void start() {
        lookout.add(this);
        wake();
    }

    /// There may be news. Never blocks.
    void wake() {
        State before = state.getAndUpdate(now -> switch (now) {
            case IDLE -> State.BUSY;
            case BUSY, BUSY_WITH_NEWS -> State.BUSY_WITH_NEWS;
            case CLOSED -> State.CLOSED;
        });
        if (before == State.IDLE) {
            rounds.add(this::round);
        }
    }

    private void round() {
        while (state.get() != State.CLOSED) {
            try {
                M message = source.next();
                tellWaiting();
                if (message != null) {
                    outlet.send(message, () -> rounds.add(this::round));
                    return;
                }
            } catch (RuntimeException e) {
                end(Optional.of(e));
                return;
            }
            if (source.isOver()) {
                end(Optional.empty());
                return;
            }
            if (state.compareAndSet(State.BUSY, State.IDLE)) {
                return;
            }
            // News came after the source was asked: it is asked again.
            state.compareAndSet(State.BUSY_WITH_NEWS, State.BUSY);
        }
    }

    /// Ends the stream from this side.
    ///
    /// @param trouble what the reader is told
    public void end(Optional<RuntimeException> trouble) {
        if (leave()) {
            outlet.end(trouble);
        }
    }

    /// Forgets the stream: its reader has gone.
    @Override
    public void close() {
        leave();
    }

    private boolean leave() {
        if (state.getAndSet(State.CLOSED) == State.CLOSED) {
            return false;
        }
        lookout.remove(this);
        tellWaiting();
        return true;
    }

    private void tellWaiting() {
        synchronized (read) {
            read.notifyAll();
        }
    }

    /// Waits until everything up to a notice was read for this stream, or the stream has ended.
    ///
    /// @param deadlineNanos of `System.nanoTime`: a reader that takes nothing keeps nobody waiting for longer
    void awaitRead(long notice, long deadlineNanos) {
        synchronized (read) {
            while (state.get() != State.CLOSED && source.place() < notice) {
                long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return;
                }
                try {
                    read.wait(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /// For those who look at it in a debugger or a test.
    @Override
    public String toString() {
        return "delivery to " + client + ", " + state.get();
    }
}
