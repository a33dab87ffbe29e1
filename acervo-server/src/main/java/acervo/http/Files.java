package acervo.http;

import acervo.depot.Deposited;
import acervo.depot.Depot;
import acervo.depot.Download;
import acervo.depot.Intake;
import acervo.depot.Target;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.FilePath;
import acervo.model.Outcome;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import acervo.model.SpaceName;
import acervo.wire.v1.File;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// `/v1/files/{space}/{path}`: bytes out and in, one file at a time.
final class Files {
    static final String PREFIX = "/v1/files/";

    private final Door door;
    private final Depot depot;
    private final Downloads downloads;
    private final Meters.Operation get;
    private final Meters.Operation head;
    private final Meters.Operation put;
    private final Meters.Operation delete;

    Files(Door door) {
        this.door = door;
        this.depot = door.depot();
        this.downloads = new Downloads(door);
        this.get = door.meters().operation("get");
        this.head = door.meters().operation("head");
        this.put = door.meters().operation("put");
        this.delete = door.meters().operation("delete");
    }

    void handle(Exchange exchange, String path) {
        HttpMethod method = exchange.request().method();
        if (method.equals(HttpMethod.GET)) {
            exchange.is(get);
            read(exchange, Place.parse(path, PREFIX.length()));
        } else if (method.equals(HttpMethod.HEAD)) {
            exchange.is(head);
            read(exchange, Place.parse(path, PREFIX.length()));
        } else if (method.equals(HttpMethod.PUT)) {
            exchange.is(put);
            deposit(exchange, Place.parse(path, PREFIX.length()));
        } else if (method.equals(HttpMethod.DELETE)) {
            exchange.is(delete);
            remove(exchange, Place.parse(path, PREFIX.length()));
        } else {
            throw Refusals.method("GET, HEAD, PUT, DELETE");
        }
    }

    /// A space and a path in it.
    record Place(SpaceName space, FilePath path) {
        /// Reads `{space}/{path}` from `from` on.
        static Place parse(String raw, int from) {
            int slash = raw.indexOf('/', from);
            if (slash < 0) {
                throw Refusals.invalid("an address is a space, a '/' and a path");
            }
            return new Place(space(raw, from, slash), RawPath.file(raw, slash + 1));
        }

        /// The two names that nearly every request has are not checked each time.
        private static SpaceName space(String raw, int from, int to) {
            int length = to - from;
            if (length == 4 && raw.startsWith("home", from)) {
                return SpaceName.HOME;
            }
            if (length == 6 && raw.startsWith("public", from)) {
                return SpaceName.PUBLIC;
            }
            return new SpaceName(RawPath.segment(raw.substring(from, to)));
        }
    }

    private void read(Exchange exchange, Place place) {
        Optional<ClientId> known = exchange.known();
        if (known.isPresent()) {
            Optional<Download> hot = depot.hot(known.get(), place.space, place.path, Downloads.AT_ONCE);
            if (hot.isPresent()) {
                Download download = hot.get();
                Optional<ByteBuffer> memory = download.memory();
                if (memory.isPresent()) {
                    downloads.hot(exchange, download, memory.get());
                    return;
                }
                download.close();
            }
        }
        exchange.blocking(() -> downloads.send(exchange, depot.open(exchange.caller(), place.space, place.path)));
    }

    private void deposit(Exchange exchange, Place place) {
        Body body = exchange.body();
        exchange.blocking(() -> {
            try (body) {
                ClientId caller = exchange.caller();
                Target target = target(exchange, place, length(exchange));
                try (var _ = door.admission().enter(caller);
                        Intake intake = depot.begin(caller, target)) {
                    exchange.wantBody();
                    body.all(intake::write);
                    door.meters().in(body.received());
                    Deposited deposited = intake.finish(body.digestTrailer());
                    answer(exchange, deposited);
                }
            } catch (RefusedException refused) {
                refuse(exchange, refused);
            }
        });
    }

    private static OptionalLong length(Exchange exchange) {
        long length = exchange.bodyLength();
        return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
    }

    /// What the request's fields say of the deposit.
    static Target target(Exchange exchange, Place place, OptionalLong length) {
        MultiMap headers = exchange.headers();
        if (headers.contains(HttpHeaders.CONTENT_RANGE)) {
            throw Refusals.invalid("a part of a file can't be put; use /v1/uploads");
        }
        return new Target(
                place.space,
                place.path,
                FileHeaders.kind(headers),
                FileHeaders.modified(headers),
                FileHeaders.executable(headers),
                FileHeaders.replicas(headers),
                FileHeaders.condition(headers),
                FileHeaders.request(headers),
                FileHeaders.digest(headers),
                length);
    }

    static void answer(Exchange exchange, Deposited deposited) {
        File file = Render.file(deposited.entry(), deposited.verified());
        String accept = exchange.header(HttpHeaders.ACCEPT);
        boolean proto = accept != null && accept.contains("application/proto");
        Buffer body = proto ? Buffer.buffer(file.toByteArray()) : Buffer.buffer(Json.print(file) + "\n");
        exchange.answer(
                deposited.created() ? 201 : 200,
                response -> response.putHeader(
                                HttpHeaders.CONTENT_TYPE, proto ? "application/proto" : "application/json")
                        .putHeader(HttpHeaders.ETAG, FileHeaders.etag(deposited.entry()))
                        .putHeader(
                                FileHeaders.REPR_DIGEST,
                                FileHeaders.digest(deposited.entry().content().blob()))
                        .putHeader(
                                FileHeaders.ACERVO_REPLICAS, deposited.entry().replicas() + "/" + deposited.verified()),
                body);
    }

    private void remove(Exchange exchange, Place place) {
        Condition condition = FileHeaders.condition(exchange.headers());
        RequestId request = FileHeaders.request(exchange.headers());
        exchange.blocking(() -> {
            try {
                Outcome outcome = depot.submit(
                        exchange.caller(),
                        request,
                        new Command.RemoveFiles(
                                place.space, false, List.of(new Command.Remove(place.path, condition))));
                if (outcome instanceof Outcome.Files(var results)
                        && results.getFirst() instanceof Outcome.Result.No no) {
                    throw new RefusedException(no.refusal());
                }
                exchange.answer(204, _ -> {}, Buffer.buffer());
            } catch (RefusedException refused) {
                refuse(exchange, refused);
            }
        });
    }

    /// A condition of the request's own that failed is 412, whatever it failed by.
    static void refuse(Exchange exchange, RefusedException refused) {
        Reason reason = refused.refusal().reason();
        boolean conditional = exchange.headers().contains(HttpHeaders.IF_MATCH)
                || exchange.headers().contains(HttpHeaders.IF_NONE_MATCH);
        boolean precondition = conditional
                && (reason == Reason.FILE_EXISTS || reason == Reason.VERSION_CHANGED || reason == Reason.NO_SUCH_FILE);
        Trouble trouble = Trouble.of(refused.refusal());
        exchange.fail(precondition ? trouble.as(412) : trouble, _ -> {});
    }
}
