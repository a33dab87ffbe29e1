package acervo.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RealDiskTest {
    @TempDir
    Path folder;

    private RealDisk disk;

    @BeforeEach
    void open() throws IOException {
        disk = new RealDisk(folder);
    }

    private Path write(String name, byte[] bytes) throws IOException {
        Path path = folder.resolve(name);
        try (DiskFile file = disk.open(path, Disk.Mode.CREATE)) {
            file.writeFully(ByteBuffer.wrap(bytes), 0);
            file.force();
        }
        disk.forceFolder(folder);
        return path;
    }

    @Test
    void readingFromTheMediumGivesTheSameBytesAtEveryOddPlace() throws IOException {
        long seed = Seed.of("RealDiskTest");
        Random random = new Random(seed);
        byte[] bytes = Bytes.random(900_001, seed);
        try (DiskFile file = disk.open(write("x", bytes), Disk.Mode.READ_MEDIUM)) {
            for (int i = 0; i < 300; i++) {
                int from = random.nextInt(bytes.length + 1);
                int size = random.nextInt(Math.min(bytes.length - from, i % 2 == 0 ? 5000 : 400_000) + 1);
                ByteBuffer into = ByteBuffer.allocate(size);
                file.readFully(into, from);
                assertArrayEquals(Arrays.copyOfRange(bytes, from, from + size), into.array(), from + "+" + size);
            }
            assertEquals(-1, file.read(ByteBuffer.allocate(1), bytes.length));
            assertEquals(-1, file.read(ByteBuffer.allocate(1), bytes.length + 10_000L));
            assertThrows(EOFException.class, () -> file.readFully(ByteBuffer.allocate(2), bytes.length - 1));
            assertEquals(bytes.length, file.size());
        }
    }

    @Test
    void whatIsAbsentSaysSo() throws IOException {
        Path absent = folder.resolve("absent");
        for (Disk.Mode mode : List.of(Disk.Mode.READ, Disk.Mode.READ_MEDIUM, Disk.Mode.WRITE)) {
            assertThrows(
                    NoSuchFileException.class, () -> disk.open(absent, mode).close());
        }
        assertThrows(NoSuchFileException.class, () -> disk.stamp(absent));
        assertThrows(NoSuchFileException.class, () -> disk.rename(absent, folder.resolve("to")));
        assertFalse(disk.unlink(absent));
        assertEquals(List.of(), disk.list(absent));
    }

    @Test
    void theStampTellsAChangeOfBytesOrOfTheFile() throws IOException {
        Path path = write("x", new byte[10]);
        Disk.Stamp before = disk.stamp(path);
        assertEquals(10, before.size());
        assertEquals(before, disk.stamp(path));
        Path other = write("y", new byte[10]);
        disk.rename(other, path);
        assertNotEquals(before, disk.stamp(path));
    }

    @Test
    void foldersAreTheOwnersOnly() throws IOException {
        assertTrue(disk.createFolder(folder.resolve("f")));
        assertFalse(disk.createFolder(folder.resolve("f")));
        assertEquals(
                "rwx------",
                java.nio.file.attribute.PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("f"))));
    }

    @Test
    void creatingEmptiesWhatIsThere() throws IOException {
        Path path = write("x", new byte[10]);
        disk.open(path, Disk.Mode.CREATE).close();
        assertEquals(0, disk.stamp(path).size());
    }
}
