package acervo.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The door by which the command line starts the server, found by `ServiceLoader`: client and server know only this.
public interface ServerProgram {
    /// Runs a server until the process is told to stop.
    ///
    /// @return an exit code of the command line: 0 stopped in order, 1 failed
    int serve(Options options);

    /// What runs in the server's process beside it, and speaks to it as any client would.
    interface Companion extends AutoCloseable {
        /// Begins, once the server answers. Must return soon.
        ///
        /// @param port the one that the server has taken
        void start(int port) throws IOException;

        /// Ends, before the server stops to answer.
        @Override
        void close();
    }

    /// What `acervo serve` was told.
    ///
    /// @param data the data folder; made when missing
    /// @param listenHost the address to listen on
    /// @param listenPort 0 to 65535; 0 takes a free one
    /// @param cacheBytes the most that the memory cache of hot files may take
    /// @param shares folders that every client may read
    /// @param portFile where to write the port that was taken, for scripts and tests
    /// @param companion what runs beside the server
    /// @param settings rarely used settings by name, each documented in `docs/operate.md`
    record Options(
            Path data,
            String listenHost,
            int listenPort,
            long cacheBytes,
            boolean ephemeral,
            boolean json,
            int verbosity,
            List<Share> shares,
            Optional<Path> portFile,
            Optional<Companion> companion,
            Map<String, String> settings) {}

    /// A folder of this machine, and the name that its space gets.
    record Share(SpaceName name, Path folder) {}
}
