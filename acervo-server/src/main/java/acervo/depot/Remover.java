package acervo.depot;

import acervo.blob.BlobStore;
import acervo.catalog.Catalog;
import acervo.model.BlobId;

/// The one way by which bytes leave the store. Any thread. See [Pins] for why it is safe.
final class Remover {
    private final BlobStore blobs;
    private final Catalog catalog;
    private final Pins pins;
    private final HotCache cache;
    private final Damage damage;

    Remover(BlobStore blobs, Catalog catalog, Pins pins, HotCache cache, Damage damage) {
        this.blobs = blobs;
        this.catalog = catalog;
        this.pins = pins;
        this.cache = cache;
        this.damage = damage;
    }

    /// Removes the bytes of `id` unless a deposit is about to refer to them or the catalog knows them.
    ///
    /// @return whether they are gone
    boolean removeUnlessWanted(BlobId id) {
        boolean[] removed = {false};
        pins.unlessPinned(id, () -> {
            if (catalog.blob(id).isEmpty()) {
                blobs.remove(id);
                cache.drop(id);
                damage.forget(id);
                removed[0] = true;
            }
        });
        return removed[0];
    }
}
