package acervo.blob;

import acervo.model.BlobId;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;

/// A blob on disk, packed or large: a run of bytes in an open file, and the sums of its blocks.
final class DiskBlob implements StoredBlob {
    private final BlobId id;
    private final Disk disk;
    private final Extent extent;
    private final DiskFile bytes;
    private final Sums sums;
    private final Memory memory;
    private final Runnable onClose;
    private boolean open = true;

    /// @param onClose runs once
    DiskBlob(BlobId id, Disk disk, Extent extent, DiskFile bytes, Sums sums, Memory memory, Runnable onClose) {
        this.id = id;
        this.disk = disk;
        this.extent = extent;
        this.bytes = bytes;
        this.sums = sums;
        this.memory = memory;
        this.onClose = onClose;
    }

    /// The sums that were stored.
    interface Sums extends AutoCloseable {
        int of(long block) throws IOException;

        @Override
        default void close() throws IOException {}
    }

    /// What was checked before.
    interface Memory {
        /// Remembers nothing: for what is checked faster than asked about.
        Memory NONE = new Memory() {};

        default long firstUnchecked(long from, long to) throws IOException {
            return from;
        }

        default void checked(long from, long to) throws IOException {}
    }

    /// Sees blocks that match their sums: a run of them, as one buffer.
    private interface Visitor {
        void blocks(ByteBuffer good, long at);
    }

    @Override
    public BlobId id() {
        return id;
    }

    @Override
    public long length() {
        return extent.length();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        int wanted = into.remaining();
        Objects.checkFromIndexSize(offset, wanted, length());
        if (wanted > 0) {
            walk(bytes, offset / Blocks.SIZE, Blocks.count(offset + wanted), (good, at) -> {
                int skip = (int) Math.max(0, offset - at);
                into.put(good.slice(skip, Math.min(good.remaining() - skip, into.remaining())));
            });
        }
    }

    @Override
    public void check(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, length());
        if (length == 0) {
            return;
        }
        long to = Blocks.count(offset + length);
        try {
            long from = memory.firstUnchecked(offset / Blocks.SIZE, to);
            if (from < to) {
                walk(bytes, from, to, (good, at) -> {});
                memory.checked(from, to);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void verify(LongConsumer progress) {
        Sha256 hash = new Sha256();
        try (DiskFile medium = disk.open(extent.file(), Disk.Mode.READ_MEDIUM)) {
            walk(medium, 0, Blocks.count(length()), (good, at) -> {
                hash.update(good);
                progress.accept(good.remaining());
            });
        } catch (IOException e) {
            throw unreadable(e);
        }
        if (!hash.soFar().equals(id)) {
            throw new CorruptBlobException(id, "its blocks match their sums, but its SHA-256 is " + hash.soFar());
        }
    }

    @Override
    public void sums(long first, IntBuffer into) {
        requireOpen();
        Objects.checkFromIndexSize(first, into.remaining(), Blocks.count(length()));
        try {
            for (long block = first; into.hasRemaining(); block++) {
                into.put(sums.of(block));
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException("blob " + id + " was closed");
        }
    }

    private void walk(DiskFile from, long firstBlock, long endBlock, Visitor visitor) {
        requireOpen();
        ByteBuffer chunk = Chunks.take();
        try {
            long at = firstBlock * Blocks.SIZE;
            long end = Math.min(endBlock * Blocks.SIZE, length());
            while (at < end) {
                chunk.clear().limit((int) Math.min(Chunks.SIZE, end - at));
                from.readFully(chunk, extent.offset() + at);
                compare(chunk.flip(), at);
                visitor.blocks(chunk, at);
                at += chunk.limit();
            }
        } catch (IOException e) {
            throw unreadable(e);
        } finally {
            Chunks.give(chunk);
        }
    }

    private void compare(ByteBuffer chunk, long at) throws IOException {
        for (int i = 0; i < chunk.limit(); i += Blocks.SIZE) {
            long block = (at + i) / Blocks.SIZE;
            int seen = Blocks.sum(chunk.slice(i, Math.min(Blocks.SIZE, chunk.limit() - i)));
            if (seen != sums.of(block)) {
                throw new CorruptBlobException(id, "the block at byte " + block * Blocks.SIZE + " is damaged");
            }
        }
    }

    private StoreException unreadable(IOException e) {
        return unreadable(id, e);
    }

    /// What a read that went wrong means for the blob.
    static StoreException unreadable(BlobId id, IOException e) {
        if (e instanceof ClosedChannelException) {
            return new StoreFailedException("reading blob " + id + " was interrupted", e);
        }
        String what = e instanceof EOFException ? "bytes are missing: " : "it can't be read: ";
        return new CorruptBlobException(id, what + e.getMessage());
    }

    @Override
    public Optional<Extent> extent() {
        return Optional.of(extent);
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        try (bytes;
                sums) {
            onClose.run();
        } catch (IOException e) {
            throw new StoreFailedException("closing blob " + id + " failed: " + e.getMessage(), e);
        }
    }
}
