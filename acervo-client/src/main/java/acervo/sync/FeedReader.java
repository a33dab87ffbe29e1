package acervo.sync;

import acervo.client.UnreachableException;
import acervo.model.Reason;
import acervo.model.RefusedException;
import org.jspecify.annotations.Nullable;

/// Reads the feed whenever there is reason to: at the start, at a hint, after our own changes, and now and then in
/// case a hint was lost. The control thread's; the reading itself is work.
final class FeedReader {
    private static final int PAGE = 10_000;
    private static final long NOW_AND_THEN = 60_000;
    private static final long FIRST_PAUSE = 1_000;
    private static final long LONGEST_PAUSE = 60_000;
    private static final long REFUSED_PAUSE = 30_000;

    /// Why the space can't be worked with for now.
    ///
    /// @param refused whether the server said no; else it could not be reached
    record Trouble(boolean refused, String what) {}

    /// Takes in what was read.
    interface Taker {
        /// @return whether it was the last page, for now
        boolean took(RemoteSpace.FeedPage page);

        /// Another catalog stands behind the space: what was awaited of the one before will never come.
        void merged();

        /// The remote tree was forgotten, and is read anew.
        void rereads();

        /// Whether it can be worked with the space has changed, or it was read to its end.
        void feedTurned();

        /// Something that must not happen.
        void failed(Throwable bug);
    }

    private final RemoteSpace space;
    private final Workers workers;
    private final Ledger ledger;
    private final Taker taker;
    private boolean reading;
    private boolean again;
    private boolean complete;
    /// Whether the remote tree is being read from its beginning.
    private boolean fromStart;
    private boolean watching;
    private boolean stopped;
    private @Nullable Trouble trouble;
    private long pause = FIRST_PAUSE;
    /// Makes timers of the past count for nothing.
    private int timer;

    FeedReader(RemoteSpace space, Workers workers, Ledger ledger, Taker taker) {
        this.space = space;
        this.workers = workers;
        this.ledger = ledger;
        this.taker = taker;
    }

    /// Whether the remote tree is a state that the space once had, and nothing is wrong with the space.
    boolean isComplete() {
        return complete && trouble == null;
    }

    boolean isReading() {
        return reading;
    }

    @Nullable
    Trouble trouble() {
        return trouble;
    }

    void stop() {
        stopped = true;
    }

    /// Asks to read, soon.
    void read() {
        if (stopped) {
            return;
        }
        if (reading) {
            again = true;
            return;
        }
        reading = true;
        again = false;
        long after = ledger.trees().cursor();
        fromStart |= after == 0;
        workers.work(() -> {
            try {
                RemoteSpace.FeedPage page = space.feed(after, PAGE);
                workers.control(() -> took(page, after));
            } catch (UnreachableException e) {
                String what = String.valueOf(e.getMessage());
                workers.control(() -> broke(new Trouble(false, what)));
            } catch (RefusedException e) {
                workers.control(() -> broke(refused(e)));
            } catch (RuntimeException | Error e) {
                workers.control(() -> {
                    reading = false;
                    complete = false;
                    taker.failed(e);
                });
            }
        });
    }

    static Trouble refused(RefusedException e) {
        Reason reason = e.refusal().reason();
        boolean passing = reason == Reason.UNAVAILABLE || reason == Reason.TOO_MANY;
        return new Trouble(!passing, e.refusal().toString());
    }

    /// Someone else met a trouble: whatever came of their request, the feed tells when it can be read again.
    void met(Trouble what) {
        complete = false;
        if (trouble == null && !reading) {
            rest(pause(what));
        }
        trouble = what;
        taker.feedTurned();
    }

    private void took(RemoteSpace.FeedPage page, long after) {
        reading = false;
        if (stopped) {
            taker.feedTurned();
            return;
        }
        trouble = null;
        pause = FIRST_PAUSE;
        long epoch = ledger.epoch();
        if (epoch != 0 && page.epoch() != epoch || page.latest() < after) {
            complete = false;
            ledger.merge(page.epoch());
            taker.merged();
            read();
        } else if (after < page.start() && after != 0 && !fromStart) {
            // Removals that were never told to us are told no more: what is gone is what a whole reading lacks.
            complete = false;
            ledger.rereadRemote();
            taker.rereads();
            read();
        } else {
            complete = taker.took(page);
            fromStart &= !complete;
            if (!complete || again) {
                read();
            } else {
                rest(NOW_AND_THEN);
            }
            if (complete && !watching) {
                watching = true;
                space.watch(ledger.trees().cursor(), () -> workers.control(this::read));
            }
        }
        taker.feedTurned();
    }

    private void broke(Trouble what) {
        reading = false;
        complete = false;
        trouble = what;
        if (!stopped) {
            rest(pause(what));
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
        taker.feedTurned();
    }

    private long pause(Trouble what) {
        return what.refused() ? Math.max(pause, REFUSED_PAUSE) : pause;
    }

    private void rest(long millis) {
        timer++;
        int mine = timer;
        workers.later(millis, () -> {
            if (mine == timer) {
                read();
            }
        });
    }
}
