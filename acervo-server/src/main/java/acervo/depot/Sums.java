package acervo.depot;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.zip.CRC32C;

/// Tells of a version what a client needs to find out which parts of it it has already. Stateless.
///
/// Blocks are those of the store, whose sums are on disk beside the bytes: telling them costs next to nothing, however
/// large the file. Pieces are smaller; the blocks that are asked for are read and hashed.
public final class Sums {
    /// Bytes of a block, the store's unit of checksums.
    public static final int BLOCK = 1 << 16;

    /// Bytes of a piece.
    public static final int PIECE = 1 << 11;

    /// Blocks in one answer: of 16 GiB.
    public static final int MOST_BLOCKS = 1 << 18;

    /// Blocks whose pieces are in one answer: 64 MiB are read for it.
    public static final int MOST_IN_PIECES = 1 << 10;

    /// Bytes of a piece's CRC32C and of the part of its SHA-256.
    private static final int OF_A_PIECE = Integer.BYTES + Long.BYTES;

    private Sums() {}

    static long blocks(long length) {
        return (length + BLOCK - 1) / BLOCK;
    }

    static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /// CRC32C of each block from `first` on, big-endian, at most [#MOST_BLOCKS]; none beyond the file's end.
    ///
    /// @param first 0 or more
    public static ByteBuffer ofBlocks(Download version, long first) {
        int count = Math.clamp(blocks(version.length()) - first, 0, MOST_BLOCKS);
        ByteBuffer sums = ByteBuffer.allocate(count * Integer.BYTES);
        if (count > 0) {
            sums.asIntBuffer().put(version.sums(first, count));
        }
        return sums;
    }

    /// Of each piece of each of these blocks: its CRC32C and the first 8 bytes of its SHA-256.
    ///
    /// @param blocks at most [#MOST_IN_PIECES], each inside the file
    /// @throws acervo.model.RefusedException CORRUPT when a block is damaged
    public static ByteBuffer ofPieces(Download version, List<Long> blocks) {
        ByteBuffer sums = ByteBuffer.allocate(blocks.size() * (BLOCK / PIECE) * OF_A_PIECE);
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        MessageDigest sha256 = Hashes.sha256();
        for (long number : blocks) {
            long from = number * BLOCK;
            version.read(from, block.clear().limit((int) Math.min(BLOCK, version.length() - from)));
            for (int at = 0; at < block.limit(); at += PIECE) {
                ByteBuffer piece = block.slice(at, Math.min(PIECE, block.limit() - at));
                sha256.update(piece.duplicate());
                sums.putInt(crc(piece)).put(sha256.digest(), 0, Long.BYTES);
            }
        }
        return sums.flip();
    }

    /// Whether the file has that block.
    public static boolean isIn(Download version, long block) {
        return block >= 0 && block < blocks(version.length());
    }
}
