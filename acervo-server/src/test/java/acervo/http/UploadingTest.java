package acervo.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.http.TestServer.Person;
import acervo.http.Wired.Answer;
import acervo.model.BlobId;
import acervo.model.SecretHash;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class UploadingTest extends WithServer {
    private static final String NEW = "/v1/uploads/home/big.bin";
    private static final String PARTIAL = "Content-Type: application/partial-upload\r\n";

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String digest(byte[] bytes) {
        // The hash of a secret is the plain SHA-256 of its bytes.
        BlobId sha256 = SecretHash.of(bytes).sha256();
        return "Repr-Digest: " + FileHeaders.digest(sha256) + "\r\n";
    }

    private String create(String... headers) throws IOException {
        Answer created = wire.ask("POST", NEW, ana.basic(), "Content-Length: 0\r\n", String.join("", headers));
        assertEquals(201, created.status(), created.text());
        assertEquals("0", created.header("Upload-Offset"));
        assertEquals("?0", created.header("Upload-Complete"));
        return created.header("Location");
    }

    private Answer patch(String at, byte[] bytes, long offset, String... headers) throws IOException {
        return wire.ask(
                "PATCH",
                at,
                bytes,
                ana.basic(),
                PARTIAL,
                "Upload-Offset: " + offset + "\r\n",
                String.join("", headers));
    }

    @Test
    void piecesBecomeAFile() throws IOException {
        byte[] all = bytes(3_000_000);
        String at = create("Upload-Length: 3000000\r\n");
        Answer first = patch(at, Arrays.copyOf(all, 1_000_000), 0, "Upload-Complete: ?0\r\n");
        assertEquals(204, first.status());
        assertEquals("1000000", first.header("Upload-Offset"));
        Answer head = wire.ask("HEAD", at, ana.basic());
        assertEquals(204, head.status());
        assertEquals("1000000", head.header("Upload-Offset"));
        assertEquals("3000000", head.header("Upload-Length"));
        assertEquals("?0", head.header("Upload-Complete"));
        Answer last = patch(
                at, Arrays.copyOfRange(all, 1_000_000, 3_000_000), 1_000_000, "Upload-Complete: ?1\r\n", digest(all));
        assertEquals(201, last.status(), last.text());
        assertTrue(last.text().contains("\"path\":\"big.bin\""));
        assertArrayEquals(
                all, wire.ask("GET", "/v1/files/home/big.bin", ana.basic()).body());
    }

    @Test
    void aLostAnswerToTheLastPieceCanBeAskedForAgain() throws IOException {
        byte[] all = bytes(10_000);
        String at = create();
        Answer last = patch(at, all, 0, "Upload-Complete: ?1\r\n", digest(all));
        Answer again = patch(at, new byte[0], all.length, "Upload-Complete: ?1\r\n", digest(all));
        assertEquals(last.header("ETag"), again.header("ETag"));
        assertEquals(2, again.status() / 100);
    }

    @Test
    void aWrongOffsetIsAnsweredWithTheRightOne() throws IOException {
        String at = create();
        patch(at, bytes(1000), 0);
        Answer refused = patch(at, bytes(1000), 500);
        assertEquals(409, refused.status());
        assertEquals("1000", refused.header("Upload-Offset"));
        assertTrue(refused.text().contains("OFFSET_MISMATCH"));
    }

    @Test
    void aPieceThatBreaksOffStaysAsFarAsItCame() throws IOException {
        byte[] all = bytes(2_000_000);
        String at = create();
        try (Wired broken = server.open()) {
            broken.send("PATCH " + at + " HTTP/1.1\r\nHost: x\r\n" + ana.basic() + PARTIAL
                    + "Upload-Offset: 0\r\nContent-Length: 2000000\r\n\r\n");
            broken.send(Arrays.copyOf(all, 700_000));
        }
        awaitAppend();
        long offset = Long.parseLong(wire.ask("HEAD", at, ana.basic()).header("Upload-Offset"));
        assertTrue(offset >= 0 && offset <= 700_000, "stands at " + offset);
        Answer last = rest(at, all, offset);
        assertEquals(201, last.status(), last.text());
        assertArrayEquals(
                all, wire.ask("GET", "/v1/files/home/big.bin", ana.basic()).body());
    }

    /// Until the server is done with the first piece: one that it takes up later would turn its successor out.
    private void awaitAppend() throws IOException {
        Pattern done = Pattern.compile("_count\\{operation=\"upload-append\",[^}]*} [1-9]");
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!done.matcher(wire.ask("GET", "/metrics").text()).find()) {
            assertTrue(System.nanoTime() < deadline, "the server still waits for the rest of a piece");
        }
    }

    private Answer rest(String at, byte[] all, long offset) throws IOException {
        byte[] rest = Arrays.copyOfRange(all, (int) offset, all.length);
        return patch(at, rest, offset, "Upload-Complete: ?1\r\n", digest(all));
    }

    @Test
    void aWrongDigestLeavesTheUploadThere() throws IOException {
        byte[] all = bytes(5000);
        String at = create();
        assertEquals(
                400,
                patch(at, all, 0, "Upload-Complete: ?1\r\n", digest(new byte[0]))
                        .status());
        assertEquals("5000", wire.ask("HEAD", at, ana.basic()).header("Upload-Offset"));
        assertEquals(
                201,
                patch(at, new byte[0], 5000, "Upload-Complete: ?1\r\n", digest(all))
                        .status());
    }

    @Test
    void onlyWhoBeganItSeesIt() throws IOException {
        String at = create();
        Person rui = server.person();
        assertEquals(404, wire.ask("HEAD", at, rui.basic()).status());
        assertEquals(404, wire.ask("DELETE", at, rui.basic()).status());
        assertEquals(204, wire.ask("HEAD", at, ana.basic()).status());
    }

    @Test
    void aCancelledUploadIsGone() throws IOException {
        String at = create();
        assertEquals(204, wire.ask("DELETE", at, ana.basic()).status());
        assertEquals(404, wire.ask("HEAD", at, ana.basic()).status());
        assertEquals(404, patch(at, bytes(10), 0).status());
    }

    @Test
    void theKeyOfARequestIsTheUpload() throws IOException {
        String key = "Idempotency-Key: \"" + UUID.randomUUID() + "\"\r\n";
        String at = create(key);
        patch(at, bytes(100), 0);
        Answer again = wire.ask("POST", NEW, ana.basic(), "Content-Length: 0\r\n", key);
        assertEquals(at, again.header("Location"));
        assertEquals("100", again.header("Upload-Offset"));
    }

    @Test
    void whatIsNotSaidRightIsRefused() throws IOException {
        String at = create();
        assertEquals(
                415,
                wire.ask("PATCH", at, bytes(5), ana.basic(), "Upload-Offset: 0\r\n")
                        .status());
        assertEquals(400, wire.ask("PATCH", at, bytes(5), ana.basic(), PARTIAL).status());
        assertEquals(
                400,
                wire.ask("PATCH", at, bytes(5), ana.basic(), PARTIAL, "Upload-Offset: x\r\n")
                        .status());
        assertEquals(400, patch(at, bytes(5), 0, "Upload-Complete: maybe\r\n").status());
        assertEquals(400, wire.ask("HEAD", "/v1/uploads/x", ana.basic()).status());
        assertEquals(
                404,
                wire.ask("HEAD", "/v1/uploads/" + UUID.randomUUID(), ana.basic())
                        .status());
        assertEquals(400, wire.ask("POST", NEW, bytes(5), ana.basic()).status());
        assertEquals(405, wire.ask("GET", at, ana.basic()).status());
    }
}
