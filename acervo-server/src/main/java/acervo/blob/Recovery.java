package acervo.blob;

import acervo.model.BlobId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Brings the index up to date when a store is opened: reads the segments from where the index left off, and
/// cuts a torn tail off the newest one.
///
/// What the segments' tail holds is forced, and then read from the medium, before the index may say that it is
/// there: the process may have been killed between writing and forcing, and a deposit of something that is
/// there already forces nothing.
final class Recovery {
    private static final Logger LOG = System.getLogger(Recovery.class.getName());
    private static final int BATCH = 1000;

    private final Medium medium;
    private final Layout layout;
    private final Segments segments;
    private final BlobIndex index;
    private final LargeBlobs large;
    private final List<BlobIndex.Edit> edits = new ArrayList<>();
    private long replayed;
    private long damaged;

    Recovery(Medium medium, Layout layout, Segments segments, BlobIndex index, LargeBlobs large) {
        this.medium = medium;
        this.layout = layout;
        this.segments = segments;
        this.index = index;
        this.large = large;
    }

    /// Whether the index can belong to these segments. If not it has to be made again from nothing.
    static boolean fits(BlobIndex index, Segments segments) {
        BlobIndex.Position upTo = index.indexed();
        long size = segments.size(upTo.segment());
        return (size < 0 || upTo.offset() <= size) && segments.sizes().keySet().containsAll(index.usedSegments());
    }

    /// For an index that is empty because it was lost: the large blobs, which the segments don't know all of.
    void findLarge() throws IOException {
        large.each((id, length) -> add(BlobIndex.Edit.put(id, new Place.Large(length, true)), index.indexed()));
        apply(index.indexed());
    }

    /// @return where to go on writing; null: in a new segment
    SegmentWriter.@Nullable Tail replay(long segmentBytes) throws IOException {
        BlobIndex.Position from = index.indexed();
        for (BlobId id : index.doubtful()) {
            recoverLarge(id, from);
        }
        apply(from);
        SegmentWriter.Tail tail = null;
        for (Map.Entry<Long, Long> segment : segments.sizes().entrySet()) {
            long number = segment.getKey();
            if (number >= from.segment()) {
                boolean newest = number == segments.newest();
                long start = number == from.segment() ? from.offset() : 0;
                tail = replay(number, start, segment.getValue(), newest, segmentBytes);
            }
        }
        if (replayed > 0 || damaged > 0) {
            LOG.log(Level.INFO, "read {0} records after the blob index, {1} of them damaged", replayed, damaged);
        }
        return tail;
    }

    private SegmentWriter.@Nullable Tail replay(long number, long start, long size, boolean newest, long segmentBytes)
            throws IOException {
        Long salt = null;
        long end = Math.min(start, size);
        try (DiskFile file = medium.disk().open(layout.segment(number), Disk.Mode.WRITE)) {
            if (end < size) {
                medium.force(file, "segment " + number);
                medium.forceFolder(layout.segments());
                end = scan(number, start);
            }
            if (newest) {
                salt = salt(number);
                if (salt != null && end < size) {
                    LOG.log(Level.INFO, "cutting a torn tail of {0} bytes off segment {1}", size - end, number);
                    file.truncate(end);
                    segments.resized(number, end);
                }
            }
        }
        return salt == null || end >= segmentBytes ? null : new SegmentWriter.Tail(number, salt, end);
    }

    private long scan(long number, long start) throws IOException {
        AtomicBoolean bad = new AtomicBoolean();
        long end = SegmentScan.run(
                medium.disk(), layout.segment(number), Disk.Mode.READ_MEDIUM, number, start, (head, content) -> {
                    replayed++;
                    if (content == null) {
                        damaged++;
                        bad.set(true);
                        LOG.log(
                                Level.WARNING,
                                "the copy of blob {0} at byte {1} of segment {2} is damaged",
                                head.id(),
                                head.offset(),
                                number);
                    } else {
                        replay(number, head, content);
                    }
                });
        if (end > start) {
            apply(new BlobIndex.Position(number, end));
        }
        return end;
    }

    private void replay(long number, SegmentRecord head, ByteBuffer content) {
        BlobIndex.Position after = new BlobIndex.Position(number, head.offset() + head.size());
        switch (head.kind()) {
            case SegmentRecord.BLOB ->
                add(BlobIndex.Edit.put(head.id(), new Place.Packed(number, head.offset(), content.remaining())), after);
            case SegmentRecord.VOID -> {
                // Only up to here: the index may not say that it has this record before what that takes away is gone.
                apply(new BlobIndex.Position(number, head.offset()));
                if (index.get(head.id()) instanceof Place.Packed there
                        && there.segment() == head.segment()
                        && there.offset() == head.argument()) {
                    add(BlobIndex.Edit.drop(head.id(), there), after);
                }
            }
            default -> recoverLarge(head.id(), after);
        }
    }

    private void recoverLarge(BlobId id, BlobIndex.Position after) {
        try {
            long length = large.recover(id);
            if (length >= 0) {
                add(BlobIndex.Edit.put(id, new Place.Large(length, true)), after);
            } else {
                add(BlobIndex.Edit.gone(id), after);
            }
        } catch (IOException e) {
            throw medium.broken("recovering blob " + id, e);
        }
    }

    private void add(BlobIndex.Edit edit, BlobIndex.Position after) {
        edits.add(edit);
        if (edits.size() >= BATCH) {
            apply(after);
        }
    }

    private void apply(BlobIndex.Position upTo) {
        if (!edits.isEmpty() || !upTo.equals(index.indexed())) {
            index.apply(edits, upTo);
            edits.clear();
        }
    }

    /// Null when the segment's head is not on the medium: then nothing may be appended to it.
    private @Nullable Long salt(long number) throws IOException {
        try (DiskFile file = medium.disk().open(layout.segment(number), Disk.Mode.READ_MEDIUM)) {
            if (file.size() < SegmentHead.SIZE) {
                return null;
            }
            ByteBuffer head = ByteBuffer.allocate(SegmentHead.SIZE);
            file.readFully(head, 0);
            SegmentHead read = SegmentHead.read(head.flip(), number);
            return read == null ? null : read.salt();
        }
    }
}
