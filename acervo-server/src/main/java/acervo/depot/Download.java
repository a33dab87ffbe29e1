package acervo.depot;

import acervo.blob.CorruptBlobException;
import acervo.blob.StoredBlob;
import acervo.model.FileEntry;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A file that is open for reading: its bytes are those of one version, whatever happens to the path meanwhile. One
/// thread at
/// a time. Close it, also when it came from memory: what is lent is counted.
public final class Download implements AutoCloseable {
    private final Downloads downloads;
    private final FileEntry entry;
    private final byte @Nullable [] bytes;
    private final @Nullable StoredBlob stored;
    private boolean closed;

    private Download(Downloads downloads, FileEntry entry, byte @Nullable [] bytes, @Nullable StoredBlob stored) {
        this.downloads = downloads;
        this.entry = entry;
        this.bytes = bytes;
        this.stored = stored;
    }

    /// The array's length is lent already.
    static Download inMemory(Downloads downloads, FileEntry entry, byte[] bytes) {
        return new Download(downloads, entry, bytes, null);
    }

    static Download onDisk(Downloads downloads, FileEntry entry, StoredBlob stored) {
        return new Download(downloads, entry, null, stored);
    }

    public FileEntry entry() {
        return entry;
    }

    /// Copies whose hash was checked, for `Acervo-Replicas`.
    public int verified() {
        return downloads.copies().verified(entry);
    }

    public long length() {
        return entry.content().size();
    }

    /// All of the bytes, verified, when they are in memory: a view of one's own on an array that is shared and must
    /// never be written
    /// to. It stays valid after [#close].
    public Optional<ByteBuffer> memory() {
        return Optional.ofNullable(bytes).map(ByteBuffer::wrap);
    }

    /// Checks the blocks that cover a range and says where they lie, so that they may be sent straight from the
    /// file until this is
    /// closed. Empty when the bytes are in memory or the store has no file: then use [#memory] or [#read]. Touches
    /// the disk.
    ///
    /// @throws acervo.model.RefusedException CORRUPT when a block does not match; the copy is in quarantine then
    public Optional<StoredBlob.Extent> extent(long offset, long length) {
        if (stored == null) {
            return Optional.empty();
        }
        Optional<StoredBlob.Extent> whole = stored.extent();
        if (whole.isEmpty()) {
            return Optional.empty();
        }
        inside(offset, length);
        try {
            stored.check(offset, length);
        } catch (CorruptBlobException e) {
            throw downloads.damaged(entry, e);
        }
        return whole.map(all -> all.part(offset, length));
    }

    /// Fills the buffer's remaining bytes from `offset` on, checked. Touches the disk.
    ///
    /// @throws acervo.model.RefusedException CORRUPT when a block does not match; the copy is in quarantine then
    /// @throws IndexOutOfBoundsException when the range is not inside the file
    public void read(long offset, ByteBuffer into) {
        inside(offset, into.remaining());
        if (stored == null) {
            into.put(bytes(), Math.toIntExact(offset), into.remaining());
            return;
        }
        try {
            stored.read(offset, into);
        } catch (CorruptBlobException e) {
            throw downloads.damaged(entry, e);
        }
    }

    /// CRC32C of each block of 64 KiB, the last one shorter, from `first` on, as the store has them: a damaged
    /// block is
    /// not found by this. Reads no more than the sums.
    ///
    /// @throws acervo.model.RefusedException CORRUPT when the sums can't be read
    /// @throws IndexOutOfBoundsException when there are not that many
    public int[] sums(long first, int count) {
        int[] sums = new int[count];
        if (stored == null) {
            inside(first * Sums.BLOCK, 0);
            for (int i = 0; i < count; i++) {
                int from = Math.toIntExact((first + i) * Sums.BLOCK);
                sums[i] = Sums.crc(ByteBuffer.wrap(bytes(), from, Math.min(Sums.BLOCK, bytes().length - from)));
            }
            return sums;
        }
        try {
            stored.sums(first, IntBuffer.wrap(sums));
        } catch (CorruptBlobException e) {
            throw downloads.damaged(entry, e);
        }
        return sums;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (stored != null) {
            stored.close();
        } else {
            downloads.lent().give(length());
        }
    }

    private byte[] bytes() {
        if (bytes == null) {
            throw new IllegalStateException("not in memory");
        }
        return bytes;
    }

    private void inside(long offset, long count) {
        if (offset < 0 || count < 0 || offset > length() - count) {
            throw new IndexOutOfBoundsException(
                    count + " bytes from " + offset + " on are not inside a file of " + length());
        }
    }
}
