package acervo.share;

import acervo.blob.StoredBlob;
import acervo.model.BlobId;
import acervo.model.Reason;
import acervo.model.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/// A shared file that is open for reading. Others may write to it meanwhile: before each piece it is looked at again,
/// and what has changed is no longer handed out, so that a transfer never ends well with a mix.
final class SharedBlob implements StoredBlob {
    /// Bytes; see [StoredBlob#sums].
    private static final int BLOCK = 64 << 10;

    private final SharedFolder share;
    private final Seen seen;
    private final BlobId digest;
    private final Path path;
    private final FileChannel file;

    SharedBlob(SharedFolder share, Seen seen, BlobId digest, Path path, FileChannel file) {
        this.share = share;
        this.seen = seen;
        this.digest = digest;
        this.path = path;
        this.file = file;
    }

    @Override
    public BlobId id() {
        return digest;
    }

    @Override
    public long length() {
        return seen.size();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        if (offset < 0 || offset > length() - into.remaining()) {
            throw new IndexOutOfBoundsException(into.remaining() + " bytes from " + offset + " of " + length());
        }
        try {
            for (long at = offset; into.hasRemaining(); ) {
                int n = file.read(into, at);
                if (n < 0) {
                    throw changed();
                }
                at += n;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        check(offset, 0);
    }

    @Override
    public void check(long offset, long length) {
        if (!share.look(seen.path()).map(seen::same).orElse(false)) {
            throw changed();
        }
    }

    private RefusedException changed() {
        return new RefusedException(Reason.UNAVAILABLE, seen.path() + " changed while it was read: try again");
    }

    @Override
    public void verify(LongConsumer progress) {
        throw new UnsupportedOperationException("shared files are nobody's copies");
    }

    /// Reads the blocks: nobody has stored their sums.
    @Override
    public void sums(long first, IntBuffer into) {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        CRC32C crc = new CRC32C();
        for (long at = first * BLOCK; into.hasRemaining(); at += BLOCK) {
            if (first < 0 || at >= length()) {
                throw new IndexOutOfBoundsException("no block at " + at + " of " + length());
            }
            block.clear().limit((int) Math.min(BLOCK, length() - at));
            read(at, block);
            crc.reset();
            crc.update(block.flip());
            into.put((int) crc.getValue());
        }
    }

    @Override
    public Optional<Extent> extent() {
        return Optional.of(new Extent(path, 0, length(), file));
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
