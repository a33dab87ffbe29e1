package acervo.http;

import acervo.model.ClientId;
import com.google.protobuf.Message;

/// `POST /acervo.v1.Acervo/{Method}` for the methods with a stream of answers: gRPC, and Connect's streaming protocol
/// with protobuf or JSON.
final class StreamDoor {
    private final Door door;

    StreamDoor(Door door) {
        this.door = door;
    }

    /// @param form null for a media type that streams don't speak
    void handle(Exchange exchange, StreamCall call, @org.jspecify.annotations.Nullable StreamForm form) {
        if (form == null) {
            throw Refusals.mediaType(
                    "application/connect+json, application/connect+proto or application/grpc, for a stream");
        }
        exchange.speaks(form);
        int most = door.limits().callBytes() + Grpc.PREFIX_BYTES;
        if (exchange.bodyLength() > most) {
            throw Refusals.tooLarge("the body of a call", door.limits().callBytes() + " bytes");
        }
        WholeBody body = new WholeBody(
                most,
                door.callBytes(),
                bytes -> exchange.blocking(() -> open(exchange, call, form, bytes)),
                exchange::fail);
        if (exchange.mayHaveBody()) {
            exchange.claim(body);
            exchange.wantBody();
        } else {
            body.end("");
        }
    }

    private void open(Exchange exchange, StreamCall call, StreamForm form, byte[] bytes) {
        Message request = form.parse(call.prototype(), bytes);
        ClientId caller = exchange.caller();
        Streams streams = door.streams();
        streams.admit(caller);
        StreamAnswer answer = new StreamAnswer(exchange, streams, caller, form, call.keepAlive());
        try {
            answer.begin(call.opening().open(request, caller, answer::through));
        } catch (RuntimeException e) {
            streams.leave(caller);
            throw e;
        }
    }
}
