package acervo.blob;

import acervo.model.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A blob that is open for reading. One thread at a time. Removing the blob meanwhile does not disturb it.
public interface StoredBlob extends AutoCloseable {
    BlobId id();

    /// Bytes, 0 or more.
    long length();

    /// Fills the buffer's remaining bytes from `offset` on, checked against the block checksums.
    ///
    /// @throws CorruptBlobException when a block does not match; none of its bytes are handed out
    /// @throws IndexOutOfBoundsException when the range is not inside the blob
    void read(long offset, ByteBuffer into);

    /// Checks the blocks that cover a range without handing them out, so that the same bytes may then be sent
    /// straight from [#extent]. Skipped when the same unchanged file was checked within the last ten minutes.
    ///
    /// @throws CorruptBlobException when a block does not match
    void check(long offset, long length);

    /// Reads all bytes from the medium, whatever was checked before, and compares blocks and SHA-256.
    ///
    /// @param progress told the bytes of each piece as it was read, a quarter of a megabyte or less; may wait,
    ///     to read no faster than it likes, or throw, to stop
    /// @throws CorruptBlobException when anything differs
    void verify(LongConsumer progress);

    /// Puts the CRC32C of each block of 64 KiB (the last one shorter) from `first` on into the buffer, as many as
    /// it has room for. They are as they were stored: what stands in a damaged block is not looked at.
    ///
    /// @throws IndexOutOfBoundsException when there are not that many blocks
    void sums(long first, IntBuffer into);

    /// Where the bytes lie in one piece, for zero-copy; empty for a store in memory. Valid until this is
    /// closed.
    Optional<Extent> extent();

    @Override
    void close();

    /// A run of bytes in a file.
    ///
    /// @param open the file when it is open already and the path may lead elsewhere by now; else null
    record Extent(
            Path file, long offset, long length, @Nullable FileChannel open) {
        public Extent(Path file, long offset, long length) {
            this(file, offset, length, null);
        }

        /// A part of it.
        public Extent part(long from, long count) {
            return new Extent(file, offset + from, count, open);
        }

        /// The file for reading, the caller's to close.
        public FileChannel channel() throws IOException {
            return open != null ? open : FileChannel.open(file, StandardOpenOption.READ);
        }
    }
}
