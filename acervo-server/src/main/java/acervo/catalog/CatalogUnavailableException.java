package acervo.catalog;

import org.jspecify.annotations.Nullable;

/// A command could not be carried out now. Retry with the same request id.
public final class CatalogUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean tried;

    public CatalogUnavailableException(String message, @Nullable Throwable cause) {
        this(message, cause, true);
    }

    private CatalogUnavailableException(String message, @Nullable Throwable cause, boolean tried) {
        super(message, cause);
        this.tried = tried;
    }

    /// For a command that was turned away at the door: it will not take effect later either.
    public static CatalogUnavailableException notTried(String message) {
        return new CatalogUnavailableException(message, null, false);
    }

    /// Whether the command may have taken effect, or may still do so.
    public boolean tried() {
        return tried;
    }
}
