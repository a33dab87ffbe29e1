package acervo.sync;

import acervo.model.FilePath;

/// A local path no longer holds what was observed. Not a fault: it will be observed again.
public final class ChangedException extends Exception {
    private static final long serialVersionUID = 1;

    public ChangedException(FilePath path) {
        super(path + " was changed meanwhile", null, false, false);
    }
}
