package acervo.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// The name of a blob: the SHA-256 of its bytes. Four big-endian words, so that equality and order cost no allocation.
///
/// Its text is 64 lower-case hexadecimal digits, the form that `sha256sum` prints.
public record BlobId(long word0, long word1, long word2, long word3) implements Comparable<BlobId> {
    /// Bytes of a SHA-256.
    public static final int BYTES = 32;

    /// SHA-256 of no bytes at all.
    public static final BlobId EMPTY = parse("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    /// Stands for the digest of a file in a shared folder that nobody has asked for yet.
    public static final BlobId NOT_HASHED = new BlobId(0, 0, 0, 0);

    /// Takes a digest of exactly 32 bytes.
    ///
    /// @throws IllegalArgumentException for any other length
    public static BlobId of(byte[] digest) {
        if (digest.length != BYTES) {
            throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + digest.length);
        }
        return read(ByteBuffer.wrap(digest));
    }

    /// Reads 32 bytes at the buffer's position and moves it on.
    public static BlobId read(ByteBuffer from) {
        ByteBuffer b =
                from.order() == ByteOrder.BIG_ENDIAN ? from : from.duplicate().order(ByteOrder.BIG_ENDIAN);
        BlobId id = new BlobId(b.getLong(), b.getLong(), b.getLong(), b.getLong());
        from.position(b.position());
        return id;
    }

    /// Reads 64 hexadecimal digits, in either case.
    ///
    /// @throws IllegalArgumentException for anything else
    public static BlobId parse(String hex) {
        if (hex.length() != 2 * BYTES) {
            throw new IllegalArgumentException("a SHA-256 has 64 hexadecimal digits, not " + hex.length());
        }
        return of(HexFormat.of().parseHex(hex));
    }

    /// The 32 bytes, in a new array.
    public byte[] toBytes() {
        byte[] bytes = new byte[BYTES];
        write(ByteBuffer.wrap(bytes));
        return bytes;
    }

    /// Writes 32 bytes at the buffer's position, big-endian whatever the buffer's order is.
    public void write(ByteBuffer to) {
        ByteOrder order = to.order();
        to.order(ByteOrder.BIG_ENDIAN)
                .putLong(word0)
                .putLong(word1)
                .putLong(word2)
                .putLong(word3)
                .order(order);
    }

    @Override
    public int compareTo(BlobId other) {
        int c = Long.compareUnsigned(word0, other.word0);
        c = c != 0 ? c : Long.compareUnsigned(word1, other.word1);
        c = c != 0 ? c : Long.compareUnsigned(word2, other.word2);
        return c != 0 ? c : Long.compareUnsigned(word3, other.word3);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }
}
