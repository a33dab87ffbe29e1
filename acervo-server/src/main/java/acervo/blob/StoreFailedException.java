package acervo.blob;

import org.jspecify.annotations.Nullable;

/// The disk failed. The store takes no more writes until it is opened again.
public final class StoreFailedException extends StoreException {
    private static final long serialVersionUID = 1;

    public StoreFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
