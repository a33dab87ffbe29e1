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
import java.util.Base64;

/// The framing of unary gRPC over HTTP/2: one message of five bytes and its own in each direction, then trailers. Five
/// bytes
/// and two trailers need no library: this is a tenth of what one costs per call.
final class Grpc {
    /// Compressed or not, and a length of four bytes.
    static final int PREFIX_BYTES = 5;

    private static final CharSequence TYPE = HttpHeaders.createOptimized("application/grpc+proto");
    private static final CharSequence STATUS = HttpHeaders.createOptimized("grpc-status");
    private static final CharSequence MESSAGE = HttpHeaders.createOptimized("grpc-message");
    private static final CharSequence ERROR = HttpHeaders.createOptimized("acervo-error-bin");
    private static final CharSequence OK = HttpHeaders.createOptimized("0");

    private Grpc() {}

    static Message parse(Call call, byte[] frame) {
        try {
            return call.prototype().getParserForType().parseFrom(open(frame));
        } catch (InvalidProtocolBufferException e) {
            throw Refusals.invalid("the request can't be read: " + e.getMessage());
        }
    }

    /// The one message of a request.
    static ByteBuffer open(byte[] frame) {
        if (frame.length < PREFIX_BYTES) {
            throw Refusals.invalid("a message begins with five bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        if (bytes.get() != 0) {
            throw Trouble.met(
                    415, Trouble.Code.UNIMPLEMENTED, "COMPRESSION_UNSUPPORTED", "send messages without compression");
        }
        int length = bytes.getInt();
        if (length != bytes.remaining()) {
            throw Refusals.invalid("a call has one message, of the length that it says");
        }
        return bytes;
    }

    static void answer(Exchange exchange, Message reply) {
        int length = reply.getSerializedSize();
        byte[] frame = new byte[PREFIX_BYTES + length];
        ByteBuffer.wrap(frame).put((byte) 0).putInt(length);
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(frame, PREFIX_BYTES, length);
            reply.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("an array of the right size is never full", e);
        }
        exchange.answer(
                200,
                response -> response.putHeader(HttpHeaders.CONTENT_TYPE, TYPE).putTrailer(STATUS, OK),
                Buffer.buffer(frame));
    }

    /// A refusal: no message, and what went wrong in the trailers.
    static void refuse(Exchange exchange, Trouble trouble) {
        exchange.answer(
                200,
                response -> {
                    response.putHeader(HttpHeaders.CONTENT_TYPE, TYPE);
                    trailers(response, trouble);
                },
                Buffer.buffer());
    }

    /// All went well.
    static void trailers(HttpServerResponse response) {
        response.putTrailer(STATUS, OK);
    }

    static void trailers(HttpServerResponse response, Trouble trouble) {
        response.putTrailer(STATUS, Integer.toString(trouble.code().grpc))
                .putTrailer(MESSAGE, percent(trouble.message()))
                .putTrailer(
                        ERROR,
                        Base64.getEncoder()
                                .withoutPadding()
                                .encodeToString(trouble.toError().toByteArray()));
    }

    /// gRPC's percent-encoding of a status message.
    private static String percent(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b <= '~' && b != '%') {
                out.append((char) b);
            } else {
                out.append('%')
                        .append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            }
        }
        return out.toString();
    }
}
