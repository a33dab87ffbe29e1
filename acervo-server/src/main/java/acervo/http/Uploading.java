package acervo.http;

import acervo.depot.Deposited;
import acervo.depot.Depot;
import acervo.depot.Uploads;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import acervo.wire.DeltaFormat;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.OptionalLong;

/// `/v1/uploads`: deposits that survive broken connections and restarts, after the IETF's draft of resumable uploads.
final class Uploading {
    static final String PREFIX = "/v1/uploads/";
    private static final String PARTIAL = "application/partial-upload";

    private final Door door;
    private final Depot depot;
    private final Meters.Operation create;
    private final Meters.Operation find;
    private final Meters.Operation append;
    private final Meters.Operation cancel;

    Uploading(Door door) {
        this.door = door;
        this.depot = door.depot();
        this.create = door.meters().operation("upload-create");
        this.find = door.meters().operation("upload-find");
        this.append = door.meters().operation("upload-append");
        this.cancel = door.meters().operation("upload-cancel");
    }

    void handle(Exchange exchange, String path) {
        HttpMethod method = exchange.request().method();
        if (method.equals(HttpMethod.POST)) {
            exchange.is(create);
            create(exchange, Files.Place.parse(path, PREFIX.length()));
        } else if (method.equals(HttpMethod.HEAD)) {
            exchange.is(find);
            find(exchange, id(path));
        } else if (method.equals(HttpMethod.PATCH)) {
            exchange.is(append);
            append(exchange, id(path));
        } else if (method.equals(HttpMethod.DELETE)) {
            exchange.is(cancel);
            RequestId id = id(path);
            exchange.blocking(() -> {
                depot.uploads().cancel(exchange.caller(), id);
                exchange.answer(204, _ -> {}, Buffer.buffer());
            });
        } else {
            throw Refusals.method("POST, HEAD, PATCH, DELETE");
        }
    }

    private static RequestId id(String path) {
        try {
            return RequestId.parse(path.substring(PREFIX.length()));
        } catch (IllegalArgumentException _) {
            throw Refusals.invalid("the address of an upload is " + PREFIX + " and a UUID");
        }
    }

    private void create(Exchange exchange, Files.Place place) {
        if (exchange.bodyLength() > 0 || (!exchange.isHttp2() && exchange.bodyLength() < 0)) {
            throw Refusals.invalid(
                    "an upload begins without bytes; send them with PATCH to the Location of the answer");
        }
        OptionalLong length = FileHeaders.length(exchange.headers(), FileHeaders.UPLOAD_LENGTH);
        exchange.blocking(() -> {
            try {
                Uploads.Progress progress =
                        depot.uploads().create(exchange.caller(), Files.target(exchange, place, length));
                exchange.answer(
                        201,
                        response ->
                                progress(response, progress).putHeader(HttpHeaders.LOCATION, PREFIX + progress.id()),
                        Buffer.buffer());
            } catch (RefusedException refused) {
                Files.refuse(exchange, refused);
            }
        });
    }

    private void find(Exchange exchange, RequestId id) {
        exchange.blocking(() -> {
            Uploads.Progress progress = depot.uploads().find(exchange.caller(), id);
            exchange.answer(204, response -> progress(response, progress), Buffer.buffer());
        });
    }

    private static HttpServerResponse progress(HttpServerResponse response, Uploads.Progress progress) {
        response.putHeader(FileHeaders.UPLOAD_OFFSET, Long.toString(progress.offset()))
                .putHeader(FileHeaders.UPLOAD_COMPLETE, progress.complete() ? FileHeaders.YES : FileHeaders.NO)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        progress.length().ifPresent(length -> response.putHeader(FileHeaders.UPLOAD_LENGTH, Long.toString(length)));
        return response;
    }

    private void append(Exchange exchange, RequestId id) {
        MultiMap headers = exchange.headers();
        Body body = exchange.body();
        exchange.blocking(() -> {
            try (body) {
                String type = FileHeaders.contentType(headers);
                boolean delta = DeltaFormat.TYPE.equals(type);
                if (!delta && !PARTIAL.equals(type)) {
                    throw Refusals.mediaType(PARTIAL + " or " + DeltaFormat.TYPE);
                }
                boolean last = FileHeaders.truth(headers, FileHeaders.UPLOAD_COMPLETE);
                Optional<BlobId> digest = FileHeaders.digest(headers);
                long offset = FileHeaders.length(headers, FileHeaders.UPLOAD_OFFSET)
                        .orElseThrow(() -> Refusals.invalid("Upload-Offset is missing"));
                ClientId caller = exchange.caller();
                long stands =
                        exchange.bodyLength() == 0 && last ? offset : take(exchange, caller, id, offset, body, delta);
                if (!last) {
                    exchange.answer(
                            204,
                            response -> response.putHeader(FileHeaders.UPLOAD_OFFSET, Long.toString(stands))
                                    .putHeader(FileHeaders.UPLOAD_COMPLETE, FileHeaders.NO),
                            Buffer.buffer());
                    return;
                }
                Optional<BlobId> trailer = body.digestTrailer();
                Deposited deposited = depot.uploads().complete(caller, id, digest.or(() -> trailer));
                Files.answer(exchange, deposited);
            } catch (RefusedException refused) {
                refuse(exchange, refused);
            }
        });
    }

    /// Appends the body, as far as it comes: what was written stays, also when the connection breaks.
    private long take(Exchange exchange, ClientId caller, RequestId id, long offset, Body body, boolean delta) {
        try (var _ = door.admission().enter(caller);
                Uploads.Append turn = depot.uploads().append(caller, id, offset)) {
            exchange.wantBody();
            if (delta) {
                copyAndTake(caller, turn, body);
            } else {
                body.all(turn::write);
            }
            return turn.offset();
        } finally {
            door.meters().in(body.received());
        }
    }

    private void copyAndTake(ClientId caller, Uploads.Append turn, Body body) {
        try (DeltaReader delta = new DeltaReader(depot, caller, turn)) {
            body.all(delta::take);
            delta.end();
        }
    }

    /// A wrong offset is answered with the right one.
    private static void refuse(Exchange exchange, RefusedException refused) {
        Trouble trouble = Trouble.of(refused.refusal());
        exchange.fail(trouble, response -> {
            if (refused.refusal().reason() == Reason.OFFSET_MISMATCH) {
                response.putHeader(
                        FileHeaders.UPLOAD_OFFSET, refused.refusal().arguments().get(1));
            }
        });
    }
}
