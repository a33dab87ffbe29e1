package acervo.depot;

import acervo.blob.StoreStatus;
import acervo.catalog.Catalog.CatalogStatus;
import java.util.List;

/// How the depot stands; cheap enough to ask every second.
///
/// @param nodes machines that can hold copies
/// @param damaged blobs found damaged or missing that the catalog refers to
/// @param filesShort versions of files that refer to those: they have fewer verified copies than wanted
/// @param uploads resumable uploads begun and not ended
/// @param uploadBytes what those hold
/// @param writable whether deposits can succeed now
/// @param troubles what is wrong, in English; empty when all is well
public record DepotStatus(
        CatalogStatus catalog,
        StoreStatus store,
        CacheStatus cache,
        Verification.Progress verification,
        int nodes,
        long damaged,
        long filesShort,
        int uploads,
        long uploadBytes,
        boolean writable,
        List<String> troubles) {
    /// Counters since start, and what is held now.
    ///
    /// @param bytes held, overhead included
    public record CacheStatus(long hits, long misses, long evictions, long bytes, long limitBytes) {}
}
