package acervo.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server process on a free port of the loopback interface.
final class Server implements AutoCloseable {
    private final Path data;
    private final Path log;
    private final List<String> prefix;
    private final List<String> options;
    private Process process;
    private int port;

    private Server(Path data, List<String> prefix, List<String> options) {
        this.data = data;
        this.prefix = prefix;
        this.options = options;
        this.log = data.resolveSibling(data.getFileName() + ".log");
        this.process = launch(0);
    }

    static Server start(Path data, String... options) {
        return new Server(data, List.of(), List.of(options));
    }

    /// Starts it below another command, such as `strace`.
    static Server startUnder(List<String> prefix, Path data, String... options) {
        return new Server(data, prefix, List.of(options));
    }

    private Process launch(int wanted) {
        try {
            Path portFile = data.resolveSibling(data.getFileName() + ".port");
            Files.deleteIfExists(portFile);
            List<String> command = new ArrayList<>(prefix);
            command.addAll(List.of(
                    Program.LAUNCHER.toString(),
                    "serve",
                    "--data",
                    data.toString(),
                    "--listen",
                    "127.0.0.1:" + wanted,
                    "--port-file",
                    portFile.toString()));
            command.addAll(options);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(Map.of("LANG", "C.UTF-8"));
            Process started = builder.start();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!Files.exists(portFile) || Files.size(portFile) == 0) {
                // Asks the process itself, so that one that dies is noticed at once.
                if (started.waitFor(2, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                    started.destroyForcibly();
                    throw new AssertionError("the server did not start:\n" + log());
                }
            }
            port = Integer.parseInt(Files.readString(portFile).strip());
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return port;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    URI uri(String rawPath) {
        return URI.create("http://" + address() + rawPath);
    }

    Path data() {
        return data;
    }

    /// The process that serves: with a prefix, its newest descendant.
    ProcessHandle handle() {
        return process.descendants().reduce((a, b) -> b).orElse(process.toHandle());
    }

    /// What it printed so far.
    String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `kill -9`, and waits until it is gone.
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        await(process.destroyForcibly());
    }

    /// SIGTERM, and waits until it is gone.
    void stop() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        await(process);
    }

    /// Sends a signal, by its name.
    void signal(String name) {
        Program.run(List.of("kill", "-" + name, Long.toString(process.pid())), Map.of(), Path.of("."), null)
                .ok();
    }

    /// Sends a signal and waits until the process is gone.
    ///
    /// @return its exit status
    int told(String name) {
        signal(name);
        await(process);
        return process.exitValue();
    }

    /// Starts it again on the same port, with the same data.
    void restart() {
        process = launch(port);
    }

    /// Resident memory in bytes.
    long residentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc/" + handle().pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await(Process ending) {
        try {
            if (!ending.waitFor(30, TimeUnit.SECONDS)) {
                ending.destroyForcibly();
                throw new AssertionError("the server did not stop:\n" + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
