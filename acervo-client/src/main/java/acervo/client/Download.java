package acervo.client;

import acervo.model.BlobId;
import acervo.model.Reason;
import acervo.model.RefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// Recovers one file: into a [PartFile], from where an earlier attempt was cut, hashed while it is written, verified as
/// a
/// whole before it gets its name.
final class Download {
    /// Up to this size a broken transfer starts over: going on would take more requests than it saves bytes.
    private static final int SMALL = 1 << 20;

    private final Transport transport;
    private final RemoteFile file;
    private final Path destination;
    private final boolean force;
    private final FolderForce folders;
    private final Progress progress;
    private final Patience patience;
    private final String source;

    private @Nullable HashLane lane;

    /// The version that the part is of.
    private @Nullable RemoteFacts facts;

    /// The digest, where the bytes did not go through a lane.
    private @Nullable BlobId small;

    /// All before this byte is in the part, and was hashed.
    private long hashedTo;

    private long reported;
    private boolean announced;

    /// Makes the name of a recovered file survive a power cut: at once, or with many others.
    @FunctionalInterface
    interface FolderForce {
        void force(Path folder) throws IOException;
    }

    Download(
            Transport transport,
            RemoteFile file,
            Path destination,
            boolean force,
            FolderForce folders,
            Progress progress) {
        this.transport = transport;
        this.file = file;
        this.destination = destination;
        this.force = force;
        this.folders = folders;
        this.progress = progress;
        this.patience = transport.patience();
        this.source = transport.server() + " " + file;
    }

    /// Recovers it.
    ///
    /// @param known what a listing said of it, or null
    /// @param counted whether the progress knows its size already
    /// @throws LocalTroubleException when something else is at the destination, when it can't be written, or when
    /// what arrived is
    ///     not what the server says it holds
    Recovered run(@Nullable RemoteFacts known, boolean counted) {
        if (Files.exists(destination)) {
            RemoteFacts remote = known != null ? known : ask();
            if (isThere(remote, destination, force)) {
                progress.found(0, counted ? 0 : remote.size());
                progress.moved(remote.size());
                return new Recovered(file, destination, remote.version(), remote.sha256(), remote.size(), true);
            }
        }
        announced = counted;
        try (PartFile part = PartFile.open(destination)) {
            return run(part);
        } catch (IOException e) {
            throw local(e);
        } finally {
            if (lane != null) {
                lane.close();
            }
        }
    }

    private RemoteFacts ask() {
        return transport.run(c -> {
            c.writeHead(transport.head(c, "HEAD", file.target("/v1/files")));
            Response answer = c.readHead(true);
            if (answer.status() == 404) {
                throw new RefusedException(Reason.NO_SUCH_FILE, file);
            }
            return RemoteFacts.of(answer.orThrow());
        });
    }

    /// Whether what is at a destination is the file already; to be asked only when something is.
    ///
    /// @throws LocalTroubleException when it is something else that may not be replaced, or can't be read
    static boolean isThere(RemoteFacts remote, Path destination, boolean force) {
        try {
            if (Files.isRegularFile(destination)
                    && Files.size(destination) == remote.size()
                    && hash(destination).equals(remote.sha256())) {
                return true;
            }
        } catch (IOException e) {
            throw LocalTroubleException.of(LocalTrouble.Kind.UNWRITABLE, destination.toString(), e);
        }
        if (!force || Files.isDirectory(destination)) {
            throw new LocalTroubleException(LocalTrouble.Kind.EXISTS, destination.toString(), "");
        }
        return false;
    }

