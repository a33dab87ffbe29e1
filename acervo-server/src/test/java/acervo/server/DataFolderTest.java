package acervo.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import acervo.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
    @TempDir
    Path folder;

    private static String rights(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static void assertRefused(String key, Path data) {
        StartException refused =
                assertThrows(StartException.class, () -> DataFolder.open(data).close());
        assertEquals(key, refused.key());
    }

    @Test
    void aNewFolderIsForItsOwnerOnly() throws IOException, StartException {
        Path data = folder.resolve("a/b");
        try (DataFolder opened = DataFolder.open(data)) {
            assertEquals("rwx------", rights(data));
            assertEquals("rw-------", rights(data.resolve("operator.secret")));
            assertEquals(64, opened.operatorSecret().length);
            assertEquals("acervo 1\n", Files.readString(data.resolve("format")));
        }
    }

    @Test
    void whatItHoldsStaysTheSame() throws StartException {
        Path data = folder.resolve("data");
        NodeId node;
        byte[] secret;
        try (DataFolder opened = DataFolder.open(data)) {
            node = opened.node();
            secret = opened.operatorSecret();
        }
        try (DataFolder again = DataFolder.open(data)) {
            assertEquals(node, again.node());
            assertArrayEquals(secret, again.operatorSecret());
        }
    }

    @Test
    void oneServerAtATimeHasIt() throws StartException {
        Path data = folder.resolve("data");
        try (DataFolder opened = DataFolder.open(data)) {
            assertEquals(data, opened.root());
            assertRefused("folder.locked", data);
        }
        DataFolder.open(data).close();
    }

    @Test
    void aNewerFormatIsLeftAlone() throws IOException, StartException {
        Path data = folder.resolve("data");
        DataFolder.open(data).close();
        Files.writeString(data.resolve("format"), "acervo 2\n");
        assertRefused("folder.newer", data);
        Files.writeString(data.resolve("format"), "something\n");
        assertRefused("folder.damaged", data);
    }

    @Test
    void aFolderWithOtherThingsIsNotTaken() throws IOException {
        Files.writeString(folder.resolve("thesis.txt"), "years of work");
        assertRefused("folder.foreign", folder);
        assertFalse(Files.exists(folder.resolve("format")));
    }

    @Test
    void aStartThatWasKilledAtTheBeginningCanBeRepeated() throws IOException, StartException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.createFile(data.resolve("lock"));
        Files.writeString(data.resolve("format.new"), "acer");
        DataFolder.open(data).close();
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertRefused("folder.unwritable", file);
        assertRefused("folder.unwritable", file.resolve("below"));
    }

    @Test
    void aPassingFolderGoesWithItsServer() throws StartException {
        DataFolder passing = DataFolder.passing();
        Path root = passing.root();
        passing.close();
        assertFalse(Files.exists(root));
    }
}
