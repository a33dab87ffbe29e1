package acervo.sync.remote;

import acervo.client.HttpConnection;
import acervo.client.Patience;
import acervo.client.Response;
import acervo.client.Transport;
import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.Kind;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import acervo.model.Version;
import acervo.sync.LocalBytes;
import acervo.sync.RemoteSpace.Deposit;
import acervo.sync.RemoteSpace.RemoteAnswer;
import acervo.sync.plan.RemoteNode;
import acervo.wire.DeltaFormat;
import acervo.wire.v1.File;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One large file on its way to the server, by a resumable upload. Where a connection breaks, the server is asked how
/// far it got.
///
/// The upload's id is made from what is deposited, so that the same deposit finds the same upload again, also after a
/// restart, without anything being written down. Was that upload completed before, then by an earlier deposit whose
/// file is gone since: the next id is taken.
///
/// Where it replaces a version that is large as well, only what that version has not is sent. Should the whole then
/// have the wrong hash, all of it is sent.
final class Sending {
    private static final int BUFFER = 256 * 1024;
    private static final int MOST_RESTARTS = 5;

    private final Transport transport;
    private final Part part;
    private final UUID folder;
    private final Deposit deposit;
    private final Content content;
    private final LocalBytes bytes;
    private final Comparison.Remote sums;
    private final Patience patience;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

    private int restarts;
    private RequestId id;

    /// Whether the server may have been asked to complete the upload.
    private boolean completing;

    /// Null until it is known.
    private @Nullable Differences differences;

    Sending(Transport transport, Part part, UUID folder, Deposit deposit, LocalBytes bytes, Comparison.Remote sums) {
        this.transport = transport;
        this.part = part;
        this.folder = folder;
        this.deposit = deposit;
        this.content = deposit.content();
        this.bytes = bytes;
        this.sums = sums;
        this.patience = transport.patience();
        this.id = id();
        if (!isComparable()) {
            this.differences = new Differences(List.of(), content.size());
        }
    }

    private boolean isComparable() {
        RemoteNode base = deposit.replaces();
        return base != null
                && base.content().kind() == Kind.FILE
                && base.content().size() > HttpSpace.SMALL
                && base.content().size() <= Comparison.MOST_BYTES;
    }

