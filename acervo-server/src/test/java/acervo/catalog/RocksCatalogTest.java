package acervo.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.Command;
import acervo.model.FilePath;
import acervo.model.PathPattern;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksCatalogTest extends InterestContract {
    @TempDir
    private Path folder;

    static CatalogOptions options() {
        return CatalogOptions.forDisk(() -> Instant.ofEpochMilli(1_000_000), 64 << 20);
    }

    @Override
    Catalog open() {
        try {
            return Catalogs.open(folder.resolve("catalog"), NODE, options());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everythingIsThereAfterAReopen() {
        catalog.submit(putting(SpaceName.HOME, "a/b", 1), ANA, request());
        Catalog.CatalogStatus before = catalog.status();
        SpaceId home = catalog.space(ANA, SpaceName.HOME).orElseThrow().id();
        for (int i = 0; i < 3; i++) {
            catalog.close();
            catalog = open();
            assertEquals(before.files() + i, catalog.status().files());
            assertEquals(before.epoch(), catalog.status().epoch());
            assertTrue(catalog.status().appliedIndex() >= before.appliedIndex());
            assertEquals(
                    List.of("b"),
                    names(catalog, home, new FilePath("a"), null).stream()
                            .map(p -> p.substring(2))
                            .toList());
            catalog.submit(putting(SpaceName.HOME, "c" + i, 1), RUI, request());
        }
        assertEquals(4, catalog.status().files());
    }

    @Test
    void interestsAndNoticesAreThereAfterAReopen() {
        for (String pattern : List.of("a", "b")) {
            catalog.submit(
                    new Command.Want(SpaceName.PUBLIC, PathPattern.parse(pattern), 1_000, false, 0), RUI, request());
        }
        catalog.submit(putting(SpaceName.PUBLIC, "a", 1), ANA, request());
        for (int i = 0; i < 2; i++) {
            catalog.close();
            catalog = open();
            assertEquals(2, catalog.interests(RUI, 0, 10).getFirst().number());
            assertEquals(1, catalog.notices(RUI, 0, 10).notices().size());
        }
        catalog.submit(putting(SpaceName.PUBLIC, "b", 1), ANA, request());
        assertEquals(2, catalog.notices(RUI, 0, 10).notices().size());
    }
}
