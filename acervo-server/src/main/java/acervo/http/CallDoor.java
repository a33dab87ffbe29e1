package acervo.http;

import acervo.model.ClientId;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// `POST /acervo.v1.Acervo/{Method}`: the same methods for gRPC, and by Connect's unary protocol for JSON and protobuf.
final class CallDoor {
    static final String PREFIX = "/acervo.v1.Acervo/";
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence PROTO = HttpHeaders.createOptimized("application/proto");

    private final Door door;
    private final Calls calls;
    private final StreamDoor streams;

    CallDoor(Door door, Calls calls) {
        this.door = door;
        this.calls = calls;
        this.streams = new StreamDoor(door);
    }

    void handle(Exchange exchange, String path) {
        String type = FileHeaders.contentType(exchange.headers());
        boolean grpc = type != null && (type.equals("application/grpc") || type.equals("application/grpc+proto"));
        if (grpc) {
            exchange.speaks(Exchange.Form.GRPC);
        }
        String name = path.substring(PREFIX.length());
        StreamCall streamed = calls.findStream(name);
        if (streamed != null) {
            exchange.is(streamed.operation());
            if (!exchange.request().method().equals(HttpMethod.POST)) {
                throw Refusals.method("POST");
            }
            streams.handle(exchange, streamed, StreamForm.of(type));
            return;
        }
        Call call = calls.find(name);
        if (call == null) {
            throw Refusals.noSuchCall(acervo.model.FilePath.printable(path));
        }
        exchange.is(call.operation());
        if (!exchange.request().method().equals(HttpMethod.POST)) {
            throw Refusals.method("POST");
        }
        if (!grpc && !isSpoken(type)) {
            throw Refusals.mediaType("application/json, application/proto or application/grpc");
        }
        int frame = grpc ? Grpc.PREFIX_BYTES : 0;
        if (exchange.bodyLength() > door.limits().callBytes() + frame) {
            throw Refusals.tooLarge("the body of a call", door.limits().callBytes() + " bytes");
        }
        boolean json = "application/json".equals(type);
        WholeBody body = new WholeBody(
                door.limits().callBytes() + frame,
                door.callBytes(),
                bytes -> dispatch(exchange, call, bytes, json, grpc),
                exchange::fail);
        if (exchange.mayHaveBody()) {
            exchange.claim(body);
            exchange.wantBody();
        } else {
            body.end("");
        }
    }

    private static boolean isSpoken(@Nullable String type) {
        return "application/json".equals(type)
                || "application/proto".equals(type)
                || "application/x-protobuf".equals(type);
    }

    private void dispatch(Exchange exchange, Call call, byte[] bytes, boolean json, boolean grpc) {
        if (call.blocks()) {
            exchange.blocking(() -> work(exchange, call, bytes, json, grpc));
            return;
        }
        try {
            work(exchange, call, bytes, json, grpc);
        } catch (RuntimeException thrown) {
            exchange.fail(thrown);
        }
    }

    private static void work(Exchange exchange, Call call, byte[] bytes, boolean json, boolean grpc) {
        Message request = grpc ? Grpc.parse(call, bytes) : parse(call, bytes, json);
        Message reply = call.work().reply(request, who(exchange));
        if (grpc) {
            Grpc.answer(exchange, reply);
        } else if (json) {
            Buffer text = Buffer.buffer(Json.print(reply).getBytes(StandardCharsets.UTF_8));
            exchange.answer(200, r -> r.putHeader(HttpHeaders.CONTENT_TYPE, JSON), text);
        } else {
            exchange.answer(200, r -> r.putHeader(HttpHeaders.CONTENT_TYPE, PROTO), Buffer.buffer(reply.toByteArray()));
        }
    }

    private static Message parse(Call call, byte[] bytes, boolean json) {
        try {
            if (!json) {
                return call.prototype().getParserForType().parseFrom(bytes);
            }
            Message.Builder request = call.prototype().newBuilderForType();
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (!text.isBlank()) {
                Json.merge(text, request);
            }
            return request.build();
        } catch (InvalidProtocolBufferException e) {
            throw Refusals.invalid(
                    "the request can't be read: " + acervo.model.FilePath.printable(String.valueOf(e.getMessage())));
        }
    }

    private static Call.Who who(Exchange exchange) {
        return new Call.Who() {
            @Override
            public ClientId client() {
                return exchange.caller();
            }

            @Override
            public boolean isOperator() {
                return exchange.isOperator();
            }

            @Override
            public void registering() {
                exchange.registering();
            }
        };
    }
}
