package acervo.depot;

import acervo.blob.BlobStore;
import acervo.blob.CorruptBlobException;
import acervo.blob.StageId;
import acervo.blob.StagedBlob;
import acervo.blob.StoredBlob;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The uploads that are known, and their records on disk. Any thread.
///
/// A request id is the client's choice, so that two clients may choose the same one, by chance or to find out what the
/// other is doing.
/// An upload's name here is therefore made of its owner and its request together.
final class UploadShelf {
    private static final Logger LOG = LoggerFactory.getLogger(UploadShelf.class);

    private final Path folder;
    private final int perClient;
    private final int inAll;
    private final Map<UUID, Upload> uploads = new ConcurrentHashMap<>();

    /// @param folder made when missing; only this class writes there
    UploadShelf(Path folder, int perClient, int inAll, BlobStore blobs, Pins pins) {
        this.folder = folder;
        this.perClient = perClient;
        this.inAll = inAll;
        try {
            Files.createDirectories(folder);
            load(blobs, pins);
        } catch (IOException e) {
            throw new UncheckedIOException("reading the uploads in " + folder, e);
        }
    }

    Collection<Upload> all() {
        return uploads.values();
    }

    Optional<Upload> find(ClientId owner, RequestId request) {
        return Optional.ofNullable(uploads.get(key(owner, request)));
    }

    boolean isLive(StageId id) {
        return uploads.containsKey(id.uuid());
    }

    /// Adds an upload, durably, or finds the one that was added meanwhile.
    ///
    /// @throws RefusedException TOO_MANY
    Upload add(UploadRecord record, long nowMillis) {
        UUID key = key(record.owner(), record.target().request());
        Upload fresh = new Upload(key, folder, record, nowMillis);
        // Locked before it can be found: whoever finds it waits until it is on disk.
        fresh.lock.lock();
        try {
            Upload there = reserve(key, fresh);
            if (there != fresh) {
                return there;
            }
            boolean saved = false;
            try {
                save(fresh);
                saved = true;
            } finally {
                if (!saved) {
                    fresh.ended = true;
                    uploads.remove(key);
                }
            }
            return fresh;
        } finally {
            fresh.lock.unlock();
        }
    }

    /// One at a time, so that the limits hold.
    private synchronized Upload reserve(UUID key, Upload fresh) {
        Upload there = uploads.get(key);
        if (there != null) {
            return there;
        }
        if (uploads.size() >= inAll) {
            throw new RefusedException(Reason.TOO_MANY, "uploads", inAll);
        }
        ClientId owner = fresh.record.owner();
        long own = uploads.values().stream()
                .filter(upload -> upload.record.owner().equals(owner))
                .count();
        if (own >= perClient) {
            throw new RefusedException(Reason.TOO_MANY, "uploads of one client", perClient);
        }
        uploads.put(key, fresh);
        return fresh;
    }

    /// Makes the record durable.
    void save(Upload upload) {
        try {
            LocalFile.write(upload.file, upload.record.encode());
            Files.setLastModifiedTime(upload.file, FileTime.fromMillis(upload.progressMillis));
        } catch (IOException e) {
            throw Uploads.failed(new UncheckedIOException(e));
        } catch (UncheckedIOException e) {
            throw Uploads.failed(e);
        }
    }

    void remove(Upload upload) {
        uploads.remove(upload.stageId.uuid());
        LocalFile.remove(upload.file);
    }

    private void load(BlobStore blobs, Pins pins) throws IOException {
        Map<StageId, Long> stages =
                blobs.stages().stream().collect(Collectors.toMap(StagedBlob::id, StagedBlob::bytes));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Optional<Upload> upload = LocalFile.read(file)
                        .flatMap(UploadRecord::decode)
                        .filter(record -> isNamed(file, record))
                        .map(record -> upload(file, record));
                if (upload.isEmpty()) {
                    LOG.warn("{} is not an upload's record: removed", file);
                    Files.deleteIfExists(file);
                    continue;
                }
                Upload found = upload.get();
                found.held = stages.getOrDefault(found.stageId, 0L);
                found.record.sealed().ifPresent(bytes -> reseal(found, bytes, blobs, pins));
                uploads.put(found.stageId.uuid(), found);
            }
        }
    }

    private static boolean isNamed(Path file, UploadRecord record) {
        String key = key(record.owner(), record.target().request()).toString();
        return file.endsWith(key);
    }

    private Upload upload(Path file, UploadRecord record) {
        try {
            long progress = Files.getLastModifiedTime(file).toMillis();
            return new Upload(key(record.owner(), record.target().request()), folder, record, progress);
        } catch (IOException e) {
            throw new UncheckedIOException("reading the time of " + file, e);
        }
    }

    /// The server stopped between sealing and the catalog's answer: the bytes are in the store, or still in the
    /// stage.
    private static void reseal(Upload upload, UploadRecord.Sealed sealed, BlobStore blobs, Pins pins) {
        upload.pin = pins.pin(sealed.id());
        if (sealed.id().equals(BlobId.EMPTY) || isThere(sealed.id(), blobs)) {
            upload.held = sealed.length();
        } else {
            upload.unseal();
        }
    }

    private static boolean isThere(BlobId id, BlobStore blobs) {
        try {
            Optional<StoredBlob> there = blobs.open(id);
            there.ifPresent(StoredBlob::close);
            return there.isPresent();
        } catch (CorruptBlobException e) {
            return false;
        }
    }

    private static UUID key(ClientId owner, RequestId request) {
        MessageDigest digest = Hashes.sha256();
        ByteBuffer both = ByteBuffer.allocate(4 * Long.BYTES)
                .putLong(owner.uuid().getMostSignificantBits())
                .putLong(owner.uuid().getLeastSignificantBits())
                .putLong(request.uuid().getMostSignificantBits())
                .putLong(request.uuid().getLeastSignificantBits())
                .flip();
        digest.update(both);
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new UUID(hash.getLong(), hash.getLong());
    }
}
