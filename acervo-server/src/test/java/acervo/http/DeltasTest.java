package acervo.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.http.Wired.Answer;
import acervo.model.SecretHash;
import acervo.wire.DeltaFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Uploads that copy from the version that is there.
final class DeltasTest extends WithServer {
    private static final String FILE = "/v1/files/home/big.bin";
    private static final String NEW = "/v1/uploads/home/big.bin";
    private static final String LAST = "Upload-Complete: ?1\r\n";

    private byte[] base;
    private long version;

    @BeforeEach
    void putTheBase() throws IOException {
        base = bytes(3_000_000, 1);
        version = put(base);
    }

    private static byte[] bytes(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private long put(byte[] content) throws IOException {
        Answer put = wire.ask("PUT", FILE, content, ana.basic());
        assertEquals(2, put.status() / 100, put.text());
        return Long.parseLong(put.header("ETag").replace("\"", ""));
    }

    private static String digest(byte[] bytes) {
        // The hash of a secret is the plain SHA-256 of its bytes.
        return "Repr-Digest: " + FileHeaders.digest(SecretHash.of(bytes).sha256()) + "\r\n";
    }

    private String create(int length, String... headers) throws IOException {
        Answer created = wire.ask(
                "POST",
                NEW,
                ana.basic(),
                "Content-Length: 0\r\nUpload-Length: " + length + "\r\n",
                String.join("", headers));
        assertEquals(201, created.status(), created.text());
        return created.header("Location");
    }

    private static String head(long offset) {
        return "Content-Type: " + DeltaFormat.TYPE + "\r\nUpload-Offset: " + offset + "\r\n";
    }

    private Answer patch(String at, Delta delta, long offset, String... headers) throws IOException {
        return patch(at, delta.bytes(), offset, headers);
    }

    private Answer patch(String at, byte[] delta, long offset, String... headers) throws IOException {
        return wire.ask("PATCH", at, delta, ana.basic(), head(offset), String.join("", headers));
    }

    private long standsAt(String at) throws IOException {
        return Long.parseLong(wire.ask("HEAD", at, ana.basic()).header("Upload-Offset"));
    }

    private byte[] there() throws IOException {
        return wire.ask("GET", FILE, ana.basic()).body();
    }

    /// A delta, and what it should make.
    private final class Delta {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private final ByteArrayOutputStream whole = new ByteArrayOutputStream();

        Delta(long from) {
            ByteBuffer head = ByteBuffer.allocate(DeltaFormat.HEAD_BYTES);
            DeltaFormat.head(head, from);
            body.writeBytes(head.array());
        }

        Delta copy(int offset, int length) {
            whole.write(base, offset, length);
            return rawCopy(offset, length);
        }

        Delta rawCopy(long offset, long length) {
            ByteBuffer part = ByteBuffer.allocate(DeltaFormat.COPY_BYTES);
            DeltaFormat.copy(part, offset, length);
            body.writeBytes(part.array());
            return this;
        }

        Delta literal(byte[] bytes) {
            ByteBuffer part = ByteBuffer.allocate(DeltaFormat.LITERAL_BYTES);
            DeltaFormat.literal(part, bytes.length);
            body.writeBytes(part.array());
            body.writeBytes(bytes);
            whole.writeBytes(bytes);
            return this;
        }

        Delta raw(int... bytes) {
            for (int b : bytes) {
                body.write(b);
            }
            return this;
        }

        byte[] bytes() {
            return body.toByteArray();
        }

        byte[] whole() {
            return whole.toByteArray();
        }
    }

    @Test
    void copiesAndLiteralsBecomeAFile() throws IOException {
        // Overlapping, twice, and in another order.
        Delta delta = new Delta(version)
                .literal(bytes(17, 2))
                .copy(1_000_000, 2_000_000)
                .copy(0, 1)
                .copy(2_999_999, 1)
                .literal(bytes(100_000, 3))
                .copy(500_000, 1_000_000);
        String at = create(delta.whole().length);
        Answer answer = patch(at, delta, 0, LAST, digest(delta.whole()));
        assertEquals(200, answer.status(), answer.text());
        assertArrayEquals(delta.whole(), there());
    }

    @Test
    void aDeltaMayComeInAnyPieces() throws IOException {
        Delta delta = new Delta(version)
                .literal(bytes(5, 2))
                .copy(70_000, 10)
                .literal(bytes(3, 3))
                .copy(0, 70_000);
        String at = create(delta.whole().length);
        byte[] body = delta.bytes();
        wire.send("PATCH " + at + " HTTP/1.1\r\nHost: x\r\n" + ana.basic() + head(0) + LAST + digest(delta.whole())
                + "Content-Length: " + body.length + "\r\n\r\n");
        for (byte b : body) {
            wire.send(new byte[] {b});
        }
        Answer answer = wire.answer("PATCH");
        assertEquals(200, answer.status(), answer.text());
        assertArrayEquals(delta.whole(), there());
    }

    @Test
    void aDeltaAndPlainBytesMayFollowEachOther() throws IOException {
        byte[] plain = bytes(1_000, 2);
        Delta delta = new Delta(version).copy(0, 100_000);
        String at = create(101_000 + 50_000);
        assertEquals(204, patch(at, delta, 0).status());
        assertEquals(
                204,
                wire.ask(
                                "PATCH",
                                at,
                                plain,
                                ana.basic(),
                                "Content-Type: application/partial-upload\r\nUpload-Offset: 100000\r\n")
                        .status());
        Delta rest = new Delta(version).copy(200_000, 50_000);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(delta.whole());
        all.writeBytes(plain);
        all.writeBytes(rest.whole());
        assertEquals(
                200, patch(at, rest, 101_000, LAST, digest(all.toByteArray())).status());
        assertArrayEquals(all.toByteArray(), there());
    }

    @Test
    void anotherVersionThanTheOneThatIsMeantIsRefusedAndNothingIsAppended() throws IOException {
        String at = create(100);
        long newer = put(bytes(3_000_000, 9));
        for (long wrong : new long[] {version, newer + 1, Long.MAX_VALUE}) {
            Answer refused = patch(at, new Delta(wrong).rawCopy(0, 100), 0);
            assertEquals(409, refused.status(), refused.text());
            assertTrue(refused.text().contains("VERSION_CHANGED"), refused.text());
        }
        assertEquals(0, standsAt(at));
        wire.ask("DELETE", FILE, ana.basic());
        Answer gone = patch(at, new Delta(newer).rawCopy(0, 100), 0);
        assertEquals(404, gone.status());
        assertTrue(gone.text().contains("NO_SUCH_FILE"), gone.text());
        assertEquals(0, standsAt(at));
    }

    @Test
    void copiesFromOutsideTheVersionAreRefusedAndWhatCameBeforeStays() throws IOException {
        long[][] outside = {
            {2_999_999, 2},
            {3_000_000, 1},
            {-1, 1},
            {0, 3_000_001},
            {0, -1},
            {Long.MAX_VALUE, 1},
            {1, Long.MAX_VALUE},
            {Long.MIN_VALUE, Long.MIN_VALUE},
            {0, 0}
        };
        for (long[] range : outside) {
            String at = create(4_000_000);
            Answer refused = patch(at, new Delta(version).literal(bytes(10, 1)).rawCopy(range[0], range[1]), 0);
            assertEquals(400, refused.status(), refused.text());
            assertTrue(refused.text().contains("ARGUMENT_INVALID"), refused.text());
            assertEquals(10, standsAt(at));
        }
    }

    @Test
    void moreThanWasAnnouncedIsRefused() throws IOException {
        String at = create(1_000_000);
        Answer refused = patch(at, new Delta(version).copy(0, 900_000).copy(0, 900_000), 0);
        assertEquals(400, refused.status());
        assertTrue(refused.text().contains("LENGTH_MISMATCH"), refused.text());
        assertTrue(standsAt(at) <= 1_000_000);
    }

    @Test
    void whoCopiesSaysHowMuchItWillBe() throws IOException {
        String at = wire.ask("POST", NEW, ana.basic(), "Content-Length: 0\r\n").header("Location");
        assertEquals(400, patch(at, new Delta(version).copy(0, 10), 0).status());
        assertEquals(0, standsAt(at));
    }

    @Test
    void aLieAboutTheWholeIsFoundOut() throws IOException {
        Delta delta = new Delta(version).copy(0, 1_000_000).literal(bytes(100, 2));
        String at = create(delta.whole().length);
        Answer refused = patch(at, delta, 0, LAST, digest(base));
        assertEquals(400, refused.status());
        assertTrue(refused.text().contains("DIGEST_MISMATCH"), refused.text());
        assertArrayEquals(base, there());
        assertEquals(delta.whole().length, standsAt(at));
    }

    @Test
    void whatIsNoDeltaIsRefused() throws IOException {
        byte[] noMagic = new Delta(version).copy(0, 10).bytes();
        noMagic[3]++;
        byte[][] wrong = {
            {},
            {'A', 'B', 'D'},
            noMagic,
            new Delta(0).copy(0, 10).bytes(),
            new Delta(-1).copy(0, 10).bytes(),
            new Delta(version).raw(0).bytes(),
            new Delta(version).raw(3, 1, 1, 1, 1, 1).bytes(),
            new Delta(version).raw(1, 0, 0).bytes(),
            new Delta(version).raw(2, 0, 0, 0, 0).bytes(),
            new Delta(version).raw(2, 255, 255, 255, 255).bytes(),
            new Delta(version).raw(2, 0, 0, 0, 9, 1, 2, 3).bytes(),
        };
        for (byte[] body : wrong) {
            Answer refused = patch(create(1_000), body, 0);
            assertEquals(400, refused.status(), () -> Arrays.toString(body) + refused.text());
        }
    }

    @Test
    void aDeltaHasAnEndOfParts() throws IOException {
        Delta most = new Delta(version);
        for (int i = 0; i < DeltaFormat.MOST_STEPS; i++) {
            most.rawCopy(i, 1);
        }
        String at = create(DeltaFormat.MOST_STEPS + 1);
        assertEquals(204, patch(at, most, 0).status());
        assertEquals(DeltaFormat.MOST_STEPS, standsAt(at));
        Answer refused = patch(create(DeltaFormat.MOST_STEPS + 1), most.rawCopy(0, 1), 0);
        assertEquals(413, refused.status(), refused.text());
    }

    @Test
    void theVersionStaysWhileItIsCopiedWhateverHappensToThePath() throws IOException {
        Delta delta = new Delta(version).copy(0, 1_000_000).copy(2_000_000, 1_000_000);
        byte[] body = delta.bytes();
        String at = create(delta.whole().length);
        try (Wired slow = server.open()) {
            slow.send("PATCH " + at + " HTTP/1.1\r\nHost: x\r\n" + ana.basic() + head(0) + LAST + digest(delta.whole())
                    + "Content-Length: " + body.length + "\r\n\r\n");
            slow.send(Arrays.copyOf(body, DeltaFormat.HEAD_BYTES + DeltaFormat.COPY_BYTES));
            awaitBytes(1_000_000);
            wire.ask("DELETE", FILE, ana.basic());
            // Not only the path: the bytes themselves go.
            server.blobs.remove(SecretHash.of(base).sha256());
            slow.send(Arrays.copyOfRange(body, DeltaFormat.HEAD_BYTES + DeltaFormat.COPY_BYTES, body.length));
            Answer answer = slow.answer("PATCH");
            assertEquals(201, answer.status(), answer.text());
        }
        assertArrayEquals(delta.whole(), there());
    }

    /// Until so many bytes were appended: the upload itself can't be asked without being taken over.
    private void awaitBytes(long bytes) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (server.blobs.stages().stream().noneMatch(stage -> stage.bytes() >= bytes)) {
            assertTrue(System.nanoTime() < deadline, "nothing was appended");
            Thread.onSpinWait();
        }
    }

