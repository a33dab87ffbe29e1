package acervo.client;

import acervo.model.Refusal;
import acervo.model.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The answer to one request: its head, and its body to be read once.
public final class Response {
    private static final int MAX_BYTES = 64 << 20;
    private static final int WORTH_DRAINING = 256 * 1024;
    private static final long UNTIL_CLOSE = Long.MAX_VALUE;

    private final HttpConnection connection;
    private final int status;
    private final String[] lines;
    private final boolean chunked;
    private boolean keepAlive;

    /// Bytes left of the body, or of the current chunk.
    private long left;

    private boolean ended;

    /// @param head the answer's lines, each with its end
    Response(HttpConnection connection, String head, boolean bodiless) throws IOException {
        this.connection = connection;
        this.lines = head.split("\r\n", -1);
        this.status = status(lines[0]);
        this.keepAlive = lines[0].startsWith("HTTP/1.1 ") && !"close".equalsIgnoreCase(header("connection"));
        String coding = header("transfer-encoding");
        this.chunked = coding != null && coding.toLowerCase(Locale.ROOT).endsWith("chunked");
        String length = header("content-length");
        if (bodiless || status == 204 || status == 304 || status < 200) {
            ended = true;
        } else if (!chunked) {
            left = length == null ? UNTIL_CLOSE : number(length);
            ended = left == 0;
        }
    }

    private static int status(String line) throws ProtocolException {
        if (!line.startsWith("HTTP/1.") || line.length() < 12 || line.charAt(8) != ' ') {
            throw new ProtocolException("this is no HTTP server: it answered " + printable(line));
        }
        return (int) number(line.substring(9, 12));
    }

    private static String printable(String line) {
        return acervo.model.FilePath.printable(line);
    }

    private static long number(String digits) throws ProtocolException {
        try {
            long n = Long.parseLong(digits.strip());
            if (n >= 0) {
                return n;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new ProtocolException("the answer has a broken number: " + printable(digits));
    }

    public int status() {
        return status;
    }

    /// A header's value, or null.
    ///
    /// @param name in lower case
    public @Nullable String header(String name) {
        for (int i = 1; i < lines.length; i++) {
            String line = lines[i];
            if (line.length() > name.length()
                    && line.charAt(name.length()) == ':'
                    && line.regionMatches(true, 0, name, 0, name.length())) {
                return line.substring(name.length() + 1).strip();
            }
        }
        return null;
    }

    /// A header that holds a number, or `otherwise` without one.
    public long number(String name, long otherwise) throws ProtocolException {
        String value = header(name);
        return value == null ? otherwise : number(value);
    }

    /// A header that must hold a number.
    public long required(String name) throws ProtocolException {
        String value = header(name);
        if (value == null) {
            throw new ProtocolException("the answer (" + status + ") has no " + name);
        }
        return number(value);
    }

    /// The version in the `ETag`, or 0 without one.
    public long version() throws ProtocolException {
        String tag = header("etag");
        return tag == null ? 0 : number(tag.replace("\"", ""));
    }

    /// The SHA-256 in `Repr-Digest`, or null without one.
    byte @Nullable [] digest() {
        String value = header("repr-digest");
        if (value == null) {
            return null;
        }
        int from = value.indexOf("sha-256=:");
        int to = from < 0 ? -1 : value.indexOf(':', from + 9);
        if (to < 0) {
            return null;
        }
        try {
            byte[] digest = Base64.getDecoder().decode(value.substring(from + 9, to));
            return digest.length == 32 ? digest : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /// Reads some bytes of the body; -1 at its end.
    ///
    /// @throws EOFException when the connection ends before the body
    public int read(ByteBuffer to) throws IOException {
        if (chunked && left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int limit = to.limit();
        to.limit((int) Math.min(limit, to.position() + left));
        int n = connection.read(to);
        to.limit(limit);
        if (n < 0) {
            if (left != UNTIL_CLOSE) {
                throw new EOFException("the connection broke inside an answer");
            }
            keepAlive = false;
            ended = true;
            return -1;
        }
        if (left != UNTIL_CLOSE) {
            left -= n;
            if (chunked && left == 0) {
                connection.readLine();
            }
            ended = !chunked && left == 0;
        }
        return n;
    }

    private void nextChunk() throws IOException {
        String line = connection.readLine();
        int end = line.indexOf(';');
        try {
            left = Long.parseLong(end < 0 ? line : line.substring(0, end).strip(), 16);
        } catch (NumberFormatException _) {
            throw new ProtocolException("a chunk has no length: " + printable(line));
        }
        if (left < 0) {
            throw new ProtocolException("a chunk has a negative length");
        }
        if (left == 0) {
            ended = true;
            String trailer;
            do {
                trailer = connection.readLine();
            } while (!trailer.isEmpty());
        }
    }

    /// The whole body; meant for calls.
    public byte[] bytes() throws IOException {
        if (!chunked && left > MAX_BYTES && left != UNTIL_CLOSE) {
            throw new ProtocolException("the answer is larger than " + MAX_BYTES + " bytes");
        }
        if (!chunked && left != UNTIL_CLOSE) {
            ByteBuffer whole = ByteBuffer.allocate((int) left);
            while (whole.hasRemaining()) {
                if (read(whole) < 0) {
                    throw new EOFException("the answer was cut short");
                }
            }
            return whole.array();
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer part = ByteBuffer.allocate(16 * 1024);
        while (read(part) >= 0) {
            all.write(part.array(), 0, part.position());
            part.clear();
            if (all.size() > MAX_BYTES) {
                throw new ProtocolException("the answer is larger than " + MAX_BYTES + " bytes");
            }
        }
        return all.toByteArray();
    }

    /// Reads what is left when that is little.
    ///
    /// @return whether the connection may be used for another request
    boolean finish() throws IOException {
        if (!ended && (chunked || left <= WORTH_DRAINING)) {
            ByteBuffer drain = ByteBuffer.allocate(16 * 1024);
            for (int all = 0; all <= WORTH_DRAINING && !ended; all += drain.position()) {
                drain.clear();
                read(drain);
            }
        }
        return ended && keepAlive;
    }

    /// Turns an error's answer into its exception; reads the body.
    ///
    /// @throws RefusedException for a "no"
    /// @throws TryLaterException for a "later"
    public Response orThrow() throws IOException {
        if (status < 400) {
            return this;
        }
        Refusal refusal = ServerRefusals.read(status, new String(bytes(), StandardCharsets.UTF_8));
        // Without a word of when, it is no invitation to come back.
        String seconds = status == 429 || status == 503 ? header("retry-after") : null;
        if (seconds != null) {
            throw new TryLaterException(refusal, 1_000 * Math.min(3_600, number(seconds)));
        }
        throw new RefusedException(refusal);
    }
}
