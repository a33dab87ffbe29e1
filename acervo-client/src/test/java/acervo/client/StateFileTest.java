package acervo.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateFileTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Map<String, String> values = Map.of("a", "x=y", "b", "line\nnext\\n", "c", "", "d", "é😀");
        StateFile.write(folder.resolve("f"), "a comment\nof two lines", values);
        assertEquals(Optional.of(values), StateFile.read(folder.resolve("f")));
    }

    @Test
    void onlyTheOwnerMayReadIt() throws IOException {
        Path file = folder.resolve("new/folder/f");
        StateFile.write(file, "", Map.of("a", "b"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("new"))));
    }

    @Test
    void aRewriteLeavesNothingElseBehind() throws IOException {
        StateFile.write(folder.resolve("f"), "", Map.of("a", "b"));
        StateFile.write(folder.resolve("f"), "", Map.of("a", "c"));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
        assertEquals("c", StateFile.read(folder.resolve("f")).orElseThrow().get("a"));
    }

    @Test
    void aMissingFileIsEmpty() throws IOException {
        assertTrue(StateFile.read(folder.resolve("none")).isEmpty());
    }
}
