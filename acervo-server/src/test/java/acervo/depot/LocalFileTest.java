package acervo.depot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalFileTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadAndReplacedAsAWhole() throws IOException {
        Path file = folder.resolve("f");
        assertTrue(LocalFile.read(file).isEmpty());
        LocalFile.write(file, new byte[] {1, 2, 3});
        LocalFile.write(file, new byte[] {4});
        assertArrayEquals(new byte[] {4}, LocalFile.read(file).orElseThrow());
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
        LocalFile.remove(file);
        LocalFile.remove(file);
        assertFalse(Files.exists(file));
    }

    @Test
    void anyFlippedOrMissingByteIsSeen() throws IOException {
        Path file = folder.resolve("f");
        LocalFile.write(file, new byte[] {1, 2, 3});
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            Files.write(file, bad);
            assertTrue(LocalFile.read(file).isEmpty());
            Files.write(file, java.util.Arrays.copyOf(good, i));
            assertTrue(LocalFile.read(file).isEmpty());
        }
    }

    @Test
    void failingDiskIsAnException() {
        Path nowhere = folder.resolve("none").resolve("f");
        assertThrows(UncheckedIOException.class, () -> LocalFile.write(nowhere, new byte[1]));
    }
}
