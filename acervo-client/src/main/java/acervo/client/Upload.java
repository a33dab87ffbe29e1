package acervo.client;

import acervo.model.BlobId;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends one large file by a resumable upload: hashed by a [HashLane] while it is sent, once. Where a connection breaks
/// it
/// asks the server how far it got and goes on there; only bytes that were not hashed yet are hashed. Nothing is
/// committed
/// unless the file is, at the end, the one that was looked at in the beginning.
final class Upload {
    private final Transport transport;
    private final DepositTarget target;
    private final LocalFile file;
    private final UploadJournal.Entry journal;
    private final Progress progress;
    private final Patience patience;

    private RequestId id = Randomness.request();

    /// Whether the server has heard of [#id].
    private boolean known;

    private int restarts;
    private long reported;

    /// All before this byte went into the lane.
    private long hashedTo;

    private @Nullable BlobId sha256;

    Upload(Transport transport, DepositTarget target, LocalFile file, UploadJournal.Entry journal, Progress progress) {
        this.transport = transport;
        this.target = target;
        this.file = file;
        this.journal = journal;
        this.progress = progress;
        this.patience = transport.patience();
    }

    /// Sends it all.
    ///
    /// @throws LocalTroubleException when the local file can't be read, or changed meanwhile
    Deposited run() {
        try (FileChannel source = FileChannel.open(file.path(), StandardOpenOption.READ);
                HashLane lane = new HashLane()) {
            begin();
            while (true) {
                try {
                    Deposited done = transport.once(c -> attempt(c, source, lane));
                    journal.forget();
                    return done;
                } catch (RefusedException e) {
                    startAgainOrThrow(e);
                } catch (IOException e) {
                    patience.afterFailure(e);
                }
            }
        } catch (IOException e) {
            throw local(e);
        }
    }

    private void begin() throws IOException {
        Optional<RequestId> previous = journal.previous();
        if (previous.isPresent()) {
            id = previous.get();
            known = true;
            return;
        }
        Optional<String> abandoned = journal.abandoned();
        if (abandoned.isPresent()) {
            cancel(abandoned.get());
        }
        journal.remember(id);
    }

    private void startAgainOrThrow(RefusedException e) throws IOException {
        Reason reason = e.refusal().reason();
        if (reason == Reason.NO_SUCH_UPLOAD && restarts++ < 2) {
            id = Randomness.request();
            known = false;
            journal.remember(id);
            return;
        }
        if (reason != Reason.NO_ROOM && reason != Reason.UNAUTHENTICATED) {
            journal.forget();
            if (known) {
                cancel(id.toString());
            }
        }
        throw e;
    }

    /// Tells the server, once and without insisting, that an upload won't be finished: it expires in any case.
    private void cancel(String upload) {
        try {
            transport.once(c -> {
                c.writeHead(transport.head(c, "DELETE", "/v1/uploads/" + upload));
                return c.readHead(false).status();
            });
        } catch (IOException | RefusedException _) {
            // It expires by itself.
        }
    }

    private Deposited attempt(HttpConnection c, FileChannel source, HashLane lane) throws IOException {
        long offset = known ? ask(c) : create(c);
        if (offset > file.size()) {
            throw changed("the server holds more bytes than the file has");
        }
        hashUpTo(offset, source, lane);
        report(offset);
        if (offset < file.size()) {
            send(c, offset, source, lane);
        }
        return commit(c, lane);
    }

    private long create(HttpConnection c) throws IOException {
        StringBuilder head = transport.head(c, "POST", target.file().target("/v1/uploads"));
        target.addTo(head);
        addFacts(head, file);
        head.append("Idempotency-Key: \"").append(id).append("\"\r\n");
        head.append("Upload-Length: ").append(file.size()).append("\r\n");
        head.append("Upload-Complete: ?0\r\nContent-Length: 0\r\n");
        c.writeHead(head);
        Response answer = c.readHead(false).orThrow();
        known = true;
        return answer.number("upload-offset", 0);
    }

    /// Adds what the server keeps of a local file beside its content.
    static void addFacts(StringBuilder head, LocalFile file) {
        head.append("Acervo-Modified: ").append(file.modifiedMillis()).append("\r\n");
        head.append("Acervo-Executable: ")
                .append(file.executable() ? "?1" : "?0")
                .append("\r\n");
    }

