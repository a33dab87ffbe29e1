package acervo.blob;

import acervo.model.BlobId;
import java.nio.ByteBuffer;

/// A blob in the making, of any size, that survives restarts: what was written before a crash is there again,
/// up to the last block that is whole. One thread at a time.
public interface Stage extends AutoCloseable {
    /// Bytes that it holds.
    long length();

    /// SHA-256 of the bytes so far; does not end the hash. (The stage hashes as it is written to, and what it
    /// held when it was opened was hashed then: this is the one place where a large upload is hashed on the
    /// server.)
    BlobId digest();

    /// Appends the buffer's bytes, all of them.
    ///
    /// @throws StoreFullException when that would eat into the reserve; what was written so far stays
    /// @throws StoreFailedException when the disk fails
    void write(ByteBuffer bytes);

    /// Makes the bytes durable under their digest and ends the stage. On return the blob can be opened, and
    /// survives a power cut.
    BlobId commit();

    /// Throws the bytes away and ends the stage.
    void discard();

    /// Lets go of it; its bytes stay for [BlobStore#stage]. Does nothing after [#commit] or [#discard].
    @Override
    void close();
}
