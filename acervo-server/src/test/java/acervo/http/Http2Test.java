package acervo.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// HTTP/2, frame by frame.
final class Http2Test {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    @TempDir
    private Path folder;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Frame(int type, int flags, int stream, byte[] payload) {
        boolean ends() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }
    }

    private static final class Framed implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;

        Framed(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(60_000);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            send(SETTINGS, 0, 0, new byte[0]);
        }

        void send(int type, int flags, int stream, byte[] payload) throws IOException {
            out.writeByte(payload.length >> 16);
            out.writeShort(payload.length);
            out.writeByte(type);
            out.writeByte(flags);
            out.writeInt(stream);
            out.write(payload);
            out.flush();
        }

        /// Begins a request; fields are pairs of name and value.
        void ask(int stream, boolean end, String... fields) throws IOException {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            for (int i = 0; i < fields.length; i += 2) {
                block.write(0); // a field as it is, in no table
                for (String text : new String[] {fields[i], fields[i + 1]}) {
                    block.write(text.length());
                    block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
                }
            }
            send(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block.toByteArray());
        }

        /// The next frame of that type, or the end of that stream's answer for type -1.
        Frame await(int type, int stream) throws IOException {
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                Frame frame = new Frame(in.readUnsignedByte(), in.readUnsignedByte(), in.readInt(), new byte[length]);
                in.readFully(frame.payload);
                if (frame.stream == stream && (frame.type == type || type < 0 && frame.ends())) {
                    return frame;
                }
                assertFalse(frame.stream == stream && frame.type == RST_STREAM, "the stream was reset");
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String[] put(String path, String... more) {
        String[] fields = new String[8 + more.length];
        System.arraycopy(
                new String[] {":method", "PUT", ":scheme", "http", ":authority", "test", ":path", path},
                0,
                fields,
                0,
                8);
        System.arraycopy(more, 0, fields, 8, more.length);
        return fields;
    }

    @Test
    void aClientThatIsRefusedBeforeItHasSentItsBodyIsToldToStop() throws IOException {
        try (TestServer server = TestServer.start(folder);
                Framed client = new Framed(server.port)) {
            for (int stream = 1; stream < 7; stream += 2) {
                client.ask(stream, false, put("/v1/files/home/x", "content-length", "1000000000"));
                client.send(DATA, 0, stream, new byte[1000]);
                assertTrue(client.await(-1, stream).ends());
                byte[] code = client.await(RST_STREAM, stream).payload();
                assertEquals("[0, 0, 0, 0]", java.util.Arrays.toString(code));
            }
        }
    }

    @Test
    void aClientThatHasSentItAllIsNot() throws IOException {
        try (TestServer server = TestServer.start(folder);
                Framed client = new Framed(server.port)) {
            client.ask(1, true, put("/v1/files/home/x"));
            assertTrue(client.await(-1, 1).ends());
            client.ask(3, false, put("/v1/files/home/x"));
            client.send(DATA, END_STREAM, 3, new byte[1000]);
            assertTrue(client.await(-1, 3).ends());
            for (int i = 0; i < 3; i++) {
                client.send(PING, 0, 0, new byte[8]);
                client.await(PING, 0);
            }
        }
    }
}