    private RequestId id() {
        RemoteNode base = deposit.replaces();
        String name = String.join(
                "\0",
                folder.toString(),
                part.file(deposit.path()).toString(),
                content.toString(),
                base == null ? "" : base.version().toString(),
                String.valueOf(restarts));
        return new RequestId(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }

    /// @throws LocalChangeException when the local file is not what was observed
    RemoteAnswer run() {
        while (true) {
            try {
                long offset = transport.run(this::create);
                if (offset == content.size() && completing) {
                    return transport.once(this::complete);
                }
                compare();
                AtomicBoolean fresh = new AtomicBoolean(true);
                // Tried a second time, when the connection was an old one: then some of it may have arrived.
                return transport.once(c -> send(c, fresh.getAndSet(false) ? offset : create(c)));
            } catch (RefusedException e) {
                startAgainOr(e);
            } catch (LocalChangeException e) {
                cancel();
                throw e;
            } catch (IOException e) {
                patience.afterFailure(e);
            }
        }
    }

    /// Begins the upload, or finds it.
    ///
    /// @return where it stands
    private long create(HttpConnection c) throws IOException {
        while (true) {
            StringBuilder head =
                    transport.head(c, "POST", part.file(deposit.path()).target("/v1/uploads"));
            RemoteNode base = deposit.replaces();
            if (base == null) {
                head.append("If-None-Match: *\r\n");
            } else {
                Asking.exactly(head, base);
            }
            head.append("Acervo-Modified: ").append(content.modifiedMillis()).append("\r\nAcervo-Executable: ");
            head.append(content.executable() ? "?1" : "?0").append("\r\n");
            digest(head, content.blob());
            head.append("Idempotency-Key: \"")
                    .append(id)
                    .append("\"\r\nUpload-Length: ")
                    .append(content.size());
            c.writeHead(head.append("\r\nUpload-Complete: ?0\r\nContent-Length: 0\r\n"));
            Response answer = c.readHead(false).orThrow();
            long offset = answer.required("upload-offset");
            boolean complete = "?1".equals(answer.header("upload-complete"));
            answer.bytes();
            if (!complete || completing) {
                return offset;
            }
            restart();
        }
    }

    private static void digest(StringBuilder head, BlobId sha256) {
        head.append("Repr-Digest: sha-256=:")
                .append(Base64.getEncoder().encodeToString(sha256.toBytes()))
                .append(":\r\n");
    }

    private void restart() {
        restarts++;
        id = id();
        completing = false;
    }

    private void startAgainOr(RefusedException e) {
        Reason reason = e.refusal().reason();
        Differences sent = differences;
        boolean bad = sent != null && sent.isOfUse() && (reason == Reason.DIGEST_MISMATCH || reason == Reason.CORRUPT);
        if (restarts < MOST_RESTARTS && (bad || reason == Reason.NO_SUCH_UPLOAD)) {
            if (bad) {
                cancel();
                differences = new Differences(List.of(), content.size());
            }
            restart();
            return;
        }
        if (reason == Reason.NO_ROOM || reason == Reason.UNAUTHENTICATED || reason == Reason.TOO_MANY) {
            throw e;
        }
        cancel();
        // All was sent as it is on disk: then that is not what was observed.
        throw reason == Reason.DIGEST_MISMATCH ? new LocalChangeException(deposit.path()) : e;
    }

    /// Tells the server, once and without insisting, that the upload won't be finished: it expires in any case.
    private void cancel() {
        try {
            transport.once(c -> {
                c.writeHead(transport.head(c, "DELETE", "/v1/uploads/" + id));
                return c.readHead(false).status();
            });
        } catch (IOException | RefusedException _) {
            // It expires by itself.
        }
    }

    private void compare() throws IOException {
        RemoteNode base = deposit.replaces();
        if (differences != null || base == null) {
            return;
        }
        List<Run> same;
        try {
            same = Comparison.up(sums, base, bytes);
        } catch (RefusedException _) {
            // If the version is gone, the deposit will be refused for it; if a server knows no sums, all is sent.
            same = List.of();
        } catch (ProtocolException _) {
            same = List.of();
        } catch (IOException _) {
            throw new LocalChangeException(deposit.path());
        }
        differences = new Differences(same, content.size());
    }

    private RemoteAnswer send(HttpConnection c, long from) throws IOException {
        Differences what = differences == null ? new Differences(List.of(), content.size()) : differences;
        for (long at = from; at < content.size(); ) {
            at = what.isOfUse() ? sendDifferences(c, what, at) : sendAll(c, at);
            patience.progress();
        }
        return complete(c);
    }

    private long sendDifferences(HttpConnection c, Differences what, long at) throws IOException {
        List<Differences.Step> steps = what.from(at);
        Version base =
                deposit.replaces() == null ? new Version(1) : deposit.replaces().version();
        StringBuilder head = patch(c, at, DeltaFormat.TYPE, false);
        c.writeHead(head.append("Content-Length: ")
                .append(Differences.bodyBytes(steps))
                .append("\r\n"));
        Differences.write(steps, base.number(), this::read, buffer, some -> write(c, some));
        return standsAt(c);
    }

    private void read(ByteBuffer into, long at) {
        Reading.exactly(bytes, into, at, deposit.path());
    }

    private long sendAll(HttpConnection c, long from) throws IOException {
        StringBuilder head = patch(c, from, "application/partial-upload", false);
        c.writeHead(
                head.append("Content-Length: ").append(content.size() - from).append("\r\n"));
        for (long at = from; at < content.size(); at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(BUFFER, content.size() - at));
            read(buffer, at);
            write(c, buffer.flip());
            patience.progress();
        }
        return standsAt(c);
    }

    /// Sends some of a body; when the server has answered already, throws what it says.
    private static void write(HttpConnection c, ByteBuffer some) throws IOException {
        if (c.answersEarly()) {
            c.spoil();
            c.readHead(false).orThrow();
            throw new IOException("the server answered before it had all");
        }
        try {
            c.write(some);
        } catch (IOException e) {
            c.readHeadAfter(e).orThrow();
            throw e;
        }
    }

    private StringBuilder patch(HttpConnection c, long offset, String type, boolean complete) {
        return transport
                .head(c, "PATCH", "/v1/uploads/" + id)
                .append("Content-Type: ")
                .append(type)
                .append("\r\nUpload-Offset: ")
                .append(offset)
                .append("\r\nUpload-Complete: ")
                .append(complete ? "?1" : "?0")
                .append("\r\n");
    }

    private static long standsAt(HttpConnection c) throws IOException {
        Response answer = c.readHead(false);
        if (answer.status() == 409 && answer.header("upload-offset") != null) {
            answer.bytes();
            throw new IOException("the server stands at another byte: " + answer.header("upload-offset"));
        }
        return answer.orThrow().required("upload-offset");
    }

    private RemoteAnswer complete(HttpConnection c) throws IOException {
        if (!completing && !isUnchanged()) {
            throw new LocalChangeException(deposit.path());
        }
        completing = true;
        StringBuilder head = patch(c, content.size(), "application/partial-upload", true);
        digest(head, content.blob());
        c.writeHead(head.append("Accept: application/proto\r\nContent-Length: 0\r\n"));
        File now = File.parseFrom(c.readHead(false).orThrow().bytes());
        return new RemoteAnswer.Done(Rows.node(now, deposit.path()));
    }

    private boolean isUnchanged() {
        try {
            return bytes.unchanged();
        } catch (IOException _) {
            return false;
        }
    }
}
