package acervo.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.FilePath;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import acervo.model.SpaceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DepositsTest {
    @TempDir
    Path folder;

    private FakeServer server;
    private AcervoClient client;
    private final List<Deposited> done = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final List<LocalTrouble.Kind> failed = new ArrayList<>();

    private final Deposits.Listener listener = new Deposits.Listener() {
        @Override
        public void deposited(LocalFile file, Deposited one) {
            done.add(one);
        }

        @Override
        public void refused(LocalFile file, RemoteFile to, Refusal refusal) {
            refused.add(to + " " + refusal.reason());
        }

        @Override
        public void failed(LocalTrouble trouble) {
            failed.add(trouble.kind());
        }
    };

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        client = Fixtures.client(server, folder);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private Map<String, byte[]> random(int count) throws IOException {
        Random random = new Random(Fixtures.seed());
        Map<String, byte[]> contents = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int size = switch (random.nextInt(100)) {
                case 0 -> 0;
                case 1 -> random.nextInt(3 << 20);
                default -> random.nextInt(5000);
            };
            String name = "f" + i + (i % 3 == 0 ? " é😀" : "");
            contents.put(name, Fixtures.bytes(size, random.nextLong()));
            Files.write(folder.resolve(name), contents.get(name));
        }
        return contents;
    }

    private void depositAll(Iterable<String> names) throws IOException {
        try (Deposits all = client.deposits(SpaceName.HOME, 0, listener, Progress.NONE)) {
            for (String name : names) {
                all.add(LocalFile.look(folder.resolve(name), true), new FilePath("to/" + name));
            }
            all.finish();
        }
    }

    @Test
    void manyFilesOfAllSizesArriveAsTheyAre() throws IOException {
        Map<String, byte[]> contents = random(2_500);
        depositAll(contents.keySet());
        assertEquals(contents.size(), done.size());
        contents.forEach((name, content) ->
                assertArrayEquals(content, server.files.get("home/to/" + name).content(), name));
        long batches =
                server.requests.stream().filter(r -> r.contains("/v1/batch/")).count();
        assertTrue(batches >= 3 && batches < 20, batches + " batches");
    }

    @Test
    void modeAndTimeTravelWithTheContent() throws IOException {
        Path file = Files.write(folder.resolve("run"), new byte[10]);
        assertTrue(file.toFile().setExecutable(true));
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1_234_567_890_123L));
        depositAll(List.of("run"));
        assertTrue(server.files.get("home/to/run").executable());
        assertEquals(1_234_567_890_123L, server.files.get("home/to/run").modified());
    }

    @Test
    void aBatchWhoseAnswerIsLostTakesEffectOnce() throws IOException {
        Map<String, byte[]> contents = random(50);
        server.loseAnswers.set(1);
        depositAll(contents.keySet());
        assertEquals(contents.size(), done.size());
        assertEquals(contents.size(), server.effects.size(), "every effect under the id of its first attempt");
        server.effects.values().forEach(n -> assertEquals(1, n.get()));
    }

    @Test
    void aBatchThatIsCutIsSentAgain() throws IOException {
        Map<String, byte[]> contents = random(50);
        server.cutBodyAfter.set(10_000);
        depositAll(contents.keySet());
        assertEquals(contents.size(), done.size());
    }

    @Test
    void aRefusedFileLeavesTheOthersAlone() throws IOException {
        for (String name : List.of("a", "refuse", "z")) {
            Files.write(folder.resolve(name), new byte[10]);
        }
        depositAll(List.of("a", "refuse", "z"));
        assertEquals(2, done.size());
        assertEquals(List.of("home:to/refuse PATH_IN_THE_WAY"), refused);
    }

    @Test
    void aFileThatChangedSinceItWasSeenIsNotDeposited() throws IOException {
        Path file = Files.write(folder.resolve("a"), new byte[10]);
        LocalFile before = LocalFile.look(file, true);
        Files.write(file, new byte[11]);
        try (Deposits all = client.deposits(SpaceName.HOME, 0, listener, Progress.NONE)) {
            all.add(before, new FilePath("a"));
            all.finish();
        }
        assertEquals(List.of(LocalTrouble.Kind.CHANGED), failed);
        assertTrue(server.files.isEmpty());
    }

    @Test
    void whatConcernsAllStopsAll() throws IOException {
        Map<String, byte[]> contents = random(3_000);
        server.refuse = new Refusal(Reason.NO_ROOM, "1", "2");
        RefusedException e = assertThrows(RefusedException.class, () -> depositAll(contents.keySet()));
        assertEquals(Reason.NO_ROOM, e.refusal().reason());
    }
}
