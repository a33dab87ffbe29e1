package acervo.depot;

import acervo.blob.BlobStore;
import acervo.blob.DiskBlobStore;
import acervo.blob.DiskSettings;
import acervo.blob.HookedBlobs;
import acervo.catalog.Catalog;
import acervo.catalog.CatalogOptions;
import acervo.catalog.Catalogs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A [World] on the store and the catalog that are used for real, each in a folder. Nothing runs by itself in them
/// either, so that their files stand still while nobody calls.
final class DiskWorld extends World {
    private int kills;

    DiskWorld(Path folder) {
        super(folder, DepotSettings.DEFAULTS, clock -> store(folder), clock -> names(folder, clock));
    }

    private static BlobStore store(Path folder) {
        return DiskBlobStore.open(folder.resolve("blobs"), new DiskSettings(0, 16 << 20, BlobStore.SMALL, false));
    }

    private static Catalog names(Path folder, FakeClock clock) {
        try {
            return Catalogs.open(
                    folder.resolve("catalog"),
                    NODE,
                    new CatalogOptions(clock, 1 << 20, 64 << 20, 100_000, 64 << 20, 0, 1_000_000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Goes on with a copy of the files as they are at this moment: all that `kill -9` would leave.
    @Override
    void killAndRestart() {
        Path left = folder.resolveSibling("left" + ++kills);
        try {
            copy(folder, left);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        blobs.forgetOpenStages();
        catalog.close();
        blobs.close();
        folder = left;
        blobs = new HookedBlobs(store(folder));
        catalog = new HookedCatalog(names(folder, clock));
        depot = Depot.still(blobs, catalog, NODE, folder, settings, clock);
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.toList();
        }
        for (Path one : all) {
            Files.copy(one, to.resolve(from.relativize(one)));
        }
    }
}
