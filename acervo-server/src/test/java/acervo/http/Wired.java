package acervo.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
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

    @Override
    public void close() throws IOException {
        socket.close();
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
