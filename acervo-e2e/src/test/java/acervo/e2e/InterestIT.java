package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.e2e.Program.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Waiting for files, as a person in one terminal does while somebody deposits in another.
final class InterestIT {
    private static final String NOTHING = "Nothing new.\n";

    @TempDir
    private Path folder;

    private Server server;
    private Person ana;

    @BeforeEach
    void start() {
        server = Server.start(folder.resolve("data"));
        ana = new Person(folder.resolve("ana"), server.address());
        ana.does("login").ok();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void until(BooleanSupplier done, String what) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!done.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "never came: " + what);
        }
    }

    private static void untilWaiting(Person person, String what) {
        until(() -> person.does("wants").ok().out().contains(what), "the interest in " + what);
    }

    private static int end(Process process) throws InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still waiting after two minutes");
        }
        return process.exitValue();
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static void write(Person person, String name, byte[] content) throws IOException {
        Files.write(person.file(name), content);
    }

    /// The same client on another machine.
    private Person another(String name) {
        Person other = new Person(folder.resolve(name), server.address());
        Path secret = folder.resolve(name + ".secret");
        Run who = ana.does("whoami", "--secret", secret.toString()).ok();
        assertFalse(who.out().isEmpty());
        String id = ana.does("whoami").ok().out().split(" ", 2)[0];
        other.does("login", "--id", id, "--secret-file", secret.toString()).ok();
        return other;
    }

    @Test
    void oneWaitsInOneTerminalWhileAnotherDeposits() throws Exception {
        byte[] content = random(3_000_000, 1);
        Person desk = another("desk");
        Process waiting = ana.starts("want", "relatorio.pdf", "--for", "60s", "--wait", "--get", ".");
        untilWaiting(ana, "home:relatorio.pdf");
        write(desk, "relatorio.pdf", content);
        desk.does("put", "relatorio.pdf").ok();
        assertEquals(0, end(waiting), ana::background);
        assertEquals(Bytes.sha256(content), Bytes.sha256(Files.readAllBytes(ana.file("relatorio.pdf"))));
        assertTrue(ana.background().startsWith("home:relatorio.pdf -> "), ana::background);
        assertEquals("You wait for nothing.\n", ana.does("wants").ok().out());
        assertEquals(NOTHING, ana.does("notices").ok().out());
        // What is there already is told at once.
        Run there = ana.does("want", "relatorio.pdf", "--wait", "--for", "1s").ok();
        assertTrue(there.out().startsWith("home:relatorio.pdf  2.9 MiB  is there since "), there.out());
        assertTrue(ana.does("want", "relatorio.pdf", "--lang", "pt").ok().out().contains("já está lá"));
    }

    @Test
    void theWaitThatRanOutEndsWithSixAndLeavesNothing() throws IOException {
        Run run = ana.does("want", "never.txt", "--wait", "--for", "1s").ended(6);
        assertEquals("", run.out());
        assertTrue(run.err().contains("home:never.txt did not come within 1s"), run.err());
        assertEquals("You wait for nothing.\n", ana.does("wants").ok().out());
        write(ana, "never.txt", new byte[10]);
        ana.does("put", "never.txt").ok();
        assertEquals(NOTHING, ana.does("notices").ok().out());
        ana.does("want", "x", "--for", "soon").ended(2);
        ana.does("want", "a[b").ended(4);
        ana.does("unwant", "7").ended(4);
    }

    @Test
    void aWaitSurvivesAServerThatIsKilled() throws Exception {
        Process waiting = ana.starts("want", "in/**/*.txt", "--for", "100s", "--get", "got");
        untilWaiting(ana, "home:in/**/*.txt");
        server.kill();
        server.restart();
        write(ana, "a.txt", "one".getBytes(StandardCharsets.UTF_8));
        ana.does("put", "a.txt", "home:in/deep/a.txt").ok();
        assertEquals(0, end(waiting), ana::background);
        assertEquals("one", Files.readString(ana.file("got/deep/a.txt")));
        assertEquals(NOTHING, ana.does("notices").ok().out());
    }

    @Test
    void noticesSurviveRestartsOnBothSidesAndAreToldOnce() throws Exception {
        assertTrue(ana.does("want", "*.txt", "--keep").ok().out().startsWith("Interest 1: "));
        assertTrue(ana.does("want", "b.txt", "--for", "1h").ok().out().startsWith("Interest 2: "));
        write(ana, "a.txt", new byte[1]);
        write(ana, "b.txt", new byte[2]);
        ana.does("put", "a.txt").ok();
        server.kill();
        server.restart();
        ana.does("put", "b.txt").ok();
        server.kill();
        server.restart();
        String told = ana.does("notices").ok().out();
        assertEquals(3, told.lines().count(), told);
        assertEquals(2, told.lines().filter(line -> line.contains("home:b.txt")).count(), told);
        assertEquals(NOTHING, ana.does("notices").ok().out());
        assertEquals(1, ana.does("wants").ok().out().lines().count());
        ana.does("unwant", "*.txt").ok();
        write(ana, "c.txt", new byte[3]);
        ana.does("put", "c.txt").ok();
        assertEquals(NOTHING, ana.does("notices").ok().out());
    }

    @Test
    void aServerKilledWhileTheFileArrivesTellsOfItOnce() throws Exception {
        Random random = new Random(Bytes.seed());
        Person desk = another("desk");
        desk.with("ACERVO_RETRY_SECONDS", "60");
        for (int i = 0; i < 6; i++) {
            String name = "file-" + i;
            write(desk, name, random(1 + random.nextInt(2_000_000), i));
            Process waiting = ana.starts("want", name, "--for", "100s", "--wait");
            untilWaiting(ana, "home:" + name);
            CompletableFuture<Run> put = CompletableFuture.supplyAsync(() -> desk.does("put", name));
            // The moment within the deposit is the fault that is tested, not a wait for something.
            var _ = put.copy()
                    .completeOnTimeout(new Run(0, "", ""), random.nextInt(400), TimeUnit.MILLISECONDS)
                    .get();
            server.kill();
            server.restart();
            if (put.get().exit() != 0) {
                // It found no server at all, and says so at once.
                put.get().ended(5);
                desk.does("put", name).ok();
            }
            assertEquals(0, end(waiting), ana::background);
            long lines = ana.background()
                    .lines()
                    .filter(line -> line.startsWith("home:"))
                    .count();
            assertEquals(1, lines, ana::background);
            assertEquals(NOTHING, ana.does("notices").ok().out());
        }
    }

    @Test
    void aCommandFindsTheNameInItsEnvironmentAndNoShellReadsIt() throws Exception {
        String name = "$(touch pwned) '`touch pwned`' \"; touch pwned; x";
        Process waiting = ana.starts(
                "want",
                "public:*",
                "--for",
                "100s",
                "--get",
                "got",
                "--run",
                "printf '%s\\n' \"$ACERVO_ADDRESS\" \"$ACERVO_FILE\" \"$ACERVO_SIZE\" > told; exit 3");
        untilWaiting(ana, "public:*");
        write(ana, "plain", new byte[7]);
        ana.does("put", "plain", "public:" + name).ok();
        assertEquals(1, end(waiting), ana::background);
        assertTrue(ana.background().contains("ended with 3"), ana::background);
        List<String> told = Files.readAllLines(ana.file("told"));
        assertEquals("public:" + name, told.getFirst());
        assertEquals(ana.file("got").resolve(name).toRealPath().toString(), told.get(1));
        assertEquals("7", told.get(2));
        assertFalse(Files.exists(ana.file("pwned")));
        // What the command did not do well is told again.
        assertTrue(ana.does("notices").ok().out().contains("public:"));
    }

    @Test
    void everyMachineThatFollowsIsToldAndStrangersAreNot() throws Exception {
        Person desk = another("desk");
        Person rui = new Person(folder.resolve("rui"), server.address());
        rui.does("login").ok();
        rui.does("want", "**", "--keep").ok();
        rui.does("space", "create", "team").ok();
        ana.does("want", "team:x").ended(4);
        ana.does("want", "**", "--keep").ok();
        Process one = ana.startsInto("one.log", "notices", "--follow", "--json");
        Process two = desk.startsInto("two.log", "notices", "--follow");
        try {
            write(rui, "estranho", new byte[1]);
            rui.does("put", "estranho").ok();
            write(ana, "mine", new byte[1]);
            // Both are connected when both have told of something.
            int[] n = {0};
            until(
                    () -> {
                        ana.does("put", "mine", "home:f" + n[0]++).ok();
                        return ana.printed("one.log").contains("\"path\":\"f")
                                && desk.printed("two.log").contains("home:f");
                    },
                    "a notice on both machines");
            server.kill();
            server.restart();
            until(
                    () -> {
                        ana.does("put", "mine", "home:again" + n[0]++).ok();
                        return ana.printed("one.log").contains("\"path\":\"again")
                                && desk.printed("two.log").contains("home:again");
                    },
                    "a notice on both machines after the server was killed");
            assertFalse((ana.printed("one.log") + desk.printed("two.log")).contains("estranho"));
        } finally {
            for (Process process : List.of(one, two)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        }
        String told = rui.does("notices").ok().out();
        assertTrue(told.contains("home:estranho") && told.lines().count() == 1, told);
    }
}