    private long ask(HttpConnection c) throws IOException {
        c.writeHead(transport.head(c, "HEAD", "/v1/uploads/" + id));
        Response answer = c.readHead(true);
        if (answer.status() == 404) {
            throw new RefusedException(Reason.NO_SUCH_UPLOAD, id);
        }
        return answer.orThrow().required("upload-offset");
    }

    private void hashUpTo(long offset, FileChannel source, HashLane lane) throws IOException {
        while (hashedTo < offset) {
            ByteBuffer buffer = lane.free();
            buffer.limit((int) Math.min(buffer.capacity(), offset - hashedTo));
            fill(buffer, source, hashedTo);
            hashedTo += buffer.remaining();
            lane.hash(buffer);
        }
    }

    private void send(HttpConnection c, long from, FileChannel source, HashLane lane) throws IOException {
        StringBuilder head = patch(c, from, false);
        head.append("Content-Length: ").append(file.size() - from).append("\r\n");
        c.writeHead(head);
        for (long at = from; at < file.size(); ) {
            ByteBuffer buffer = lane.free();
            buffer.limit((int) Math.min(buffer.capacity(), file.size() - at));
            fill(buffer, source, at);
            ByteBuffer toSend = buffer.duplicate();
            at += buffer.remaining();
            // What was hashed in an attempt before is not hashed again.
            buffer.position(buffer.remaining() - Math.clamp(at - hashedTo, 0, buffer.remaining()));
            hashedTo = Math.max(hashedTo, at);
            lane.hash(buffer);
            if (c.answersEarly()) {
                c.spoil();
                break;
            }
            try {
                c.write(toSend);
            } catch (IOException e) {
                c.readHeadAfter(e).orThrow();
                throw e;
            }
            report(at);
            patience.progress();
        }
        Response answer = c.readHead(false);
        if (answer.status() == 409) {
            answer.bytes();
            throw new IOException("the server stands at another byte: " + answer.header("upload-offset"));
        }
        if (answer.orThrow().required("upload-offset") != file.size()) {
            throw new IOException("the server took only a part");
        }
    }

    private StringBuilder patch(HttpConnection c, long offset, boolean complete) {
        return transport
                .head(c, "PATCH", "/v1/uploads/" + id)
                .append("Content-Type: application/partial-upload\r\nUpload-Offset: ")
                .append(offset)
                .append("\r\nUpload-Complete: ")
                .append(complete ? "?1" : "?0")
                .append("\r\n");
    }

    private Deposited commit(HttpConnection c, HashLane lane) throws IOException {
        checkUnchanged();
        BlobId sha = sha256 == null ? lane.finish() : sha256;
        sha256 = sha;
        StringBuilder head = patch(c, file.size(), true);
        addDigest(head, sha);
        head.append("Content-Length: 0\r\n");
        c.writeHead(head);
        Response answer = c.readHead(false).orThrow();
        Deposited done = Deposited.of(answer, target.file(), sha, file.size());
        answer.bytes();
        return done;
    }

    static void addDigest(StringBuilder head, BlobId sha256) {
        head.append("Repr-Digest: sha-256=:")
                .append(Base64.getEncoder().encodeToString(sha256.toBytes()))
                .append(":\r\n");
    }

    private void checkUnchanged() {
        try {
            if (!file.isUnchanged()) {
                throw changed("");
            }
        } catch (IOException e) {
            throw local(e);
        }
    }

    private void fill(ByteBuffer buffer, FileChannel source, long at) {
        try {
            while (buffer.hasRemaining()) {
                if (source.read(buffer, at + buffer.position()) < 0) {
                    throw changed("it became shorter");
                }
            }
        } catch (IOException e) {
            throw local(e);
        }
        buffer.flip();
    }

    private void report(long at) {
        if (at > reported) {
            progress.moved(at - reported);
            reported = at;
        }
    }

    private LocalTroubleException changed(String detail) {
        cancelQuietly();
        return new LocalTroubleException(LocalTrouble.Kind.CHANGED, file.path().toString(), detail);
    }

    private void cancelQuietly() {
        try {
            journal.forget();
        } catch (IOException _) {
            // The entry does not match the changed file: it is found out the next time.
        }
        if (known) {
            cancel(id.toString());
        }
    }

    private LocalTroubleException local(IOException e) {
        return LocalTroubleException.of(
                LocalTrouble.Kind.UNREADABLE, file.path().toString(), e);
    }
}
