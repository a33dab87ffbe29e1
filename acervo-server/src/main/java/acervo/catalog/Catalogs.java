package acervo.catalog;

import acervo.model.NodeId;
import java.time.InstantSource;

/// Opens catalogs.
public final class Catalogs {
    private Catalogs() {}

    /// A catalog that is gone when the process ends: for `--ephemeral` and for tests. `self` is its one node.
    ///
    /// @param clock stamps the commands
    public static Catalog memory(NodeId self, InstantSource clock) {
        return new MemoryCatalog(self, clock);
    }
}
