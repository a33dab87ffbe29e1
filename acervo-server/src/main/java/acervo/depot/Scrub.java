package acervo.depot;

import acervo.blob.BlobStore;
import acervo.blob.CorruptBlobException;
import acervo.blob.StoredBlob;
import acervo.catalog.Catalog;
import acervo.model.BlobId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The verification that runs by itself: reads the copies again in the order of their ids, slowly, and goes on where it
/// stood when the
/// server was stopped. Finds rot where nobody reads. One thread, except where a method says otherwise.
///
/// Its place is kept in `scrub`:
/// ```
/// u8 format = 1 | u8 whether a position follows | 32 bytes the last id that was read (zero for none)
/// | i64 when the pass began with the ids of the same first byte (ms) | 256 times i64, when ids with that first byte
/// were last read (ms)
/// ```
final class Scrub {
    private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);
    private static final int FORMAT = 1;
    private static final int PAGE = 256;

    /// Blobs after which the place is written down.
    private static final int SAVE_EVERY = 1_000;

    private final BlobStore blobs;
    private final Catalog catalog;
    private final Damage damage;
    private final VerifiedTimes times;
    private final Path file;
    private final Clock clock;

    private @Nullable BlobId position;
    private VerifiedTimes.Round pass;
    private List<BlobId> page = List.of();
    private int next;
    private int unsaved;

    Scrub(BlobStore blobs, Catalog catalog, Damage damage, VerifiedTimes times, Path file, Clock clock) {
        this.blobs = blobs;
        this.catalog = catalog;
        this.damage = damage;
        this.times = times;
        this.file = file;
        this.clock = clock;
        long entered = LocalFile.read(file).map(this::load).orElse(clock.millis());
        this.pass = times.new Round(position, entered);
    }

    /// Reads the next copy again.
    ///
    /// @param spent is told of bytes that were read; may wait, or throw [CancellationException] to give up
    /// @return whether there was one; when not, a pass has ended and the next call begins another
    boolean step(LongConsumer spent) {
        if (next == page.size()) {
            page = blobs.list(position, PAGE);
            next = 0;
            if (page.isEmpty()) {
                endPass();
                return false;
            }
        }
        BlobId id = page.get(next);
        pass.reach(id, clock.millis());
        read(id, spent);
        next++;
        position = id;
        if (++unsaved >= SAVE_EVERY) {
            save();
        }
        return true;
    }

    /// How many bytes a second it should read, so that all are read within the time aimed at: at least a day's
    /// worth for a small store,
    /// which costs nothing, and never more than allowed.
    static long rate(long storedBytes, Duration aim, long most) {
        long inTime = (long) (storedBytes * 1.1 / Math.max(1, aim.toSeconds()));
        long daily = Math.min(1_000_000, storedBytes / Duration.ofDays(1).toSeconds());
        return Math.clamp(Math.max(inTime, daily), 1, Math.max(1, most));
    }

    private void read(BlobId id, LongConsumer spent) {
        try (StoredBlob blob = blobs.open(id).orElse(null)) {
            if (blob != null) {
                blob.verify(spent);
            }
        } catch (CorruptBlobException e) {
            damage.report(e);
        }
    }

    private void endPass() {
        pass.end();
        position = null;
        pass = times.new Round(null, clock.millis());
        Verification.findMissing(blobs, catalog, damage, id -> {});
        save();
    }

    /// Writes the place down.
    void save() {
        unsaved = 0;
        ByteBuffer record = ByteBuffer.allocate(2 + BlobId.BYTES + Long.BYTES + VerifiedTimes.bytes());
        record.put((byte) FORMAT).put((byte) (position == null ? 0 : 1));
        (position == null ? new BlobId(0, 0, 0, 0) : position).write(record);
        record.putLong(pass.enteredMillis());
        times.write(record);
        LocalFile.write(file, record.array());
    }

    private @Nullable Long load(byte[] bytes) {
        ByteBuffer record = ByteBuffer.wrap(bytes);
        if (record.get() != FORMAT || record.remaining() != 1 + BlobId.BYTES + Long.BYTES + VerifiedTimes.bytes()) {
            LOG.warn("{} is of another format: verifying starts from the beginning", file);
            return null;
        }
        boolean placed = record.get() == 1;
        BlobId id = BlobId.read(record);
        long entered = record.getLong();
        position = placed ? id : null;
        times.read(record);
        return entered;
    }
}
