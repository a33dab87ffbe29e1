package acervo.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/// Takes values one after the other out of an array, as [Writer] put them there. Every method throws
/// [MalformedException] where the
/// bytes end too early or can't be what they should. Not for use by several threads.
public final class Reader {
    private final byte[] bytes;
    private final int end;
    private int at;

    public Reader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    /// Reads `length` bytes from `offset` on.
    public Reader(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    /// How many bytes are left.
    public int left() {
        return end - at;
    }

    /// Checks that nothing is left: bytes that nobody understood are a sign of damage or of a newer program.
    public void done() {
        if (at != end) {
            throw new MalformedException((end - at) + " bytes too many");
        }
    }

    /// Reads the format byte and checks it.
    public Reader format(int expected) {
        int found = u8();
        if (found != expected) {
            throw new MalformedException("format " + found + " is not known here (expected " + expected + ")");
        }
        return this;
    }

    public int u8() {
        need(1);
        return bytes[at++] & 0xFF;
    }

    public int u32() {
        need(4);
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | bytes[at++] & 0xFF;
        }
        return value;
    }

    public long u64() {
        need(8);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | bytes[at++] & 0xFF;
        }
        return value;
    }

    public long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new MalformedException("a number without an end");
    }

    /// A variable-length number that must lie between 0 and `max`.
    public int count(int max) {
        long value = varint();
        if (value < 0 || value > max) {
            throw new MalformedException("a count of " + value + " where at most " + max + " is possible");
        }
        return (int) value;
    }

    public long zigzag() {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    public UUID uuid() {
        return new UUID(u64(), u64());
    }

    /// The next `length` bytes, in a new array.
    public byte[] raw(int length) {
        need(length);
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    public String text() {
        int length = count(Integer.MAX_VALUE);
        need(length);
        at += length;
        return new String(bytes, at - length, length, StandardCharsets.UTF_8);
    }

    private void need(int length) {
        if (length < 0 || end - at < length) {
            throw new MalformedException("the bytes end where " + length + " more are needed");
        }
    }
}
