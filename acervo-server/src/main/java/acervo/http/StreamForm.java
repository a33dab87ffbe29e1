package acervo.http;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a call with a stream of answers is spoken. In each form a message is an envelope: one byte of flags, four
/// of its length, and itself. gRPC tells the end in trailers; Connect's streaming protocol in an envelope of its
/// own, with flag 2, so that it passes where trailers don't.
enum StreamForm {
    GRPC("application/grpc+proto"),
    PROTO("application/connect+proto"),
    JSON("application/connect+json");

    private static final int END = 2;
    private static final byte[] WELL = "{}".getBytes(StandardCharsets.US_ASCII);

    private final String type;

    StreamForm(String type) {
        this.type = type;
    }

    /// The form of that media type, or null.
    static @Nullable StreamForm of(@Nullable String type) {
        return switch (type) {
            case "application/grpc", "application/grpc+proto" -> GRPC;
            case "application/connect+proto" -> PROTO;
            case "application/connect+json" -> JSON;
            case null, default -> null;
        };
    }

    String type() {
        return type;
    }

    /// Reads the one message of a request.
    Message parse(Message prototype, byte[] body) {
        ByteBuffer message = Grpc.open(body);
        try {
            if (this != JSON) {
                return prototype.getParserForType().parseFrom(message);
            }
            Message.Builder request = prototype.newBuilderForType();
            String text = StandardCharsets.UTF_8.decode(message).toString();
            if (!text.isBlank()) {
                Json.merge(text, request);
            }
            return request.build();
        } catch (InvalidProtocolBufferException e) {
            throw Refusals.invalid(
                    "the request can't be read: " + acervo.model.FilePath.printable(String.valueOf(e.getMessage())));
        }
    }

    Buffer envelope(Message message) {
        if (this == JSON) {
            return envelope(0, Json.print(message).getBytes(StandardCharsets.UTF_8));
        }
        byte[] frame = new byte[Grpc.PREFIX_BYTES + message.getSerializedSize()];
        ByteBuffer.wrap(frame).put((byte) 0).putInt(frame.length - Grpc.PREFIX_BYTES);
        try {
            CodedOutputStream out =
                    CodedOutputStream.newInstance(frame, Grpc.PREFIX_BYTES, frame.length - Grpc.PREFIX_BYTES);
            message.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("an array of the right size is never full", e);
        }
        return Buffer.buffer(frame);
    }

    private static Buffer envelope(int flags, byte[] content) {
        byte[] frame = new byte[Grpc.PREFIX_BYTES + content.length];
        ByteBuffer.wrap(frame).put((byte) flags).putInt(content.length).put(content);
        return Buffer.buffer(frame);
    }

    /// The last bytes of an answer, after its trailers were set.
    ///
    /// @param trouble what ended it; empty when all was said
    Buffer end(HttpServerResponse response, Optional<Trouble> trouble) {
        if (this == GRPC) {
            trouble.ifPresentOrElse(t -> Grpc.trailers(response, t), () -> Grpc.trailers(response));
            return Buffer.buffer();
        }
        byte[] content = trouble.map(t -> ("{\"error\":" + t.toJson().strip() + "}").getBytes(StandardCharsets.UTF_8))
                .orElse(WELL);
        return envelope(END, content);
    }

    /// Answers with what went wrong before anything was said.
    void refuse(Exchange exchange, Trouble trouble) {
        exchange.answer(
                200,
                response -> response.putHeader(HttpHeaders.CONTENT_TYPE, type),
                response -> end(response, Optional.of(trouble)));
    }
}
