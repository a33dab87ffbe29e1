package acervo.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/// Puts values one after the other into a growing array. Not for use by several threads.
public final class Writer {
    private byte[] bytes;
    private int length;

    public Writer() {
        this(64);
    }

    /// @param capacity bytes that fit before the array has to grow
    public Writer(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    /// The bytes that were put so far, in a new array.
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /// How many bytes were put so far.
    public int length() {
        return length;
    }

    /// One byte; the lowest 8 bits of `value`.
    public Writer u8(int value) {
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    /// Four bytes, big-endian.
    public Writer u32(int value) {
        room(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    /// Eight bytes, big-endian, so that the order of bytes is that of numbers that aren't negative.
    public Writer u64(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    /// 7 bits in each byte, the lowest first; the highest bit says that another byte follows. 1 to 10 bytes.
    public Writer varint(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    /// A number that may be negative: 0, -1, 1, -2... become 0, 1, 2, 3...
    public Writer zigzag(long value) {
        return varint((value << 1) ^ (value >> 63));
    }

    /// 16 bytes, big-endian.
    public Writer uuid(UUID value) {
        return u64(value.getMostSignificantBits()).u64(value.getLeastSignificantBits());
    }

    /// The bytes alone, without their number.
    public Writer raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    /// A text's number of bytes and its UTF-8.
    public Writer text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return varint(utf8.length).raw(utf8);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
