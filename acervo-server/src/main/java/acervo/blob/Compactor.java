package acervo.blob;

import acervo.model.BlobId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Gives back the room of removed small blobs: copies what is left in a segment to the newest one, and deletes
/// the segment.
///
/// The order makes every crash harmless: the copies are checked and forced, the index points to them, the index
/// is durable, and only then the old file goes. Until then both copies are whole. Room is never taken on trust:
/// a segment is copied only when what is left in it fits into what is free, and one whose blobs are all gone is
/// not copied at all, so that removing helps on a full disk.
final class Compactor implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Compactor.class.getName());

    /// Segments less in use than that are worth copying.
    private static final double WORTHWHILE = 0.5;
    /// The same while room is short.
    private static final double WORTHWHILE_WHEN_SHORT = 0.8;
    /// Bytes not in use for which the segment that is being written to is ended early.
    private static final long SEAL_FOR = 1 << 20;
    /// Bytes to stay free beyond what is copied.
    private static final long HEADROOM = 4 << 20;

    private static final long BATCH_BYTES = 1 << 20;

    private final Medium medium;
    private final Layout layout;
    private final Segments segments;
    private final BlobIndex index;
    private final SegmentWriter writer;
    private final BiConsumer<BlobId, String> quarantine;
    private final Semaphore work = new Semaphore(0);
    private @Nullable Thread thread;
    private volatile boolean closing;

    Compactor(
            Medium medium,
            Layout layout,
            Segments segments,
            BlobIndex index,
            SegmentWriter writer,
            BiConsumer<BlobId, String> quarantine) {
        this.medium = medium;
        this.layout = layout;
        this.segments = segments;
        this.index = index;
        this.writer = writer;
        this.quarantine = quarantine;
    }

    /// Compacts in the background from now on.
    void start() {
        thread = Thread.ofPlatform().daemon().name("acervo-blob-compactor").start(this::run);
        work.release();
    }

    /// Something was removed from that segment.
    void removedFrom(long segment) {
        if (thread != null && work.availablePermits() == 0 && isWorthwhile(segment, segments.size(segment))) {
            work.release();
        }
    }

    private void run() {
        while (!closing) {
            work.acquireUninterruptibly();
            work.drainPermits();
            try {
                boolean more = true;
                while (more && !closing) {
                    more = compactOne();
                }
            } catch (StoreException e) {
                // Nothing is lost by not compacting; the next removal tries again.
                LOG.log(Level.WARNING, "compacting stopped: " + e.getMessage());
            }
        }
    }

    /// Compacts the segment of which least is in use.
    ///
    /// @return false when none is worth it, or none has the room
    boolean compactOne() {
        medium.requireSound();
        long active = segments.active();
        if (active != 0 && isWorthwhile(active, segments.size(active))) {
            writer.seal();
        }
        long best = 0;
        for (Map.Entry<Long, Long> segment : segments.sizes().entrySet()) {
            long number = segment.getKey();
            if (number != segments.active()
                    && isWorthwhile(number, segment.getValue())
                    && (best == 0 || index.used(number) < index.used(best))) {
                best = number;
            }
        }
        long left = index.used(best);
        if (best == 0 || (left > 0 && medium.space().free() < left + HEADROOM)) {
            return false;
        }
        compact(best);
        return true;
    }

    private boolean isWorthwhile(long segment, long size) {
        long used = index.used(segment);
        if (segment == segments.active()) {
            return size - used >= SEAL_FOR && used < size * WORTHWHILE;
        }
        boolean isShort = medium.space().free() < 2 * medium.reserve();
        return used == 0 || used < size * (isShort ? WORTHWHILE_WHEN_SHORT : WORTHWHILE);
    }

    private void compact(long segment) {
        Batch batch = new Batch();
        Map<BlobId, String> damaged = new LinkedHashMap<>();
        try {
            SegmentScan.run(
                    medium.disk(),
                    layout.segment(segment),
                    Disk.Mode.READ,
                    segment,
                    0,
                    (head, content) -> copy(segment, head, content, batch, damaged));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "segment " + segment + " can't be read to its end", e);
        }
        batch.write();
        // What the scan did not find, though the index has it, has lost its head.
        if (index.used(segment) > 0) {
            index.eachIn(segment, (id, place) -> damaged.putIfAbsent(id, "its record was not found"));
        }
        damaged.forEach((id, what) -> quarantine.accept(id, "while compacting segment " + segment + ": " + what));
        if (index.used(segment) > 0) {
            throw new StoreFailedException(
                    "segment " + segment + " still has " + index.used(segment) + " bytes in use", null);
        }
        index.flush(true);
        segments.retire(segment);
        index.forgetSegment(segment);
        LOG.log(Level.DEBUG, "compacted segment {0}", segment);
    }

    private void copy(
            long segment, SegmentRecord head, @Nullable ByteBuffer content, Batch batch, Map<BlobId, String> damaged) {
        if (head.kind() == SegmentRecord.VOID) {
            // Still needed while the record that it voids is there.
            if (head.segment() != segment && segments.size(head.segment()) >= 0) {
                batch.add(Note.voided(head.id(), head.segment(), head.argument()), 0);
            }
        } else if (head.kind() == SegmentRecord.BLOB) {
            Place.Packed here = new Place.Packed(segment, head.offset(), head.contentLength());
            if (!here.equals(index.get(head.id()))) {
                return;
            }
            if (content == null) {
                damaged.put(head.id(), "a block does not match its sum");
            } else {
                ByteBuffer own =
                        ByteBuffer.allocate(content.remaining()).put(content).flip();
                batch.add(Note.move(head, here, own), own.remaining());
            }
        }
    }

    /// Copies on their way, a megabyte at a time.
    private final class Batch {
        private final List<Note> notes = new ArrayList<>();
        private long bytes;

        void add(Note note, long size) {
            notes.add(note);
            bytes += size;
            if (bytes >= BATCH_BYTES || notes.size() >= 1000) {
                write();
            }
        }

        void write() {
            if (!notes.isEmpty()) {
                writer.keep(notes);
                notes.clear();
                bytes = 0;
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        work.release();
        Thread waitFor = thread;
        boolean interrupted = false;
        while (waitFor != null && waitFor.isAlive()) {
            try {
                waitFor.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
