package acervo.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RetryTest {
    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final List<Long> pauses = new ArrayList<>();
    private final RetryPolicy policy =
            new RetryPolicy(Duration.ofSeconds(30), Duration.ofMinutes(1), nanos::get, millis -> {
                pauses.add(millis);
                nanos.addAndGet(millis * 1_000_000);
            });

    private AcervoClient client(ServerAddress address) {
        return new AcervoClient(address, null, folder, policy);
    }

    @Test
    void aServerThatWasNeverThereIsToldAtOnce() throws IOException {
        ServerAddress gone;
        try (FakeServer server = new FakeServer()) {
            gone = server.address();
        }
        try (AcervoClient client = client(gone)) {
            UnreachableException e = assertThrows(UnreachableException.class, () -> client.hello("x", "en"));
            assertFalse(e.wasConnected());
        }
        assertEquals(List.of(), pauses);
    }

    @Test
    void aServerThatGoesAwayIsWaitedForUntilPatienceEnds() throws IOException {
        FakeServer server = new FakeServer();
        try (AcervoClient client = client(server.address())) {
            client.hello("x", "en");
            server.close();
            UnreachableException e = assertThrows(UnreachableException.class, () -> client.hello("x", "en"));
            assertTrue(e.wasConnected());
        }
        assertTrue(pauses.size() > 10, pauses.toString());
        assertTrue(nanos.get() <= Duration.ofSeconds(30).toNanos());
        assertTrue(pauses.stream().allMatch(p -> p <= 2_000), pauses.toString());
        assertTrue(pauses.getFirst() < 100, "the first wait is short");
    }

    @Test
    void aServerThatComesBackIsFoundAgain() throws IOException {
        FakeServer server = new FakeServer();
        List<FakeServer> second = new ArrayList<>();
        int port = server.address().port();
        RetryPolicy restarting = new RetryPolicy(Duration.ofSeconds(30), Duration.ofMinutes(1), nanos::get, millis -> {
            if (second.isEmpty()) {
                second.add(new FakeServerAt(port).get());
            }
        });
        try (AcervoClient client = new AcervoClient(server.address(), null, folder, restarting)) {
            client.hello("x", "en");
            server.close();
            assertEquals("Hello, y!", client.hello("y", "en").getGreeting());
        } finally {
            for (FakeServer s : second) {
                s.close();
            }
        }
    }

    private record FakeServerAt(int port) {
        FakeServer get() {
            try {
                return new FakeServer(port);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @Test
    void aBusyServerIsAskedAgainWhenItSaid() throws IOException {
        try (FakeServer server = new FakeServer();
                AcervoClient client = client(server.address())) {
            server.busy.set(3);
            assertEquals("Olá, x!", client.hello("x", "pt").getGreeting());
            assertEquals(3, pauses.size());
            assertTrue(pauses.stream().allMatch(p -> p >= 1_000), pauses.toString());
            server.busy.set(1_000);
            assertThrows(RefusedException.class, () -> client.hello("x", "pt"));
        }
    }

    @Test
    void aConnectionThatTheServerClosedMeanwhileCostsNothing() throws IOException {
        try (FakeServer server = new FakeServer();
                AcervoClient client = client(server.address())) {
            client.hello("x", "en");
            server.dropConnections();
            client.hello("x", "en");
            assertEquals(List.of(), pauses);
        }
    }

    @Test
    void answersInChunksAreRead() throws IOException {
        try (FakeServer server = new FakeServer();
                AcervoClient client = client(server.address())) {
            server.chunked = true;
            String name = "x".repeat(5_000);
            assertEquals("Hello, " + name + "!", client.hello(name, "en").getGreeting());
            assertEquals("Hello, y!", client.hello("y", "en").getGreeting(), "and the connection goes on");
        }
    }
}
