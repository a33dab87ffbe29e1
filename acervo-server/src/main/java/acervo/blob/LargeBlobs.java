package acervo.blob;

import acervo.model.BlobId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// Blobs that have a file of their own under `blobs/`. The file system says which there are; the index only
/// knows them too, so that they can be counted and listed. Any thread.
final class LargeBlobs {
    private static final Logger LOG = System.getLogger(LargeBlobs.class.getName());

    private final Medium medium;
    private final Disk disk;
    private final Layout layout;
    private final BlobIndex index;
    private final CheckedFiles checked;
    private final Pins<BlobId> pins = new Pins<>();
    private final BitSet forcedShards = new BitSet();

    /// One at a time may change the files of a name.
    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new);

    LargeBlobs(Medium medium, Layout layout, BlobIndex index, LongSupplier nanos) {
        this.medium = medium;
        this.disk = medium.disk();
        this.layout = layout;
        this.index = index;
        this.checked = new CheckedFiles(nanos);
    }

    /// Opens a blob; empty when there is no file of its name.
    ///
    /// @throws CorruptBlobException when its block sums don't belong to it
    Optional<StoredBlob> open(BlobId id) {
        if (!pins.pin(id)) {
            return Optional.empty();
        }
        DiskFile bytes = null;
        DiskFile side = null;
        DiskBlob blob = null;
        try {
            Path path = layout.blob(id);
            Disk.Stamp stamp = disk.stamp(path);
            bytes = disk.open(path, Disk.Mode.READ);
            side = openSide(id, path, stamp.size());
            var extent = new StoredBlob.Extent(path, 0, stamp.size());
            blob = new DiskBlob(
                    id, disk, extent, bytes, new StoredSums(side), new FileMemory(id, path, stamp), () -> unpin(id));
            remember(id, stamp.size());
            return Optional.of(blob);
        } catch (NoSuchFileException absent) {
            forget(id);
            return Optional.empty();
        } catch (IOException e) {
            throw DiskBlob.unreadable(id, e);
        } finally {
            if (blob == null) {
                Closing.quietly(bytes);
                Closing.quietly(side);
                unpin(id);
            }
        }
    }

    private DiskFile openSide(BlobId id, Path path, long length) throws IOException {
        DiskFile side;
        try {
            side = disk.open(Layout.side(path), Disk.Mode.READ);
        } catch (NoSuchFileException e) {
            throw new CorruptBlobException(id, "its block sums are missing");
        }
        try {
            ByteBuffer end = ByteBuffer.allocate(SideFile.END);
            long size = SideFile.size(length);
            if (side.size() != size) {
                throw new CorruptBlobException(
                        id, "it has " + length + " bytes, not those that its block sums are for");
            }
            side.readFully(end, size - SideFile.END);
            if (!end.flip().equals(SideFile.end(id, length))) {
                throw new CorruptBlobException(id, "the end of its block sums is damaged");
            }
            return side;
        } catch (IOException | RuntimeException e) {
            Closing.quietly(side);
            throw e;
        }
    }

    /// A row that is missing is put right: it must not hide a blob from being listed.
    private void remember(BlobId id, long length) {
        if (index.get(id) == null) {
            locked(id, () -> {
                if (index.get(id) == null && !pins.isDoomed(id)) {
                    index.apply(List.of(BlobIndex.Edit.put(id, new Place.Large(length, true))), null);
                }
            });
        }
    }

    /// A row too many is taken away: what a crash after a removal leaves behind.
    private void forget(BlobId id) {
        if (index.get(id) instanceof Place.Large) {
            locked(id, () -> {
                // Looked at again: it may have got its name since.
                if (index.get(id) instanceof Place.Large && isAbsent(id)) {
                    index.apply(List.of(BlobIndex.Edit.lose(id)), null);
                }
            });
        }
    }

    private boolean isAbsent(BlobId id) {
        try {
            disk.stamp(layout.blob(id));
            return false;
        } catch (NoSuchFileException absent) {
            return true;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "whether blob " + id + " has its file is not known", e);
            return false;
        }
    }

    /// Gives a complete, forced file its name. The crash cases, in order:
    /// - before the note is durable: the stage is as it was;
    /// - after it: recovery looks whether the file is there;
    /// - between the renames: sums without a blob, which recovery deletes, and a stage without sums, which
    ///   starts anew. The other order would leave a blob that can't be checked;
    /// - before the folder is forced the second time: either name may be the one that is there, and recovery
    ///   makes it durable.
    ///
    /// A copy that is there already is replaced: its bytes are the same unless it is damaged.
    void adopt(BlobId id, long length, Path bytes, SegmentWriter writer) {
        makeShard(id);
        locked(id, () -> {
            // Within the lock: a removal at the same time would take the mark away that goes with the note.
            writer.keep(List.of(Note.large(id, length)));
            try {
                rename(bytes, layout.blob(id), id);
                pins.pardon(id);
                medium.forceFolder(layout.shard(id));
                // Or the stage's name could come back, and what is appended to it would be appended to the blob.
                medium.forceFolder(layout.staging());
                index.apply(List.of(BlobIndex.Edit.put(id, new Place.Large(length, true))), null);
            } catch (StoreException e) {
                takeBack(id);
                throw e;
            }
        });
    }

    /// After naming it failed: if there is no file of that name, it is not to be counted. If there is one,
    /// recovery sees to its being durable.
    private void takeBack(BlobId id) {
        if (isAbsent(id)) {
            index.apply(List.of(BlobIndex.Edit.lose(id)), null);
        }
    }

    private void rename(Path from, Path to, BlobId id) {
        try {
            disk.rename(Layout.side(from), Layout.side(to));
            try {
                // Or the second rename could outlive the first: a blob that can't be checked.
                medium.forceFolder(layout.shard(id));
                disk.rename(from, to);
            } catch (IOException | StoreException e) {
                // So that the stage can be committed again, once there is room.
                disk.rename(Layout.side(to), Layout.side(from));
                throw e;
            }
        } catch (IOException e) {
            throw medium.broken("naming blob " + id, e);
        }
    }

    /// After a crash, for each mark and for each note of the log's tail.
    ///
    /// @return bytes of the blob if it has its name, -1 if not; durably
    long recover(BlobId id) throws IOException {
        Path path = layout.blob(id);
        long length;
        try (DiskFile file = disk.open(path, Disk.Mode.WRITE)) {
            length = file.size();
            // It may have got its name just before the crash, and nobody forced the folder since.
            medium.force(file, "blob " + id);
        } catch (NoSuchFileException e) {
            forceAbsence(id);
            disk.unlink(Layout.side(path));
            return -1;
        }
        makeShard(id);
        medium.forceFolder(layout.shard(id));
        return length;
    }

    /// For a file that is not there, and nobody knows since when: it may have been unlinked, or moved to
    /// quarantine, just before a crash.
    private void forceAbsence(BlobId id) {
        medium.forceFolderIfThere(layout.shard(id));
        medium.forceFolder(layout.quarantine());
    }

    private void makeShard(BlobId id) {
        synchronized (forcedShards) {
            if (forcedShards.get(Layout.shardNumber(id))) {
                return;
            }
            try {
                // Forced even if they are there: whoever made them may have crashed before forcing.
                disk.createFolder(layout.outerShard(id));
                disk.createFolder(layout.shard(id));
            } catch (IOException e) {
                throw medium.broken("making folder " + layout.shard(id), e);
            }
            medium.forceFolder(layout.blobs());
            medium.forceFolder(layout.outerShard(id));
            forcedShards.set(Layout.shardNumber(id));
        }
    }

    void remove(BlobId id) {
        locked(id, () -> {
            index.apply(List.of(BlobIndex.Edit.lose(id)), null);
            if (pins.doom(id)) {
                unlink(id);
            }
        });
    }

    /// Moves the files of a damaged blob aside.
    ///
    /// @return false when there are none
    boolean quarantine(BlobId id, String reason, Quarantine quarantine) {
        boolean[] moved = {false};
        locked(id, () -> {
            try {
                quarantine.move(id, layout.blob(id), reason);
                moved[0] = true;
            } catch (NoSuchFileException absent) {
                moved[0] = false;
            } catch (IOException e) {
                throw medium.broken("moving damaged blob " + id + " to quarantine", e);
            }
            forget(id);
        });
        return moved[0];
    }

    /// Visits every blob that has a file; as slow as a walk over all folders.
    void each(BiConsumer<BlobId, Long> visitor) throws IOException {
        for (String outer : disk.list(layout.blobs())) {
            for (String inner : disk.list(layout.blobs().resolve(outer))) {
                Path shard = layout.blobs().resolve(outer).resolve(inner);
                for (String name : disk.list(shard)) {
                    Optional<BlobId> id = Layout.blobId(name);
                    if (id.isPresent() && layout.shard(id.get()).equals(shard)) {
                        visitor.accept(id.get(), disk.stamp(shard.resolve(name)).size());
                    }
                }
            }
        }
    }

    private void unpin(BlobId id) {
        if (pins.unpin(id)) {
            locked(id, () -> {
                if (pins.isFree(id)) {
                    unlink(id);
                }
            });
        }
    }

    private void unlink(BlobId id) {
        try {
            boolean was = disk.unlink(layout.blob(id));
            // The sums only after that is durable, or a power cut could bring the blob back without them. On a broken
            // medium it can't be made durable: they are left over, and recovery looks again.
            if (medium.failure() == null) {
                if (was) {
                    medium.forceFolder(layout.shard(id));
                } else {
                    forceAbsence(id);
                }
                disk.unlink(Layout.side(layout.blob(id)));
                index.apply(List.of(BlobIndex.Edit.gone(id)), null);
            }
        } catch (IOException | StoreException e) {
            LOG.log(Level.WARNING, "blob " + id + " was removed, but its files can't be deleted", e);
        }
        pins.pardon(id);
    }

    private void locked(BlobId id, Runnable work) {
        ReentrantLock lock = locks[(int) id.word3() & (locks.length - 1)];
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /// Sums as they stand in a side file, read a few thousand bytes at a time.
    private static final class StoredSums implements DiskBlob.Sums {
        private static final int WINDOW = 1024;

        private final DiskFile side;
        private final ByteBuffer window =
                ByteBuffer.allocate(WINDOW * Integer.BYTES).limit(0);
        private long first;

        StoredSums(DiskFile side) {
            this.side = side;
        }

        @Override
        public int of(long block) throws IOException {
            if (block < first || block >= first + window.limit() / Integer.BYTES) {
                first = block;
                long end = side.size() - SideFile.END;
                window.clear().limit((int) Math.min(window.capacity(), end - SideFile.at(block)));
                side.readFully(window, SideFile.at(block));
                window.flip();
            }
            return window.getInt((int) (block - first) * Integer.BYTES);
        }

        @Override
        public void close() throws IOException {
            side.close();
        }
    }

    /// What was checked of one file. A stamp that differs from the one at opening means another file of that
    /// name, or a changed one.
    private final class FileMemory implements DiskBlob.Memory {
        private final BlobId id;
        private final Path path;
        private final Disk.Stamp opened;

        FileMemory(BlobId id, Path path, Disk.Stamp opened) {
            this.id = id;
            this.path = path;
            this.opened = opened;
        }

        @Override
        public long firstUnchecked(long from, long to) throws IOException {
            return checked.firstUnchecked(id, disk.stamp(path), from, to);
        }

        @Override
        public void checked(long from, long to) throws IOException {
            if (disk.stamp(path).equals(opened)) {
                checked.checked(id, opened, from, to);
            }
        }
    }
}
