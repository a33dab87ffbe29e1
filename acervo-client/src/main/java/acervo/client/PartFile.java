package acervo.client;

import acervo.model.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/// A file that is being recovered: it grows beside its destination, with a sidecar that says which version it is of,
/// and takes
/// the destination's name only when it is whole, verified and forced. Held by one process at a time.
final class PartFile implements AutoCloseable {
    private final Path destination;
    private final Path part;
    private final Path sidecar;
    private final FileChannel channel;
    private boolean published;

    private PartFile(Path destination, Path part, Path sidecar, FileChannel channel) {
        this.destination = destination;
        this.part = part;
        this.sidecar = sidecar;
        this.channel = channel;
    }

    /// Opens the part of a destination, what is there of it included.
    ///
    /// @throws LocalTroubleException when another process holds it
    static PartFile open(Path destination) throws IOException {
        while (true) {
            PartFile opened = of(destination, StandardOpenOption.CREATE);
            if (opened.lock()) {
                return opened;
            }
        }
    }

    /// Makes the part of a destination.
    ///
    /// @return empty when there is one already: left by a process that died, or held by one that lives
    static Optional<PartFile> fresh(Path destination) throws IOException {
        PartFile made;
        try {
            made = of(destination, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException _) {
            return Optional.empty();
        }
        return made.lock() ? Optional.of(made) : Optional.empty();
    }

    private static PartFile of(Path destination, StandardOpenOption create) throws IOException {
        byte[] name = String.valueOf(destination.getFileName()).getBytes(StandardCharsets.UTF_8);
        String stem = ".acervo-"
                + BlobId.of(HashLane.sha256().digest(name)).toString().substring(0, 16);
        Path part = destination.resolveSibling(stem + ".part");
        FileChannel channel = FileChannel.open(
                part, create, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        return new PartFile(destination, part, destination.resolveSibling(stem + ".version"), channel);
    }

    /// Takes the lock. Whoever held it until now may have given the part its final name after it was opened here:
    /// what
    /// is locked then is a recovered file, and must not be touched.
    ///
    /// @return whether what is locked is still the part; else it is closed
    /// @throws LocalTroubleException when another process holds it
    private boolean lock() throws IOException {
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException _) {
            // Another thread of this process: the same as another process.
        }
        if (lock == null) {
            channel.close();
            throw new LocalTroubleException(LocalTrouble.Kind.BUSY, destination.toString(), part.toString());
        }
        if (!Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
            channel.close();
            return false;
        }
        return true;
    }

    /// Which version the part is of, if it is one of `source`.
    Optional<RemoteFacts> facts(String source) throws IOException {
        return StateFile.read(sidecar).flatMap(values -> RemoteFacts.from(values, source));
    }

    /// Starts over, for another version or from the beginning.
    ///
    /// @param resumable whether to write down which version it is
    void restart(String source, RemoteFacts facts, boolean resumable) throws IOException {
        Files.deleteIfExists(sidecar);
        channel.truncate(0);
        if (resumable) {
            StateFile.write(
                    sidecar, "What the part beside this is of; the same get goes on with it.", facts.toMap(source));
        }
    }

    long length() throws IOException {
        return channel.size();
    }

    void truncate(long length) throws IOException {
        channel.truncate(length);
    }

    /// Fills `buffer` from `at` on.
    void read(ByteBuffer buffer, long at) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new IOException("the part became shorter: " + part);
            }
        }
    }

    /// Writes all of `buffer` at `at`.
    void write(ByteBuffer buffer, long at) throws IOException {
        long to = at;
        while (buffer.hasRemaining()) {
            to += channel.write(buffer, to);
        }
    }

    /// Forces the part and gives it the destination's name: [#dress], [#force], [#name].
    void publish(RemoteFacts facts, boolean replace) throws IOException {
        dress(facts);
        force();
        name(replace);
        Files.deleteIfExists(sidecar);
    }

    /// Gives the part the mode and the time that the file had.
    void dress(RemoteFacts facts) throws IOException {
        if (facts.executable()) {
            makeExecutable();
        }
        if (facts.modifiedMillis() != 0) {
            Files.setLastModifiedTime(part, FileTime.fromMillis(facts.modifiedMillis()));
        }
    }

    /// Makes all that was written to the part survive a power cut.
    void force() throws IOException {
        channel.force(true);
    }

    /// Gives the part, which must have been forced, the destination's name; the name itself is forced with its
    /// folder,
    /// by the caller.
    ///
    /// @param replace whether a file that is there may be replaced
    /// @throws LocalTroubleException when one is there and may not
    void name(boolean replace) throws IOException {
        if (replace) {
            Files.move(part, destination, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            claim();
        }
        published = true;
    }

    /// A rename would replace silently what appeared meanwhile; a link can't.
    private void claim() throws IOException {
        try {
            try {
                Files.createLink(destination, part);
            } catch (FileAlreadyExistsException e) {
                throw e;
            } catch (FileSystemException | UnsupportedOperationException _) {
                // A file system without links: the next best.
                Files.move(part, destination);
                return;
            }
            Files.delete(part);
        } catch (FileAlreadyExistsException e) {
            LocalTroubleException exists =
                    new LocalTroubleException(LocalTrouble.Kind.EXISTS, destination.toString(), "");
            exists.initCause(e);
            throw exists;
        }
    }

    private void makeExecutable() throws IOException {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(part);
            mode.add(PosixFilePermission.OWNER_EXECUTE);
            if (mode.contains(PosixFilePermission.GROUP_READ)) {
                mode.add(PosixFilePermission.GROUP_EXECUTE);
            }
            if (mode.contains(PosixFilePermission.OTHERS_READ)) {
                mode.add(PosixFilePermission.OTHERS_EXECUTE);
            }
            Files.setPosixFilePermissions(part, mode);
        } catch (UnsupportedOperationException _) {
            // A file system without modes: there is nothing to keep.
        }
    }

    /// Removes what there is of it.
    void discard() throws IOException {
        Files.deleteIfExists(sidecar);
        Files.deleteIfExists(part);
    }

    /// Lets go of it after a failure that will be told anyway.
    void abandon() {
        try {
            close();
        } catch (IOException _) {
            // What is left of it, the next process finds.
        }
    }

    /// Lets go of it; a part that can't be gone on with is removed.
    @Override
    public void close() throws IOException {
        if (!published && !Files.exists(sidecar)) {
            Files.deleteIfExists(part);
        }
        channel.close();
    }
}
