package acervo.client;

import acervo.model.RefusedException;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;

/// Counts the failures of one undertaking and waits between its attempts: 50 ms, doubled up to 2 s, each between half
/// and
/// the whole of it (so that many clients don't come back at the same instant). Progress resets it. One thread.
public final class Patience {
    private static final long FIRST_MILLIS = 50;
    private static final long LONGEST_MILLIS = 2_000;

    private final Transport transport;
    private final RetryPolicy policy;
    private int failures;
    private long firstFailure;

    Patience(Transport transport, RetryPolicy policy) {
        this.transport = transport;
        this.policy = policy;
    }

    /// Something got through: earlier failures are forgotten.
    public void progress() {
        failures = 0;
    }

    /// Waits until the next attempt makes sense.
    ///
    /// @throws UnreachableException when patience is at its end, or when the server was never reached at all
    /// @throws RefusedException when the server went on saying "later"
    public void afterFailure(IOException cause) {
        long now = policy.nanoClock().getAsLong();
        if (failures++ == 0) {
            firstFailure = now;
        }
        long left = policy.patience().toNanos() - (now - firstFailure);
        long millis = backOff();
        if (cause instanceof TryLaterException later) {
            millis = Math.max(millis, later.millis());
        }
        if (left < millis * 1_000_000 || !transport.everConnected()) {
            throw giveUp(cause);
        }
        try {
            policy.pause().pause(millis);
        } catch (IOException e) {
            throw giveUp(e);
        }
    }

    private long backOff() {
        long whole = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures - 1, 10));
        return ThreadLocalRandom.current().nextLong(whole / 2, whole + 1);
    }

    private RuntimeException giveUp(IOException cause) {
        return cause instanceof TryLaterException later
                ? new RefusedException(later.refusal())
                : new UnreachableException(transport.server(), transport.everConnected(), cause);
    }
}
