package acervo.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.http.Wired.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HotLaneTest extends WithServer {
    /// A field that nobody knows: with it a request goes the long way.
    private static final String LONG_WAY = "X-Long-Way: 1\r\n";

    /// Kept here, since the log itself would forget its level.
    private final Logger access = Logger.getLogger("acervo.access");

    @BeforeEach
    void silence() {
        // A request that is to be logged goes the long way.
        access.setLevel(Level.WARNING);
    }

    @AfterEach
    void unsilence() {
        access.setLevel(null);
    }

    private static byte[] bytes(int number, int size) {
        byte[] bytes = new byte[size];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    private void put(String path, byte[] bytes, String... headers) throws IOException {
        Answer answer = wire.ask("PUT", path, bytes, ana.basic(), String.join("", headers));
        assertEquals(2, answer.status() / 100, answer::text);
    }

    private Answer get(String path, String... headers) throws IOException {
        return wire.ask("GET", path, ana.basic(), String.join("", headers));
    }

    private long taken() throws IOException {
        try (Wired other = server.open()) {
            return other.ask("GET", "/metrics")
                    .text()
                    .lines()
                    .filter(line -> line.startsWith("acervo_http_hot_total"))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    @Test
    void bothWaysGiveTheSameAnswer() throws IOException {
        put("/v1/files/home/plain", bytes(1, 4096));
        put("/v1/files/home/a%20b/%C3%A9", bytes(2, 5), "Acervo-Modified: 1700000000123\r\n");
        put("/v1/files/home/run", bytes(3, 100), "Acervo-Executable: ?1\r\n");
        put("/v1/files/home/link", "plain".getBytes(StandardCharsets.US_ASCII), "Acervo-Kind: link\r\n");
        put("/v1/files/public/empty", new byte[0]);
        List<String> paths = List.of("home/plain", "home/a%20b/%C3%A9", "home/run", "home/link", "public/empty");
        for (String path : paths) {
            get("/v1/files/" + path);
            long before = taken();
            Answer near = get("/v1/files/" + path);
            assertEquals(before + 1, taken(), path);
            Answer far = get("/v1/files/" + path, LONG_WAY);
            assertEquals(before + 1, taken(), path);
            assertEquals(200, near.status());
            assertArrayEquals(far.body(), near.body());
            Map<String, String> expected = new HashMap<>(far.headers());
            Map<String, String> got = new HashMap<>(near.headers());
            expected.remove("date");
            assertTrue(Dates.parse(got.remove("date")) != null);
            assertEquals(expected, got);
        }
    }

    @Test
    void whatIsUnusualGoesTheLongWay() throws IOException {
        put("/v1/files/home/f", bytes(1, 1000));
        String etag = get("/v1/files/home/f").header("ETag");
        get("/v1/files/home/f");
        long before = taken();
        assertEquals(
                304, get("/v1/files/home/f", "If-None-Match: " + etag + "\r\n").status());
        assertEquals(206, get("/v1/files/home/f", "Range: bytes=1-2\r\n").status());
        assertEquals(412, get("/v1/files/home/f", "If-Match: \"99\"\r\n").status());
        assertEquals(404, get("/v1/files/home/g").status());
        assertEquals(400, get("/v1/files/home/..").status());
        assertEquals(200, wire.ask("HEAD", "/v1/files/home/f", ana.basic()).status());
        assertEquals(401, wire.ask("GET", "/v1/files/home/f").status());
        assertEquals(
                401,
                wire.ask("GET", "/v1/files/home/f", server.person().basic().replace("Basic ", "Basic x"))
                        .status());
        assertEquals(before, taken());
    }

    @Test
    void anotherClientOnTheSameConnectionIsAskedWhoItIs() throws IOException {
        put("/v1/files/home/f", bytes(1, 1000));
        get("/v1/files/home/f");
        get("/v1/files/home/f");
        assertEquals(
                404,
                wire.ask("GET", "/v1/files/home/f", server.person().basic()).status());
    }

    @Test
    void answersToRequestsInOneGoComeInTheirOrder() throws IOException {
        long seed = Long.getLong("acervo.seed", System.nanoTime());
        System.out.println("HotLaneTest: -Dacervo.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 8; i++) {
            put("/v1/files/home/" + i, bytes(i, 1 + i * 9_000));
        }
        put("/v1/files/home/large", bytes(8, 3_000_000));
        long before = taken();
        for (int round = 0; round < 60; round++) {
            StringBuilder requests = new StringBuilder();
            List<Integer> asked = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                int file = random.nextInt(round % 10 == 0 ? 10 : 8);
                asked.add(file);
                String name = file == 8 ? "large" : file == 9 ? "missing" : Integer.toString(file);
                requests.append("GET /v1/files/home/")
                        .append(name)
                        .append(" HTTP/1.1\r\nHost: test\r\n")
                        .append(ana.basic())
                        .append(random.nextInt(4) == 0 ? LONG_WAY : "")
                        .append("\r\n");
            }
            wire.send(requests.toString());
            for (int file : asked) {
                Answer answer = wire.answer();
                if (file == 9) {
                    assertEquals(404, answer.status());
                } else {
                    assertArrayEquals(bytes(file, file == 8 ? 3_000_000 : 1 + file * 9_000), answer.body());
                }
            }
        }
        assertTrue(taken() > before);
    }

    @Test
    void aClientThatReadsNothingForALongTimeGetsAllInTheEnd() throws IOException {
        put("/v1/files/home/f", bytes(1, 40_000));
        get("/v1/files/home/f");
        int requests = 2_000;
        Thread asking = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < requests; i++) {
                    wire.send("GET /v1/files/home/f HTTP/1.1\r\nHost: test\r\n" + ana.basic() + "\r\n");
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        for (int i = 0; i < requests; i++) {
            assertArrayEquals(bytes(1, 40_000), wire.answer().body());
        }
        asking.interrupt();
    }

    @Test
    void aChangeIsSeenByTheNextRequest() throws IOException {
        for (int i = 0; i < 200; i++) {
            put("/v1/files/home/f", bytes(i, 100));
            assertArrayEquals(bytes(i, 100), get("/v1/files/home/f").body());
            assertArrayEquals(bytes(i, 100), get("/v1/files/home/f").body());
        }
        assertEquals(204, wire.ask("DELETE", "/v1/files/home/f", ana.basic()).status());
        assertEquals(404, get("/v1/files/home/f").status());
    }
}
