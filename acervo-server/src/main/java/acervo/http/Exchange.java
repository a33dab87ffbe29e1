package acervo.http;

import acervo.model.ClientId;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One request and its one answer. Begun on its connection's event loop; the methods that answer may be called from any
/// thread, and the first of them wins.
final class Exchange {
    /// A refused body of at most this many bytes is read to its end, so that the connection can be kept.
    private static final long WORTH_READING = 256 << 10;

    private static final long NO_ERROR = 0;

    /// How errors are told.
    enum Form {
        HTTP,
        GRPC
    }

    private final Door door;
    private final HttpServerRequest request;
    private final ContextInternal context;
    private final Line line;
    private final long beganNanos = System.nanoTime();
    private Meters.Operation operation;
    private Form form = Form.HTTP;
    private @Nullable StreamForm stream;
    private volatile String client = "-";
    private @Nullable BodySink sink;
    private boolean over;

    Exchange(Door door, HttpServerRequest request) {
        this.door = door;
        this.request = request;
        this.context = ContextInternal.current();
        this.line = Wire.line(request);
        this.operation = door.other();
        line.requestBegins();
    }

    HttpServerRequest request() {
        return request;
    }

    MultiMap headers() {
        return request.headers();
    }

    @Nullable
    String header(CharSequence name) {
        return request.headers().get(name);
    }

    Line line() {
        return line;
    }

    boolean isHttp2() {
        return request.version() == HttpVersion.HTTP_2;
    }

    /// Which kind of request this is, for metrics and the log.
    void is(Meters.Operation kind) {
        operation = kind;
    }

    void speaks(Form how) {
        form = how;
    }

    /// The answer will be a stream.
    void speaks(StreamForm how) {
        stream = how;
    }

    // -- who

    /// The caller, without waiting; empty when that takes a look-up.
    Optional<ClientId> known() {
        Optional<ClientId> known = door.gate().known(line, header(HttpHeaders.AUTHORIZATION));
        known.ifPresent(c -> client = c.toString());
        return known;
    }

    /// The caller. May block.
    ClientId caller() {
        ClientId caller = door.gate().caller(line, header(HttpHeaders.AUTHORIZATION));
        client = caller.toString();
        return caller;
    }

    /// Counts a registration of the caller's address.
    void registering() {
        door.gate().registering(line);
    }

    boolean isOperator() {
        return door.gate().isOperator(header("Acervo-Operator"));
    }

    // -- the body

