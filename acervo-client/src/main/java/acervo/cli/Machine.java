package acervo.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// This machine's name, for the names of conflicts.
final class Machine {
    private Machine() {}

    static String name() {
        try {
            // By lines: read in pieces, such a file ends after the first one, which is a single byte.
            return Files.readAllLines(Path.of("/proc/sys/kernel/hostname")).stream()
                    .findFirst()
                    .orElse("");
        } catch (IOException _) {
            return System.getProperty("user.name", "");
        }
    }
}
