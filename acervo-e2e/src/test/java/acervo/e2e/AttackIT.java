package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What an attacker, or a tired person, would try.
final class AttackIT {
    private static final int EMPTY_REQUESTS = Integer.getInteger("acervo.empty.requests", 200_000);

    @TempDir
    private static Path folder;

    private static Server server;
    private static Web web;
    private Set<String> outside = new TreeSet<>();

    @BeforeAll
    static void start() {
        server = Server.start(folder.resolve("data"));
        web = new Web(server);
    }

    @AfterAll
    static void stop() {
        web.close();
        server.close();
    }

    @BeforeEach
    void lookAround() throws IOException {
        outside = filesOutside();
    }

    @AfterEach
    void nothingWasTouchedOutside() throws IOException {
        assertEquals(outside, filesOutside());
    }

    private static Set<String> filesOutside() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            Set<String> names = new TreeSet<>();
            files.filter(file -> !file.startsWith(server.data())).forEach(file -> names.add(file.toString()));
            return names;
        }
    }

    static Stream<String> paths() {
        return Stream.of(
                "../x",
                "a/../../x",
                "..%2fx",
                "%2e%2e/x",
                "%2e%2e%2fx",
                "/etc/passwd",
                "%2fetc%2fpasswd",
                "a%00b",
                "a%0ab",
                "a%5cb",
                "..%5c..%5cx",
                "a//b",
                "a/",
                "./a",
                "a/%2e/b",
                "%c0%ae%c0%ae/x",
                "%ff",
                "%e2%80%ae",
                "%ef%bc%8e%ef%bc%8e/x",
                "a%e2%88%95b",
                "a%ef%bc%8fb",
                "CON",
                "a/nul/b",
                ".acervo",
                "%",
                "%zz",
                "x".repeat(256),
                "a/".repeat(300) + "b",
                "a/".repeat(4000) + "b");
    }

    /// Sent raw, so that no client library tidies it up on the way.
    @ParameterizedTest
    @MethodSource("paths")
    void aPathThatIsNoPlainNameIsRefused(String path) throws IOException {
        for (String method : List.of("PUT", "GET", "DELETE")) {
            String answer = raw(method + " /v1/files/home/" + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: "
                    + web.authorization() + "\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx");
            assertTrue(
                    answer.startsWith("HTTP/1.1 400 ") || answer.startsWith("HTTP/1.1 414 "),
                    method + " " + path + ": " + answer);
        }
    }

    @Test
    void tenThousandLevelsAreRefused() throws IOException {
        String answer =
                raw("PUT /v1/files/home/" + "a/".repeat(10_000) + "b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertTrue(answer.matches("(?s)HTTP/1.[01] (400|414) .*"), answer);
    }

    @Test
    void aWrongDigestLeavesNothing() {
        String other =
                Base64.getEncoder().encodeToString(Bytes.sha256().digest("other".getBytes(StandardCharsets.UTF_8)));
        for (int size : new int[] {0, 10, 3_000_000}) {
            HttpResponse<String> answer = web.send(web.request(server.uri("/v1/files/home/digest"))
                    .header("Repr-Digest", "sha-256=:" + other + ":")
                    .PUT(BodyPublishers.ofByteArray(new byte[size])));
            assertEquals(400, answer.statusCode());
            assertTrue(answer.body().contains("DIGEST_MISMATCH"), answer.body());
            assertEquals(404, web.get(server.uri("/v1/files/home/digest")).statusCode());
        }
    }

    @Test
    void aBodyThatEndsEarlyLeavesNothing() throws IOException {
        for (int sent : new int[] {0, 100, 2_000_000}) {
            try (Socket socket = connect()) {
                socket.getOutputStream()
                        .write(("PUT /v1/files/home/short HTTP/1.1\r\nHost: x\r\nAuthorization: " + web.authorization()
                                        + "\r\nContent-Length: 5000000\r\n\r\n")
                                .getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().write(new byte[sent]);
                socket.shutdownOutput();
                drain(socket);
            }
            assertEquals(404, web.get(server.uri("/v1/files/home/short")).statusCode());
        }
    }

    private static String json(String call, String body) {
        return "POST /acervo.v1.Acervo/" + call + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @Test
    void malformedRequestsGetAnAnswerOrAreCut() throws IOException {
        String put = "PUT /v1/files/home/x HTTP/1.1\r\nHost: x\r\n";
        List<String> requests = List.of(
                "\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "\0\0\0\0",
                put + "Content-Length: -5\r\n\r\n",
                put + "Content-Length: 99999999999999999999\r\n\r\n",
                put + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(100_000) + "\r\n\r\n",
                "GET /" + "y".repeat(100_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\n" + "X: y\r\n".repeat(20_000) + "\r\n",
                json("List", "{{{"),
                json("Hello", "[]"));
        for (String request : requests) {
            String answer = raw(request);
            assertTrue(answer.isEmpty() || answer.matches("(?s)HTTP/1.[01] [45].*"), request.strip() + "\n" + answer);
        }
        assertEquals(
                200, web.send(web.request(server.uri("/health/live")).GET()).statusCode());
    }

    @Test
    void wrongCredentialsAreAllAnsweredAlike() throws IOException {
        String id = "0b0e5d0c-95a6-4f9a-a2d3-2f3c7e8d9a10";
        List<String> answers = new ArrayList<>();
        for (String credentials : List.of(id + ":" + "0".repeat(64), "nobody:x", "", ":", id + ":")) {
            String basic = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
            answers.add(raw("GET /v1/files/home/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic "
                            + basic + "\r\n\r\n")
                    .lines()
                    .findFirst()
                    .orElse(""));
        }
        assertEquals(List.of(answers.getFirst()), answers.stream().distinct().toList());
        assertTrue(answers.getFirst().contains("401"), answers.getFirst());
    }

    /// Clients that send a header a byte at a time, for ever, are cut off; honest ones are served meanwhile.
    @Test
    void slowLorisClientsAreCutOffAndDisturbNobody() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int n = 0; n < 200; n++) {
                Socket socket = connect();
                socket.getOutputStream().write("GET / HTTP/1.1\r\nX-Slow: ".getBytes(StandardCharsets.UTF_8));
                slow.add(socket);
            }
            long deadline = System.nanoTime() + 60_000_000_000L;
            boolean cut = false;
            while (!cut && System.nanoTime() < deadline) {
                assertEquals(
                        200,
                        web.send(web.request(server.uri("/health/live")).GET()).statusCode());
                Socket first = slow.getFirst();
                first.setSoTimeout(500);
                try {
                    first.getOutputStream().write('y');
                    // A timeout of this read is the slow client's pace; an answer or an end is what is hoped for.
                    first.getInputStream().read();
                    cut = true;
                } catch (SocketTimeoutException e) {
                    cut = false;
                } catch (IOException e) {
                    cut = true;
                }
            }
            assertTrue(cut, "a client that never ends its header is still connected");
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void memoryStaysBoundedUnderEmptyRequests() throws Exception {
        byte[] request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100).getBytes(StandardCharsets.UTF_8);
        Thread[] threads = new Thread[8];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = Thread.ofVirtual().start(() -> {
                try (Socket socket = connect()) {
                    Thread reader = Thread.ofVirtual().start(() -> drain(socket));
                    for (int n = 0; n < EMPTY_REQUESTS / 100 / threads.length; n++) {
                        socket.getOutputStream().write(request);
                    }
                    socket.shutdownOutput();
                    reader.join();
                } catch (IOException e) {
                    throw new AssertionError(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (int n = 0; n < 2_000; n++) {
            connect().close();
        }
        long resident = server.residentBytes();
        assertTrue(resident < 512L << 20, "resident " + (resident >> 20) + " MiB");
    }

    @Test
    void aDepositInTheNamesOfASpaceThatIsNoneIsRefused() {
        for (String space : List.of("nosuch", "HOME", "..", "%2e%2e", "home%00", "public%2f..")) {
            int status = web.put(server.uri("/v1/files/" + space + "/x"), new byte[1])
                    .statusCode();
            assertTrue(status == 404 || status == 400, space + ": " + status);
        }
    }

    @Test
    void uploadsOfOthersCannotBeSeenOrTouched() {
        HttpResponse<String> made =
                web.send(web.request(server.uri("/v1/uploads/home/x")).POST(BodyPublishers.noBody()));
        assertEquals(201, made.statusCode(), made.body());
        String place = made.headers().firstValue("Location").orElseThrow();
        try (Web other = new Web(server)) {
            assertEquals(
                    404,
                    other.send(other.request(server.uri(place)).method("HEAD", BodyPublishers.noBody()))
                            .statusCode());
            assertEquals(
                    404, other.send(other.request(server.uri(place)).DELETE()).statusCode());
        }
        assertEquals(204, web.send(web.request(server.uri(place)).DELETE()).statusCode());
    }

    @Test
    void whatIsDepositedCannotRunInTheServersName() {
        byte[] page = "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
        assertEquals(
                201, web.put(server.uri("/v1/files/public/page.html"), page).statusCode());
        HttpResponse<byte[]> answer = web.get(server.uri("/v1/files/public/page.html"));
        assertArrayEquals(page, answer.body());
        assertEquals(
                "nosniff", answer.headers().firstValue("X-Content-Type-Options").orElse(""));
        assertTrue(answer.headers().firstValue("Content-Disposition").orElse("").startsWith("attachment"));
    }

    private static Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.port());
    }

    /// Sends bytes as they are, and returns what comes back until the server closes or is quiet for a while. A
    /// server may take
    /// a closed half of the wire for a client that left, so both halves stay open.
    private static String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(3_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                socket.getInputStream().transferTo(answer);
            } catch (IOException e) {
                // Quiet, or reset by the server, which is an answer too.
            }
            return answer.toString(StandardCharsets.UTF_8);
        } catch (java.net.SocketException e) {
            return "";
        }
    }

    private static void drain(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            byte[] block = new byte[1 << 16];
            while (in.read(block) >= 0) {
                // Only to keep the wire moving.
            }
        } catch (IOException e) {
            // Reset by the server.
        }
    }
}
