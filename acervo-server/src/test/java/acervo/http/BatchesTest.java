package acervo.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.http.Wired.Answer;
import acervo.model.SecretHash;
import acervo.wire.v1.BatchItem;
import acervo.wire.v1.ChangesReply;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class BatchesTest extends WithServer {
    private static final String TYPE = "Content-Type: application/x-acervo-batch\r\n";

    private static byte[] record(BatchItem item, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(item.getSerializedSize());
        out.writeInt(content.length);
        item.writeTo(out);
        out.write(content);
        return bytes.toByteArray();
    }

    private static byte[] record(String path, String content) throws IOException {
        return record(BatchItem.newBuilder().setPath(path).build(), content.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private Answer post(byte[] body, String... headers) throws IOException {
        return wire.ask("POST", "/v1/batch/home", body, ana.basic(), TYPE, String.join("", headers));
    }

    @Test
    void everyRecordHasItsResultInOrder() throws IOException {
        byte[] body = join(record("a", "one"), record("b/c", "two"), record("empty", ""));
        Answer answer = post(body);
        assertEquals(200, answer.status(), answer.text());
        assertEquals("application/proto", answer.header("Content-Type"));
        ChangesReply reply = ChangesReply.parseFrom(answer.body());
        assertEquals(3, reply.getResultsCount());
        assertEquals("a", reply.getResults(0).getNow().getPath());
        assertEquals("b/c", reply.getResults(1).getNow().getPath());
        assertEquals(0, reply.getResults(2).getNow().getSize());
        assertEquals("two", wire.ask("GET", "/v1/files/home/b/c", ana.basic()).text());
    }

    @Test
    void oneRecordThatIsRefusedDoesNotKeepTheOthersBack() throws IOException {
        BatchItem wrong = BatchItem.newBuilder()
                .setPath("wrong")
                .setSha256(ByteString.copyFrom(new byte[32]))
                .build();
        BatchItem half = BatchItem.newBuilder()
                .setPath("half")
                .setSha256(ByteString.copyFrom(new byte[5]))
                .build();
        BatchItem right = BatchItem.newBuilder()
                .setPath("right")
                .setSha256(ByteString.copyFrom(
                        SecretHash.of(new byte[] {1}).sha256().toBytes()))
                .setIfVersion(-1)
                .build();
        Answer answer = post(join(
                record("../up", "x"),
                record(wrong, new byte[] {1}),
                record(half, new byte[] {1}),
                record(right, new byte[] {1}),
                record("", "x")));
        assertEquals(200, answer.status(), answer.text());
        ChangesReply reply = ChangesReply.parseFrom(answer.body());
        assertEquals("PATH_INVALID", reply.getResults(0).getError().getReason());
        assertEquals("DIGEST_MISMATCH", reply.getResults(1).getError().getReason());
        assertEquals("ARGUMENT_INVALID", reply.getResults(2).getError().getReason());
        assertEquals("right", reply.getResults(3).getNow().getPath());
        assertEquals("invalid_argument", reply.getResults(4).getError().getCode());
    }

    @Test
    void aRetryTakesEffectOnce() throws IOException {
        String key = "Idempotency-Key: \"" + UUID.randomUUID() + "\"\r\n";
        byte[] body = record("a", "one");
        ChangesReply first = ChangesReply.parseFrom(post(body, key).body());
        post(record("a", "two"));
        ChangesReply again = ChangesReply.parseFrom(post(body, key).body());
        assertEquals(
                first.getResults(0).getNow().getVersion(),
                again.getResults(0).getNow().getVersion());
        assertEquals("two", wire.ask("GET", "/v1/files/home/a", ana.basic()).text());
    }

    @Test
    void jsonIsGivenToWhoAsks() throws IOException {
        Answer answer = post(record("a", "one"), "Accept: application/json\r\n");
        assertEquals("application/json", answer.header("Content-Type"));
        assertTrue(answer.text().contains("\"path\":\"a\""), answer.text());
    }

    @Test
    void whatIsMalformedIsRefusedAsAWhole() throws IOException {
        byte[] good = record("good", "x");
        for (byte[] bad : new byte[][] {
            {0, 0, 0},
            Arrays.copyOf(record("bad", "content"), 12),
            {0x7F, 0, 0, 0, 0, 0, 0, 0},
            {-1, -1, -1, -1, 0, 0, 0, 0},
            {0, 0, 0, 1, 0, 0, 0, 0, 8},
        }) {
            Answer refused = post(join(good, bad));
            assertEquals(400, refused.status(), refused.text());
        }
        Answer large = post(join(good, new byte[] {0, 0, 0, 0, 0, 0x10, 0, 1}));
        assertEquals(413, large.status());
        assertEquals(404, wire.ask("GET", "/v1/files/home/good", ana.basic()).status());
    }

    @Test
    void limitsAreTold() throws IOException {
        byte[] row = record("a", "x");
        byte[] many = new byte[row.length * 1001];
        for (int i = 0; i < 1001; i++) {
            System.arraycopy(row, 0, many, i * row.length, row.length);
        }
        assertEquals(413, post(many).status());
        wire.send(
                "POST /v1/batch/home HTTP/1.1\r\nHost: x\r\n" + ana.basic() + TYPE + "Content-Length: 8388609\r\n\r\n");
        Answer large = wire.answer();
        assertEquals(413, large.status());
        assertTrue(large.text().contains("TOO_LARGE"));
    }

    @Test
    void aChunkedBatchIsReadAcrossItsChunks() throws IOException {
        byte[] body = join(record("a", "one"), record("b", "two"));
        wire.send("POST /v1/batch/home HTTP/1.1\r\nHost: x\r\n" + ana.basic() + TYPE
                + "Transfer-Encoding: chunked\r\n\r\n");
        for (byte b : body) {
            wire.send("1\r\n");
            wire.send(new byte[] {b});
            wire.send("\r\n");
        }
        wire.send("0\r\n\r\n");
        ChangesReply reply = ChangesReply.parseFrom(wire.answer().body());
        assertEquals(2, reply.getResultsCount());
        assertFalse(reply.getResults(1).hasError());
    }

    @Test
    void whatIsNotSaidRightIsRefused() throws IOException {
        assertEquals(
                415,
                wire.ask("POST", "/v1/batch/home", new byte[0], ana.basic()).status());
        assertEquals(
                405,
                wire.ask("PUT", "/v1/batch/home", new byte[0], ana.basic(), TYPE)
                        .status());
        assertEquals(
                400,
                wire.ask("POST", "/v1/batch/HOME", new byte[0], ana.basic(), TYPE)
                        .status());
        assertEquals(
                401, wire.ask("POST", "/v1/batch/home", record("a", "x"), TYPE).status());
        assertEquals(200, post(new byte[0]).status());
    }

    private ChangesReply.Builder keep(BatchItem.Builder item, byte[] content) throws IOException {
        Answer answer = post(record(item.setKept(true).build(), content));
        assertEquals(200, answer.status(), answer.text());
        return ChangesReply.parseFrom(answer.body()).toBuilder();
    }

    @Test
    void timeAndExecutableBitChangeWithoutBytes() throws IOException {
        byte[] content = new byte[3_000_000];
        wire.ask("PUT", "/v1/files/home/large", content, ana.basic());
        ByteString sha256 = ByteString.copyFrom(SecretHash.of(content).sha256().toBytes());
        BatchItem item = BatchItem.newBuilder()
                .setPath("large")
                .setSha256(sha256)
                .setIfVersion(1)
                .setModifiedMillis(77)
                .setExecutable(true)
                .setKind(acervo.wire.v1.Kind.FILE)
                .build();
        var now = keep(item.toBuilder(), new byte[0]).getResults(0).getNow();
        assertEquals(2, now.getVersion());
        assertEquals(3_000_000, now.getSize());
        assertEquals(77, now.getModifiedMillis());
        assertTrue(now.getExecutable());
        assertEquals(
                3_000_000, wire.ask("GET", "/v1/files/home/large", ana.basic()).body().length);
        assertEquals(
                "VERSION_CHANGED",
                keep(item.toBuilder(), new byte[0]).getResults(0).getError().getReason());
    }

    @Test
    void bytesAreKeptOnlyOfTheVersionThatIsNamedWithItsHash() throws IOException {
        byte[] content = "one".getBytes(StandardCharsets.UTF_8);
        post(join(record("a", "one"), record("b", "two")));
        BatchItem good = BatchItem.newBuilder()
                .setPath("a")
                .setSha256(ByteString.copyFrom(SecretHash.of(content).sha256().toBytes()))
                .setIfVersion(1)
                .setKind(acervo.wire.v1.Kind.FILE)
                .build();
        // What b has is no secret from its owner, and still not what a has.
        byte[] two =
                SecretHash.of("two".getBytes(StandardCharsets.UTF_8)).sha256().toBytes();
        BatchItem.Builder[] wrong = {
            good.toBuilder().setSha256(ByteString.copyFrom(two)),
            good.toBuilder().clearSha256(),
            good.toBuilder().setIfVersion(0),
            good.toBuilder().setIfVersion(-1),
            good.toBuilder().setIfVersion(3),
            good.toBuilder().setPath("none"),
            good.toBuilder().setKind(acervo.wire.v1.Kind.LINK),
        };
        for (BatchItem.Builder item : wrong) {
            assertTrue(keep(item, new byte[0]).getResults(0).hasError(), item::toString);
        }
        assertTrue(keep(good.toBuilder(), content).getResults(0).hasError());
        assertTrue(keep(good.toBuilder(), new byte[0]).getResults(0).hasNow());
    }
}
