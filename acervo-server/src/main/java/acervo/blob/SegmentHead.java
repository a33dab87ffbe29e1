package acervo.blob;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The first 32 bytes of a segment. Numbers are big-endian.
///
/// ```
///  0  8  magic and format "ACVSEG01"
///  8  8  the segment's number, as in its file name
/// 16  8  salt: a random number that every record repeats, see SegmentRecord
/// 24  4  0
/// 28  4  CRC32C of the bytes before
/// ```
record SegmentHead(long number, long salt) {
    static final int SIZE = 32;
    private static final long MAGIC = 0x4143565345473031L;

    ByteBuffer toBytes() {
        ByteBuffer to = ByteBuffer.allocate(SIZE);
        to.putLong(MAGIC).putLong(number).putLong(salt).putInt(0);
        return to.putInt(Blocks.sum(to.slice(0, SIZE - 4))).flip();
    }

    /// Null when the bytes are not the head of that segment.
    static @Nullable SegmentHead read(ByteBuffer from, long number) {
        boolean whole = from.remaining() >= SIZE
                && from.getLong(from.position()) == MAGIC
                && from.getLong(from.position() + 8) == number
                && from.getInt(from.position() + SIZE - 4) == Blocks.sum(from.slice(from.position(), SIZE - 4));
        return whole ? new SegmentHead(number, from.getLong(from.position() + 16)) : null;
    }
}
