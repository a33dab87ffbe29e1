package acervo.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// HTTP/1.1 over a bare socket: what is sent is exactly what the test wrote.
final class Wired implements AutoCloseable {
    private static final int DEADLINE_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Wired(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(DEADLINE_MILLIS);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    Wired send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Wired send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /// Sends a request without a body and reads its answer.
    Answer ask(String method, String target, String... headers) throws IOException {
        return send(method + " " + target + " HTTP/1.1\r\nHost: test\r\n" + String.join("", headers) + "\r\n")
                .answer(method);
    }

    /// Sends a request with a body of known length and reads its answer.
    Answer ask(String method, String target, byte[] body, String... headers) throws IOException {
        send(method + " " + target + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + body.length + "\r\n"
                + String.join("", headers) + "\r\n");
        return send(body).answer(method);
    }

    Answer answer() throws IOException {
        return answer("GET");
    }

    Answer answer(String method) throws IOException {
        String status = line();
        if (!status.startsWith("HTTP/1.")) {
            throw new IOException("no answer: " + status);
        }
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.merge(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip(),
                    (a, b) -> a + ", " + b);
        }
        int code = Integer.parseInt(status.substring(9, 12));
        boolean bodiless = method.equals("HEAD") || code == 204 || code == 304 || code / 100 == 1;
        return new Answer(code, headers, bodiless ? new byte[0] : body(headers));
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int size; (size = Integer.parseInt(line(), 16)) > 0; ) {
                all.write(exactly(size));
                line();
            }
            line();
            return all.toByteArray();
        }
        String length = headers.get("content-length");
        return length == null ? in.readAllBytes() : exactly(Integer.parseInt(length));
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException(bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b; (b = in.read()) != '\n'; ) {
            if (b < 0) {
                throw new EOFException("closed after: " + line);
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    /// A message as Connect's streams carry it: flags, length and content.
    static byte[] envelope(byte[] content) {
        return ByteBuffer.allocate(5 + content.length)
                .put((byte) 0)
                .putInt(content.length)
                .put(content)
                .array();
    }

    /// Sends a call and reads the head of an answer that goes on.
    Stream stream(String target, byte[] body, String... headers) throws IOException {
        send("POST " + target + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + body.length + "\r\n"
                + String.join("", headers) + "\r\n");
        send(body);
        String status = line();
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("no stream: " + status);
        }
        boolean chunked = false;
        int length = -1;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            chunked |= lower.equals("transfer-encoding: chunked");
            length = lower.startsWith("content-length:")
                    ? Integer.parseInt(lower.substring(15).strip())
                    : length;
        }
        return new Stream(chunked, length);
    }

    /// An answer that is read message by message.
    final class Stream {
        private final boolean chunked;
        private int left;

        Stream(boolean chunked, int length) {
            this.chunked = chunked;
            this.left = chunked ? 0 : length;
        }

        /// The next message's content, which must not be the end.
        byte[] message() throws IOException {
            Envelope next = next();
            if (next.isEnd()) {
                throw new IOException("the stream ended: " + next.text());
            }
            return next.content();
        }

        /// The next envelope; after the last one nothing of the answer is left unread.
        Envelope next() throws IOException {
            ByteBuffer head = ByteBuffer.wrap(read(5));
            Envelope next = new Envelope(head.get(), read(head.getInt()));
            if (next.isEnd() && chunked) {
                if (!line().equals("0") || !line().isEmpty()) {
                    throw new IOException("something follows the end");
                }
            } else if (next.isEnd() && left != 0) {
                throw new IOException(left + " bytes follow the end");
            }
            return next;
        }

        private byte[] read(int length) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            while (all.size() < length) {
                if (left == 0) {
                    left = Integer.parseInt(line(), 16);
                }
                byte[] some = exactly(Math.min(left, length - all.size()));
                all.write(some);
                left -= some.length;
                if (left == 0 && chunked) {
                    line();
                }
            }
            return all.toByteArray();
        }
    }

    /// One message of a stream, or its end.
    @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
    record Envelope(int flags, byte[] content) {
        boolean isEnd() {
            return (flags & 2) != 0;
        }

        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    /// Waits for the other side to close; answers whatever came before.
    byte[] untilClosed() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the server did not close the connection", e);
        } catch (IOException expected) {
            // A reset closes as well.
        }
        return all.toByteArray();
    }

    /// Leaves in the middle of whatever it is.
    void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        hangUp();
    }

    /// One answer.
    @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
    record Answer(int status, Map<String, String> headers, byte[] body) {
        @Nullable
        String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }
}
