package acervo.blob;

import acervo.model.BlobId;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Remembers for ten minutes which blocks of which large blobs were checked, for the [#CAPACITY] blobs asked
/// about last. Any thread.
final class CheckedFiles {
    private static final int CAPACITY = 256;
    private static final long TRUSTED_NANOS = 600_000_000_000L;

    private final LongSupplier nanos;
    private final Map<BlobId, Checked> entries = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<BlobId, Checked> eldest) {
            return size() > CAPACITY;
        }
    };

    /// @param since when the first of the blocks was checked
    private record Checked(Disk.Stamp stamp, long since, BitSet blocks) {}

    CheckedFiles(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// The first block in [from, to) that was not checked lately in the file of that stamp; `to` when all were.
    synchronized long firstUnchecked(BlobId id, Disk.Stamp stamp, long from, long to) {
        Checked entry = entries.get(id);
        return entry == null || !isFresh(entry, stamp)
                ? from
                : Math.min(to, entry.blocks.nextClearBit(Math.toIntExact(from)));
    }

    synchronized void checked(BlobId id, Disk.Stamp stamp, long from, long to) {
        Checked entry = entries.get(id);
        if (entry == null || !isFresh(entry, stamp)) {
            entry = new Checked(stamp, nanos.getAsLong(), new BitSet());
            entries.put(id, entry);
        }
        entry.blocks.set(Math.toIntExact(from), Math.toIntExact(to));
    }

    private boolean isFresh(Checked entry, Disk.Stamp stamp) {
        return entry.stamp.equals(stamp) && nanos.getAsLong() - entry.since < TRUSTED_NANOS;
    }
}
