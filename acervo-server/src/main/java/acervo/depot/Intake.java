package acervo.depot;

import acervo.model.BlobId;
import java.nio.ByteBuffer;
import java.util.Optional;

/// One deposit while its bytes arrive. Up to `BlobStore.SMALL` bytes are held in memory, more go to disk as they come.
/// Nothing is visible
/// before [#finish] returns. One thread at a time.
public final class Intake implements AutoCloseable {
    Intake() {}

    /// Bytes that have arrived.
    public long received() {
        throw new UnsupportedOperationException();
    }

    /// Takes the buffer's bytes, all of them; blocks while the disk is slow.
    ///
    /// @throws acervo.model.RefusedException LENGTH_MISMATCH when there are more than announced, NO_ROOM when the
    /// disk is full
    /// @throws acervo.blob.StoreFailedException when the disk fails
    public void write(ByteBuffer bytes) {
        throw new UnsupportedOperationException();
    }

    /// Checks length and digest, forces the bytes to disk and makes the file visible. Call it once.
    ///
    /// @throws acervo.model.RefusedException the deposit was refused and nothing is visible
    /// @throws acervo.blob.StoreFailedException when the disk fails; nothing is visible
    /// @throws acervo.catalog.CatalogUnavailableException it could not be known whether it took effect: retry with
    /// the same request id
    public Deposited finish() {
        return finish(Optional.empty());
    }

    /// As [#finish()], with a digest that became known only at the end (a trailer).
    public Deposited finish(Optional<BlobId> digest) {
        throw new UnsupportedOperationException();
    }

    /// Abandons the deposit, unless it was finished.
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
