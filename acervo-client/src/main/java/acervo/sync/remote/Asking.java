package acervo.sync.remote;

import acervo.client.Response;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.sync.plan.RemoteNode;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/// Requests for bytes of exactly one version.
final class Asking {
    private Asking() {}

    /// Adds the condition that the path is still at that version.
    static StringBuilder exactly(StringBuilder head, RemoteNode version) {
        return head.append("If-Match: \"").append(version.version()).append("\"\r\n");
    }

    /// Turns a "no" into its exception.
    ///
    /// @throws RefusedException `NO_SUCH_FILE` and `VERSION_CHANGED` when the version is not there any more
    static Response checked(Response answer, RemoteNode version) throws IOException {
        if (answer.status() == 412) {
            long now = answer.version();
            answer.bytes();
            throw now == 0
                    ? new RefusedException(Reason.NO_SUCH_FILE, version.path())
                    : new RefusedException(Reason.VERSION_CHANGED, version.path(), now);
        }
        if (answer.status() == 404) {
            answer.bytes();
            throw new RefusedException(Reason.NO_SUCH_FILE, version.path());
        }
        return answer.orThrow();
    }

    /// Adds a range, and expects it in the answer.
    static StringBuilder range(StringBuilder head, long from, long end) {
        return head.append("Range: bytes=")
                .append(from)
                .append('-')
                .append(end - 1)
                .append("\r\n");
    }

    static void expectRange(Response answer, long from, long end) throws IOException {
        String range = answer.header("content-range");
        if (answer.status() != 206 || range == null || !range.startsWith("bytes " + from + "-" + (end - 1) + "/")) {
            throw new ProtocolException("the server answered with another range: " + range);
        }
    }

    /// Reads until the buffer is full.
    static void fill(Response answer, ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (answer.read(into) < 0) {
                throw new EOFException("the answer was cut short");
            }
        }
    }
}
