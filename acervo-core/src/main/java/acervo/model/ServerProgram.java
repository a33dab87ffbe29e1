package acervo.model;

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

    /// What `acervo serve` was told.
    ///
    /// @param data the data folder; made when missing
    /// @param listenHost the address to listen on
    /// @param listenPort 0 to 65535; 0 takes a free one
    /// @param cacheBytes the most that the memory cache of hot files may take
    /// @param shares folders that every client may read
    /// @param portFile where to write the port that was taken, for scripts and tests
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
            Map<String, String> settings) {}

    /// A folder of this machine, and the name that its space gets.
    record Share(SpaceName name, Path folder) {}
}
