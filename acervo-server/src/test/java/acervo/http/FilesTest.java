package acervo.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.http.TestServer.Person;
import acervo.http.Wired.Answer;
import acervo.model.BlobId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The byte interface, header by header, over a bare socket.
final class FilesTest extends WithServer {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    private static final String AT = "/v1/files/home/a%20b/%C3%A9.txt";

    private static String digest(byte[] bytes) {
        try {
            return "sha-256=:"
                    + Base64.getEncoder()
                            .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes)) + ":";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private Answer put(byte[] bytes, String... headers) throws IOException {
        return wire.ask("PUT", AT, bytes, ana.basic(), String.join("", headers));
    }

    private Answer get(String... headers) throws IOException {
        return wire.ask("GET", AT, ana.basic(), String.join("", headers));
    }

    @Test
    void aFirstDepositIsCreatedAndTheSecondReplaces() throws IOException {
        Answer first = put(HELLO);
        assertEquals(201, first.status());
        assertEquals(digest(HELLO), first.header("Repr-Digest"));
        assertEquals("1/1", first.header("Acervo-Replicas"));
        assertEquals("application/json", first.header("Content-Type"));
        assertTrue(first.text().contains("\"path\":\"a b/é.txt\""), first.text());
        assertTrue(first.text().contains("\"size\":\"5\""), first.text());
        Answer second = put("other".getBytes(StandardCharsets.US_ASCII));
        assertEquals(200, second.status());
        assertTrue(!second.header("ETag").equals(first.header("ETag")));
    }

    @Test
    void theSameContentAgainChangesNothing() throws IOException {
        Answer first = put(HELLO, "Acervo-Modified: 1000\r\n");
        Answer second = put(HELLO, "Acervo-Modified: 1000\r\n");
        assertEquals(200, second.status());
        assertEquals(first.header("ETag"), second.header("ETag"));
    }

    @Test
    void aDownloadHasEveryHeader() throws IOException {
        Answer put = put(HELLO, "Acervo-Modified: 1700000000123\r\n", "Acervo-Executable: ?1\r\n");
        Answer got = get();
        assertEquals(200, got.status());
        assertArrayEquals(HELLO, got.body());
        assertEquals(put.header("ETag"), got.header("ETag"));
        assertEquals(digest(HELLO), got.header("Repr-Digest"));
        assertEquals("bytes", got.header("Accept-Ranges"));
        assertEquals("5", got.header("Content-Length"));
        assertNotNull(Dates.parse(got.header("Last-Modified")));
        assertNotNull(Dates.parse(got.header("Date")));
        assertEquals("application/octet-stream", got.header("Content-Type"));
        assertEquals("nosniff", got.header("X-Content-Type-Options"));
        assertEquals("attachment", got.header("Content-Disposition"));
        assertTrue(got.header("Content-Security-Policy").contains("sandbox"));
        assertEquals("1/1", got.header("Acervo-Replicas"));
        assertEquals("1700000000123", got.header("Acervo-Modified"));
        assertEquals("?1", got.header("Acervo-Executable"));
        assertEquals("private, no-cache", got.header("Cache-Control"));
        assertEquals("Authorization", got.header("Vary"));
        assertNull(got.header("Acervo-Kind"));
    }

    @Test
    void aHeadIsTheHeadOfAGet() throws IOException {
        put(HELLO);
        Answer got = get();
        Answer head = wire.ask("HEAD", AT, ana.basic());
        head.headers().put("date", got.header("Date"));
        assertEquals(got.headers(), head.headers());
        assertEquals(200, head.status());
    }

    @Test
    void kindsOtherThanFileAreTold() throws IOException {
        put(HELLO, "Acervo-Kind: link\r\n");
        assertEquals("link", get().header("Acervo-Kind"));
    }

