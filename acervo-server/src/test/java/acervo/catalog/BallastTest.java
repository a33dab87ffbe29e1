package acervo.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a nearly full disk does to it stands in [FullDiskTest].
final class BallastTest {
    private static final long BYTES = 300_000;
    private static final long NEVER = Long.MAX_VALUE / 4;

    @TempDir
    private Path folder;

    @Test
    void oneThatIsMissingKeepsNobodyWaitingWhereThereIsRoom() throws IOException {
        Ballast ballast = new Ballast(folder.resolve("ballast"), BYTES, 1);
        assertFalse(ballast.out());
        ballast.letGoBelow(1);
        assertFalse(ballast.out());
        ballast.balance(1);
        assertEquals(BYTES, Files.size(folder.resolve("ballast")));
        assertFalse(ballast.out());
    }

    @Test
    void oneThatIsMissingIsOutWhereThereIsNone() throws IOException {
        Ballast ballast = new Ballast(folder.resolve("ballast"), BYTES, NEVER);
        assertTrue(ballast.out());
        ballast.balance(1);
        assertFalse(ballast.out());
        assertTrue(Files.exists(folder.resolve("ballast")));
    }

    @Test
    void itIsLetGoOfAndComesBack() throws IOException {
        Ballast ballast = new Ballast(folder.resolve("ballast"), BYTES, 1);
        ballast.balance(1);
        ballast.letGoBelow(NEVER);
        assertTrue(ballast.out());
        assertFalse(Files.exists(folder.resolve("ballast")));
        ballast.balance(1);
        assertFalse(ballast.out());
        assertTrue(Files.exists(folder.resolve("ballast")));
    }

    @Test
    void whatAnUnfinishedOneLeftTakesNoRoom() throws IOException {
        Files.write(folder.resolve("ballast.tmp"), new byte[1000]);
        var _ = new Ballast(folder.resolve("ballast"), BYTES, 1);
        assertFalse(Files.exists(folder.resolve("ballast.tmp")));
    }
}
