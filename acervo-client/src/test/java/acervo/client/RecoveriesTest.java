package acervo.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import acervo.wire.v1.File;
import acervo.wire.v1.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecoveriesTest {
    private static final int MANY = 600;

    @TempDir
    Path folder;

    private final Credentials who = Credentials.random();
    private final List<Recovered> recovered = new ArrayList<>();
    private final List<Refusal> refused = new ArrayList<>();
    private final List<LocalTrouble> failed = new ArrayList<>();
    private FakeServer server;
    private AcervoClient client;
    private Path to;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        client = Fixtures.client(server, who, folder);
        client.register(who);
        to = Files.createDirectory(folder.resolve("to"));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private static byte[] content(int i) {
        return Fixtures.bytes(i % 5 == 0 ? i : 1000, i);
    }

    private static File listed(byte[] content) {
        return File.newBuilder()
                .setSize(content.length)
                .setVersion(1)
                .setSha256(BlobId.of(HashLane.sha256().digest(content)).toString())
                .build();
    }

    private Recoveries.Task task(int i) {
        RemoteFacts facts = RemoteFacts.of(listed(content(i)));
        return new Recoveries.Task(Fixtures.home("f" + i), facts.size(), facts, to.resolve("f" + i));
    }

    private void store(int count) {
        for (int i = 0; i < count; i++) {
            server.store("home/f" + i, content(i));
        }
    }

    /// Whether the listing tells the hashes.
    private boolean hashed = true;

    private void recover(int count, boolean force) {
        Recoveries.Listener listener = new Recoveries.Listener() {
            @Override
            public void recovered(Recovered done) {
                recovered.add(done);
            }

            @Override
            public void refused(RemoteFile file, Refusal refusal) {
                refused.add(refusal);
            }

            @Override
            public void failed(LocalTrouble trouble) {
                failed.add(trouble);
            }
        };
        try (Recoveries all = client.recoveries(force, listener, Progress.NONE)) {
            for (int i = 0; i < count; i++) {
                File told = hashed
                        ? listed(content(i))
                        : File.newBuilder(listed(content(i))).clearSha256().build();
                all.add(Fixtures.home("f" + i), told, to.resolve("f" + i));
            }
            all.finish();
        }
    }

    private List<String> leftovers() throws IOException {
        try (var files = Files.list(to)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> name.startsWith("."))
                    .toList();
        }
    }

    @Test
    void manySmallFilesComeBackWhole() throws IOException {
        store(MANY);
        recover(MANY, false);
        assertEquals(MANY, recovered.size());
        for (int i = 0; i < MANY; i++) {
            assertArrayEquals(content(i), Files.readAllBytes(to.resolve("f" + i)), "f" + i);
        }
        assertEquals(List.of(), leftovers());
        recovered.clear();
        recover(MANY, false);
        assertTrue(recovered.stream().allMatch(Recovered::alreadyThere), "what is there is not fetched again");
    }

    @Test
    void filesOfWhichTheListingTellsNoHashComeBackToo() throws IOException {
        store(50);
        server.store("home/f7", Fixtures.bytes(3 << 20, 7));
        hashed = false;
        recover(50, false);
        assertEquals(List.of(), refused);
        assertEquals(50, recovered.size());
        recovered.clear();
        Files.writeString(to.resolve("f1"), "mine");
        recover(50, false);
        assertEquals(49, recovered.stream().filter(Recovered::alreadyThere).count());
        assertEquals(1, failed.size(), "another one is there");
        assertEquals("mine", Files.readString(to.resolve("f1")));
    }

    @Test
    void aConnectionThatBreaksInBetweenLosesNothing() throws IOException {
        store(MANY);
        server.cutAnswerAfter.set(100_000);
        recover(MANY, false);
        assertEquals(MANY, recovered.size());
        for (int i = 0; i < MANY; i++) {
            assertArrayEquals(content(i), Files.readAllBytes(to.resolve("f" + i)), "f" + i);
        }
    }

    @Test
    void oneThatIsGoneLetsTheOthersCome() throws IOException {
        store(50);
        server.files.remove("home/f20");
        recover(50, false);
        assertEquals(49, recovered.size());
        assertEquals(1, refused.size());
        assertFalse(Files.exists(to.resolve("f20")));
        assertEquals(List.of(), leftovers());
    }

    @Test
    void aDifferentLocalFileIsOnlyReplacedByForce() throws IOException {
        store(20);
        Files.writeString(to.resolve("f7"), "mine");
        recover(20, false);
        assertEquals(
                List.of(LocalTrouble.Kind.EXISTS),
                failed.stream().map(LocalTrouble::kind).toList());
        assertEquals("mine", Files.readString(to.resolve("f7")));
        recover(20, true);
        assertArrayEquals(content(7), Files.readAllBytes(to.resolve("f7")));
    }

    @Test
    void whatArrivesDamagedNeverGetsItsName() throws IOException {
        store(30);
        server.corrupt = true;
        recover(30, false);
        assertEquals(29, failed.size(), "all but the empty one");
        assertFalse(Files.exists(to.resolve("f1")));
        assertEquals(List.of(), leftovers());
    }

    @Test
    void aPartThatADeadProcessLeftIsTakenUp() throws IOException {
        store(20);
        Path torn;
        try (PartFile _ = PartFile.fresh(to.resolve("f3")).orElseThrow()) {
            torn = to.resolve(leftovers().getFirst());
        }
        Files.writeString(torn, "half of");
        recover(20, false);
        assertEquals(20, recovered.size());
        assertArrayEquals(content(3), Files.readAllBytes(to.resolve("f3")));
        assertEquals(List.of(), leftovers());
    }

    @Test
    void modeAndTimeComeBack() throws IOException {
        byte[] content = content(0);
        server.files.put("home/f0", new FakeServer.Stored(content, 5, 1_234_567_890_000L, true, "", Kind.FILE));
        recover(1, false);
        assertTrue(Files.isExecutable(to.resolve("f0")));
        assertEquals(
                1_234_567_890_000L, Files.getLastModifiedTime(to.resolve("f0")).toMillis());
    }

    /// A crash between writing and naming: the force of every third file never succeeds.
    @Test
    void noNameIsGivenBeforeTheBytesAreForced() throws IOException {
        store(30);
        List<Recoveries.Task> tasks = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            tasks.add(task(i));
        }
        int[] begun = {0};
        Handful.Forcing forcing = part -> {
            int i = begun[0]++;
            assertFalse(Files.exists(to.resolve("f" + i)), "named before it was forced");
            return i % 3 == 0
                    ? CompletableFuture.failedFuture(new IOException("no power"))
                    : CompletableFuture.completedFuture(null);
        };
        try (Transport transport = new Transport(server.address(), who, Fixtures.impatient())) {
            new Handful(transport, false, forcing, new Fates()).run(tasks);
        }
        assertEquals(10, failed.size());
        for (int i = 0; i < 30; i++) {
            assertEquals(i % 3 != 0, Files.exists(to.resolve("f" + i)), "f" + i);
        }
        assertEquals(List.of(), leftovers());
    }

    @Test
    void whatAppearedMeanwhileIsKept() throws IOException {
        store(3);
        List<Recoveries.Task> tasks = List.of(task(1));
        Handful.Forcing forcing = part -> {
            try {
                Files.writeString(to.resolve("f1"), "mine");
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
            return CompletableFuture.completedFuture(null);
        };
        try (Transport transport = new Transport(server.address(), who, Fixtures.impatient())) {
            new Handful(transport, false, forcing, new Fates()).run(tasks);
        }
        assertEquals("mine", Files.readString(to.resolve("f1")));
        assertEquals(1, failed.size());
        assertEquals(List.of(), leftovers());
    }

    private final class Fates implements Handful.Fates {
        @Override
        public void recovered(Recoveries.Task task, RemoteFacts facts, boolean alreadyThere) {}

        @Override
        public void failed(LocalTroubleException trouble) {
            failed.add(trouble.trouble());
        }

        @Override
        public void refused(Recoveries.Task task, RefusedException refusal) {
            refused.add(refusal.refusal());
        }
    }
}