    @Test
    void oneRangeIsSent() throws IOException {
        put(HELLO);
        Answer part = get("Range: bytes=1-3\r\n");
        assertEquals(206, part.status());
        assertEquals("ell", part.text());
        assertEquals("bytes 1-3/5", part.header("Content-Range"));
        assertEquals("3", part.header("Content-Length"));
        assertEquals(digest(HELLO), part.header("Repr-Digest"));
        assertEquals("lo", get("Range: bytes=-2\r\n").text());
    }

    @Test
    void severalRangesGetTheWhole() throws IOException {
        put(HELLO);
        Answer whole = get("Range: bytes=0-1,3-4\r\n");
        assertEquals(200, whole.status());
        assertEquals("hello", whole.text());
    }

    @Test
    void aRangeAfterTheEndIsRefusedWithTheSize() throws IOException {
        put(HELLO);
        Answer refused = get("Range: bytes=5-\r\n");
        assertEquals(416, refused.status());
        assertEquals("bytes */5", refused.header("Content-Range"));
    }

    @Test
    void ifRangeOfAnotherVersionGetsTheWhole() throws IOException {
        String etag = put(HELLO).header("ETag");
        assertEquals(
                206, get("Range: bytes=1-\r\n", "If-Range: " + etag + "\r\n").status());
        assertEquals(200, get("Range: bytes=1-\r\n", "If-Range: \"999\"\r\n").status());
        assertEquals(
                200, get("Range: bytes=1-\r\n", "If-Range: W/" + etag + "\r\n").status());
    }

    @Test
    void conditionsOnReadingAreThoseOfTheStandard() throws IOException {
        Answer put = put(HELLO);
        String etag = put.header("ETag");
        String modified = get().header("Last-Modified");
        assertEquals(304, get("If-None-Match: " + etag + "\r\n").status());
        assertEquals(304, get("If-None-Match: \"999\", W/" + etag + "\r\n").status());
        assertEquals(304, get("If-None-Match: *\r\n").status());
        assertEquals(200, get("If-None-Match: \"999\"\r\n").status());
        assertEquals(200, get("If-Match: " + etag + "\r\n").status());
        assertEquals(412, get("If-Match: \"999\"\r\n").status());
        assertEquals(412, get("If-Match: W/" + etag + "\r\n").status());
        assertEquals(304, get("If-Modified-Since: " + modified + "\r\n").status());
        assertEquals(
                200, get("If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n").status());
        assertEquals(
                412,
                get("If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n").status());
        assertEquals(
                200,
                get("If-None-Match: \"9\"\r\n", "If-Modified-Since: " + modified + "\r\n")
                        .status());
        Answer unchanged = get("If-None-Match: " + etag + "\r\n");
        assertEquals(etag, unchanged.header("ETag"));
        assertEquals(200, get().status());
    }

    @Test
    void conditionsOnChangesAreKept() throws IOException {
        assertEquals(412, put(HELLO, "If-Match: *\r\n").status());
        assertEquals(201, put(HELLO, "If-None-Match: *\r\n").status());
        Answer exists = put("other".getBytes(StandardCharsets.US_ASCII), "If-None-Match: *\r\n");
        assertEquals(412, exists.status());
        assertTrue(exists.text().contains("\"reason\":\"FILE_EXISTS\""), exists.text());
        String etag = get().header("ETag");
        assertEquals(412, put(new byte[] {1}, "If-Match: \"99\"\r\n").status());
        assertEquals(200, put(new byte[] {1}, "If-Match: " + etag + "\r\n").status());
        assertEquals(412, put(new byte[] {2}, "If-Match: " + etag + "\r\n").status());
        assertEquals(
                412,
                wire.ask("DELETE", AT, ana.basic(), "If-Match: " + etag + "\r\n")
                        .status());
        assertEquals(204, wire.ask("DELETE", AT, ana.basic(), "If-Match: *\r\n").status());
        assertEquals(404, get().status());
        assertEquals(404, wire.ask("DELETE", AT, ana.basic()).status());
    }

