package acervo.catalog;

import acervo.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/// Opens catalogs.
public final class Catalogs {
    private Catalogs() {}

    /// Opens the catalog in a folder, or makes one where there is none, and replays what the rows don't have yet.
    /// When it returns, the
    /// catalog is ready to take commands, and `self` is among its nodes.
    ///
    /// @param folder of the catalog alone
    /// @throws IOException when it can't be opened: another server's, damaged, in use, or no room; nothing is
    /// formatted over what is there
    public static Catalog open(Path folder, NodeId self, CatalogOptions options) throws IOException {
        try {
            return RocksCatalog.open(folder, self, options);
        } catch (CatalogUnavailableException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /// The same with what suits the folder's disk.
    public static Catalog open(Path folder, NodeId self, InstantSource clock) throws IOException {
        Files.createDirectories(folder);
        return open(
                folder,
                self,
                CatalogOptions.forDisk(clock, Files.getFileStore(folder).getTotalSpace()));
    }

    /// A catalog that is gone when the process ends: for `--ephemeral` and for tests. `self` is its one node.
    ///
    /// @param clock stamps the commands
    public static Catalog memory(NodeId self, InstantSource clock) {
        return new MemoryCatalog(self, clock);
    }
}
