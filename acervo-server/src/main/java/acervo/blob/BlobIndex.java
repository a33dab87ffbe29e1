package acervo.blob;

import acervo.model.BlobId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Which blobs there are and where, how many bytes they are, and how much of each segment is in use. Derived:
/// everything in it can be learnt again from the segments and from `blobs/`, so that losing it costs time and
/// no blob.
///
/// ```
/// key                       value
/// 00                        01 | u64 segment, u64 offset: all before it is in here | u64 blobs | u64 bytes
/// 01 | 32 bytes of SHA-256  01 | u64 segment | u64 offset of the record | u32 length     a packed blob
///                           02 | u64 length                                              a large blob
///                           03 | u64 length                         a large blob that is getting its name
/// 02 | u64 segment          01 | u64 bytes of its records that are in use
/// 03 | 32 bytes of SHA-256  01    for each large blob that is getting its name, or losing it
/// ```
///
/// A file under `blobs/` can come and go with a power cut for as long as its folder was not forced. Invariant:
/// at every moment a large blob whose file may be there after one has a row, or a mark under `03`, or a note in
/// the segments after the position. Recovery looks for the file of each mark and each such note; so none that a
/// reader found is missing in the list later.
///
/// A batch changes blobs, sums and position together, so that they agree at every moment a crash may leave
/// behind. Any thread.
final class BlobIndex implements AutoCloseable {
    private static final byte TOTALS = 0;
    private static final byte BLOB = 1;
    private static final byte SEGMENT = 2;
    private static final byte DOUBTFUL = 3;
    private static final byte FORMAT = 1;
    private static final byte PACKED = 1;
    private static final byte LARGE = 2;
    private static final byte LARGE_UNNAMED = 3;

    private final Rows rows;
    private final Map<Long, Long> used = new TreeMap<>();
    private Position indexed = Position.START;
    private long blobs;
    private long bytes;
    private volatile long generation;

    BlobIndex(Rows rows) {
        this.rows = rows;
        byte[] totals = rows.get(new byte[] {TOTALS});
        if (totals != null) {
            ByteBuffer from = body(totals);
            indexed = new Position(from.getLong(), from.getLong());
            blobs = from.getLong();
            bytes = from.getLong();
        }
        rows.scan(new byte[] {SEGMENT}, (key, value) -> {
            if (key[0] != SEGMENT) {
                return false;
            }
            used.put(ByteBuffer.wrap(key).getLong(1), body(value).getLong());
            return true;
        });
    }

    /// A place in the sequence of all records ever written.
    ///
    /// @param segment 0 before the first segment, whose number is 1
    record Position(long segment, long offset) {
        static final Position START = new Position(0, 0);
    }

    /// One blob's new place.
    ///
    /// @param expected only if it is there now; null: wherever it is
    /// @param place null: nowhere
    /// @param isNew whether it is known to be nowhere now
    /// @param mark what becomes of its mark for recovery
    record Edit(
            BlobId id, @Nullable Place expected, @Nullable Place place, boolean isNew, Mark mark) {
        /// For a blob that may have a place already.
        static Edit put(BlobId id, Place place) {
            return new Edit(id, null, place, false, Mark.of(place));
        }

        /// For a blob that has none, as the only one who could have given it a place knows.
        static Edit add(BlobId id, Place place) {
            return new Edit(id, null, place, true, Mark.of(place));
        }

        static Edit move(BlobId id, Place from, Place to) {
            return new Edit(id, from, to, false, Mark.of(to));
        }

        /// For a packed one.
        static Edit drop(BlobId id, Place.Packed expected) {
            return new Edit(id, expected, null, false, Mark.KEEP);
        }

        /// For a large one whose file is going, or gone but not durably.
        static Edit lose(BlobId id) {
            return new Edit(id, null, null, false, Mark.SET);
        }

        /// For a large one that has durably no file.
        static Edit gone(BlobId id) {
            return new Edit(id, null, null, false, Mark.CLEAR);
        }
    }

    private enum Mark {
        KEEP,
        SET,
        CLEAR;

        static Mark of(Place place) {
            return !(place instanceof Place.Large large) ? KEEP : large.named() ? CLEAR : SET;
        }
    }

    @Nullable
    Place get(BlobId id) {
        byte[] value = rows.get(key(id));
        return value == null ? null : place(value);
    }

    /// The places of several blobs, in order, null for those that it does not know.
    List<@Nullable Place> getAll(List<BlobId> ids) {
        List<@Nullable Place> places = new ArrayList<>(ids.size());
        for (byte[] value : rows.getAll(ids.stream().map(BlobIndex::key).toList())) {
            places.add(value == null ? null : place(value));
        }
        return places;
    }

    /// Grows whenever blobs get a place: as long as it stays the same, what was absent is absent.
    long generation() {
        return generation;
    }

    synchronized Position indexed() {
        return indexed;
    }

    synchronized long blobs() {
        return blobs;
    }

    synchronized long bytes() {
        return bytes;
    }

    /// Bytes of that segment's records that are in use.
    synchronized long used(long segment) {
        return used.getOrDefault(segment, 0L);
    }

