package acervo.depot;

import acervo.blob.StoredBlob;
import acervo.model.FileEntry;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A file that is open for reading: its bytes are those of one version, whatever happens to the path meanwhile. One
/// thread at
/// a time. Close it, also when it came from memory: what is lent is counted.
public final class Download implements AutoCloseable {
    Download() {}

    public FileEntry entry() {
        throw new UnsupportedOperationException();
    }

    /// Copies whose hash was checked, for `Acervo-Replicas`.
    public int verified() {
        throw new UnsupportedOperationException();
    }

    public long length() {
        throw new UnsupportedOperationException();
    }

    /// All of the bytes, verified, when they are in memory: a view of one's own on an array that is shared and must
    /// never be written
    /// to. It stays valid after [#close].
    public Optional<ByteBuffer> memory() {
        throw new UnsupportedOperationException();
    }

    /// Checks the blocks that cover a range and says where they lie, so that they may be sent straight from the
    /// file until this is
    /// closed. Empty when the bytes are in memory or the store has no file: then use [#memory] or [#read]. Touches
    /// the disk.
    ///
    /// @throws acervo.model.RefusedException CORRUPT when a block does not match; the copy is in quarantine then
    public Optional<StoredBlob.Extent> extent(long offset, long length) {
        throw new UnsupportedOperationException();
    }

    /// Fills the buffer's remaining bytes from `offset` on, checked. Touches the disk.
    ///
    /// @throws acervo.model.RefusedException CORRUPT when a block does not match; the copy is in quarantine then
    /// @throws IndexOutOfBoundsException when the range is not inside the file
    public void read(long offset, ByteBuffer into) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
