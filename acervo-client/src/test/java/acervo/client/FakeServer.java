package acervo.client;

import acervo.model.BlobId;
import acervo.model.FilePath;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import acervo.wire.v1.BatchItem;
import acervo.wire.v1.ChangeResult;
import acervo.wire.v1.ChangesReply;
import acervo.wire.v1.Error;
import acervo.wire.v1.File;
import acervo.wire.v1.Kind;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A server for tests: one thread per connection, everything in memory, the byte interface as `docs/formats.md`
/// has it.
/// It breaks where a test says so: cuts a connection after so many bytes of a body, in either direction, forgets
/// uploads,
/// or answers what it is told to.
public final class FakeServer implements AutoCloseable {
    private final Thread acceptor;
    private final ServerSocket socket;
    private final FakeCalls calls = new FakeCalls(this);

    /// Who waits for what.
    public final FakeInterests interests = new FakeInterests(this);

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong version = new AtomicLong();

    /// What is stored, by `space/path`.
    public final Map<String, Stored> files = java.util.Collections.synchronizedMap(new TreeMap<>());

    public final Map<String, FakeUpload> uploads = new ConcurrentHashMap<>();

    /// Ids of deposits that took effect, and how often.
    public final Map<String, AtomicInteger> effects = new ConcurrentHashMap<>();

    /// First lines of requests, in order.
    public final List<String> requests = java.util.Collections.synchronizedList(new ArrayList<>());

    /// Registered clients: id -> SHA-256 of the secret.
    public final Map<String, String> clients = new ConcurrentHashMap<>();

    /// Cut a connection once, after this many bytes of a request's body; -1 for never.
    public final AtomicLong cutBodyAfter = new AtomicLong(-1);

    /// Cut a connection once, after this many bytes of an answer's body; -1 for never.
    public final AtomicLong cutAnswerAfter = new AtomicLong(-1);

    /// How many answers to deposits to swallow: the deposit takes effect, and the connection is closed instead of
    /// the answer.
    public final AtomicInteger loseAnswers = new AtomicInteger();

    /// How many requests to answer with 503 and `Retry-After`.
    public final AtomicInteger busy = new AtomicInteger();

    /// Bytes of an upload to drop when a connection is cut, as a crash that lost unforced bytes would.
    public volatile long loseTail;

    /// When set: bytes of answers are changed on the way.
    public volatile boolean corrupt;

    /// When set: answers have no Content-Length but chunks.
    public volatile boolean chunked;

    /// When set: every deposit is refused so.
    public volatile @Nullable Refusal refuse;

    /// One stored file.
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Stored(byte[] content, long version, long modified, boolean executable, String requestId, Kind kind) {
        BlobId sha256() {
            return sha(content);
        }
    }

    /// One upload under way.
    public static final class FakeUpload {
        final String place;
        final Map<String, String> headers;
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        FakeUpload(String place, Map<String, String> headers) {
            this.place = place;
            this.headers = headers;
        }

        public synchronized long offset() {
            return bytes.size();
        }

        synchronized void lose(long tail) {
            byte[] all = bytes.toByteArray();
            bytes.reset();
            bytes.write(all, 0, (int) Math.max(0, all.length - tail));
        }
    }

    private record Request(String method, String path, Map<String, String> headers, InputStream body, long length) {
        String header(String name, String otherwise) {
            return headers.getOrDefault(name, otherwise);
        }
    }

    public FakeServer() throws IOException {
        this(0);
    }

    /// On a certain port: one that was just left.
    public FakeServer(int port) throws IOException {
        socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        acceptor = Thread.ofVirtual().start(this::accept);
    }

    public ServerAddress address() {
        return new ServerAddress("127.0.0.1", socket.getLocalPort());
    }

    public static BlobId sha(byte[] content) {
        return BlobId.of(HashLane.sha256().digest(content));
    }

    /// Stores a file as a deposit would.
    public Stored store(String place, byte[] content) {
        Stored stored = new Stored(content, version.incrementAndGet(), 1_700_000_000_000L, false, "", Kind.FILE);
        files.put(place, stored);
        return stored;
    }

