package acervo.blob;

import acervo.model.BlobId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The segment files that there are: their sizes, who is reading them, and when they may go. Any thread.
final class Segments {
    private static final Logger LOG = System.getLogger(Segments.class.getName());

    private final Disk disk;
    private final Layout layout;
    private final Pins<Long> pins = new Pins<>();
    private final NavigableMap<Long, Long> sizes = new TreeMap<>();
    private long active;

    Segments(Disk disk, Layout layout) throws IOException {
        this.disk = disk;
        this.layout = layout;
        for (String name : disk.list(layout.segments())) {
            Long number = Layout.segmentNumber(name).orElse(null);
            if (number != null) {
                sizes.put(number, disk.stamp(layout.segment(number)).size());
            }
        }
    }

    /// The highest number in use; 0 when there is no segment.
    synchronized long newest() {
        return sizes.isEmpty() ? 0 : sizes.lastKey();
    }

    /// Bytes of that segment; -1 when there is no such segment.
    synchronized long size(long segment) {
        return sizes.getOrDefault(segment, -1L);
    }

    synchronized void resized(long segment, long size) {
        sizes.put(segment, size);
    }

    /// The one that is being written to; 0 for none.
    synchronized long active() {
        return active;
    }

    synchronized void activate(long segment) {
        active = segment;
    }

    /// Bytes of each segment that is there, by number.
    synchronized NavigableMap<Long, Long> sizes() {
        return new TreeMap<>(sizes);
    }

    /// Opens a blob.
    ///
    /// @return null when the segment went away meanwhile: the index knows where the blob is now
    /// @throws CorruptBlobException when its record is not there
    @Nullable
    DiskBlob open(BlobId id, Place.Packed place) {
        if (!pin(place.segment())) {
            return null;
        }
        DiskFile file = null;
        DiskBlob blob = null;
        try {
            file = disk.open(layout.segment(place.segment()), Disk.Mode.READ);
            SegmentRecord head = head(id, place, file);
            var extent = new StoredBlob.Extent(
                    layout.segment(place.segment()), place.offset() + head.headSize(), place.size());
            blob = new DiskBlob(
                    id,
                    disk,
                    extent,
                    file,
                    block -> head.sums()[Math.toIntExact(block)],
                    DiskBlob.Memory.NONE,
                    () -> unpin(place.segment()));
            return blob;
        } catch (NoSuchFileException e) {
            throw new CorruptBlobException(id, "its segment " + e.getMessage() + " is gone");
        } catch (IOException e) {
            throw DiskBlob.unreadable(id, e);
        } finally {
            if (blob == null) {
                unpin(place.segment());
                Closing.quietly(file);
            }
        }
    }

    private static SegmentRecord head(BlobId id, Place.Packed place, DiskFile file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SegmentRecord.headSize(place.size()));
        file.readFully(bytes, place.offset());
        SegmentRecord head = SegmentRecord.read(bytes.flip(), place.offset());
        if (head == null
                || head.kind() != SegmentRecord.BLOB
                || head.argument() != place.size()
                || !head.id().equals(id)) {
            throw new CorruptBlobException(id, "the head of its record in segment " + place.segment() + " is damaged");
        }
        return head;
    }

    private synchronized boolean pin(long segment) {
        return sizes.containsKey(segment) && pins.pin(segment);
    }

    private void unpin(long segment) {
        if (pins.unpin(segment)) {
            unlink(segment);
        }
    }

    /// Takes a segment out of service; its file goes when its last reader is done. Nothing in the durable index
    /// may point to it any more.
    void retire(long segment) {
        boolean free;
        synchronized (this) {
            sizes.remove(segment);
            free = pins.doom(segment);
        }
        if (free) {
            unlink(segment);
        }
    }

    private void unlink(long segment) {
        try {
            disk.unlink(layout.segment(segment));
            pins.pardon(segment);
        } catch (IOException e) {
            // It holds nothing that is in use: when the store is opened again, it is retired again.
            LOG.log(Level.WARNING, "segment " + segment + " is no longer needed, but can't be deleted", e);
        }
    }
}
