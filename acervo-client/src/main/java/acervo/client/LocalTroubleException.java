package acervo.client;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Carries [LocalTrouble] to whoever deals with one file at a time.
public final class LocalTroubleException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient LocalTrouble trouble;

    LocalTroubleException(LocalTrouble.Kind kind, String path, String detail) {
        super(kind + " " + path + (detail.isEmpty() ? "" : ": " + detail));
        this.trouble = new LocalTrouble(kind, path, detail);
    }

    /// Turns a failed access to a local file into its trouble.
    static LocalTroubleException of(LocalTrouble.Kind otherwise, String path, IOException e) {
        LocalTroubleException trouble = switch (e) {
            case NoSuchFileException _ -> new LocalTroubleException(LocalTrouble.Kind.NOT_FOUND, path, "");
            case AccessDeniedException _ -> new LocalTroubleException(otherwise, path, "permission denied");
            case FileSystemException f
            when f.getReason() != null -> new LocalTroubleException(otherwise, path, String.valueOf(f.getReason()));
            default -> new LocalTroubleException(otherwise, path, String.valueOf(e.getMessage()));
        };
        trouble.initCause(e);
        return trouble;
    }

    /// A local file that can't be looked at.
    public static LocalTroubleException unreadable(Path path, IOException e) {
        return of(LocalTrouble.Kind.UNREADABLE, path.toString(), e);
    }

    public LocalTrouble trouble() {
        return trouble;
    }
}