    @Test
    void aDeltaThatBreaksOffStaysAsFarAsItCame() throws IOException {
        Delta delta = new Delta(version).copy(0, 1_000_000).literal(bytes(1_000_000, 5));
        byte[] body = delta.bytes();
        String at = create(2_000_000);
        try (Wired broken = server.open()) {
            broken.send("PATCH " + at + " HTTP/1.1\r\nHost: x\r\n" + ana.basic() + head(0) + "Content-Length: "
                    + body.length + "\r\n\r\n");
            broken.send(Arrays.copyOf(body, 500_000));
        }
        awaitAppend();
        int offset = (int) standsAt(at);
        assertTrue(offset >= 1_000_000 && offset < 1_500_000, "stands at " + offset);
        Delta rest = new Delta(version).literal(Arrays.copyOfRange(delta.whole(), offset, 2_000_000));
        assertEquals(200, patch(at, rest, offset, LAST, digest(delta.whole())).status());
        assertArrayEquals(delta.whole(), there());
    }

    private void awaitAppend() throws IOException {
        Pattern done = Pattern.compile("_count\\{operation=\"upload-append\",[^}]*} [1-9]");
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!done.matcher(wire.ask("GET", "/metrics").text()).find()) {
            assertTrue(System.nanoTime() < deadline, "the server still waits for the rest of a delta");
        }
    }

    @Test
    void nobodyCopiesFromWhatHeMayNotRead() throws IOException {
        TestServer.Person rui = server.person();
        Answer created = wire.ask("POST", NEW, rui.basic(), "Content-Length: 0\r\nUpload-Length: 10\r\n");
        // His own home has no such file, whatever version he names.
        Answer refused = wire.ask(
                "PATCH",
                created.header("Location"),
                new Delta(version).rawCopy(0, 10).bytes(),
                rui.basic(),
                head(0));
        assertEquals(404, refused.status(), refused.text());
    }
}
