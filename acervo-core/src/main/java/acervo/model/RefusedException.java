package acervo.model;

/// Carries a [Refusal] to the edge, where one place turns it into an answer. It is the caller's "no", not a fault: it
/// has no
/// stack trace and is never logged as an error.
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    public RefusedException(Refusal refusal) {
        super(refusal.toString(), null, false, false);
        this.refusal = refusal;
    }

    public RefusedException(Reason reason, Object... arguments) {
        this(new Refusal(reason, arguments));
    }

    public Refusal refusal() {
        return refusal;
    }
}
