package acervo.cli;

/// The exit codes, the same for every verb.
final class Exit {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int PARTLY = 3;
    static final int REFUSED = 4;
    static final int UNREACHABLE = 5;

    /// The wait ran out.
    static final int RAN_OUT = 6;

    private Exit() {}
}
