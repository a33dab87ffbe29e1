package acervo.client;

import acervo.model.Refusal;
import java.io.IOException;

/// The server asked to come back later (`429` or `503`).
final class TryLaterException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;
    private final long millis;

    /// @param millis what `Retry-After` said; 0 without one
    TryLaterException(Refusal refusal, long millis) {
        super(refusal.toString());
        this.refusal = refusal;
        this.millis = millis;
    }

    Refusal refusal() {
        return refusal;
    }

    long millis() {
        return millis;
    }
}
