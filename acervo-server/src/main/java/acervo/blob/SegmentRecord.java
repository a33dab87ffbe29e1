package acervo.blob;

import acervo.model.BlobId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The head of one record of a segment, all of it before the content. Numbers are big-endian.
///
/// ```
///  0   4  magic "ABR1"
///  4   1  format, 1
///  5   1  kind: 1 blob, 2 void, 3 large
///  6   2  0
///  8   8  the segment's salt
/// 16   8  this record's own offset in the segment
/// 24   8  blob and large: bytes of the content; void: offset of the record that is void
/// 32   8  void: segment of that record; else 0
/// 40  32  SHA-256 of the content
/// 72  4n  blob: CRC32C of each 64 KiB of the content
///  .   4  CRC32C of all the bytes before
///  .   .  blob: the content
///  .   .  zeros up to a multiple of 8
/// ```
///
/// Why salt and offset: after damage the next record is found by searching, and what is found may be the
/// content of a blob, even the content of a blob that is a copy of this very segment. Content can neither know
/// the salt before it is stored nor lie at the offset that it names.
///
/// A *void* record takes an earlier one out of service, for good: otherwise a damaged copy would come back as
/// healthy whenever the index is made again. A *large* one announces that a file under `blobs/` is about to get
/// its name, so that after a crash the index learns of it without a walk over all folders.
///
/// @param argument bytes of the content, or offset of the void record
/// @param segment of the void record; else 0
/// @param sums block sums of a blob; else empty
@SuppressWarnings("ArrayRecordComponent") // never compared
record SegmentRecord(byte kind, long salt, long offset, long argument, long segment, BlobId id, int[] sums) {
    static final byte BLOB = 1;
    static final byte VOID = 2;
    static final byte LARGE = 3;

    static final int ALIGNMENT = 8;
    static final int SUMS_AT = 72;
    static final int MIN_HEAD = SUMS_AT + Integer.BYTES;

    private static final int MAGIC = 0x41425231;
    private static final byte FORMAT = 1;

    /// Bytes of the head of a blob of that length.
    static int headSize(int length) {
        return MIN_HEAD + Math.toIntExact(Blocks.count(length)) * Integer.BYTES;
    }

    /// Bytes that a blob of that length takes in a segment.
    static int size(int length) {
        return aligned(headSize(length) + length);
    }

    /// Bytes of a record without content.
    static int noteSize() {
        return aligned(MIN_HEAD);
    }

    static int aligned(int bytes) {
        return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
    }

    int headSize() {
        return MIN_HEAD + sums.length * Integer.BYTES;
    }

    /// Bytes of the content that follows the head.
    int contentLength() {
        return kind == BLOB ? Math.toIntExact(argument) : 0;
    }

    /// Bytes of the whole record.
    int size() {
        return aligned(headSize() + contentLength());
    }

    /// Appends the head at the buffer's position.
    void write(ByteBuffer to) {
        int start = to.position();
        to.putInt(MAGIC).put(FORMAT).put(kind).putShort((short) 0);
        to.putLong(salt).putLong(offset).putLong(argument).putLong(segment);
        id.write(to);
        for (int sum : sums) {
            to.putInt(sum);
        }
        to.putInt(Blocks.sum(to.slice(start, to.position() - start)));
    }

    /// Reads a head at the buffer's position, which stays; null when the bytes are not one, or lie elsewhere
    /// than they say, or the buffer ends before.
    static @Nullable SegmentRecord read(ByteBuffer from, long offset) {
        int start = from.position();
        if (from.remaining() < MIN_HEAD || from.getInt(start) != MAGIC || from.get(start + 4) != FORMAT) {
            return null;
        }
        byte kind = from.get(start + 5);
        long argument = from.getLong(start + 24);
        if (kind < BLOB || kind > LARGE || (kind == BLOB && (argument < 0 || argument > BlobStore.SMALL))) {
            return null;
        }
        int head = kind == BLOB ? headSize((int) argument) : MIN_HEAD;
        if (from.remaining() < head
                || from.getLong(start + 16) != offset
                || from.getInt(start + head - 4) != Blocks.sum(from.slice(start, head - 4))) {
            return null;
        }
        int[] sums = new int[(head - MIN_HEAD) / Integer.BYTES];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = from.getInt(start + SUMS_AT + i * Integer.BYTES);
        }
        BlobId id = BlobId.read(from.slice(start + 40, BlobId.BYTES));
        return new SegmentRecord(kind, from.getLong(start + 8), offset, argument, from.getLong(start + 32), id, sums);
    }
}
