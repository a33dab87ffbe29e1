package acervo.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 connection over a blocking socket. One request at a time: write the head and the body, [#readHead],
/// read
/// the answer's body to its end, and it may be used again. One thread at a time.
public final class HttpConnection implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int MAX_HEAD = 64 * 1024;
    private static final int MAX_WRITE = 256 * 1024;

    private final SocketChannel channel;
    private final ServerAddress server;
    private final long idleNanos;
    private final ByteBuffer in = ByteBuffer.allocate(MAX_HEAD).flip();
    private boolean used;
    private boolean spoiled;
    private @Nullable Response last;

    /// When the last byte moved; 0 while nobody waits for one.
    private volatile long waitingSince;

    private volatile boolean timedOut;

    private HttpConnection(SocketChannel channel, ServerAddress server, long idleNanos) {
        this.channel = channel;
        this.server = server;
        this.idleNanos = idleNanos;
    }

    /// Connects, trying each address of the host in turn.
    static HttpConnection open(ServerAddress server, long idleNanos) throws IOException {
        IOException last = new UnknownHostException(server.host());
        for (InetAddress address : addresses(server.host())) {
            SocketChannel channel = SocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.socket().connect(new InetSocketAddress(address, server.port()), CONNECT_MILLIS);
                HttpConnection connection = new HttpConnection(channel, server, idleNanos);
                Watchdog.watch(connection);
                return connection;
            } catch (IOException e) {
                channel.close();
                last = e;
            }
        }
        throw last;
    }

    private static InetAddress[] addresses(String host) throws UnknownHostException {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            UnknownHostException clear = new UnknownHostException("no such host: " + host);
            clear.initCause(e);
            throw clear;
        }
    }

    /// Whether a request was answered here before: then a failure may only mean that the server closed an idle
    /// connection.
    boolean used() {
        return used;
    }

    /// Whether another request may be sent: the last answer was read to its end, and the server keeps the
    /// connection.
    boolean reusable() {
        try {
            return !spoiled && channel.isOpen() && (last == null || last.finish());
        } catch (IOException _) {
            return false;
        }
    }

    /// A request was not sent to its end: no other one may follow on this connection.
    public void spoil() {
        spoiled = true;
    }

    /// Starts a request's head; end it with an empty line.
    StringBuilder head(String method, String target) {
        return new StringBuilder(512)
                .append(method)
                .append(' ')
                .append(target)
                .append(" HTTP/1.1\r\nHost: ")
                .append(server)
                .append("\r\nUser-Agent: acervo\r\n");
    }

    /// Writes a head that is complete but for its last empty line.
    public void writeHead(StringBuilder head) throws IOException {
        write(ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1)));
    }

    /// Writes a head and a small body in one go.
    public void write(StringBuilder head, byte[] body) throws IOException {
        byte[] top = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer all = ByteBuffer.allocate(top.length + body.length);
        write(all.put(top).put(body).flip());
    }

    /// Writes all that is left in `bytes`.
    public void write(ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        try {
            while (bytes.position() < end) {
                waitingSince = System.nanoTime();
                // In slices: the JDK copies an array's bytes into a buffer of the slice's size that it keeps.
                bytes.limit(bytes.isDirect() ? end : Math.min(end, bytes.position() + MAX_WRITE));
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw seen(e);
        } finally {
            bytes.limit(end);
            waitingSince = 0;
        }
    }

    /// Whether the server has said something already, or closed; looked at while a long body is being sent.
    public boolean answersEarly() throws IOException {
        return in.hasRemaining() || channel.socket().getInputStream().available() > 0;
    }

    /// Reads the head of the answer; interim ones (`1xx`) are skipped.
    ///
    /// @param bodiless whether the request was a `HEAD`
    public Response readHead(boolean bodiless) throws IOException {
        while (true) {
            String head = readUntilEmptyLine();
            Response response = new Response(this, head, bodiless);
            if (response.status() >= 200) {
                used = true;
                last = response;
                return response;
            }
        }
    }

    /// After a failed write: the answer that the server gave before it stopped listening, if it gave one.
    public Response readHeadAfter(IOException failure) throws IOException {
        spoil();
        try {
            return readHead(false);
        } catch (IOException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }

    private String readUntilEmptyLine() throws IOException {
        int seen = 0;
        while (true) {
            for (int i = Math.max(in.position(), in.position() + seen - 3); i + 3 < in.limit(); i++) {
                if (in.get(i) == '\r' && in.get(i + 1) == '\n' && in.get(i + 2) == '\r' && in.get(i + 3) == '\n') {
                    byte[] head = new byte[i + 2 - in.position()];
                    in.get(head).position(i + 4);
                    return new String(head, StandardCharsets.UTF_8);
                }
            }
            seen = in.remaining();
            if (seen == MAX_HEAD) {
                throw new IOException("the answer's head is longer than " + MAX_HEAD + " bytes");
            }
            if (fill() < 0) {
                throw new EOFException(
                        seen == 0 ? "the server closed the connection" : "the answer's head was cut short");
            }
        }
    }

    /// Reads more into the empty or partly read buffer; -1 at the end.
    private int fill() throws IOException {
        in.compact();
        try {
            return receive(in);
        } finally {
            in.flip();
        }
    }

    /// One line of a chunked body, without its end.
    String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (!in.hasRemaining() && fill() < 0) {
                throw new EOFException("the answer was cut short");
            }
            char c = (char) (in.get() & 0xFF);
            if (c == '\n') {
                return line.toString().strip();
            }
            if (line.append(c).length() > 8192) {
                throw new IOException("a line of the answer is too long");
            }
        }
    }

    /// Reads some bytes of the body, first those that came along with the head; -1 when the server closed.
    int read(ByteBuffer to) throws IOException {
        if (!in.hasRemaining()) {
            return receive(to);
        }
        int n = Math.min(in.remaining(), to.remaining());
        to.put(in.slice(in.position(), n));
        in.position(in.position() + n);
        return n;
    }

    private int receive(ByteBuffer to) throws IOException {
        waitingSince = System.nanoTime();
        try {
            return channel.read(to);
        } catch (IOException e) {
            throw seen(e);
        } finally {
            waitingSince = 0;
        }
    }

    private IOException seen(IOException e) {
        if (!timedOut) {
            return e;
        }
        IOException timeout = new SocketTimeoutException("nothing moved for " + idleNanos / 1_000_000_000 + " seconds");
        timeout.initCause(e);
        return timeout;
    }

    /// Asked by the [Watchdog].
    boolean stoodStill(long now) {
        long since = waitingSince;
        return since != 0 && now - since > idleNanos;
    }

    void timeOut() {
        timedOut = true;
        close();
    }

    @Override
    public void close() {
        Watchdog.forget(this);
        try {
            channel.close();
        } catch (IOException _) {
            // It is given up in any case.
        }
    }
}
