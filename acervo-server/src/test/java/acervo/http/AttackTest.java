package acervo.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.http.TestServer.Person;
import acervo.http.Wired.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that mean harm, over bare sockets: each gets a clear refusal or is cut off, and the server goes on.
final class AttackTest {
    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration NEVER = Duration.ofHours(1);

    @TempDir
    Path folder;

    private TestServer server;

    private TestServer start(Limits limits) throws IOException {
        server = TestServer.start(folder.resolve("inside"), limits);
        return server;
    }

    @AfterEach
    void stillAnswers() throws IOException {
        try (Wired wire = server.open()) {
            assertEquals("live\n", wire.ask("GET", "/health/live").text());
        } finally {
            server.close();
        }
    }

    @Test
    void noPathReachesOutsideOrIsNormalised() throws IOException {
        start(Limits.DEFAULTS);
        Person ana = server.person();
        List<Path> before = tree();
        List<String> paths = List.of(
                "../../x",
                "..%2f..%2fx",
                "%2e%2e/%2e%2e/x",
                ".%2e/x",
                "a/../../../x",
                "%2e%2e%5cx",
                "..\\x",
                "/etc/passwd",
                "%2Fetc%2Fpasswd",
                "a%00.txt",
                "a%c0%af..%c0%afx",
                "%e0%80%ae%e0%80%ae/x",
                "a/./b",
                "a//b",
                "a/",
                "",
                "%",
                "%zz",
                "CON",
                "a%E2%80%AE",
                "%EF%BC%8E%EF%BC%8E/x",
                "..;/x",
                ".acervo",
                "x".repeat(256),
                "x/".repeat(300) + "x",
                "x".repeat(5000));
        for (String path : paths) {
            try (Wired wire = server.open()) {
                Answer refused = wire.ask("PUT", "/v1/files/home/" + path, new byte[] {1}, ana.basic());
                boolean allowed = path.equals("..;/x");
                assertEquals(allowed ? 201 : 400, refused.status(), path + ": " + refused.text());
            }
        }
        for (String target : List.of(
                "/v1/files/../../etc/passwd",
                "/v1/files/%2e%2e/x",
                "/v1/files/home%2fx",
                "/v1/files/home",
                "/v1/files/",
                "/v1/files/HOME/x",
                "/v1/../v1/files/home/x",
                "//v1/files/home/x",
                "/v1/files/ho\u00e9me/x",
                "*",
                "x")) {
            try (Wired wire = server.open()) {
                Answer refused = wire.ask("GET", target, ana.basic());
                assertTrue(refused.status() == 400 || refused.status() == 404, target + ": " + refused.status());
            }
        }
        assertEquals(before, tree());
    }

