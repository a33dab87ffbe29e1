package acervo.client;

import acervo.model.Refusal;
import acervo.model.RefusedException;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The answers to one call, for as long as its connection lasts: Connect's streaming protocol over HTTP/1.1. Each
/// message has five bytes before it, flags and length; the last one, with flag 2, says how it ended. One thread reads,
/// any thread may close.
final class MessageStream<T> implements AutoCloseable {
    private static final int PREFIX = 5;
    private static final int COMPRESSED = 1;
    private static final int END = 2;
    private static final int LARGEST = 16 << 20;

    private final HttpConnection connection;
    private final Response response;
    private final Parser<T> parser;

    private MessageStream(HttpConnection connection, Response response, Parser<T> parser) {
        this.connection = connection;
        this.response = response;
        this.parser = parser;
    }

    /// Sends a call on a connection of its own, which is closed with the stream.
    ///
    /// @throws RefusedException when there is no stream at all
    static <T> MessageStream<T> open(
            Transport transport, HttpConnection connection, String method, MessageLite request, Parser<T> parser)
            throws IOException {
        ByteBuffer body = ByteBuffer.allocate(PREFIX + request.getSerializedSize());
        body.put((byte) 0).putInt(request.getSerializedSize()).put(request.toByteArray());
        StringBuilder head = transport.head(connection, "POST", "/acervo.v1.Acervo/" + method);
        head.append("Content-Type: application/connect+proto\r\nConnect-Protocol-Version: 1\r\nContent-Length: ");
        head.append(body.capacity()).append("\r\n");
        connection.write(head, body.array());
        return new MessageStream<>(connection, connection.readHead(false).orThrow(), parser);
    }

    /// Waits for the next message.
    ///
    /// @return null when the server has said all
    /// @throws RefusedException when it ended the stream with a "no"
    /// @throws TryLaterException when it ended it with a "not now"
    /// @throws IOException when the connection broke
    @Nullable
    T next() throws IOException {
        ByteBuffer prefix = read(PREFIX);
        int flags = prefix.get();
        int length = prefix.getInt();
        if ((flags & COMPRESSED) != 0 || length < 0 || length > LARGEST) {
            throw new ProtocolException("a message of " + length + " bytes with the flags " + flags);
        }
        byte[] content = read(length).array();
        if ((flags & END) == 0) {
            try {
                return parser.parseFrom(content);
            } catch (InvalidProtocolBufferException e) {
                throw new ProtocolException("a message can't be read: " + e.getMessage());
            }
        }
        Refusal refusal = ServerRefusals.readEnd(new String(content, StandardCharsets.UTF_8));
        if (refusal == null) {
            return null;
        }
        switch (refusal.reason()) {
            case UNAVAILABLE, TOO_MANY -> throw new TryLaterException(refusal, 0);
            default -> throw new RefusedException(refusal);
        }
    }

    private ByteBuffer read(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (response.read(bytes) < 0) {
                throw new EOFException("the server ended a stream without a word");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() {
        connection.close();
    }
}
