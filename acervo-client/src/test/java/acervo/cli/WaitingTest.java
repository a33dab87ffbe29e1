package acervo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.client.FakeServer;
import acervo.client.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WaitingTest {
    @TempDir
    Path folder;

    private FakeServer server;
    private Path work;
    private final Map<String, String> env = new HashMap<>();

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        work = Files.createDirectory(folder.resolve("work"));
        env.put("HOME", folder.resolve("home").toString());
        env.put("ACERVO_SERVER", server.address().toString());
        env.put("LANG", "C");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private record Ended(int code, String out, String err) {}

    private Ended run(String... args) {
        CliTest.Streams streams = CliTest.surroundings(env, new byte[0], work);
        int code = new Cli(streams.io()).run(List.of(args));
        return new Ended(
                code,
                streams.out().toString(StandardCharsets.UTF_8),
                streams.err().toString(StandardCharsets.UTF_8));
    }

    private CompletableFuture<Ended> start(String... args) {
        CompletableFuture<Ended> ended = CompletableFuture.supplyAsync(() -> run(args));
        server.interests.awaitStreams(1);
        return ended;
    }

    private void arrive(String place, String content) {
        server.interests.arrive(place, content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsThereIsToldAtOnceAndWhatIsNotIsWaitedFor() {
        arrive("home/there", "123");
        Ended there = run("want", "there", "--wait");
        assertEquals(0, there.code(), there.err());
        assertTrue(there.out().startsWith("home:there  3 B  is there since "), there.out());
        assertEquals(0, server.interests.waiting());
        Ended registered = run("want", "not yet");
        assertEquals(0, registered.code());
        assertTrue(registered.out().startsWith("Interest 1: waiting for home:not yet until "), registered.out());
        arrive("home/not yet", "1234");
        Ended notices = run("notices");
        assertTrue(notices.out().endsWith("  home:not yet  4 B\n"), notices.out());
        assertEquals(0, server.interests.unread());
        assertEquals("Nothing new.\n", run("notices").out());
    }

    @Test
    void aWaitEndsWhenTheFileComes() throws Exception {
        CompletableFuture<Ended> waiting = start("want", "a", "--for", "1h", "--get", "got");
        arrive("home/b", "no");
        arrive("home/a", "yes");
        Ended ended = waiting.get();
        assertEquals(0, ended.code(), ended.err());
        assertEquals("yes", Files.readString(work.resolve("got/a")));
        assertEquals(0, server.interests.unread());
        assertTrue(ended.out().startsWith("home:a -> "), ended.out());
    }

    @Test
    void aWaitGoesOnWhenTheConnectionBreaks() throws Exception {
        CompletableFuture<Ended> waiting = start("want", "a", "--for", "1h", "--wait");
        server.dropConnections();
        arrive("home/a", "yes");
        Ended ended = waiting.get();
        assertEquals(0, ended.code(), ended.err());
        assertTrue(ended.err().contains("trying again"), ended.err());
        assertTrue(ended.err().contains("again.\n"), ended.err());
    }

    @Test
    void whatAnotherMachineAcknowledgedMeanwhileCameAllTheSame() throws Exception {
        CompletableFuture<Ended> waiting = start("want", "a", "--for", "1h", "--wait");
        synchronized (server.interests) {
            arrive("home/a", "yes");
            server.interests.forgetNotices();
        }
        Ended ended = waiting.get();
        assertEquals(0, ended.code(), ended.err());
        assertTrue(ended.out().startsWith("home:a  3 B"), ended.out());
    }

    @Test
    void aWaitThatIsCancelledElsewhereSaysSo() throws Exception {
        CompletableFuture<Ended> waiting = start("want", "a", "--for", "1h", "--wait");
        assertEquals("cancelled 1  home:a\n", run("unwant", "a").out());
        Ended ended = waiting.get();
        assertEquals(Exit.REFUSED, ended.code());
        assertTrue(ended.err().contains("was cancelled elsewhere"), ended.err());
    }

    @Test
    void theTimeRunsOutWithItsOwnExitCode() {
        Ended ended = run("want", "a", "--for", "1s", "--wait", "--json");
        assertEquals(6, ended.code());
        assertEquals(0, server.interests.waiting());
        assertTrue(ended.out().endsWith("\"files\":[],\"problems\":[],\"ranOut\":true}\n"), ended.out());
        env.put("LANG", "pt_BR");
        Ended pt = run("want", "a", "--for", "1s", "--wait");
        assertTrue(pt.err().contains("home:a não chegou em 1s."), pt.err());
    }

    @Test
    void oneThatIsKeptTakesAllThatComes() throws Exception {
        arrive("home/in/a", "1");
        CompletableFuture<Ended> waiting = start("want", "in/**", "--for", "1h", "--keep", "--get", "got");
        arrive("home/in/b", "2");
        arrive("home/in/deep/c", "3");
        while (server.interests.unread() > 0) {
            Thread.onSpinWait();
        }
        run("unwant", "1");
        Ended ended = waiting.get();
        assertEquals(0, ended.code(), ended.err());
        assertEquals(3, ended.out().lines().count(), ended.out());
        assertEquals("3", Files.readString(work.resolve("got/deep/c")));
    }

    @Test
    void aCommandFindsWhatCameInItsEnvironment() throws Exception {
        String name = "x'; touch pwned; $(touch pwned) `touch pwned` \" #";
        arrive("public/" + name, "content");
        String command = "printf '%s|' \"$ACERVO_ADDRESS\" \"$ACERVO_SPACE\" \"$ACERVO_PATH\" \"$ACERVO_SIZE\""
                + " \"$ACERVO_SERVER\"; cat \"$ACERVO_FILE\"; echo trouble >&2";
        Ended ended = run("want", "public:*", "--get", "got", "--run", command);
        assertEquals(0, ended.code(), ended.err());
        String told = "public:" + name + "|public|" + name + "|7|" + server.address() + "|content";
        assertTrue(ended.out().endsWith(told), ended.out());
        assertTrue(ended.err().contains("trouble\n"), ended.err());
        assertFalse(Files.exists(work.resolve("pwned")));
        Ended json = run("want", "public:*", "--run", "echo out", "--json");
        assertTrue(json.err().contains("out\n"), json.err());
        assertTrue(Fixtures.json(json.out()) instanceof Map, json.out());
    }

    @Test
    void aCommandThatFailsIsToldAndItsNoticeStays() throws Exception {
        CompletableFuture<Ended> waiting = start("want", "a", "--for", "1h", "--run", "exit 3");
        arrive("home/a", "x");
        Ended ended = waiting.get();
        assertEquals(Exit.FAILED, ended.code());
        assertTrue(ended.err().contains("\"exit 3\" ended with 3"), ended.err());
        assertEquals(1, server.interests.unread());
    }

    @Test
    void aDifferentLocalFileIsNotReplacedUnlessItIsSaid() throws Exception {
        Files.writeString(work.resolve("a"), "mine");
        arrive("home/a", "theirs");
        Ended ended = run("want", "a", "--get", ".");
        assertEquals(Exit.REFUSED, ended.code(), ended.err());
        assertEquals("mine", Files.readString(work.resolve("a")));
        assertEquals(0, run("want", "a", "--get", ".", "--force").code());
        assertEquals("theirs", Files.readString(work.resolve("a")));
    }

    @Test
    void interestsAreListedAndCancelled() {
        assertEquals("You wait for nothing.\n", run("wants").out());
        run("want", "a");
        run("want", "public:*.txt", "--keep");
        run("want", "a");
        String list = run("wants").out();
        assertTrue(list.contains("1  home:a  until ") && list.contains("2  public:*.txt  until "), list);
        assertTrue(list.contains("for all that comes"), list);
        Ended json = run("wants", "--json");
        assertTrue(
                json.out().startsWith("{\"interests\":[{\"number\":1,\"space\":\"home\",\"pattern\":\"a\""),
                json.out());
        Ended some = run("unwant", "home:a", "9");
        assertEquals(Exit.PARTLY, some.code());
        assertEquals(2, some.out().lines().count(), some.out());
        assertTrue(some.err().contains("you do not wait for 9"), some.err());
        assertEquals(Exit.REFUSED, run("unwant", "home:a").code());
        assertEquals(0, run("unwant", "public:*.txt", "--json").code());
        assertEquals(0, server.interests.waiting());
    }

    @Test
    void timesAreReadAsPeopleWriteThem() {
        assertEquals(90_000, Span.millis("90s"));
        assertEquals(600_000, Span.millis("10m"));
        assertEquals(7_200_000, Span.millis("2h"));
        assertEquals(7L * 86_400_000, Span.millis("7d"));
        assertEquals(5_000, Span.millis("5"));
        for (String wrong : List.of("", "s", "0s", "1y", "-1s", "1.5h", "367d", "99999999999s", "1 m", "１s")) {
            assertThrows(UsageException.class, () -> Span.millis(wrong), wrong);
        }
        assertEquals(Exit.USAGE, run("want", "a", "--for", "soon").code());
        assertEquals(Exit.REFUSED, run("want", "a[b").code());
        env.put("LANG", "pt");
        assertTrue(run("want", "a[b").err().contains("um '[' não tem o seu ']'"));
    }
}
