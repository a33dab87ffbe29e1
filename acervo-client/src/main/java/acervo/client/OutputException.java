package acervo.client;

import java.io.IOException;

/// Whoever reads our output has had enough of it: a closed pipe, a full disk behind it.
public final class OutputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public OutputException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
