package acervo.client;

import acervo.model.BlobId;
import acervo.model.Reason;
import acervo.model.RefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// Hands a file on to a stream while it arrives; goes on after a broken connection as long as it is the same version.
/// What
/// was handed on can't be taken back: only the end of it tells whether it was right.
final class StreamDownload {
    private final Transport transport;
    private final RemoteFile file;
    private final OutputStream out;
    private final Progress progress;
    private final Patience patience;
    private final MessageDigest digest = HashLane.sha256();
    private final ByteBuffer buffer = ByteBuffer.allocate(256 * 1024);
    private @Nullable RemoteFacts facts;
    private long done;

    StreamDownload(Transport transport, RemoteFile file, OutputStream out, Progress progress) {
        this.transport = transport;
        this.file = file;
        this.out = out;
        this.progress = progress;
        this.patience = transport.patience();
    }

    /// @throws OutputException when `out` takes no more
    /// @throws LocalTroubleException when what went out is not what the server says it holds
    RemoteFacts run() {
        while (true) {
            try {
                RemoteFacts whole = transport.once(this::attempt);
                BlobId got = BlobId.of(digest.digest());
                if (!got.equals(whole.sha256())) {
                    throw new LocalTroubleException(
                            LocalTrouble.Kind.DAMAGED, file.toString(), "SHA-256 " + got + " / " + whole.sha256());
                }
                return whole;
            } catch (IOException e) {
                patience.afterFailure(e);
            }
        }
    }

    private RemoteFacts attempt(HttpConnection c) throws IOException {
        StringBuilder head = transport.head(c, "GET", file.target("/v1/files"));
        RemoteFacts before = facts;
        if (before != null && done > 0) {
            head.append("Range: bytes=").append(done).append("-\r\n");
            head.append("If-Range: \"").append(before.version()).append("\"\r\n");
        }
        c.writeHead(head);
        Response answer = c.readHead(false).orThrow();
        RemoteFacts now = RemoteFacts.of(answer);
        if (before != null && done > 0 && (answer.status() != 206 || !now.sameBytes(before))) {
            c.spoil();
            throw new RefusedException(Reason.VERSION_CHANGED, file, now.version());
        }
        String range = answer.header("content-range");
        if (answer.status() == 206 && (range == null || !range.startsWith("bytes " + done + "-"))) {
            throw new ProtocolException("the server answered with another range");
        }
        if (before == null) {
            progress.found(0, now.size());
        }
        facts = now;
        copy(answer, now.size());
        return now;
    }

    private void copy(Response answer, long size) throws IOException {
        while (done < size) {
            buffer.clear();
            int n = answer.read(buffer);
            if (n < 0) {
                throw new EOFException("the answer was cut short");
            }
            digest.update(buffer.array(), 0, n);
            try {
                out.write(buffer.array(), 0, n);
            } catch (IOException e) {
                throw new OutputException(e);
            }
            done += n;
            progress.moved(n);
            patience.progress();
        }
    }
}
