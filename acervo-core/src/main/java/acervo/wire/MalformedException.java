package acervo.wire;

/// Bytes that can't be what they should be: damage, or a newer program's format. Never the caller's fault.
public final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MalformedException(String message) {
        super(message);
    }
}
