package acervo.blob;

import acervo.model.BlobId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One machine's copies of blobs. A blob is immutable and named by the SHA-256 of its bytes, so that there is
/// nothing to lock and nothing to overwrite.
///
/// Contract, passed by every implementation (`BlobStoreContract`):
/// - *Durability*: when [#putAll] or [Stage#commit] return, the bytes and their name survive `kill -9` and, on
///   disk, a power cut.
/// - *Atomicity*: a blob is whole or absent; a torn one is never opened.
/// - *Threading*: all methods may be called from any thread; callers block, and concurrent small puts share one
///   force.
/// - *Not an error*: storing what is already there (the bytes are kept once, and a damaged or quarantined copy
///   is replaced); removing what is absent; opening what is absent (empty).
/// - *Hashes* of what comes in are the caller's to compute, once, while streaming; the store adds block
///   checksums and checks those on the way out.
/// - *Full*: putting and staging throw [StoreFullException] when they would eat into the reserve; reading and
///   removing go on.
/// - *Failed*: after a force has failed every put throws [StoreFailedException] until the store is opened
///   again; the force is never tried a second time; reading goes on.
public interface BlobStore extends AutoCloseable {
    /// Opens the partial blob of that name, making it when absent. What it holds from before was checked
    /// against its block checksums and cut at the first bad block. At most one [Stage] of a name is open at a
    /// time.
    ///
    /// @throws IllegalStateException when it is open already
    Stage stage(StageId id);

    /// The partial blobs that there are, open or not; for collecting those that were abandoned.
    List<StagedBlob> stages();

    /// Throws a partial blob away without opening it; nothing happens when it is absent.
    ///
    /// @throws IllegalStateException when it is open
    void discard(StageId id);

    /// Stores small blobs, each at most [#SMALL] bytes, with as few forces as possible.
    void putAll(List<SmallBlob> blobs);

    /// Opens a blob for reading; empty when it is absent or in quarantine. Close it.
    ///
    /// @throws CorruptBlobException when its sums, or the head of its record, are damaged or missing
    Optional<StoredBlob> open(BlobId id);

    /// Removes a blob; space may come back later. Readers that have it open finish undisturbed. Not durable:
    /// after a crash the blob may be back, unreferenced.
    void remove(BlobId id);

    /// Takes a damaged copy out of service and keeps its bytes aside for a person to look at. A later put heals
    /// it.
    ///
    /// @param reason what was seen, for the log and the status
    void quarantine(BlobId id, String reason);

    /// Ids after `after` (from the start when null), in order, at most `limit`; those in quarantine are left
    /// out. One that is being stored or removed at this moment may be listed before it can be opened, or after.
    List<BlobId> list(@Nullable BlobId after, int limit);

    /// Room and health, cheap enough to ask every second.
    StoreStatus status();

    @Override
    void close();

    /// Bytes of the largest blob that [#putAll] takes: 1 MiB. Larger ones go through a [Stage].
    int SMALL = 1 << 20;
}
