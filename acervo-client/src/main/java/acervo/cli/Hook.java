package acervo.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A person's own command, run when something happened. What happened stands in its environment: the shell reads the
/// command as the person wrote it, and no name of a file is ever part of what it reads.
final class Hook {
    private static final Path SHELL = Path.of("/bin/sh");

    private final Session session;
    private final String command;

    Hook(Session session, String command) {
        this.session = session;
        this.command = command;
    }

    /// Runs it to its end. It has nothing on its standard input; what it prints goes where this program prints, or
    /// to
    /// the error stream when this program prints JSON.
    ///
    /// @return its exit code
    int run(Map<String, String> facts) throws IOException {
        List<String> words =
                Files.isExecutable(SHELL) ? List.of(SHELL.toString(), "-c", command) : List.of("cmd", "/c", command);
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(session.io().path("").toAbsolutePath().toFile());
        builder.environment().putAll(facts);
        session.out().flush();
        Process process = builder.start();
        process.getOutputStream().close();
        OutputStream out =
                session.out().isJson() ? session.io().err() : session.io().out();
        Thread errors = Thread.ofVirtual()
                .start(() -> pump(process.getErrorStream(), session.io().err()));
        pump(process.getInputStream(), out);
        try {
            errors.join();
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    private static InterruptedIOException interrupted(InterruptedException e) {
        InterruptedIOException failure = new InterruptedIOException("interrupted while a command ran");
        failure.initCause(e);
        return failure;
    }

    private static void pump(InputStream from, OutputStream to) {
        try (from) {
            from.transferTo(to);
            to.flush();
        } catch (IOException _) {
            // One of the two has gone; the exit code tells what matters.
        }
    }
}
