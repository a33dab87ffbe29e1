package acervo.http;

import acervo.interest.Delivery;
import acervo.interest.Outlet;
import acervo.model.ClientId;
import com.google.protobuf.Message;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A stream of messages on its way to a client. While there is nothing to say it holds no buffer and no thread; when
/// the client reads slowly, the delivery behind it waits and keeps its place. Its fields belong to the event loop.
final class StreamAnswer {
    private final Exchange exchange;
    private final Streams streams;
    private final ClientId client;
    private final StreamForm form;
    private final Message keepAlive;
    private @Nullable Delivery<?> delivery;
    private boolean over;

    StreamAnswer(Exchange exchange, Streams streams, ClientId client, StreamForm form, Message keepAlive) {
        this.exchange = exchange;
        this.streams = streams;
        this.client = client;
        this.form = form;
        this.keepAlive = keepAlive;
    }

    /// Writes the head and has the delivery begin.
    void begin(Delivery<?> from) {
        exchange.onLoop(() -> {
            HttpServerResponse response = exchange.request().response();
            delivery = from;
            streams.add(this);
            if (response.closed()) {
                gone();
                return;
            }
            response.exceptionHandler(_ -> gone());
            response.closeHandler(_ -> gone());
            response.setStatusCode(200);
            response.putHeader(HttpHeaders.DATE, Dates.now());
            response.putHeader(HttpHeaders.CONTENT_TYPE, form.type());
            response.setChunked(true);
            from.start();
        });
    }

    /// The client has left.
    private void gone() {
        if (leave()) {
            exchange.ended(499, Future.succeededFuture());
        }
    }

    private boolean leave() {
        if (over) {
            return false;
        }
        over = true;
        streams.remove(this);
        streams.leave(client);
        if (delivery != null) {
            delivery.close();
        }
        return true;
    }

    <M> Outlet<M> through(Function<M, Message> render) {
        return new Outlet<>() {
            @Override
            public void send(M message, Runnable room) {
                Buffer envelope = form.envelope(render.apply(message));
                exchange.onLoop(() -> write(envelope, room));
            }

            @Override
            public void end(Optional<RuntimeException> trouble) {
                StreamAnswer.this.end(trouble.map(thrown -> Trouble.of(thrown, "a stream")));
            }
        };
    }

    private void write(Buffer envelope, Runnable room) {
        if (over) {
            return;
        }
        HttpServerResponse response = exchange.request().response();
        var _ = response.write(envelope);
        if (!response.writeQueueFull()) {
            room.run();
            return;
        }
        response.drainHandler(_ -> {
            response.drainHandler(null);
            room.run();
        });
    }

    /// Says that the server is there, unless the client does not listen anyway.
    void beat() {
        exchange.onLoop(() -> {
            HttpServerResponse response = exchange.request().response();
            if (!over && !response.writeQueueFull()) {
                var _ = response.write(form.envelope(keepAlive));
            }
        });
    }

    /// Ends the answer in order.
    void end(Optional<Trouble> trouble) {
        exchange.onLoop(() -> {
            if (leave()) {
                HttpServerResponse response = exchange.request().response();
                Future<Void> sent = response.end(form.end(response, trouble));
                exchange.ended(trouble.map(Trouble::status).orElse(200), sent);
            }
        });
    }
}
