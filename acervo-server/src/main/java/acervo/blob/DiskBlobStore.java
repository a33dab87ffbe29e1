package acervo.blob;

import acervo.model.BlobId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Blobs in a folder, laid out as [Layout] draws it. Small ones share segments and forces ([SegmentWriter]),
/// large ones have a file each ([LargeBlobs]), and what is on its way in is in [Stages]. An index ([BlobIndex])
/// finds the small ones and counts all; it can be lost.
///
/// One process at a time may have a folder open: whoever opens it sees to that.
public final class DiskBlobStore implements BlobStore {
    private static final Logger LOG = System.getLogger(DiskBlobStore.class.getName());

    private final Medium medium;
    private final Layout layout;
    private final BlobIndex index;
    private final Segments segments;
    private final LargeBlobs large;
    private final Quarantine quarantine;
    private final SegmentWriter writer;
    private final Stages stages;
    private final Compactor compactor;
    private boolean open = true;

    /// Opens the store in a folder, making it when it is absent. What a crash left behind is put right first.
    ///
    /// @throws StoreFailedException when the disk can't be read or written
    public static DiskBlobStore open(Path folder, DiskSettings settings) {
        Path root = folder.toAbsolutePath();
        try {
            List<Path> missing = new ArrayList<>();
            for (Path path = root; path != null && Files.notExists(path); path = path.getParent()) {
                missing.add(path);
            }
            Files.createDirectories(root);
            Disk disk = new RealDisk(root);
            for (Path created : missing) {
                disk.forceFolder(created.resolveSibling("."));
            }
            Layout layout = new Layout(root);
            return open(disk, layout, new RocksRows.Folder(layout.index()), settings, System::nanoTime);
        } catch (IOException e) {
            throw new StoreFailedException("opening the blob store in " + folder + ": " + e.getMessage(), e);
        }
    }

    /// @param nanos a clock that only goes forward
    static DiskBlobStore open(Disk disk, Layout layout, Rows.Home rows, DiskSettings settings, LongSupplier nanos)
            throws IOException {
        for (Path folder :
                List.of(layout.blobs(), layout.segments(), layout.staging(), layout.quarantine(), layout.index())) {
            disk.createFolder(folder);
        }
        Medium medium = new Medium(disk, settings.reserveBytes(), nanos);
        medium.forceFolder(layout.root());
        Segments segments = new Segments(disk, layout);
        BlobIndex index = openIndex(rows, segments);
        DiskBlobStore store = null;
        try {
            store = new DiskBlobStore(medium, layout, segments, index, settings, nanos);
            return store;
        } finally {
            if (store == null) {
                index.close();
            }
        }
    }

    private static BlobIndex openIndex(Rows.Home rows, Segments segments) {
        BlobIndex index = null;
        try {
            index = new BlobIndex(rows.open());
            if (Recovery.fits(index, segments)) {
                return index;
            }
            LOG.log(Level.WARNING, "the blob index does not fit the segments: making it again");
        } catch (StoreFailedException e) {
            LOG.log(Level.WARNING, "the blob index can't be read: making it again", e);
        }
        if (index != null) {
            index.close();
        }
        rows.erase();
        return new BlobIndex(rows.open());
    }

    private DiskBlobStore(
            Medium medium, Layout layout, Segments segments, BlobIndex index, DiskSettings settings, LongSupplier nanos)
            throws IOException {
        this.medium = medium;
        this.layout = layout;
        this.segments = segments;
        this.index = index;
        large = new LargeBlobs(medium, layout, index, nanos);
        quarantine = new Quarantine(medium, layout);
        Recovery recovery = new Recovery(medium, layout, segments, index, large);
        if (index.indexed().equals(BlobIndex.Position.START)) {
            recovery.findLarge();
        }
        SegmentWriter.Tail tail = recovery.replay(settings.segmentBytes());
        writer = new SegmentWriter(medium, layout, segments, index, settings.segmentBytes(), tail);
        stages = new Stages(medium, layout, writer, large, settings.packedBytes());
        compactor = new Compactor(medium, layout, segments, index, writer, this::quarantine);
        writer.start();
        if (settings.compacts()) {
            compactor.start();
        }
    }

    @Override
    public Stage stage(StageId id) {
        return stages.open(id);
    }

    @Override
    public List<StagedBlob> stages() {
        return stages.list();
    }

    @Override
    public void discard(StageId id) {
        stages.discard(id);
    }

