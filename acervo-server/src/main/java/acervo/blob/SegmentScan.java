package acervo.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Reads a segment from some record on, checking everything. What is damaged is passed over: the next record is
/// found by searching, so that one bad sector never hides what follows.
final class SegmentScan {
    /// Fits the largest record.
    private static final int WINDOW = SegmentRecord.size(BlobStore.SMALL) + Chunks.SIZE;

    private final DiskFile file;
    private final long size;
    private final ByteBuffer window = ByteBuffer.allocateDirect(WINDOW).limit(0);
    private long windowAt;

    private SegmentScan(DiskFile file) throws IOException {
        this.file = file;
        this.size = file.size();
    }

    /// Sees every record whose head is whole.
    interface Visitor {
        /// @param content of a blob, matching its sums; null when it does not match them. Valid only during the
        ///     call
        void record(SegmentRecord head, @Nullable ByteBuffer content);
    }

    /// @param from where a record begins, or 0
    /// @return where the last whole record ends; `from` when there is none (but at least the end of the
    ///     segment's head)
    static long run(Disk disk, Path path, Disk.Mode mode, long number, long from, Visitor visitor) throws IOException {
        try (DiskFile file = disk.open(path, mode)) {
            return new SegmentScan(file).run(number, Math.max(from, SegmentHead.SIZE), visitor);
        }
    }

    private long run(long number, long from, Visitor visitor) throws IOException {
        SegmentHead segment = SegmentHead.read(at(0, SegmentHead.SIZE), number);
        Long salt = segment == null ? null : segment.salt();
        long end = Math.min(from, size);
        long offset = from;
        while (offset + SegmentRecord.MIN_HEAD <= size) {
            SegmentRecord head = SegmentRecord.read(at(offset, SegmentRecord.headSize(BlobStore.SMALL)), offset);
            // Where the segment's own head is damaged, its first whole record says what the salt is.
            if (head == null || (salt != null && head.salt() != salt) || offset + head.size() > size) {
                offset += SegmentRecord.ALIGNMENT;
                continue;
            }
            salt = head.salt();
            ByteBuffer content = at(offset + head.headSize(), head.contentLength());
            boolean good = matches(content, head.sums());
            visitor.record(head, good ? content : null);
            offset += head.size();
            end = good ? offset : end;
        }
        return end;
    }

    private static boolean matches(ByteBuffer content, int[] sums) {
        for (int i = 0; i < sums.length; i++) {
            int from = i * Blocks.SIZE;
            if (Blocks.sum(content.slice(from, Math.min(Blocks.SIZE, content.limit() - from))) != sums[i]) {
                return false;
            }
        }
        return true;
    }

    /// The bytes from there on, as many as there are up to `length`.
    private ByteBuffer at(long offset, int length) throws IOException {
        int available = (int) Math.min(length, size - offset);
        if (offset < windowAt || offset + available > windowAt + window.limit()) {
            windowAt = offset;
            window.clear().limit((int) Math.min(WINDOW, size - offset));
            file.readFully(window, offset);
            window.flip();
        }
        return window.slice((int) (offset - windowAt), available);
    }
}
