package acervo.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Waits for `strace` to have taken hold of a process.
final class Traced {
    private Traced() {}

    /// Returns when every thread of the process has a tracer.
    static void await(long pid) throws IOException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (System.nanoTime() < deadline) {
            try (var tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
                if (tasks.allMatch(task -> traced(task.resolve("status")))) {
                    return;
                }
            }
        }
        throw new AssertionError("strace did not attach");
    }

    private static boolean traced(Path status) {
        try (var lines = Files.lines(status)) {
            return lines.noneMatch(line -> line.matches("TracerPid:\\s+0"));
        } catch (IOException | UncheckedIOException e) {
            return true;
        }
    }
}