    @Test
    void aDigestThatDoesNotMatchIsRefusedAndNothingIsThere() throws IOException {
        Answer refused = put(HELLO, "Repr-Digest: " + digest(new byte[0]) + "\r\n");
        assertEquals(400, refused.status());
        assertTrue(refused.text().contains("\"reason\":\"DIGEST_MISMATCH\""), refused.text());
        assertEquals(404, get().status());
        assertEquals(
                201,
                put(HELLO, "Repr-Digest: md5=:AAAA:, " + digest(HELLO) + "\r\n").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Repr-Digest: sha-256=:AAAA:",
                "Repr-Digest: md5=:AAAA:",
                "Repr-Digest: x",
                "Acervo-Replicas: 0",
                "Acervo-Replicas: -1",
                "Acervo-Replicas: two",
                "Acervo-Replicas: 99999999999999999999",
                "Acervo-Modified: today",
                "Acervo-Executable: yes",
                "Acervo-Kind: pipe",
                "Idempotency-Key: 1",
                "If-None-Match: \"1\"",
                "Content-Range: bytes 0-1/2"
            })
    void aHeaderThatCantBeReadIsRefused(String header) throws IOException {
        Answer refused = put(HELLO, header + "\r\n");
        assertEquals(400, refused.status(), refused.text());
        assertTrue(refused.text().contains("\"code\":\"invalid_argument\""), refused.text());
        assertEquals(404, get().status());
    }

    @Test
    void moreCopiesThanNodesAreRefusedWithTheNumber() throws IOException {
        Answer refused = put(HELLO, "Acervo-Replicas: 2\r\n");
        assertEquals(400, refused.status());
        assertTrue(refused.text().contains("NOT_ENOUGH_NODES"), refused.text());
        assertTrue(refused.text().contains("\"arguments\":[\"2\",\"1\"]"), refused.text());
    }

