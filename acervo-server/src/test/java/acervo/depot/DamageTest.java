package acervo.depot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written down of damage; what is done about it stands in [VerificationTest] and [DownloadTest].
final class DamageTest {
    @TempDir
    private Path folder;

    @Test
    void whatCouldNotBeWrittenDownIsWrittenTheNextTime() throws IOException {
        try (World world = new World(folder)) {
            BlobId missing = new BlobId(1, 2, 3, 4);
            assertTrue(world.depot.damage().reportMissing(missing));
            Path inTheWay = Files.createDirectory(folder.resolve("damaged.new"));
            assertThrows(UncheckedIOException.class, () -> world.depot.damage().save());
            Files.delete(inTheWay);
            world.depot.damage().save();
            world.killAndRestart();
            assertEquals(List.of(missing), world.depot.damage().ids());
        }
    }
}
