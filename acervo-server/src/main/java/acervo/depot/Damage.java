package acervo.depot;

import acervo.blob.BlobStore;
import acervo.blob.CorruptBlobException;
import acervo.blob.SmallBlob;
import acervo.blob.StoreException;
import acervo.blob.StoredBlob;
import acervo.model.BlobId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which of this machine's copies are damaged or missing, and what is done about it. Any thread.
///
/// A copy goes to quarantine only after a second look showed the damage again (a flipped bit in memory on the way is
/// not rot), and only while
/// no deposit of the same bytes is under way: the second look may have been at the copy that the deposit is replacing.
/// Where that
/// is so the copy waits, marked, for a later turn; it is never handed out meanwhile, because every read checks.
///
/// What is known is kept in `damaged`, written when things are quiet, since it can be found again:
/// ```
/// u8 format = 1 | u32 count | count times: 32 bytes id, u8 kind (0 damaged, 1 missing), u8 settled, i64 found (ms)
/// ```
final class Damage {
    private static final Logger LOG = LoggerFactory.getLogger(Damage.class);
    private static final int FORMAT = 1;

    private final BlobStore blobs;
    private final Pins pins;
    private final HotCache cache;
    private final Path file;
    private final Clock clock;
    private final Map<BlobId, Note> notes = new ConcurrentHashMap<>();

    /// Held while damage is looked at, so that a hundred readers of one bad blob read it again once.
    private final ReentrantLock looking = new ReentrantLock();

    private volatile boolean dirty;

    Damage(BlobStore blobs, Pins pins, HotCache cache, Path file, Clock clock) {
        this.blobs = blobs;
        this.pins = pins;
        this.cache = cache;
        this.file = file;
        this.clock = clock;
        LocalFile.read(file).ifPresent(this::load);
    }

    /// Whether the copy here is known to be no good.
    boolean known(BlobId id) {
        return !notes.isEmpty() && notes.containsKey(id);
    }

    /// All that are known.
    List<BlobId> ids() {
        return List.copyOf(notes.keySet());
    }

    int count() {
        return notes.size();
    }

    /// A read met bytes that are not those stored. Looks again, and takes the copy out of service if it is so.
    ///
    /// @return false when the second look was fine
    boolean report(CorruptBlobException seen) {
        BlobId id = seen.id();
        looking.lock();
        try {
            Note note = notes.get(id);
            if (note != null && note.settled) {
                return true;
            }
            return look(id, String.valueOf(seen.getMessage()));
        } finally {
            looking.unlock();
        }
    }

    /// The catalog refers to bytes that are not here.
    ///
    /// @return false when they are here after all
    boolean reportMissing(BlobId id) {
        looking.lock();
        try {
            if (notes.containsKey(id)) {
                return true;
            }
            if (isThere(id)) {
                return false;
            }
            LOG.error("blob {} is missing: files refer to it and its bytes are not here", id);
            note(id, new Note(true, true, clock.millis()));
            return true;
        } finally {
            looking.unlock();
        }
    }

    /// Tries again to put aside what could not be put aside when it was found. Before a deposit of the same bytes:
    /// the store might else
    /// keep the bad copy as one that it has already.
    void settle(BlobId id) {
        if (!known(id)) {
            return;
        }
        looking.lock();
        try {
            Note note = notes.get(id);
            if (note != null && !note.settled && !look(id, "found damaged earlier")) {
                forget(id);
            }
        } finally {
            looking.unlock();
        }
    }

    void settleAll() {
        notes.forEach((id, note) -> {
            if (!note.settled) {
                settle(id);
            }
        });
    }

    /// Good bytes were stored under this id.
    void healed(BlobId id) {
        if (known(id)) {
            // An unsettled copy is still in the way: the store may have taken it for good. Its turn comes.
            notes.computeIfPresent(id, (same, note) -> {
                if (!note.settled) {
                    return note;
                }
                LOG.info("blob {} is whole again", id);
                dirty = true;
                return null;
            });
        }
    }

    /// The bytes are gone, wanted by nobody, or turned out to be fine.
    void forget(BlobId id) {
        if (known(id) && notes.remove(id) != null) {
            dirty = true;
        }
    }

    /// Writes down what changed since the last time.
    ///
    /// @throws UncheckedIOException when that fails: the next call tries again
    void save() {
        if (dirty) {
            // First, so that what changes meanwhile is written next time.
            dirty = false;
            try {
                LocalFile.write(file, encode());
            } catch (UncheckedIOException e) {
                dirty = true;
                throw e;
            }
        }
    }

    private boolean look(BlobId id, String first) {
        try (Pins.Watch watch = pins.watch(id)) {
            Optional<String> bad = secondLook(id);
            if (bad.isEmpty()) {
                LOG.warn(
                        "blob {} was read badly once and well the second time ({}): look at this machine's memory",
                        id,
                        first);
                return false;
            }
            if (!notes.containsKey(id)) {
                LOG.error("blob {} is damaged: {}", id, bad.get());
            }
            boolean aside = watch.ifUndisturbed(() -> blobs.quarantine(id, bad.get()));
            note(id, new Note(false, aside, clock.millis()));
            if (aside) {
                healFromMemory(id);
            }
            return true;
        }
    }

    private boolean isThere(BlobId id) {
        try {
            Optional<StoredBlob> there = blobs.open(id);
            there.ifPresent(StoredBlob::close);
            return there.isPresent();
        } catch (CorruptBlobException e) {
            // Damaged is another matter: whoever reads it will see.
            return true;
        }
    }

    /// What is wrong with the copy on disk, if it is there and anything is.
    private Optional<String> secondLook(BlobId id) {
        try (StoredBlob blob = blobs.open(id).orElse(null)) {
            if (blob == null) {
                return Optional.of("it is gone");
            }
            blob.verify(bytes -> {});
            return Optional.empty();
        } catch (CorruptBlobException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// A file that is read often may still be in memory, verified: the best copy there is.
    private void healFromMemory(BlobId id) {
        byte[] bytes = cache.peek(id);
        if (bytes == null) {
            return;
        }
        try {
            blobs.putAll(List.of(new SmallBlob(id, ByteBuffer.wrap(bytes).asReadOnlyBuffer())));
            LOG.warn("blob {} was stored again from memory", id);
            healed(id);
        } catch (StoreException e) {
            LOG.warn("blob {} is still in memory but could not be stored again", id, e);
        }
    }

    private void note(BlobId id, Note note) {
        notes.put(id, note);
        dirty = true;
    }

    private byte[] encode() {
        Map<BlobId, Note> all = Map.copyOf(notes);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeInt(all.size());
            for (Map.Entry<BlobId, Note> entry : all.entrySet()) {
                out.write(entry.getKey().toBytes());
                out.writeByte(entry.getValue().missing ? 1 : 0);
                out.writeByte(entry.getValue().settled ? 1 : 0);
                out.writeLong(entry.getValue().foundMillis);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory can't fail", e);
        }
        return bytes.toByteArray();
    }

    private void load(byte[] record) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(record))) {
            if (in.readUnsignedByte() != FORMAT) {
                LOG.warn("{} is of a newer format: damage will have to be found again", file);
                return;
            }
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                BlobId id = BlobId.of(in.readNBytes(BlobId.BYTES));
                boolean missing = in.readUnsignedByte() == 1;
                boolean settled = in.readUnsignedByte() == 1;
                notes.put(id, new Note(missing, settled, in.readLong()));
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} can't be read: damage will have to be found again", file, e);
        }
    }

    /// @param settled whether the bad copy is out of the way
    private record Note(boolean missing, boolean settled, long foundMillis) {}
}
