package acervo.http;

import acervo.depot.SmallDeposit;
import acervo.model.ClientId;
import acervo.model.Outcome;
import acervo.model.RequestId;
import acervo.model.SpaceName;
import acervo.wire.v1.ChangesReply;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/// `POST /v1/batch/{space}`: many small files in one request, all durable with one force and one entry of the log.
final class Batches {
    static final String PREFIX = "/v1/batch/";
    private static final String TYPE = "application/x-acervo-batch";

    private final Door door;
    private final Meters.Operation batch;

    Batches(Door door) {
        this.door = door;
        this.batch = door.meters().operation("batch");
    }

    void handle(Exchange exchange, String path) {
        exchange.is(batch);
        if (!exchange.request().method().equals(HttpMethod.POST)) {
            throw Refusals.method("POST");
        }
        MultiMap headers = exchange.headers();
        if (!TYPE.equals(FileHeaders.contentType(headers))) {
            throw Refusals.mediaType(TYPE);
        }
        SpaceName space = new SpaceName(RawPath.segment(path.substring(PREFIX.length())));
        RequestId request = FileHeaders.request(headers);
        int replicas = FileHeaders.replicas(headers);
        if (exchange.bodyLength() > door.limits().batchBytes()) {
            throw Refusals.tooLarge("a batch", door.limits().batchBytes() + " bytes");
        }
        Body body = exchange.body();
        exchange.blocking(() -> {
            try (body) {
                deposit(exchange, body, space, replicas, request);
            }
        });
    }

    private void deposit(Exchange exchange, Body body, SpaceName space, int replicas, RequestId request) {
        ClientId caller = exchange.caller();
        long most = exchange.bodyLength() < 0 ? door.limits().batchBytes() : exchange.bodyLength();
        try (var _ = door.admission().enter(caller)) {
            if (!door.batchBytes().take(most)) {
                throw Refusals.tooMany("bytes of batches", door.batchBytes().limit());
            }
            try {
                exchange.wantBody();
                BatchReader.Batch batch = BatchReader.read(body, door.limits());
                door.meters().in(body.received());
                List<SmallDeposit> good = batch.good();
                List<Outcome.Result> results =
                        good.isEmpty() ? List.of() : door.depot().depositAll(caller, space, replicas, request, good);
                answer(exchange, batch.merge(results, door.depot()));
            } finally {
                door.batchBytes().give(most);
            }
        }
    }

    private static void answer(Exchange exchange, ChangesReply reply) {
        String accept = exchange.header(HttpHeaders.ACCEPT);
        if (accept != null && accept.contains("application/json")) {
            exchange.answer(200, "application/json", Json.print(reply));
        } else {
            exchange.answer(
                    200,
                    r -> r.putHeader(HttpHeaders.CONTENT_TYPE, "application/proto"),
                    Buffer.buffer(reply.toByteArray()));
        }
    }
}
