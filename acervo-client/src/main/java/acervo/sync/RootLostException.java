package acervo.sync;

/// The local folder is not there, or is not the one that was kept in step.
public final class RootLostException extends Exception {
    private static final long serialVersionUID = 1;

    public RootLostException(String why) {
        super(why);
    }
}
