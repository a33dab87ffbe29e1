package acervo.sync.index;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes that grow as numbers and texts are added, and the reading of the same. What is malformed is reported as a
/// [java.nio.BufferUnderflowException] or an [IllegalArgumentException]; behind a checksum it means a bug.
final class Bytes {
    private static final int KIND = 0x3;
    private static final int EXECUTABLE = 0x4;

    private byte[] bytes = new byte[512];
    private int length;

    void clear() {
        length = 0;
        if (bytes.length > 1 << 20) {
            bytes = new byte[512];
        }
    }

    int length() {
        return length;
    }

    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    void raw(int value) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        bytes[length++] = (byte) value;
    }

    /// 7 bits a byte, lowest first; a negative number takes 10 bytes.
    void number(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            raw((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        raw((int) rest);
    }

    /// A number that may be negative: 0, -1, 1, -2 become 0, 1, 2, 3.
    void signed(long value) {
        number(value << 1 ^ value >> 63);
    }

    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        all(utf8);
    }

    void append(Bytes other) {
        all(other.bytes, other.length);
    }

    private void all(byte[] added) {
        all(added, added.length);
    }

    private void all(byte[] added, int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
        }
        System.arraycopy(added, 0, bytes, length, count);
        length += count;
    }

    /// As many bytes as are between two positions of a buffer.
    void copy(ByteBuffer from, int start, int end) {
        for (int i = start; i < end; i++) {
            raw(from.get(i));
        }
    }

    /// Kind and executable bit in one byte; folders have no hash.
    void kind(Kind kind, boolean executable) {
        raw(kind.code() | (executable ? EXECUTABLE : 0));
    }

    void blob(Kind kind, BlobId blob) {
        if (kind != Kind.FOLDER) {
            all(blob.toBytes());
        }
    }

    void content(Content content) {
        kind(content.kind(), content.executable());
        number(content.size());
        signed(content.modifiedMillis());
        blob(content.kind(), content.blob());
    }

    static long number(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte b = from.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number has more than 10 bytes");
    }

    static long signed(ByteBuffer from) {
        long value = number(from);
        return value >>> 1 ^ -(value & 1);
    }

    static String text(ByteBuffer from) {
        int count = (int) number(from);
        String text = StandardCharsets.UTF_8
                .decode(from.slice(from.position(), count))
                .toString();
        from.position(from.position() + count);
        return text;
    }

    static Kind kind(int bits) {
        return Kind.of(bits & KIND);
    }

    static boolean executable(int bits) {
        return (bits & EXECUTABLE) != 0;
    }

    static BlobId blob(Kind kind, ByteBuffer from) {
        return kind == Kind.FOLDER ? BlobId.EMPTY : BlobId.read(from);
    }

    static Content content(ByteBuffer from) {
        int bits = from.get();
        long size = number(from);
        long millis = signed(from);
        return new Content(kind(bits), blob(kind(bits), from), size, millis, executable(bits));
    }
}