    private List<Path> tree() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> !path.startsWith(folder.resolve("inside")))
                    .toList();
        }
    }

    @Test
    void whatIsNoHttpIsAnsweredAndClosed() throws IOException {
        start(Limits.DEFAULTS);
        for (String nonsense : List.of(
                "\r\n\r\n\r\nGARBAGE\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "GET / HTTP/1.1\r\nNo colon\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
                "\u0000\u0001\u0002\u0003\r\n\r\n")) {
            try (Wired wire = server.open()) {
                wire.send(nonsense);
                String said = new String(wire.untilClosed(), StandardCharsets.ISO_8859_1);
                assertTrue(said.matches("(?s)HTTP/1.[01] (4|505).*"), nonsense + " -> " + said);
            }
        }
    }

    @Test
    @SuppressWarnings("StringConcatToTextBlock") // Each line end is meant.
    void aRequestWithTwoLengthsIsNotSmuggled() throws IOException {
        start(Limits.DEFAULTS);
        try (Wired wire = server.open()) {
            wire.send("POST /acervo.v1.Acervo/Hello HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                    + "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
            String said = new String(wire.untilClosed(), StandardCharsets.ISO_8859_1);
            assertTrue(said.startsWith("HTTP/1.1 400"), said);
            assertEquals(-1, said.indexOf("live"), said);
        }
    }

    @Test
    void headersAndLinesHaveALimit() throws IOException {
        start(Limits.DEFAULTS);
        try (Wired wire = server.open()) {
            wire.send("GET / HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
            Answer refused = wire.answer();
            assertEquals(431, refused.status());
            assertTrue(refused.text().contains("16384 bytes"), refused.text());
            wire.untilClosed();
        }
        try (Wired wire = server.open()) {
            wire.send("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n");
            assertEquals(414, wire.answer().status());
            wire.untilClosed();
        }
        try (Wired wire = server.open()) {
            // Without an end, and without a newline: cut off at the limit, not collected.
            wire.send("GET / HTTP/1.1\r\n");
            for (int i = 0; i < 3_000; i++) {
                try {
                    wire.send("X-" + i + ": y\r\n");
                } catch (IOException expected) {
                    break;
                }
            }
            wire.untilClosed();
        }
    }

    @Test
    void aHeaderThatDripsIsCutOff() throws IOException {
        start(Limits.DEFAULTS.withDeadlines(SOON, NEVER, NEVER, SOON));
        try (Wired silent = server.open();
                Wired half = server.open();
                Wired dripping = server.open()) {
            half.send("GET / HTTP/1.1\r\nHost:");
            Thread drip = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        dripping.send("X");
                        java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                    }
                } catch (IOException expected) {
                    // Cut off, as it should be.
                }
            });
            silent.untilClosed();
            half.untilClosed();
            dripping.untilClosed();
            drip.interrupt();
        }
    }

    @Test
    void anIdleConnectionIsClosedAndABusyOneIsNot() throws IOException {
        start(Limits.DEFAULTS.withDeadlines(NEVER, SOON, NEVER, SOON));
        Person ana = server.person();
        try (Wired idle = server.open();
                Wired busy = server.open()) {
            idle.ask("GET", "/health/live");
            busy.send("PUT /v1/files/home/x HTTP/1.1\r\nHost: x\r\n" + ana.basic() + "Content-Length: 2\r\n\r\na");
            idle.untilClosed();
            busy.send("b");
            assertEquals(201, busy.answer().status());
        }
    }

    @Test
    void aBodyThatDripsIsGivenUp() throws IOException {
        start(Limits.DEFAULTS.withDeadlines(NEVER, NEVER, SOON, SOON));
        Person ana = server.person();
        try (Wired wire = server.open()) {
            wire.send(
                    "PUT /v1/files/home/x HTTP/1.1\r\nHost: x\r\n" + ana.basic() + "Content-Length: 1000000\r\n\r\na");
            assertEquals(408, wire.answer().status());
            wire.untilClosed();
        }
    }

    @Test
    void aBodyThatNeverEndsAfterItsRefusalIsCutOff() throws IOException {
        start(Limits.DEFAULTS.withDeadlines(NEVER, NEVER, NEVER, SOON));
        try (Wired wire = server.open()) {
            wire.send("PUT /v1/files/home/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertEquals(401, wire.answer().status());
            byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            try {
                while (true) {
                    wire.send(chunk);
                }
            } catch (IOException expected) {
                // The server has stopped listening to it.
            }
        }
    }

    @Test
    void connectionsHaveALimitAndAClearAnswer() throws IOException {
        start(Limits.DEFAULTS.withCounts(5, 10, 10));
        List<Wired> open = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                Wired wire = server.open();
                open.add(wire);
                assertEquals(200, wire.ask("GET", "/health/live").status());
            }
            try (Wired more = server.open()) {
                Answer refused = more.answer();
                assertEquals(503, refused.status());
                assertEquals("1", refused.header("Retry-After"));
                assertTrue(refused.text().contains("TOO_MANY"));
                more.untilClosed();
            }
        } finally {
            for (Wired wire : open) {
                wire.close();
            }
        }
        // The places come back: the last check of each test needs one.
        boolean again = false;
        while (!again) {
            try (Wired wire = server.open()) {
                again = wire.ask("GET", "/health/live").status() == 200;
            } catch (IOException expected) {
                again = false;
            }
        }
    }

    @Test
    void depositsAtOnceHaveALimitPerClient() throws IOException {
        start(Limits.DEFAULTS.withCounts(100, 10, 2));
        Person ana = server.person();
        Person rui = server.person();
        String put = "PUT /v1/files/home/x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n";
        try (Wired one = server.open();
                Wired two = server.open();
                Wired three = server.open();
                Wired other = server.open()) {
            assertEquals(100, one.send(put + ana.basic() + "\r\n").answer().status());
            assertEquals(100, two.send(put + ana.basic() + "\r\n").answer().status());
            Answer refused = three.send(put + ana.basic() + "\r\n").answer();
            assertEquals(429, refused.status());
            assertEquals("1", refused.header("Retry-After"));
            assertTrue(refused.text().contains("\"arguments\":[\"deposits\",\"2\"]"), refused.text());
            assertEquals(100, other.send(put + rui.basic() + "\r\n").answer().status());
            assertEquals(201, one.send("ab").answer().status());
            assertEquals(2, two.send("ab").answer().status() / 100);
        }
    }

    @Test
    void manyFailedLoginsAreSlowedAndARightOneIsNot() throws IOException {
        start(Limits.DEFAULTS.withRates(5, 100));
        Person ana = server.person();
        try (Wired wire = server.open()) {
            for (int i = 0; i < 5; i++) {
                assertEquals(
                        401,
                        wire.ask("GET", "/v1/files/home/x", Person.stranger().basic())
                                .status());
            }
            Answer refused =
                    wire.ask("GET", "/v1/files/home/x", Person.stranger().basic());
            assertEquals(429, refused.status());
            assertEquals(404, wire.ask("GET", "/v1/files/home/x", ana.basic()).status());
        }
    }

    @Test
    void registrationsHaveARate() throws IOException {
        start(Limits.DEFAULTS.withRates(100, 3));
        try (Wired wire = server.open()) {
            for (int i = 0; i < 4; i++) {
                byte[] body = ("{\"clientId\":\"" + java.util.UUID.randomUUID()
                                + "\",\"secretSha256\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}")
                        .getBytes(StandardCharsets.UTF_8);
                Answer answer =
                        wire.ask("POST", "/acervo.v1.Acervo/Register", body, "Content-Type: application/json\r\n");
                assertEquals(i < 3 ? 200 : 429, answer.status(), answer.text());
            }
        }
    }

    @Test
    void emptyRequestsCostNothingThatStays() throws IOException {
        start(Limits.DEFAULTS);
        String burst = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100);
        for (int i = 0; i < 50; i++) {
            try (Wired wire = server.open()) {
                wire.send(burst);
                for (int n = 0; n < 100; n++) {
                    assertEquals(200, wire.answer().status());
                }
            }
        }
        for (int i = 0; i < 500; i++) {
            server.open().close();
        }
        awaitConnections(0);
    }

    /// Waits until so many connections are open, this one aside.
    private void awaitConnections(int expected) throws IOException {
        try (Wired wire = server.open()) {
            while (true) {
                String metrics = wire.ask("GET", "/metrics").text();
                if (metrics.contains("acervo_http_connections " + (expected + 1) + ".0")) {
                    return;
                }
            }
        }
    }

    @Test
    void randomBytesNeitherStopItNorStay() throws IOException {
        start(Limits.DEFAULTS);
        long seed = Objects.requireNonNullElse(Long.getLong("acervo.seed"), System.nanoTime());
        System.out.println("acervo.seed=" + seed);
        Random random = new Random(seed);
        String[] pieces = {
            "GET ",
            "PUT ",
            "/v1/files/home/x",
            " HTTP/1.1\r\n",
            "Host: x\r\n",
            "Content-Length: 5\r\n",
            "\r\n",
            "\r\n\r\n",
            "Transfer-Encoding: chunked\r\n",
            "5\r\nhello\r\n",
            "0\r\n\r\n",
            "Expect: 100-continue\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: \r\n",
            "\u0000\u0000\u0004\u0004",
            "POST "
        };
        for (int i = 0; i < 300; i++) {
            try (Wired wire = server.open()) {
                for (int n = random.nextInt(8); n >= 0; n--) {
                    if (random.nextInt(6) == 0) {
                        byte[] noise = new byte[random.nextInt(100)];
                        random.nextBytes(noise);
                        wire.send(noise);
                    } else {
                        wire.send(pieces[random.nextInt(pieces.length)]);
                    }
                }
            } catch (IOException expected) {
                // Cut off in the middle of it.
            }
        }
        awaitConnections(0);
    }
}
