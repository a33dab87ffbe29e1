package acervo.client;

import java.io.IOException;

/// The server could not be reached, or not any more, for as long as we are patient. Nothing is known of a request that
/// was
/// under way; the same command may be given again.
public final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ServerAddress server;
    private final boolean wasConnected;

    public UnreachableException(ServerAddress server, boolean wasConnected, IOException cause) {
        super(server + ": " + describe(cause), cause);
        this.server = server;
        this.wasConnected = wasConnected;
    }

    private static String describe(IOException cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    public ServerAddress server() {
        return server;
    }

    /// Whether the server had answered before in this process: then the connection broke, otherwise it never came
    /// about.
    public boolean wasConnected() {
        return wasConnected;
    }

    /// What was seen, in the system's words.
    public String seen() {
        return getCause() instanceof IOException e ? describe(e) : "";
    }
}