    /// Whether a body follows. On HTTP/2 that is known at its end only.
    boolean mayHaveBody() {
        if (isHttp2()) {
            return true;
        }
        String length = header(HttpHeaders.CONTENT_LENGTH);
        return length != null ? !length.equals("0") : header(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    /// How long the body says it is; -1 for unknown.
    long bodyLength() {
        String length = header(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            return FileHeaders.number("Content-Length", length);
        }
        return mayHaveBody() ? -1 : 0;
    }

    /// Sends the body to `to`. Event loop only, before the handler returns.
    BodySource claim(BodySink to) {
        sink = to;
        return Wire.claim(request, to);
    }

    /// The body for a virtual thread. Event loop only, before the handler returns.
    Body body() {
        Body body = new Body(door.bodies());
        if (mayHaveBody()) {
            body.from(claim(body));
        } else {
            body.end("");
        }
        return body;
    }

    /// Tells a client that waits for it to send its body.
    void wantBody() {
        if ("100-continue".equalsIgnoreCase(header(HttpHeaders.EXPECT))) {
            onLoop(() -> {
                if (!over) {
                    request.response().writeContinue();
                }
            });
        }
    }

    // -- work

    /// Does the rest on a virtual thread; what it throws becomes the answer.
    void blocking(Runnable work) {
        if (!door.enter()) {
            fail(Refusals.tooMany("requests of all clients", door.limits().callsInFlight()));
            return;
        }
        Thread.ofVirtual().name("acervo-" + operation.name()).start(() -> {
            try {
                work.run();
            } catch (Throwable thrown) {
                fail(thrown);
            } finally {
                door.leave();
            }
        });
    }

    /// Runs on the connection's event loop, at once when this is it.
    void onLoop(Runnable step) {
        if (context.inThread()) {
            step.run();
        } else {
            context.runOnContext(_ -> step.run());
        }
    }

    // -- answers

    /// Answers with a head and a body that is at hand.
    void answer(int status, Consumer<HttpServerResponse> head, Buffer body) {
        answer(status, head, _ -> body);
    }

    /// @param body may add trailers
    void answer(int status, Consumer<HttpServerResponse> head, Function<HttpServerResponse, Buffer> body) {
        onLoop(() -> {
            if (over) {
                return;
            }
            HttpServerResponse response = request.response();
            response.setStatusCode(status);
            response.headers().set(HttpHeaders.DATE, Dates.now());
            head.accept(response);
            boolean linger = settleBody(response);
            var sent = response.end(body.apply(response));
            sent.onComplete(_ -> line.answerLeft());
            end(status);
            if (linger) {
                line.linger();
            } else if (isHttp2()) {
                // A turn later: the end of what came with this request has been seen by then.
                sent.onComplete(_ -> context.runOnContext(_ -> stopBody(response)));
            }
        });
    }

    /// Tells a client of HTTP/2 that is still sending, though it was answered, to send no more (RFC 9113, 8.1). The
    /// answer stands, and the connection goes on.
    private void stopBody(HttpServerResponse response) {
        if (!isWhole() && !response.closed()) {
            response.reset(NO_ERROR);
        }
    }

    /// Answers with text of some type.
    void answer(int status, CharSequence type, String text) {
        answer(status, r -> r.putHeader(HttpHeaders.CONTENT_TYPE, type), Buffer.buffer(text));
    }

    /// Answers with what went wrong; when an answer is under way already, cuts it off.
    void fail(Throwable thrown) {
        fail(Trouble.of(thrown, operation.name()), _ -> {});
    }

    void fail(Trouble trouble, Consumer<HttpServerResponse> more) {
        onLoop(() -> {
            if (over) {
                return;
            }
            if (request.response().headWritten()) {
                abort();
                return;
            }
            if (stream != null) {
                stream.refuse(this, trouble);
                return;
            }
            if (form == Form.GRPC) {
                Grpc.refuse(this, trouble);
                return;
            }
            answer(
                    trouble.status(),
                    response -> {
                        more.accept(response);
                        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
                        if (trouble.status() == 401) {
                            response.putHeader("WWW-Authenticate", "Basic realm=\"acervo\", charset=\"UTF-8\"");
                        }
                        if (trouble.retrySeconds() > 0) {
                            response.putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(trouble.retrySeconds()));
                        }
                    },
                    Buffer.buffer(trouble.toJson()));
        });
    }

    /// Cuts off an answer that has begun, so that nobody takes it for whole.
    void abort() {
        onLoop(() -> {
            if (over) {
                return;
            }
            operation.aborted();
            end(599);
            if (isHttp2()) {
                request.response().reset(2);
            } else {
                line.cut();
            }
        });
    }

    /// An answer that was written piece by piece has ended.
    ///
    /// @param sent done when all of it has left
    void ended(int status, Future<Void> sent) {
        onLoop(() -> {
            if (!over) {
                sent.onComplete(_ -> line.answerLeft());
                end(status);
            }
        });
    }

    private void end(int status) {
        over = true;
        long nanos = System.nanoTime() - beganNanos;
        line.requestEnds();
        operation.done(status, nanos);
        if (AccessLog.isOn()) {
            AccessLog.line(request, line.address(), client, operation.name(), status, nanos);
        }
    }

    /// Decides what becomes of a body that was not read to its end.
    ///
    /// @return whether the connection ends after this answer, reading on for a while
    private boolean settleBody(HttpServerResponse response) {
        if (isHttp2()) {
            return false;
        }
        if (request.decoderResult().isSuccess() && (!mayHaveBody() || isWhole() || isSmall())) {
            return false;
        }
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        return true;
    }

    /// Whether the rest of the body is not worth a new connection: it is read and dropped.
    private boolean isSmall() {
        boolean waits = "100-continue".equalsIgnoreCase(header(HttpHeaders.EXPECT));
        return !waits && header(HttpHeaders.CONTENT_LENGTH) != null && bodyLength() <= WORTH_READING;
    }

    private boolean isWhole() {
        return switch (sink) {
            case Body body -> body.whole();
            case WholeBody whole -> whole.isWhole();
            // Nobody asked for it, and Vert.x drops it.
            case null -> request.isEnded();
        };
    }
}
