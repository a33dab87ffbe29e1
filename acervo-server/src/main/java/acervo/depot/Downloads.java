package acervo.depot;

import acervo.blob.BlobStore;
import acervo.blob.CorruptBlobException;
import acervo.blob.StoredBlob;
import acervo.catalog.Catalog.SpaceView;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.SpaceName;
import acervo.share.SharedFolder;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Opens files for reading: from memory when they are small and often read, from the store otherwise. Any thread.
final class Downloads {
    private static final byte[] NOTHING = new byte[0];

    private final BlobStore blobs;
    private final Access access;
    private final Shares shares;
    private final HotCache cache;
    private final Damage damage;
    private final Copies copies;

    /// Bytes in memory that downloads hold on to: slow readers of many small files must not fill the memory.
    private final Budget lent;

    Downloads(
            BlobStore blobs, Access access, Shares shares, HotCache cache, Damage damage, Copies copies, Budget lent) {
        this.blobs = blobs;
        this.access = access;
        this.shares = shares;
        this.cache = cache;
        this.damage = damage;
        this.copies = copies;
        this.lent = lent;
    }

    /// Never touches the blobs' disk.
    Optional<Download> hot(ClientId caller, SpaceName name, FilePath path, long most) {
        if (shares.find(name).isPresent()) {
            return Optional.empty();
        }
        FileEntry entry = readable(access.readable(caller, name), path);
        return entry.content().size() > most ? Optional.empty() : hot(entry);
    }

    Download open(ClientId caller, SpaceName name, FilePath path) {
        Optional<SharedFolder> share = shares.find(name);
        if (share.isPresent()) {
            SharedFolder.Opened opened = share.get().open(path);
            return Download.onDisk(this, opened.entry(), opened.bytes());
        }
        SpaceView space = access.readable(caller, name);
        FileEntry entry = readable(space, path);
        while (true) {
            Optional<Download> hot = hot(entry);
            if (hot.isPresent()) {
                return hot.get();
            }
            Optional<StoredBlob> stored = open(entry);
            if (stored.isPresent()) {
                return take(entry, stored.get());
            }
            // The version may have been replaced, and its bytes collected, since it was looked up. Each turn sees a
            // newer version.
            FileEntry now = readable(space, path);
            if (now.version().equals(entry.version())) {
                if (damage.reportMissing(entry.content().blob())) {
                    throw new RefusedException(Reason.CORRUPT, entry.path());
                }
                continue;
            }
            entry = now;
        }
    }

    Copies copies() {
        return copies;
    }

    Budget lent() {
        return lent;
    }

    /// What to answer when a read met damage.
    RefusedException damaged(FileEntry entry, CorruptBlobException seen) {
        return damage.report(seen)
                ? new RefusedException(Reason.CORRUPT, entry.path())
                : new RefusedException(
                        Reason.UNAVAILABLE,
                        entry.path() + " was read badly once, and well when it was read again: try again");
    }

    private Optional<StoredBlob> open(FileEntry entry) {
        try {
            return blobs.open(entry.content().blob());
        } catch (CorruptBlobException e) {
            throw damaged(entry, e);
        }
    }

    private FileEntry readable(SpaceView space, FilePath path) {
        FileEntry entry = access.file(space, path);
        if (entry.content().kind() == Kind.FOLDER) {
            throw new RefusedException(Reason.ARGUMENT_INVALID, path + " is a folder: list it instead");
        }
        return entry;
    }

    private Optional<Download> hot(FileEntry entry) {
        BlobId id = entry.content().blob();
        byte[] bytes = id.equals(BlobId.EMPTY) ? NOTHING : cache.get(id);
        return bytes == null || !lent.tryTake(bytes.length)
                ? Optional.empty()
                : Optional.of(Download.inMemory(this, entry, bytes));
    }

    /// What the memory should keep is read whole, verified and remembered; the others stay in the store.
    private Download take(FileEntry entry, StoredBlob stored) {
        long size = stored.length();
        if (size != entry.content().size()) {
            stored.close();
            throw damaged(
                    entry,
                    new CorruptBlobException(
                            stored.id(),
                            size + " bytes long instead of " + entry.content().size()));
        }
        HotCache.Miss miss = cache.missed(stored.id(), size);
        if (miss == HotCache.Miss.STREAM || !lent.tryTake(size)) {
            return Download.onDisk(this, entry, stored);
        }
        boolean read = false;
        try (stored) {
            byte[] bytes = new byte[(int) size];
            stored.read(0, ByteBuffer.wrap(bytes));
            if (miss == HotCache.Miss.KEEP) {
                cache.put(stored.id(), bytes);
            }
            read = true;
            return Download.inMemory(this, entry, bytes);
        } catch (CorruptBlobException e) {
            throw damaged(entry, e);
        } finally {
            if (!read) {
                lent.give(size);
            }
        }
    }
}
