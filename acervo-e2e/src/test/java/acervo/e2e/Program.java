package acervo.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The packaged program's folder, and how a process of it is run.
final class Program {
    /// `target/acervo`, as the build made it; `-Dacervo.program=DIR` tries another one.
    static final Path HOME = Path.of(System.getProperty("acervo.program", "../target/acervo"))
            .toAbsolutePath()
            .normalize();

    static final Path LAUNCHER = HOME.resolve("bin/acervo");

    private Program() {}

    /// What a process printed and how it ended.
    record Run(int exit, String out, String err) {
        /// Fails unless it ended well.
        Run ok() {
            return ended(0);
        }

        /// Fails unless it ended with that code.
        Run ended(int code) {
            if (exit != code) {
                throw new AssertionError("exit code " + exit + " instead of " + code + "\n" + out + err);
            }
            return this;
        }
    }

    /// Runs a command to its end, for at most two minutes.
    static Run run(List<String> command, Map<String, String> environment, Path folder, @Nullable String input) {
        try {
            Path out = Files.createTempFile("acervo-e2e", ".out");
            Path err = Files.createTempFile("acervo-e2e", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                try (var stdin = process.getOutputStream()) {
                    if (input != null) {
                        stdin.write(input.getBytes(StandardCharsets.UTF_8));
                    }
                } catch (IOException e) {
                    // It ended without reading what it was given: its exit code says why.
                }
                if (!process.waitFor(120, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("still running after two minutes: " + command);
                }
                return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
