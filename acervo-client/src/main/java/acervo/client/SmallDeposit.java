package acervo.client;

import acervo.model.BlobId;
import acervo.model.RequestId;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/// Deposits that fit into memory, by one `PUT` each: read, hashed and looked at again before the first byte is sent.
final class SmallDeposit {
    /// Up to this size a file goes by one `PUT`; above it, by a resumable [Upload].
    static final int MAX_BYTES = 8 << 20;

    private SmallDeposit() {}

    /// Sends `content`, again with the same id after a broken connection.
    ///
    /// @param file the local file's facts; null for a stream
    static Deposited put(
            Transport transport,
            DepositTarget target,
            @Nullable LocalFile file,
            ByteBuffer content,
            BlobId sha256,
            RequestId id) {
        int size = content.remaining();
        return transport.run(c -> {
            StringBuilder head = transport.head(c, "PUT", target.file().target("/v1/files"));
            target.addTo(head);
            if (file == null) {
                head.append("Acervo-Modified: ")
                        .append(System.currentTimeMillis())
                        .append("\r\n");
            } else {
                Upload.addFacts(head, file);
            }
            head.append("Idempotency-Key: \"").append(id).append("\"\r\n");
            Upload.addDigest(head, sha256);
            head.append("Content-Length: ").append(size).append("\r\n");
            c.writeHead(head);
            writeBody(c, content.duplicate());
            Response answer = c.readHead(false).orThrow();
            Deposited done = Deposited.of(answer, target.file(), sha256, size);
            answer.bytes();
            return done;
        });
    }

    /// Sends a body; when the server stops listening, throws what it answered.
    static void writeBody(HttpConnection c, ByteBuffer body) throws IOException {
        try {
            c.write(body);
        } catch (IOException e) {
            c.readHeadAfter(e).orThrow();
            throw e;
        }
    }

    /// Reads a whole file into `into` from `at` on, and makes sure that it did not change meanwhile.
    ///
    /// @throws LocalTroubleException when it can't be read, or changed
    static void read(LocalFile file, byte[] into, int at) {
        int size = (int) file.size();
        try (InputStream in = open(file)) {
            if (in.readNBytes(into, at, size) != size) {
                throw changed(file);
            }
        } catch (IOException e) {
            throw LocalTroubleException.of(
                    LocalTrouble.Kind.UNREADABLE, file.path().toString(), e);
        }
        try {
            if (!file.isUnchanged()) {
                throw changed(file);
            }
        } catch (IOException _) {
            throw changed(file);
        }
    }

    private static InputStream open(LocalFile file) throws IOException {
        try {
            // Lighter than a channel by half, which counts with ten thousand small files.
            return new FileInputStream(file.path().toFile());
        } catch (FileNotFoundException _) {
            // Does not tell a missing file from a forbidden one; this does.
            return Files.newInputStream(file.path());
        }
    }

    private static LocalTroubleException changed(LocalFile file) {
        return new LocalTroubleException(LocalTrouble.Kind.CHANGED, file.path().toString(), "");
    }
}
