package acervo.catalog;

import org.jspecify.annotations.Nullable;

/// A command could not be carried out now. Retry with the same request id.
public final class CatalogUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CatalogUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
