package acervo.server;

import java.util.logging.LogManager;

/// The log manager of a server: the usual one takes all loggers apart as soon as the process is told to stop, and what
/// happens while the
/// server closes would be lost.
public final class KeptLogs extends LogManager {
    private static volatile boolean kept;

    /// For the log manager's own start.
    public KeptLogs() {}

    /// From now on only the server itself ends its log.
    static void keep() {
        kept = true;
    }

    @Override
    public void reset() {
        if (!kept) {
            super.reset();
        }
    }
}
