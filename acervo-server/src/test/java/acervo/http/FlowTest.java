package acervo.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.blob.HookedBlobs;
import acervo.http.TestServer.Person;
import acervo.http.Wired.Answer;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Streams in both directions: what is slow slows its sender, and what is damaged never ends cleanly.
final class FlowTest {
    private static final int SIZE = 64 << 20;

    @TempDir
    Path folder;

    private TestServer server;
    private HookedBlobs store;
    private final CountDownLatch writing = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private Person ana;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.start(folder, Limits.DEFAULTS, blobs -> {
            store = new HookedBlobs(blobs);
            store.beforeWrite = this::standStill;
            return store;
        });
        ana = server.person();
    }

    @AfterEach
    void stop() {
        go.countDown();
        server.close();
    }

    /// A disk that takes nothing until it is told to go on.
    private void standStill() {
        writing.countDown();
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private long buffered() throws IOException {
        try (Wired wire = server.open()) {
            return wire.ask("GET", "/metrics")
                    .text()
                    .lines()
                    .filter(line -> line.startsWith("acervo_http_bodies_buffered_bytes "))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aSlowDiskHoldsUpTheSenderAndFillsNoMemory() throws IOException, InterruptedException {
        byte[] all = bytes(SIZE);
        CompletableFuture<Integer> answered = new CompletableFuture<>();
        Wired wire = server.open();
        Thread sender = Thread.ofVirtual().start(() -> {
            try {
                answered.complete(
                        wire.ask("PUT", "/v1/files/home/x", all, ana.basic()).status());
            } catch (IOException e) {
                answered.completeExceptionally(e);
            }
        });
        writing.await();
        // Until the sender is held up: no more comes in between two looks, and there is something.
        long most = 0;
        for (int still = 0; still < 5; ) {
            long now = buffered();
            still = now == most && now > 0 ? still + 1 : 0;
            most = Math.max(most, now);
        }
        assertTrue(most <= Limits.DEFAULTS.bodyBuffer() + 2L * DoorTransport.MOST_READ, most + " bytes are held");
        assertFalse(answered.isDone());
        go.countDown();
        assertEquals(201, answered.join());
        sender.join();
        assertEquals(0, buffered());
        assertArrayEquals(all, wire.ask("GET", "/v1/files/home/x", ana.basic()).body());
        wire.close();
    }

    @Test
    void bytesComeAndGoOverHttp2() throws IOException, InterruptedException {
        go.countDown();
        byte[] all = bytes(20_000_001);
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            URI uri = URI.create("http://127.0.0.1:" + server.port + "/v1/files/home/big");
            String authorization = ana.basic().strip().substring("Authorization: ".length());
            HttpResponse<String> put = client.send(
                    HttpRequest.newBuilder(uri)
                            .header("Authorization", authorization)
                            .PUT(HttpRequest.BodyPublishers.ofByteArray(all))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(201, put.statusCode(), put.body());
            HttpResponse<byte[]> got = client.send(
                    HttpRequest.newBuilder(uri)
                            .header("Authorization", authorization)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertEquals(HttpClient.Version.HTTP_2, got.version());
            assertEquals(200, got.statusCode());
            assertArrayEquals(all, got.body());
            HttpResponse<byte[]> part = client.send(
                    HttpRequest.newBuilder(uri)
                            .header("Authorization", authorization)
                            .header("Range", "bytes=10000000-10000009")
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertEquals(206, part.statusCode());
            assertArrayEquals(java.util.Arrays.copyOfRange(all, 10_000_000, 10_000_010), part.body());
            HttpResponse<String> refused = client.send(
                    HttpRequest.newBuilder(uri)
                            .PUT(HttpRequest.BodyPublishers.ofByteArray(all))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(401, refused.statusCode());
        }
    }

    @Test
    void damageAtTheBeginningIsAnError() throws IOException {
        go.countDown();
        try (Wired wire = server.open()) {
            assertEquals(
                    201,
                    wire.ask("PUT", "/v1/files/home/x", bytes(5_000_000), ana.basic())
                            .status());
            store.damagedFrom = 0;
            Answer refused = wire.ask("GET", "/v1/files/home/x", ana.basic());
            assertEquals(500, refused.status(), refused.text());
            assertTrue(refused.text().contains("\"code\":\"data_loss\""), refused.text());
            assertTrue(refused.text().contains("\"reason\":\"CORRUPT\""), refused.text());
        }
    }

    @Test
    void damageFurtherInCutsTheConnection() throws IOException {
        go.countDown();
        try (Wired wire = server.open()) {
            assertEquals(
                    201,
                    wire.ask("PUT", "/v1/files/home/x", bytes(5_000_000), ana.basic())
                            .status());
            store.damagedFrom = 3_000_000;
            assertThrows(EOFException.class, () -> wire.ask("GET", "/v1/files/home/x", ana.basic()));
        }
    }

    @Test
    void damageFurtherInResetsTheStreamOfHttp2() throws IOException, InterruptedException {
        go.countDown();
        try (Wired wire = server.open()) {
            assertEquals(
                    201,
                    wire.ask("PUT", "/v1/files/home/x", bytes(5_000_000), ana.basic())
                            .status());
        }
        store.damagedFrom = 3_000_000;
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            URI uri = URI.create("http://127.0.0.1:" + server.port + "/v1/files/home/x");
            HttpRequest get = HttpRequest.newBuilder(uri)
                    .header("Authorization", ana.basic().strip().substring("Authorization: ".length()))
                    .build();
            assertThrows(IOException.class, () -> client.send(get, HttpResponse.BodyHandlers.ofByteArray()));
        }
    }

    @Test
    void requestsInFlightFinishWhileTheDoorCloses() throws IOException, InterruptedException {
        Wired wire = server.open();
        byte[] all = bytes(2_000_000);
        CompletableFuture<Integer> answered = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                answered.complete(
                        wire.ask("PUT", "/v1/files/home/x", all, ana.basic()).status());
            } catch (IOException e) {
                answered.completeExceptionally(e);
            }
        });
        writing.await();
        Thread drain = Thread.ofVirtual().start(() -> server.door.drain(java.time.Duration.ofMinutes(1)));
        // New connections are refused from some moment on.
        while (true) {
            try (Wired more = server.open()) {
                more.ask("GET", "/health/live");
            } catch (IOException expected) {
                break;
            }
        }
        assertFalse(answered.isDone());
        go.countDown();
        assertEquals(201, answered.join());
        drain.join();
        wire.close();
    }
}
