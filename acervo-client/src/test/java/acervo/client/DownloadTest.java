package acervo.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.Reason;
import acervo.model.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DownloadTest {
    private static final int SIZE = (5 << 20) + 321;

    @TempDir
    Path folder;

    private final Credentials who = Credentials.random();
    private FakeServer server;
    private AcervoClient client;
    private Path to;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        client = Fixtures.client(server, who, folder);
        client.register(who);
        to = Files.createDirectory(folder.resolve("to")).resolve("big");
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private Recovered get(boolean force) {
        return client.get(Fixtures.home("big"), to, force, Progress.NONE);
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(to.getParent())) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private void getAndDie() {
        RetryPolicy none = new RetryPolicy(Duration.ZERO, Duration.ofMinutes(1), System::nanoTime, millis -> {});
        try (AcervoClient mortal = new AcervoClient(server.address(), who, folder, none)) {
            assertThrows(UnreachableException.class, () -> mortal.get(Fixtures.home("big"), to, false, Progress.NONE));
        }
    }

    @Test
    void filesOfEverySizeComeBack() throws IOException {
        for (int size : new int[] {0, 1, 4096, 1 << 20, (1 << 20) + 1, SIZE}) {
            byte[] content = Fixtures.bytes(size, size);
            server.store("home/big", content);
            get(true);
            assertArrayEquals(content, Files.readAllBytes(to), size + " bytes");
        }
        assertEquals(List.of("big"), names());
    }

    @Test
    void aCutTransferGoesOn() throws IOException {
        Random random = new Random(Fixtures.seed());
        for (int i = 0; i < 5; i++) {
            byte[] content = Fixtures.bytes(SIZE, random.nextLong());
            server.store("home/big", content);
            server.cutAnswerAfter.set(random.nextInt(SIZE));
            get(true);
            assertArrayEquals(content, Files.readAllBytes(to));
            assertEquals(List.of("big"), names());
        }
    }

    @Test
    void aKilledClientGoesOnInTheNextProcess() throws IOException {
        byte[] content = Fixtures.bytes(SIZE, 1);
        server.store("home/big", content);
        server.cutAnswerAfter.set(3 << 20);
        getAndDie();
        assertFalse(Files.exists(to), "nothing has the name before it is whole");
        assertEquals(2, names().size(), "a part and its version");
        // Were the beginning asked for again, it would be cut here.
        server.cutAnswerAfter.set(3 << 20);
        get(false);
        assertArrayEquals(content, Files.readAllBytes(to));
        assertEquals(3 << 20, server.cutAnswerAfter.get(), "only the rest was asked for");
        assertEquals(List.of("big"), names());
    }

    @Test
    void aNewVersionMeanwhileStartsOver() throws IOException {
        server.store("home/big", Fixtures.bytes(SIZE, 1));
        server.cutAnswerAfter.set(3 << 20);
        getAndDie();
        byte[] newer = Fixtures.bytes(SIZE, 2);
        server.store("home/big", newer);
        get(false);
        assertArrayEquals(newer, Files.readAllBytes(to));
    }

    @Test
    void aPartThatWasTamperedWithIsNotTakenForGood() throws IOException {
        server.store("home/big", Fixtures.bytes(SIZE, 1));
        server.cutAnswerAfter.set(3 << 20);
        getAndDie();
        Path part = to.resolveSibling(
                names().stream().filter(n -> n.endsWith(".part")).findFirst().orElseThrow());
        byte[] bytes = Files.readAllBytes(part);
        bytes[17] ^= 1;
        Files.write(part, bytes);
        LocalTroubleException e = assertThrows(LocalTroubleException.class, () -> get(false));
        assertEquals(LocalTrouble.Kind.DAMAGED, e.trouble().kind());
        assertEquals(List.of(), names());
    }

    @Test
    void whatArrivesDamagedNeverGetsItsName() throws IOException {
        server.corrupt = true;
        for (int size : new int[] {100, SIZE}) {
            server.store("home/big", Fixtures.bytes(size, 1));
            LocalTroubleException e = assertThrows(LocalTroubleException.class, () -> get(false));
            assertEquals(LocalTrouble.Kind.DAMAGED, e.trouble().kind());
            assertEquals(List.of(), names());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThrows(LocalTroubleException.class, () -> client.get(Fixtures.home("big"), out, Progress.NONE));
    }

    @Test
    void aDifferentLocalFileIsOnlyReplacedByForce() throws IOException {
        byte[] content = Fixtures.bytes(1000, 1);
        server.store("home/big", content);
        Files.writeString(to, "mine");
        LocalTroubleException e = assertThrows(LocalTroubleException.class, () -> get(false));
        assertEquals(LocalTrouble.Kind.EXISTS, e.trouble().kind());
        assertEquals("mine", Files.readString(to));
        get(true);
        assertArrayEquals(content, Files.readAllBytes(to));
        assertTrue(get(false).alreadyThere(), "an equal one is left as it is");
    }

    @Test
    void modeAndTimeComeBack() throws IOException {
        server.files.put(
                "home/big",
                new FakeServer.Stored(new byte[10], 5, 1_234_567_890_000L, true, "", acervo.wire.v1.Kind.FILE));
        get(false);
        assertTrue(Files.isExecutable(to));
        assertEquals(1_234_567_890_000L, Files.getLastModifiedTime(to).toMillis());
    }

    @Test
    void aStreamGoesOnAfterACut() {
        byte[] content = Fixtures.bytes(SIZE, 1);
        server.store("home/big", content);
        server.cutAnswerAfter.set(2 << 20);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        client.get(Fixtures.home("big"), out, Progress.NONE);
        assertArrayEquals(content, out.toByteArray());
    }

    @Test
    void whatIsNotThereIsRefused() {
        RefusedException e = assertThrows(RefusedException.class, () -> get(false));
        assertEquals(Reason.NO_SUCH_FILE, e.refusal().reason());
    }
}