    /// Segments of which something is in use.
    synchronized List<Long> usedSegments() {
        return used.entrySet().stream()
                .filter(e -> e.getValue() > 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Makes the edits, in order, and moves the position on unless it is null.
    ///
    /// @return how many edits found what they expected
    synchronized int apply(List<Edit> edits, @Nullable Position upTo) {
        Map<BlobId, Place> now = new HashMap<>();
        Map<Long, Long> change = new TreeMap<>();
        List<Rows.Edit> out = new ArrayList<>(edits.size() + 3);
        long moreBlobs = 0;
        long moreBytes = 0;
        int made = 0;
        for (Edit edit : edits) {
            Place old = edit.isNew() ? null : now.containsKey(edit.id()) ? now.get(edit.id()) : get(edit.id());
            if (edit.expected() != null && !edit.expected().equals(old)) {
                continue;
            }
            made++;
            if (old != null) {
                moreBlobs--;
                moreBytes -= old.length();
                count(change, old, -1);
            }
            Place place = edit.place();
            if (place != null) {
                moreBlobs++;
                moreBytes += place.length();
                count(change, place, 1);
            }
            now.put(edit.id(), place);
            out.add(new Rows.Edit(key(edit.id()), place == null ? null : value(place)));
            if (edit.mark() != Mark.KEEP) {
                out.add(new Rows.Edit(doubtfulKey(edit.id()), edit.mark() == Mark.SET ? new byte[] {FORMAT} : null));
            }
        }
        Position position = upTo == null ? indexed : upTo;
        change.forEach((segment, delta) ->
                out.add(new Rows.Edit(segmentKey(segment), number(used.getOrDefault(segment, 0L) + delta))));
        out.add(new Rows.Edit(new byte[] {TOTALS}, totals(position, blobs + moreBlobs, bytes + moreBytes)));
        rows.write(out);
        change.forEach((segment, delta) -> used.merge(segment, delta, Long::sum));
        indexed = position;
        blobs += moreBlobs;
        bytes += moreBytes;
        generation++;
        return made;
    }

    /// Forgets a segment that is gone.
    synchronized void forgetSegment(long segment) {
        if (used.containsKey(segment)) {
            rows.write(List.of(new Rows.Edit(segmentKey(segment), null)));
            used.remove(segment);
        }
    }

    /// Ids after `after`, in order.
    List<BlobId> list(@Nullable BlobId after, int limit) {
        List<BlobId> ids = new ArrayList<>(Math.min(limit, 1024));
        if (limit <= 0) {
            return ids;
        }
        rows.scan(after == null ? new byte[] {BLOB} : key(after), (key, value) -> {
            if (key[0] != BLOB) {
                return false;
            }
            BlobId id = BlobId.read(ByteBuffer.wrap(key, 1, BlobId.BYTES));
            if (!id.equals(after)) {
                ids.add(id);
            }
            return ids.size() < limit;
        });
        return ids;
    }

    /// Large blobs that were just getting their names, or losing them.
    List<BlobId> doubtful() {
        List<BlobId> ids = new ArrayList<>();
        rows.scan(new byte[] {DOUBTFUL}, (key, value) -> ids.add(BlobId.read(ByteBuffer.wrap(key, 1, BlobId.BYTES))));
        return ids;
    }

    /// Visits every blob that lies in that segment; slow, as it visits all others too.
    void eachIn(long segment, BiConsumer<BlobId, Place.Packed> visitor) {
        rows.scan(new byte[] {BLOB}, (key, value) -> {
            if (key[0] != BLOB) {
                return false;
            }
            if (place(value) instanceof Place.Packed packed && packed.segment() == segment) {
                visitor.accept(BlobId.read(ByteBuffer.wrap(key, 1, BlobId.BYTES)), packed);
            }
            return true;
        });
    }

    void flush(boolean wait) {
        rows.flush(wait);
    }

    @Override
    public void close() {
        rows.close();
    }

    private static void count(Map<Long, Long> change, Place place, int sign) {
        if (place instanceof Place.Packed packed) {
            change.merge(packed.segment(), (long) sign * SegmentRecord.size(packed.size()), Long::sum);
        }
    }

    private static byte[] key(BlobId id) {
        ByteBuffer key = ByteBuffer.allocate(1 + BlobId.BYTES).put(BLOB);
        id.write(key);
        return key.array();
    }

    private static byte[] doubtfulKey(BlobId id) {
        ByteBuffer key = ByteBuffer.allocate(1 + BlobId.BYTES).put(DOUBTFUL);
        id.write(key);
        return key.array();
    }

    private static byte[] segmentKey(long segment) {
        return ByteBuffer.allocate(9).put(SEGMENT).putLong(segment).array();
    }

    private static byte[] number(long number) {
        return ByteBuffer.allocate(9).put(FORMAT).putLong(number).array();
    }

    private static byte[] totals(Position position, long blobs, long bytes) {
        return ByteBuffer.allocate(33)
                .put(FORMAT)
                .putLong(position.segment())
                .putLong(position.offset())
                .putLong(blobs)
                .putLong(bytes)
                .array();
    }

    private static byte[] value(Place place) {
        return switch (place) {
            case Place.Packed(long segment, long offset, int size) ->
                ByteBuffer.allocate(21)
                        .put(PACKED)
                        .putLong(segment)
                        .putLong(offset)
                        .putInt(size)
                        .array();
            case Place.Large(long length, boolean named) ->
                ByteBuffer.allocate(9)
                        .put(named ? LARGE : LARGE_UNNAMED)
                        .putLong(length)
                        .array();
        };
    }

    private static Place place(byte[] value) {
        ByteBuffer from = ByteBuffer.wrap(value);
        return switch (from.get()) {
            case PACKED -> new Place.Packed(from.getLong(), from.getLong(), from.getInt());
            case LARGE -> new Place.Large(from.getLong(), true);
            case LARGE_UNNAMED -> new Place.Large(from.getLong(), false);
            default -> throw unreadable();
        };
    }

    private static ByteBuffer body(byte[] value) {
        ByteBuffer from = ByteBuffer.wrap(value);
        if (from.get() != FORMAT) {
            throw unreadable();
        }
        return from;
    }

    private static StoreFailedException unreadable() {
        return new StoreFailedException("the blob index has a row of a newer format", null);
    }
}
