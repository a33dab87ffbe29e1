package acervo.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UploadTest {
    private static final int SIZE = (11 << 20) + 12_345;

    @TempDir
    Path folder;

    private final Credentials who = Credentials.random();
    private FakeServer server;
    private AcervoClient client;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        client = Fixtures.client(server, who, folder);
        client.register(who);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private Deposited put(LocalFile file) {
        return client.put(file, new DepositTarget(Fixtures.home("big"), 0), Progress.NONE);
    }

    private long leftInJournal() throws IOException {
        Path uploads = folder.resolve("uploads");
        if (!Files.exists(uploads)) {
            return 0;
        }
        try (var files = Files.list(uploads)) {
            return files.count();
        }
    }

    /// What a client that is killed leaves: the connection breaks, and there is no patience left.
    private void putAndDie(LocalFile file) {
        Credentials same = who;
        RetryPolicy none = new RetryPolicy(
                java.time.Duration.ZERO, java.time.Duration.ofMinutes(1), System::nanoTime, millis -> {});
        try (AcervoClient mortal = new AcervoClient(server.address(), same, folder.resolve("uploads"), none)) {
            assertThrows(
                    UnreachableException.class,
                    () -> mortal.put(file, new DepositTarget(Fixtures.home("big"), 0), Progress.NONE));
        }
    }

    @Test
    void aCutTransferGoesOnWhereTheServerStopped() throws IOException {
        Random random = new Random(Fixtures.seed());
        for (int i = 0; i < 5; i++) {
            byte[] content = Fixtures.bytes(SIZE, random.nextLong());
            LocalFile file = Fixtures.write(folder.resolve("big"), content);
            AtomicLong sent = new AtomicLong();
            server.cutBodyAfter.set(random.nextInt(SIZE));
            server.loseTail = random.nextBoolean() ? 0 : random.nextInt(3 << 20);
            Deposited done = client.put(file, new DepositTarget(Fixtures.home("big"), 0), new Progress() {
                @Override
                public void moved(long bytes) {
                    sent.addAndGet(bytes);
                }

                @Override
                public void found(long files, long bytes) {}

                @Override
                public void done(long files) {}
            });
            assertEquals(FakeServer.sha(content), done.sha256());
            assertArrayEquals(content, server.files.get("home/big").content());
            assertEquals(SIZE, sent.get(), "progress counts every byte once");
            assertEquals(0, leftInJournal());
        }
    }

    @Test
    void aKilledClientGoesOnInTheNextProcess() throws IOException {
        byte[] content = Fixtures.bytes(SIZE, 1);
        LocalFile file = Fixtures.write(folder.resolve("big"), content);
        server.cutBodyAfter.set(5 << 20);
        putAndDie(file);
        assertEquals(1, server.uploads.size());
        long had = server.uploads.values().iterator().next().offset();
        assertTrue(had >= 5 << 20, "the server kept " + had);
        server.requests.clear();
        Deposited done = put(LocalFile.look(folder.resolve("big"), true));
        assertEquals(FakeServer.sha(content), done.sha256());
        assertTrue(server.requests.getFirst().startsWith("HEAD /v1/uploads/"), server.requests.toString());
        assertFalse(server.requests.stream().anyMatch(r -> r.startsWith("POST")), "no second upload");
        assertEquals(0, leftInJournal());
    }

    @Test
    void aFileThatChangedMeanwhileIsSentAnewAndTheOldUploadCancelled() throws IOException {
        LocalFile file = Fixtures.write(folder.resolve("big"), Fixtures.bytes(SIZE, 1));
        server.cutBodyAfter.set(5 << 20);
        putAndDie(file);
        String old = server.uploads.keySet().iterator().next();
        byte[] changed = Fixtures.bytes(SIZE + 1, 2);
        put(Fixtures.write(folder.resolve("big"), changed));
        assertArrayEquals(changed, server.files.get("home/big").content());
        assertFalse(server.uploads.containsKey(old));
    }

    @Test
    void anUploadThatTheServerForgotStartsOver() throws IOException {
        byte[] content = Fixtures.bytes(SIZE, 3);
        LocalFile file = Fixtures.write(folder.resolve("big"), content);
        server.cutBodyAfter.set(5 << 20);
        putAndDie(file);
        server.uploads.clear();
        put(file);
        assertArrayEquals(content, server.files.get("home/big").content());
    }

    @Test
    void aFileThatIsWrittenWhileItIsReadIsNotCommitted() throws IOException {
        Path path = folder.resolve("big");
        LocalFile file = Fixtures.write(path, Fixtures.bytes(SIZE, 4));
        Progress meddler = new Progress() {
            @Override
            public void moved(long bytes) {
                try {
                    Files.write(path, new byte[1], java.nio.file.StandardOpenOption.APPEND);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }

            @Override
            public void found(long files, long bytes) {}

            @Override
            public void done(long files) {}
        };
        LocalTroubleException e = assertThrows(
                LocalTroubleException.class,
                () -> client.put(file, new DepositTarget(Fixtures.home("big"), 0), meddler));
        assertEquals(LocalTrouble.Kind.CHANGED, e.trouble().kind());
        assertTrue(server.files.isEmpty());
        assertTrue(server.uploads.isEmpty(), "cancelled");
        assertEquals(0, leftInJournal());
    }

    @Test
    void aCommitWhoseAnswerIsLostTakesEffectOnce() {
        LocalFile file = Fixtures.write(folder.resolve("big"), Fixtures.bytes(SIZE, 5));
        server.loseAnswers.set(1);
        put(file);
        assertEquals(1, server.effects.values().iterator().next().get());
        LocalFile small = Fixtures.write(folder.resolve("small"), new byte[10]);
        server.loseAnswers.set(1);
        server.effects.clear();
        client.put(small, new DepositTarget(Fixtures.home("small"), 0), Progress.NONE);
        assertEquals(1, server.effects.values().iterator().next().get());
    }

    @Test
    void aRefusalIsHeardBeforeAllIsSent() {
        LocalFile file = Fixtures.write(folder.resolve("big"), Fixtures.bytes(SIZE, 6));
        server.refuse = new Refusal(Reason.NO_ROOM, "1", "2");
        RefusedException e = assertThrows(RefusedException.class, () -> put(file));
        assertEquals(Reason.NO_ROOM, e.refusal().reason());
        assertFalse(server.requests.stream().anyMatch(r -> r.startsWith("PATCH")));
    }

    @Test
    void aStreamGoesOnWhereItWasCut() throws IOException {
        byte[] content = Fixtures.bytes(SIZE, 7);
        server.cutBodyAfter.set(6 << 20);
        InputStream in = new ByteArrayInputStream(content);
        Deposited done = client.put(in, new DepositTarget(Fixtures.home("stream"), 0), Progress.NONE);
        assertEquals(SIZE, done.size());
        assertArrayEquals(content, server.files.get("home/stream").content());
    }

    @Test
    void streamsOfEveryLengthArrive() throws IOException {
        for (int size : new int[] {0, 1, (4 << 20) - 1, 4 << 20, (4 << 20) + 1, 8 << 20}) {
            byte[] content = Fixtures.bytes(size, size);
            client.put(new ByteArrayInputStream(content), new DepositTarget(Fixtures.home("s"), 0), Progress.NONE);
            assertArrayEquals(content, server.files.get("home/s").content(), size + " bytes");
        }
    }
}
