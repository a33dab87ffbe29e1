package acervo.blob;

import acervo.model.BlobId;
import java.nio.ByteBuffer;

/// The file of block sums beside a large blob. Numbers are big-endian.
///
/// ```
///  0   4  magic "ABCS"
///  4   1  format, 1
///  5   1  log2 of the block size, 16
///  6  10  0
/// 16  4n  CRC32C of each 64 KiB of the bytes, the last block shorter
///  .   4  magic "ABCE"          \
///  .   1  format, 1              |
///  .   3  0                      |  only once the blob is complete
///  .   8  bytes of the blob      |
///  .  32  SHA-256 of the blob    |
///  .   4  0                      |
///  .   4  CRC32C of these 52    /
/// ```
///
/// The end stands at the end so that the file only ever grows while the blob is being made; it ties the sums to
/// the blob's name and length. A sum that rots makes its block look damaged, which errs on the right side.
final class SideFile {
    static final int HEAD = 16;
    static final int END = 56;

    private static final int MAGIC = 0x41424353;
    private static final int END_MAGIC = 0x41424345;
    private static final byte FORMAT = 1;
    private static final byte LOG2_BLOCK = 16;

    private SideFile() {}

    static ByteBuffer head() {
        return ByteBuffer.allocate(HEAD)
                .putInt(MAGIC)
                .put(FORMAT)
                .put(LOG2_BLOCK)
                .position(HEAD)
                .flip();
    }

    static boolean isHead(ByteBuffer from) {
        return from.equals(head());
    }

    /// Where the sum of that block lies.
    static long at(long block) {
        return HEAD + block * Integer.BYTES;
    }

    /// Bytes of the complete side file of a blob of that length.
    static long size(long length) {
        return at(Blocks.count(length)) + END;
    }

    static ByteBuffer end(BlobId id, long length) {
        ByteBuffer to = ByteBuffer.allocate(END);
        to.putInt(END_MAGIC).put(FORMAT).position(8).putLong(length);
        id.write(to);
        to.putInt(0);
        return to.putInt(Blocks.sum(to.slice(0, END - 4))).flip();
    }
}
