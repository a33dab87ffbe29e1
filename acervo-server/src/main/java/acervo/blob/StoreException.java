package acervo.blob;

import org.jspecify.annotations.Nullable;

/// The store could not do what it was asked, and nothing became visible.
public sealed class StoreException extends RuntimeException
        permits StoreFullException, StoreFailedException, CorruptBlobException {
    private static final long serialVersionUID = 1;

    StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
