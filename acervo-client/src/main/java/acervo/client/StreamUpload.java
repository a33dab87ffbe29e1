package acervo.client;

import acervo.model.BlobId;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/// Sends what can be read only once and has no known length: standard input. It goes in windows of 4 MiB that stay in
/// memory
/// until the server has them, so that a broken connection costs nothing; what fits into one window is a plain deposit.
final class StreamUpload {
    private static final int WINDOW = 4 << 20;

    private final Transport transport;
    private final DepositTarget target;
    private final Progress progress;
    private final RequestId id = Randomness.request();
    private final MessageDigest digest = HashLane.sha256();
    private final byte[] window = new byte[WINDOW];
    private boolean known;

    /// Bytes that the server has for certain.
    private long sent;

    StreamUpload(Transport transport, DepositTarget target, Progress progress) {
        this.transport = transport;
        this.target = target;
        this.progress = progress;
    }

    /// Reads to the end and deposits.
    ///
    /// @throws IOException when `in` can't be read; nothing was committed then
    Deposited run(InputStream in) throws IOException {
        while (true) {
            int n = in.readNBytes(window, 0, WINDOW);
            digest.update(window, 0, n);
            if (n < WINDOW && !known) {
                BlobId sha = BlobId.of(digest.digest());
                Deposited done = SmallDeposit.put(transport, target, null, ByteBuffer.wrap(window, 0, n), sha, id);
                progress.moved(n);
                return done;
            }
            int length = n;
            transport.run(c -> send(c, length));
            sent += n;
            progress.moved(n);
            if (n < WINDOW) {
                BlobId sha = BlobId.of(digest.digest());
                return transport.run(c -> commit(c, sha));
            }
        }
    }

    private long send(HttpConnection c, int length) throws IOException {
        long offset = known ? ask(c) : create(c);
        if (offset < sent || offset > sent + length) {
            throw new RefusedException(Reason.OFFSET_MISMATCH, sent, offset);
        }
        if (offset == sent + length) {
            return offset;
        }
        int from = (int) (offset - sent);
        StringBuilder head = patch(c, offset, false);
        head.append("Content-Length: ").append(length - from).append("\r\n");
        c.writeHead(head);
        SmallDeposit.writeBody(c, ByteBuffer.wrap(window, from, length - from));
        long reached = c.readHead(false).orThrow().required("upload-offset");
        if (reached != sent + length) {
            throw new IOException("the server took only a part");
        }
        return reached;
    }

    private long create(HttpConnection c) throws IOException {
        StringBuilder head = transport.head(c, "POST", target.file().target("/v1/uploads"));
        target.addTo(head);
        head.append("Acervo-Modified: ").append(System.currentTimeMillis()).append("\r\n");
        head.append("Idempotency-Key: \"").append(id).append("\"\r\n");
        head.append("Upload-Complete: ?0\r\nContent-Length: 0\r\n");
        c.writeHead(head);
        long offset = c.readHead(false).orThrow().number("upload-offset", 0);
        known = true;
        return offset;
    }

    private long ask(HttpConnection c) throws IOException {
        c.writeHead(transport.head(c, "HEAD", "/v1/uploads/" + id));
        Response answer = c.readHead(true);
        if (answer.status() == 404) {
            throw new RefusedException(Reason.NO_SUCH_UPLOAD, id);
        }
        return answer.orThrow().required("upload-offset");
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

    private Deposited commit(HttpConnection c, BlobId sha256) throws IOException {
        StringBuilder head = patch(c, sent, true);
        Upload.addDigest(head, sha256);
        head.append("Content-Length: 0\r\n");
        c.writeHead(head);
        Response answer = c.readHead(false).orThrow();
        Deposited done = Deposited.of(answer, target.file(), sha256, sent);
        answer.bytes();
        return done;
    }
}
