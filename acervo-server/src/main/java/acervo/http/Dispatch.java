package acervo.http;

import acervo.depot.DepotStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends each request to its handler by the beginning of its path. There is no router: four prefixes need none.
final class Dispatch implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger("acervo.http");
    private static final String TEXT = "text/plain; charset=utf-8";

    private final Door door;
    private final CallDoor calls;
    private final Files files;
    private final Uploading uploads;
    private final Batches batches;
    private final Meters.Operation health;
    private final Meters.Operation metrics;
    private final Meters.Operation home;
    private final String homeText;

    Dispatch(Door door, Calls calls, ServerFacts facts) {
        this.door = door;
        this.calls = new CallDoor(door, calls);
        this.files = new Files(door);
        this.uploads = new Uploading(door);
        this.batches = new Batches(door);
        this.health = door.meters().operation("health");
        this.metrics = door.meters().operation("metrics");
        this.home = door.meters().operation("home");
        this.homeText = """
                Acervo %s keeps your files.

                  acervo hello                                      greet this server
                  acervo put FILE                                   deposit a file
                  curl -u ID:SECRET -T FILE URL/v1/files/home/FILE  the same without the program

                Calls: POST /acervo.v1.Acervo/{Method} as JSON, protobuf or gRPC.
                Health: /health/ready. Figures: /metrics.
                """.formatted(facts.version());
    }

    @Override
    public void handle(HttpServerRequest request) {
        Exchange exchange = new Exchange(door, request);
        try {
            route(exchange, request);
        } catch (Throwable thrown) {
            exchange.fail(thrown);
        }
    }

    /// Answers what could not be read as a request, and closes.
    void invalid(HttpServerRequest request) {
        Exchange exchange = new Exchange(door, request);
        Throwable cause = request.decoderResult().cause();
        int status = switch (cause) {
            case TooLongHttpLineException _ -> 414;
            case TooLongHttpHeaderException _ -> 431;
            case BodyTap.UnknownVersionException _ -> 505;
            case null, default -> 400;
        };
        String said = switch (status) {
            case 414 ->
                "the request's first line is longer than " + door.limits().lineBytes() + " bytes";
            case 431 -> "the request's header is larger than " + door.limits().headerBytes() + " bytes";
            case 505 -> "HTTP/1.0, 1.1 and 2 are spoken here";
            default -> "this is no HTTP request";
        };
        exchange.fail(
                Trouble.met(status, Trouble.Code.INVALID_ARGUMENT, "REQUEST_INVALID", said)
                        .trouble(),
                _ -> {});
    }

    /// A connection failed outside of any request.
    void broken(Throwable thrown) {
        LOG.debug("a connection broke: {}", thrown.toString());
    }

    private void route(Exchange exchange, HttpServerRequest request) {
        if (request.uri() == null) {
            // An HTTP/2 request may come without a path, and is none of ours then.
            throw Refusals.invalid("a request has a target");
        }
        String path = RawPath.of(request.uri());
        if (path.startsWith(Files.PREFIX)) {
            files.handle(exchange, path);
        } else if (path.startsWith(CallDoor.PREFIX)) {
            calls.handle(exchange, path);
        } else if (path.startsWith(Uploading.PREFIX)) {
            uploads.handle(exchange, path);
        } else if (path.startsWith(Batches.PREFIX)) {
            batches.handle(exchange, path);
        } else {
            rest(exchange, request.method(), path);
        }
    }

    private void rest(Exchange exchange, HttpMethod method, String path) {
        switch (path) {
            case "/" -> {
                exchange.is(home);
                onlyReading(method);
                exchange.answer(200, TEXT, homeText);
            }
            case "/health/live" -> {
                exchange.is(health);
                onlyReading(method);
                exchange.answer(200, TEXT, "live\n");
            }
            case "/health/ready" -> {
                exchange.is(health);
                onlyReading(method);
                exchange.blocking(() -> ready(exchange));
            }
            case "/metrics" -> {
                exchange.is(metrics);
                onlyReading(method);
                exchange.blocking(() -> exchange.answer(
                        200,
                        "text/plain; version=0.0.4; charset=utf-8",
                        door.meters().scrape()));
            }
            default -> throw Refusals.noSuchCall(acervo.model.FilePath.printable(path));
        }
    }

    private static void onlyReading(HttpMethod method) {
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            throw Refusals.method("GET, HEAD");
        }
    }

    private void ready(Exchange exchange) {
        DepotStatus status = door.depot().status();
        boolean well = status.writable() && !door.stopping().get();
        StringBuilder text = new StringBuilder(well ? "ready\n" : "not ready\n");
        if (door.stopping().get()) {
            text.append("the server is stopping\n");
        }
        status.troubles().forEach(trouble -> text.append(trouble).append('\n'));
        exchange.answer(well ? 200 : 503, TEXT, text.toString());
    }
}
