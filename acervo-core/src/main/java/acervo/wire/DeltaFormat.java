package acervo.wire;

import java.nio.ByteBuffer;

/// The body of an append that copies parts of a version which the server has already
/// (`PATCH /v1/uploads/...` with this media type). Numbers are big-endian.
///
/// ```
/// head:    "ABD1" | u64 version             of the file at the upload's path, to copy from
/// copy:    u8 1   | u64 offset | u64 length
/// literal: u8 2   | u32 length | bytes
/// ```
///
/// Copies and literals follow each other in the order of the bytes that they append.
public final class DeltaFormat {
    public static final String TYPE = "application/x-acervo-delta";

    /// Magic word and format.
    public static final int MAGIC = 0x4142_4431;

    public static final int COPY = 1;
    public static final int LITERAL = 2;

    public static final int HEAD_BYTES = Integer.BYTES + Long.BYTES;

    /// Of a whole copy.
    public static final int COPY_BYTES = 1 + 2 * Long.BYTES;

    /// Of a literal without its bytes.
    public static final int LITERAL_BYTES = 1 + Integer.BYTES;

    /// Copies and literals in one body: a copy of a few bytes costs the server as much as one of a block.
    public static final int MOST_STEPS = 65_536;

    /// Bytes of one literal.
    public static final int MOST_LITERAL = 1 << 30;

    private DeltaFormat() {}

    public static void head(ByteBuffer to, long version) {
        to.putInt(MAGIC).putLong(version);
    }

    public static void copy(ByteBuffer to, long offset, long length) {
        to.put((byte) COPY).putLong(offset).putLong(length);
    }

    public static void literal(ByteBuffer to, int length) {
        to.put((byte) LITERAL).putInt(length);
    }
}