    private static BlobId hash(Path path) throws IOException {
        MessageDigest digest = HashLane.sha256();
        byte[] buffer = new byte[256 * 1024];
        try (InputStream in = Files.newInputStream(path)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return BlobId.of(digest.digest());
    }

    private Recovered run(PartFile part) throws IOException {
        resume(part);
        while (facts == null || hashedTo < facts.size() || (facts.size() == 0 && small == null)) {
            try {
                transport.once(c -> attempt(c, part));
            } catch (IOException e) {
                patience.afterFailure(e);
            }
        }
        RemoteFacts whole = facts;
        BlobId got = small != null ? small : lane().finish();
        if (!got.equals(whole.sha256())) {
            part.discard();
            throw new LocalTroubleException(
                    LocalTrouble.Kind.DAMAGED, file.toString(), "SHA-256 " + got + " / " + whole.sha256());
        }
        part.publish(whole, force);
        Path folder = destination.toAbsolutePath().getParent();
        if (folder != null) {
            folders.force(folder);
        }
        return new Recovered(file, destination, whole.version(), got, whole.size(), false);
    }

    private HashLane lane() {
        HashLane l = lane;
        if (l == null) {
            l = new HashLane();
            lane = l;
        }
        return l;
    }

    /// Hashes what an earlier process left.
    private void resume(PartFile part) throws IOException {
        RemoteFacts left = part.facts(source).orElse(null);
        if (left == null) {
            part.truncate(0);
            return;
        }
        if (part.length() > left.size()) {
            part.truncate(0);
        }
        facts = left;
        announce(left);
        long length = part.length();
        while (hashedTo < length) {
            ByteBuffer buffer = lane().free();
            buffer.limit((int) Math.min(buffer.capacity(), length - hashedTo));
            part.read(buffer, hashedTo);
            hashedTo += buffer.flip().remaining();
            lane().hash(buffer);
        }
        report();
    }

    private void announce(RemoteFacts f) {
        if (!announced) {
            announced = true;
            progress.found(0, f.size());
        }
    }

    private boolean attempt(HttpConnection c, PartFile part) throws IOException {
        StringBuilder head = transport.head(c, "GET", file.target("/v1/files"));
        RemoteFacts before = facts;
        if (before != null && hashedTo > 0) {
            head.append("Range: bytes=").append(hashedTo).append("-\r\n");
            head.append("If-Range: \"").append(before.version()).append("\"\r\n");
        }
        c.writeHead(head);
        Response answer = c.readHead(false);
        if (answer.status() == 416) {
            answer.bytes();
            startOver();
            throw new ProtocolException("the server can't go on at this byte");
        }
        RemoteFacts now = RemoteFacts.of(answer.orThrow());
        if (answer.status() == 206) {
            String range = answer.header("content-range");
            if (before == null
                    || !now.sameBytes(before)
                    || range == null
                    || !range.startsWith("bytes " + hashedTo + "-")) {
                startOver();
                throw new ProtocolException("the server answered with another range");
            }
        } else {
            startOver();
            part.restart(source, now, now.size() > SMALL);
        }
        facts = now;
        announce(now);
        if (now.size() <= SMALL && hashedTo == 0) {
            whole(answer, part, now);
        } else {
            stream(answer, part, now);
        }
        return true;
    }

    private void startOver() {
        if (lane != null) {
            lane.close();
            lane = null;
        }
        facts = null;
        hashedTo = 0;
    }

    private void whole(Response answer, PartFile part, RemoteFacts now) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) now.size());
        while (all.hasRemaining()) {
            if (answer.read(all) < 0) {
                throw new EOFException("the answer was cut short");
            }
        }
        MessageDigest digest = HashLane.sha256();
        digest.update(all.flip());
        all.rewind();
        writeLocally(part, all, 0);
        small = BlobId.of(digest.digest());
        hashedTo = now.size();
        report();
    }

    private void stream(Response answer, PartFile part, RemoteFacts now) throws IOException {
        while (hashedTo < now.size()) {
            ByteBuffer buffer = lane().free();
            buffer.limit((int) Math.min(buffer.capacity(), now.size() - hashedTo));
            IOException broken = null;
            try {
                while (buffer.hasRemaining()) {
                    if (answer.read(buffer) < 0) {
                        throw new EOFException("the answer was cut short");
                    }
                }
            } catch (IOException e) {
                broken = e;
            }
            buffer.flip();
            long at = hashedTo;
            hashedTo += buffer.remaining();
            ByteBuffer toWrite = buffer.duplicate();
            lane().hash(buffer);
            writeLocally(part, toWrite, at);
            report();
            if (broken != null) {
                throw broken;
            }
            patience.progress();
        }
    }

    private void writeLocally(PartFile part, ByteBuffer bytes, long at) {
        try {
            part.write(bytes, at);
        } catch (IOException e) {
            throw local(e);
        }
    }

    private void report() {
        if (hashedTo > reported) {
            progress.moved(hashedTo - reported);
            reported = hashedTo;
        }
    }

    private LocalTroubleException local(IOException e) {
        return LocalTroubleException.of(LocalTrouble.Kind.UNWRITABLE, destination.toString(), e);
    }
}
