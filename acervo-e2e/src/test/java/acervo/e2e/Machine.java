package acervo.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// What a test does on this machine beside running the program.
final class Machine {
    private Machine() {}

    /// Makes a folder.
    static Path made(Path folder) throws IOException {
        return Files.createDirectories(folder);
    }

    /// Runs a script, which must end well.
    static void sh(Path in, String script) {
        Program.run(List.of("sh", "-ec", script), Map.of(), in, null).ok();
    }

    /// Whether a command is there.
    static boolean has(String tool) {
        return Program.run(List.of("sh", "-c", "command -v " + tool), Map.of(), Path.of("/"), null)
                        .exit()
                == 0;
    }

    /// Waits for a moment, and fails when it does not come.
    static void awaitTrue(BooleanSupplier what, String says) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!what.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never: " + says);
            }
            FolderShot.breathe();
        }
    }
}
