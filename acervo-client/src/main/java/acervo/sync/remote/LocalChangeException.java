package acervo.sync.remote;

import acervo.model.FilePath;

/// A local file is not what was observed, or can't be read any more. Kept apart from what goes wrong with a connection,
/// which is tried again.
final class LocalChangeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LocalChangeException(FilePath path) {
        super(path + " was changed meanwhile", null, false, false);
    }
}
