package acervo.http;

/// A body that did not come whole: its connection broke, it was malformed, or it came too slowly.
final class BrokenBodyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    /// @param status of the answer, for the case that somebody is still there to read it
    BrokenBodyException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