    @Test
    void chunkedBodiesOfUnknownLengthAreTaken() throws IOException {
        wire.send("PUT " + AT + " HTTP/1.1\r\nHost: x\r\n" + ana.basic() + "Transfer-Encoding: chunked\r\n\r\n"
                + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n");
        assertEquals(201, wire.answer().status());
        assertEquals("hello", get().text());
    }

    @Test
    void aDigestMayComeInATrailer() throws IOException {
        String head = "PUT " + AT + " HTTP/1.1\r\nHost: x\r\n" + ana.basic()
                + "Transfer-Encoding: chunked\r\nTrailer: Repr-Digest\r\n\r\n5\r\nhello\r\n0\r\nRepr-Digest: ";
        wire.send(head + digest(new byte[0]) + "\r\n\r\n");
        assertEquals(400, wire.answer().status());
        wire.send(head + digest(HELLO) + "\r\n\r\n");
        assertEquals(201, wire.answer().status());
    }

    @Test
    void anEmptyFileIsAFile() throws IOException {
        assertEquals(201, put(new byte[0]).status());
        Answer got = get();
        assertEquals(200, got.status());
        assertEquals("0", got.header("Content-Length"));
        assertEquals(FileHeaders.digest(BlobId.EMPTY), got.header("Repr-Digest"));
        assertEquals(416, get("Range: bytes=0-\r\n").status());
    }

    @Test
    void aClientThatWaitsForContinueIsTold() throws IOException {
        wire.send("PUT " + AT + " HTTP/1.1\r\nHost: x\r\n" + ana.basic()
                + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
        assertEquals(100, wire.answer().status());
        wire.send("hello");
        assertEquals(201, wire.answer().status());
    }

    @Test
    void aClientThatWaitsForContinueIsRefusedBeforeItSends() throws IOException {
        wire.send("PUT " + AT + " HTTP/1.1\r\nHost: x\r\n" + Person.stranger().basic()
                + "Content-Length: 1000000000\r\nExpect: 100-continue\r\n\r\n");
        Answer refused = wire.answer();
        assertEquals(401, refused.status());
        assertEquals("close", refused.header("Connection"));
    }

    @Test
    void anEarlyRefusalReachesAClientThatSendsOn() throws IOException {
        wire.send("PUT " + AT + " HTTP/1.1\r\nHost: x\r\n" + Person.stranger().basic()
                + "Content-Length: 100000000\r\n\r\n");
        wire.send(new byte[3_000_000]);
        Answer refused = wire.answer();
        assertEquals(401, refused.status());
        assertEquals("close", refused.header("Connection"));
        wire.untilClosed();
    }

    @Test
    void aSmallRefusedBodyKeepsTheConnection() throws IOException {
        Answer refused = wire.ask("PUT", AT, new byte[10_000], Person.stranger().basic());
        assertEquals(401, refused.status());
        assertNull(refused.header("Connection"));
        assertEquals(201, put(HELLO).status());
    }

    @Test
    void aRetryWithItsKeyTakesEffectOnce() throws IOException {
        String key = "Idempotency-Key: \"" + UUID.randomUUID() + "\"\r\n";
        Answer first = put(HELLO, key);
        put("other".getBytes(StandardCharsets.US_ASCII));
        Answer again = put(HELLO, key);
        assertEquals(first.header("ETag"), again.header("ETag"));
        assertEquals("other", get().text());
    }

    @Test
    void pipelinedDepositsAreTakenInOrder() throws IOException {
        String put = "PUT " + AT + " HTTP/1.1\r\nHost: x\r\n" + ana.basic() + "Content-Length: 5\r\n\r\n";
        wire.send(put + "hello" + put + "again" + "GET " + AT + " HTTP/1.1\r\nHost: x\r\n" + ana.basic() + "\r\n");
        assertEquals(201, wire.answer().status());
        assertEquals(200, wire.answer().status());
        assertEquals("again", wire.answer().text());
    }

    @Test
    void whatIsLargerThanAnyBufferComesBackTheSame() throws IOException {
        byte[] big = new byte[20_000_003];
        new Random(20_000_003).nextBytes(big);
        assertEquals(201, put(big, "Repr-Digest: " + digest(big) + "\r\n").status());
        assertArrayEquals(big, get().body());
        byte[] middle = java.util.Arrays.copyOfRange(big, 9_999_990, 15_000_001);
        assertArrayEquals(middle, get("Range: bytes=9999990-15000000\r\n").body());
    }

    @Test
    void nobodySeesAnothersHomeAndAllSeePublic() throws IOException {
        put(HELLO);
        Person rui = server.person();
        assertEquals(404, wire.ask("GET", AT, rui.basic()).status());
        assertEquals(404, wire.ask("DELETE", AT, rui.basic()).status());
        assertEquals(200, get().status());
        assertEquals(
                201, wire.ask("PUT", "/v1/files/public/x", HELLO, ana.basic()).status());
        assertEquals(
                "hello", wire.ask("GET", "/v1/files/public/x", rui.bearer()).text());
        assertEquals(404, wire.ask("GET", "/v1/files/other/x", rui.basic()).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Authorization: Basic\r\n",
                "Authorization: Basic !!!\r\n",
                "Authorization: Basic YTpi\r\n",
                "Authorization: Bearer x\r\n",
                "Authorization: Bearer 00000000-0000-0000-0000-000000000000:00\r\n",
                "Authorization: Digest x\r\n"
            })
    void whoeverDoesNotSayWhoTheyAreIsAsked(String authorization) throws IOException {
        Answer refused = wire.ask("GET", AT, authorization);
        assertEquals(401, refused.status());
        assertTrue(refused.header("WWW-Authenticate").startsWith("Basic "));
        assertTrue(refused.text().contains("\"code\":\"unauthenticated\""));
    }

    @Test
    void otherMethodsAreRefused() throws IOException {
        assertEquals(405, wire.ask("POST", AT, HELLO, ana.basic()).status());
        assertEquals(405, wire.ask("OPTIONS", AT, ana.basic()).status());
    }
}
