package acervo.blob;

import acervo.model.BlobId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What is to become one record of a segment.
///
/// @param argument see [SegmentRecord]
/// @param content from position to limit, left as it is
/// @param from of a blob that is moved: where it lies now, and must still lie when it has arrived
@SuppressWarnings("ArrayRecordComponent") // never compared
record Note(
        byte kind,
        BlobId id,
        long argument,
        long segment,
        int[] sums,
        ByteBuffer content,
        Place.@Nullable Packed from) {
    private static final int[] NO_SUMS = {};
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    static Note blob(SmallBlob blob) {
        return new Note(
                SegmentRecord.BLOB,
                blob.id(),
                blob.bytes().remaining(),
                0,
                Blocks.sums(blob.bytes()),
                blob.bytes(),
                null);
    }

    static Note move(SegmentRecord head, Place.Packed from, ByteBuffer content) {
        return new Note(SegmentRecord.BLOB, head.id(), head.argument(), 0, head.sums(), content, from);
    }

    static Note voided(BlobId id, long segment, long offset) {
        return new Note(SegmentRecord.VOID, id, offset, segment, NO_SUMS, NOTHING, null);
    }

    static Note large(BlobId id, long length) {
        return new Note(SegmentRecord.LARGE, id, length, 0, NO_SUMS, NOTHING, null);
    }

    SegmentRecord at(long salt, long offset) {
        return new SegmentRecord(kind, salt, offset, argument, segment, id, sums);
    }

    int size() {
        return kind == SegmentRecord.BLOB ? SegmentRecord.size(Math.toIntExact(argument)) : SegmentRecord.noteSize();
    }

    /// What the index is to hold once the record is durable; null: nothing new.
    BlobIndex.@Nullable Edit edit(long inSegment, long offset) {
        return switch (kind) {
            case SegmentRecord.BLOB -> {
                Place place = new Place.Packed(inSegment, offset, Math.toIntExact(argument));
                yield from == null ? BlobIndex.Edit.add(id, place) : BlobIndex.Edit.move(id, from, place);
            }
            // Before the file has its name: a row too many is found out when the blob is opened, one too few would not
            // be.
            case SegmentRecord.LARGE -> BlobIndex.Edit.put(id, new Place.Large(argument, false));
            default -> null;
        };
    }
}