    @Override
    public void putAll(List<SmallBlob> blobs) {
        medium.requireSound();
        for (SmallBlob blob : blobs) {
            if (blob.bytes().remaining() > SMALL) {
                throw new IllegalArgumentException("blob " + blob.id() + " is larger than " + SMALL + " bytes");
            }
        }
        long generation = index.generation();
        List<Note> notes = new ArrayList<>(blobs.size());
        List<@Nullable Place> places =
                index.getAll(blobs.stream().map(SmallBlob::id).toList());
        for (int i = 0; i < blobs.size(); i++) {
            if (places.get(i) == null || !isThereAndWhole(blobs.get(i).id())) {
                notes.add(Note.blob(blobs.get(i)));
            }
        }
        if (!notes.isEmpty()) {
            writer.deposit(notes, generation);
        }
    }

    /// A copy that is damaged goes to quarantine here, so that a deposit of the same content heals it.
    private boolean isThereAndWhole(BlobId id) {
        try (StoredBlob there = open(id).orElse(null)) {
            if (there != null) {
                there.check(0, there.length());
            }
            return there != null;
        } catch (CorruptBlobException e) {
            quarantine(id, String.valueOf(e.getMessage()));
            return false;
        }
    }

    @Override
    public Optional<StoredBlob> open(BlobId id) {
        Place last = null;
        while (index.get(id) instanceof Place.Packed place) {
            DiskBlob blob = segments.open(id, place);
            if (blob != null) {
                return Optional.of(blob);
            }
            // It was moved between the two look-ups; to a new place each time.
            if (place.equals(last)) {
                throw new CorruptBlobException(id, "segment " + place.segment() + " is gone");
            }
            last = place;
        }
        return large.open(id);
    }

    @Override
    public void remove(BlobId id) {
        if (index.get(id) instanceof Place.Packed) {
            removePacked(id);
        } else {
            large.remove(id);
        }
    }

    private void removePacked(BlobId id) {
        while (index.get(id) instanceof Place.Packed place) {
            if (index.apply(List.of(BlobIndex.Edit.drop(id, place)), null) == 1) {
                compactor.removedFrom(place.segment());
            }
        }
    }

    @Override
    public void quarantine(BlobId id, String reason) {
        boolean moved = index.get(id) instanceof Place.Packed place
                ? quarantinePacked(id, place, reason)
                : large.quarantine(id, reason, quarantine);
        if (moved) {
            LOG.log(Level.WARNING, "blob {0} is in quarantine: {1}", id, reason);
        }
    }

    private boolean quarantinePacked(BlobId id, Place.Packed place, String reason) {
        if (index.apply(List.of(BlobIndex.Edit.drop(id, place)), null) == 0) {
            return false;
        }
        copyOut(id, place, reason);
        try {
            writer.keep(List.of(Note.voided(id, place.segment(), place.offset())));
        } catch (StoreException e) {
            // Should it come back after a crash, its sums tell on it again.
            LOG.log(Level.WARNING, "that blob {0} is in quarantine can't be recorded: {1}", id, e.getMessage());
        }
        compactor.removedFrom(place.segment());
        return true;
    }

    /// Best effort: the bytes are damaged, and taking them out of service must not depend on keeping them.
    private void copyOut(BlobId id, Place.Packed place, String reason) {
        ByteBuffer bytes = ByteBuffer.allocate(place.size());
        long at = place.offset() + SegmentRecord.headSize(place.size());
        try (DiskFile segment = medium.disk().open(layout.segment(place.segment()), Disk.Mode.READ)) {
            segment.readFully(bytes, at);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the damaged blob " + id + " can't be read to its end", e);
        }
        try {
            quarantine.copy(id, bytes.flip(), reason);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the damaged blob " + id + " can't be kept aside", e);
        }
    }

    @Override
    public List<BlobId> list(@Nullable BlobId after, int limit) {
        return index.list(after, limit);
    }

    @Override
    public StoreStatus status() {
        Disk.Space space = medium.space();
        return new StoreStatus(
                index.blobs(),
                index.bytes(),
                space.free(),
                medium.reserve(),
                quarantine.size(),
                Optional.ofNullable(medium.failure()));
    }

    /// Compacts one segment if that is worth it; for a store that does not do so by itself.
    boolean compactOne() {
        return compactor.compactOne();
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        compactor.close();
        writer.close();
        try (index) {
            if (medium.failure() == null) {
                index.flush(true);
            }
        } catch (StoreFailedException e) {
            LOG.log(Level.WARNING, "the blob index was not written: the next start takes longer", e);
        }
    }
}