    long nextVersion() {
        return version.incrementAndGet();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                open.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection;
                InputStream in = new BufferedInputStream(connection.getInputStream(), 64 * 1024);
                OutputStream out = connection.getOutputStream()) {
            boolean more = true;
            while (more) {
                more = answer(read(in), in, out);
            }
        } catch (IOException | UncheckedIOException _) {
            // The client has gone, or a cut was ordered.
        } finally {
            open.remove(connection);
        }
    }

    private static Request read(InputStream in) throws IOException {
        String first = line(in);
        String[] parts = first.split(" ", -1);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        long length = Long.parseLong(headers.getOrDefault("content-length", "0"));
        return new Request(parts[0], parts[1], headers, in, length);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }

    private boolean answer(Request r, InputStream in, OutputStream out) throws IOException {
        requests.add(r.method + " " + r.path);
        if (busy.get() > 0 && busy.getAndDecrement() > 0) {
            in.skipNBytes(r.length);
            respond(out, 503, "Retry-After: 1\r\n", refusal(new Refusal(Reason.UNAVAILABLE, "starting")), true);
            return true;
        }
        try {
            if (r.path.startsWith("/v1/files/")) {
                return file(r, out);
            } else if (r.path.startsWith("/v1/uploads/")) {
                return upload(r, out);
            } else if (r.path.startsWith("/v1/batch/")) {
                return batch(r, out);
            }
            byte[] body = r.body.readNBytes((int) r.length);
            String method = r.path.substring(r.path.lastIndexOf('/') + 1);
            if (method.equals("Notices")) {
                caller(r.headers);
                interests.stream(body, out);
                return true;
            }
            respond(out, 200, "Content-Type: application/proto\r\n", calls.answer(method, body, r.headers), true);
            return true;
        } catch (RefusedException e) {
            Refusal refusal = e.refusal();
            int status = switch (refusal.reason().code()) {
                case "not_found" -> 404;
                case "unauthenticated" -> 401;
                case "permission_denied" -> 403;
                case "already_exists", "aborted" -> 409;
                case "resource_exhausted" -> refusal.reason() == Reason.NO_ROOM ? 507 : 429;
                case "data_loss" -> 500;
                default -> refusal.reason() == Reason.OFFSET_MISMATCH ? 409 : 400;
            };
            respond(out, status, "Connection: close\r\n", refusal(refusal), !r.method.equals("HEAD"));
            return false;
        }
    }

    static byte[] refusal(Refusal r) {
        StringBuilder json = new StringBuilder("{\"code\":\"" + r.reason().code() + "\",\"message\":\"m\",\"reason\":\""
                + r.reason().name() + "\",\"arguments\":[");
        for (int i = 0; i < r.arguments().size(); i++) {
            json.append(i > 0 ? "," : "")
                    .append('"')
                    .append(r.arguments().get(i).replace("\"", "\\\""))
                    .append('"');
        }
        return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    /// The caller's id, if its secret is right.
    String caller(Map<String, String> headers) {
        String value = headers.getOrDefault("authorization", "");
        if (!value.startsWith("Basic ")) {
            throw new RefusedException(Reason.UNAUTHENTICATED);
        }
        String pair = new String(Base64.getDecoder().decode(value.substring(6)), StandardCharsets.UTF_8);
        String id = pair.substring(0, 36);
        String hash = Secret.parse(pair.substring(37)).hash().sha256().toString();
        if (!hash.equals(clients.get(id))) {
            throw new RefusedException(Reason.UNAUTHENTICATED);
        }
        return id;
    }

    private static String place(String path) {
        return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private boolean file(Request r, OutputStream out) throws IOException {
        caller(r.headers);
        String place = place(r.path.substring("/v1/files/".length()));
        if (r.method.equals("PUT")) {
            Refusal no = refuse;
            if (no != null) {
                throw new RefusedException(no);
            }
            byte[] body = body(r, null);
            return commit(r, place, body, r.headers, r.header("idempotency-key", ""), out);
        }
        Stored stored = files.get(place);
        if (stored == null || stored.kind == Kind.FOLDER) {
            throw new RefusedException(Reason.NO_SUCH_FILE, place);
        }
        String facts = facts(stored);
        String range = r.header("range", "");
        boolean part = !range.isEmpty() && r.header("if-range", "").equals("\"" + stored.version + "\"");
        int from = part ? Integer.parseInt(range.substring(6, range.length() - 1)) : 0;
        byte[] content = Arrays.copyOfRange(stored.content, from, stored.content.length);
        if (corrupt && content.length > 0) {
            content[content.length / 2] ^= 1;
        }
        String head = facts
                + (part
                        ? "Content-Range: bytes " + from + "-" + (stored.content.length - 1) + "/"
                                + stored.content.length + "\r\n"
                        : "");
        if (r.method.equals("HEAD")) {
            out.write(("HTTP/1.1 200 OK\r\n" + head + "Content-Length: " + content.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            return true;
        }
        respond(out, part ? 206 : 200, head, content, true);
        return true;
    }

    private static String facts(Stored stored) {
        return "ETag: \"" + stored.version + "\"\r\nRepr-Digest: sha-256=:"
                + Base64.getEncoder().encodeToString(stored.sha256().toBytes()) + ":\r\nAcervo-Replicas: 1/1\r\n"
                + "Acervo-Modified: " + stored.modified + "\r\nAcervo-Executable: " + (stored.executable ? "?1" : "?0")
                + "\r\n";
    }

    /// Reads a request's body, into an upload as far as it comes.
    private byte[] body(Request r, @Nullable FakeUpload into) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[16 * 1024];
        for (long left = r.length; left > 0; ) {
            long cut = cutBodyAfter.get();
            int most = (int) Math.min(buffer.length, cut < 0 ? left : Math.min(left, Math.max(cut, 1)));
            int n = r.body.read(buffer, 0, most);
            if (n < 0) {
                throw new EOFException();
            }
            all.write(buffer, 0, n);
            left -= n;
            if (into != null) {
                synchronized (into) {
                    into.bytes.write(buffer, 0, n);
                }
            }
            if (cut >= 0 && cutBodyAfter.addAndGet(-n) <= 0) {
                cutBodyAfter.set(-1);
                if (into != null) {
                    into.lose(loseTail);
                }
                throw new EOFException("cut, as ordered");
            }
        }
        return all.toByteArray();
    }

    private boolean commit(
            Request r, String place, byte[] body, Map<String, String> headers, String id, OutputStream out)
            throws IOException {
        String digest = r.header("repr-digest", "");
        String own = "sha-256=:" + Base64.getEncoder().encodeToString(sha(body).toBytes()) + ":";
        if (!digest.isEmpty() && !digest.equals(own)) {
            throw new RefusedException(Reason.DIGEST_MISMATCH, digest, own);
        }
        new FilePath(place.substring(place.indexOf('/') + 1));
        Stored before = files.get(place);
        if (before == null || !before.requestId.equals(id)) {
            effects.computeIfAbsent(id, _ -> new AtomicInteger()).incrementAndGet();
            long modified = Long.parseLong(headers.getOrDefault("acervo-modified", "0"));
            boolean executable = "?1".equals(headers.get("acervo-executable"));
            files.put(place, new Stored(body, version.incrementAndGet(), modified, executable, id, Kind.FILE));
        }
        if (loseAnswers.get() > 0 && loseAnswers.getAndDecrement() > 0) {
            return false;
        }
        respond(out, 201, facts(files.get(place)), "{}".getBytes(StandardCharsets.UTF_8), true);
        return true;
    }

    private boolean upload(Request r, OutputStream out) throws IOException {
        caller(r.headers);
        String rest = r.path.substring("/v1/uploads/".length());
        if (r.method.equals("POST")) {
            Refusal no = refuse;
            if (no != null) {
                throw new RefusedException(no);
            }
            String id = r.header("idempotency-key", "").replace("\"", "");
            FakeUpload made = uploads.computeIfAbsent(id, _ -> new FakeUpload(place(rest), r.headers));
            respond(
                    out,
                    201,
                    "Location: /v1/uploads/" + id + "\r\nUpload-Offset: " + made.offset() + "\r\n",
                    new byte[0],
                    true);
            return true;
        }
        FakeUpload upload = uploads.get(rest);
        if (upload == null) {
            throw new RefusedException(Reason.NO_SUCH_UPLOAD, rest);
        }
        return switch (r.method) {
            case "HEAD" -> stands(upload, out);
            case "DELETE" -> {
                uploads.remove(rest);
                respond(out, 204, "", new byte[0], false);
                yield true;
            }
            default -> append(r, rest, upload, out);
        };
    }

    private static boolean stands(FakeUpload upload, OutputStream out) throws IOException {
        out.write(("HTTP/1.1 204 No Content\r\nUpload-Offset: " + upload.offset() + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        return true;
    }

    private boolean append(Request r, String id, FakeUpload upload, OutputStream out) throws IOException {
        if (Long.parseLong(r.header("upload-offset", "-1")) != upload.offset()) {
            throw new RefusedException(Reason.OFFSET_MISMATCH, r.header("upload-offset", ""), upload.offset());
        }
        body(r, upload);
        if (r.header("upload-complete", "").equals("?1")) {
            return commit(r, upload.place, upload.bytes.toByteArray(), upload.headers, id, out);
        }
        return stands(upload, out);
    }

    private boolean batch(Request r, OutputStream out) throws IOException {
        caller(r.headers);
        Refusal no = refuse;
        byte[] body = body(r, null);
        if (no != null) {
            throw new RefusedException(no);
        }
        String space = r.path.substring("/v1/batch/".length());
        String id = r.header("idempotency-key", "");
        ChangesReply.Builder reply = ChangesReply.newBuilder();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        while (in.available() > 0) {
            int header = in.readInt();
            int length = in.readInt();
            BatchItem item = BatchItem.parseFrom(in.readNBytes(header));
            byte[] content = in.readNBytes(length);
            ChangeResult.Builder result = ChangeResult.newBuilder().setPath(item.getPath());
            if (!sha(content).equals(BlobId.of(item.getSha256().toByteArray()))) {
                result.setError(Error.newBuilder().setCode("invalid_argument").setReason("DIGEST_MISMATCH"));
            } else if (item.getPath().contains("refuse")) {
                result.setError(Error.newBuilder()
                        .setCode("already_exists")
                        .setReason("PATH_IN_THE_WAY")
                        .addArguments(item.getPath())
                        .addArguments("x"));
            } else {
                String place = space + "/" + item.getPath();
                Stored before = files.get(place);
                if (before == null || !before.requestId.equals(id)) {
                    effects.computeIfAbsent(id + item.getPath(), _ -> new AtomicInteger())
                            .incrementAndGet();
                    files.put(
                            place,
                            new Stored(
                                    content,
                                    version.incrementAndGet(),
                                    item.getModifiedMillis(),
                                    item.getExecutable(),
                                    id,
                                    item.getKind()));
                }
                result.setNow(describe(item.getPath(), files.get(place)));
            }
            reply.addResults(result);
        }
        if (loseAnswers.get() > 0 && loseAnswers.getAndDecrement() > 0) {
            return false;
        }
        respond(out, 200, "Content-Type: application/proto\r\n", reply.build().toByteArray(), true);
        return true;
    }

    static File describe(String path, Stored stored) {
        return File.newBuilder()
                .setPath(path)
                .setVersion(stored.version)
                .setKind(stored.kind)
                .setSize(stored.content.length)
                .setSha256(stored.sha256().toString())
                .setModifiedMillis(stored.modified)
                .setStoredMillis(1_700_000_000_000L)
                .setExecutable(stored.executable)
                .setReplicas(1)
                .setVerified(1)
                .setAuthor("00000000-0000-0000-0000-000000000001")
                .build();
    }

    private void respond(OutputStream out, int status, String headers, byte[] body, boolean withBody)
            throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\n" + headers);
        boolean inChunks = chunked && withBody;
        head.append(inChunks ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + body.length + "\r\n");
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        if (!withBody) {
            return;
        }
        long cut = cutAnswerAfter.get();
        if (cut >= 0 && body.length > cut) {
            cutAnswerAfter.set(-1);
            out.write(body, 0, (int) cut);
            throw new EOFException("cut, as ordered");
        }
        if (!inChunks) {
            out.write(body);
            return;
        }
        for (int at = 0; at < body.length; at += 1000) {
            int n = Math.min(1000, body.length - at);
            out.write((Integer.toHexString(n) + ";x=y\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.write(body, at, n);
            out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        out.write("0\r\nTrailer: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Closes every connection, as a server does with idle ones.
    public void dropConnections() throws IOException {
        for (Socket connection : open) {
            connection.close();
        }
    }

    /// Stops as a killed process would: nothing is answered any more, what is stored stays readable here.
    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : open) {
            connection.close();
        }
        try {
            // Until the thread that accepts has let go of it, the port still takes connections.
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
