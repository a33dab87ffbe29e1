package acervo.blob;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Blobs are summed in blocks of 64 KiB, the last one shorter: a range is checked by reading at most one block
/// more at either end, and a sum costs 1/16,384 of the bytes. CRC32C because processors compute it faster than
/// memory delivers.
final class Blocks {
    static final int SIZE = 1 << 16;

    private Blocks() {}

    static long count(long length) {
        return (length + SIZE - 1) / SIZE;
    }

    /// CRC32C of the buffer's remaining bytes; the buffer is left as it was.
    static int sum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    /// The sums of all blocks of the remaining bytes, in order.
    static int[] sums(ByteBuffer bytes) {
        int[] sums = new int[Math.toIntExact(count(bytes.remaining()))];
        for (int i = 0; i < sums.length; i++) {
            int from = i * SIZE;
            sums[i] = sum(bytes.slice(bytes.position() + from, Math.min(SIZE, bytes.remaining() - from)));
        }
        return sums;
    }
}
