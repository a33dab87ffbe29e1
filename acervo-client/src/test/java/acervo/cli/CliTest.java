package acervo.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.client.FakeServer;
import acervo.client.Fixtures;
import acervo.model.Reason;
import acervo.model.Refusal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CliTest {
    @TempDir
    Path folder;

    private FakeServer server;
    private Path work;
    private final Map<String, String> env = new HashMap<>();

    private String out = "";
    private byte[] outBytes = {};
    private String err = "";

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

    record Streams(Surroundings io, ByteArrayOutputStream out, ByteArrayOutputStream err) {}

    static Streams surroundings(Map<String, String> env, byte[] in, Path folder) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Surroundings io = new Surroundings(
                env, new ByteArrayInputStream(in), out, err, false, false, false, folder, Fixtures.impatient());
        return new Streams(io, out, err);
    }

    private int run(String... args) {
        return run(new byte[0], args);
    }

    private int run(byte[] in, String... args) {
        Streams streams = surroundings(env, in, work);
        int code = new Cli(streams.io).run(List.of(args));
        outBytes = streams.out.toByteArray();
        out = streams.out.toString(StandardCharsets.UTF_8);
        err = streams.err.toString(StandardCharsets.UTF_8);
        return code;
    }

    private void ok(String... args) {
        assertEquals(0, run(args), () -> String.join(" ", args) + "\n" + out + err);
    }

    private Path write(String name, byte[] content) throws IOException {
        Path file = work.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    @Test
    void helloGreetsInTheLanguageOfThePerson() {
        ok("hello", "João");
        assertEquals("Hello, João!\n", out);
        env.put("LANG", "pt_BR.UTF-8");
        assertEquals(0, run("João\n".getBytes(StandardCharsets.UTF_8), "hello"));
        assertEquals("Digite seu nome: Olá, João!\n", out);
        assertEquals(0, run("João".getBytes(StandardCharsets.UTF_8), "--lang", "en", "hello"));
        assertEquals("What is your name? Hello, João!\n", out);
        assertEquals(2, run("hello"), "nobody");
        assertTrue(server.clients.isEmpty(), "a greeting needs no identity");
    }

    @Test
    void aFileGoesAndComesBack() throws IOException {
        byte[] content = Fixtures.bytes(100_000, 1);
        Path file = write("a ç😀.bin", content);
        ok("put", "a ç😀.bin");
        Files.delete(file);
        ok("get", "a ç😀.bin");
        assertArrayEquals(content, Files.readAllBytes(file));
        ok("get", "home:a ç😀.bin", "-o", "-");
        assertArrayEquals(content, outBytes);
        ok("ls", "-l");
        assertTrue(out.contains("1/1") && out.contains("97.7 KiB") && out.endsWith("a ç😀.bin\n"), out);
        env.put("LANG", "pt");
        ok("ls", "-l");
        assertTrue(out.contains("97,7 KiB"), out);
    }

    @Test
    void theLastArgumentOfPutIsTheDestinationIfItHasAColon() throws IOException {
        write("a", new byte[1]);
        write("b", new byte[2]);
        ok("put", "a", "public:");
        ok("put", "a", "public:in/");
        ok("put", "a", "public:other");
        ok("put", "a", "b", "public:both");
        ok("put", "a", "b");
        ok("put", "a", "public:in");
        ok("put", "a", "--as", "named");
        assertEquals(
                List.of(
                        "home/a",
                        "home/b",
                        "home/named",
                        "public/a",
                        "public/both/a",
                        "public/both/b",
                        "public/in/a",
                        "public/other"),
                List.copyOf(server.files.keySet()));
    }

    @Test
    void standardInputNeedsAName() {
        assertEquals(2, run("put", "-"));
        assertEquals(0, run("x".getBytes(StandardCharsets.UTF_8), "put", "-", "--as", "a"));
        assertEquals(0, run("y".getBytes(StandardCharsets.UTF_8), "put", "-", "public:b"));
        assertArrayEquals(new byte[] {'x'}, server.files.get("home/a").content());
        assertArrayEquals(new byte[] {'y'}, server.files.get("public/b").content());
    }

    @Test
    void aFolderGoesAndComesBackWithWhatCanNotGoTold() throws IOException {
        write("d/a", new byte[10]);
        write("d/sub/b", Fixtures.bytes(2 << 20, 1));
        Files.createDirectory(work.resolve("d/empty"));
        Files.createSymbolicLink(work.resolve("d/link"), Path.of("a"));
        write("d/back\\slash", new byte[1]);
        assertEquals(3, run("put", "-r", "d"));
        assertTrue(err.contains("d/link is a symbolic link"), err);
        assertTrue(err.contains("it has a backslash"), err);
        assertEquals(List.of("home/d/a", "home/d/empty", "home/d/sub/b"), List.copyOf(server.files.keySet()));
        ok("get", "-r", "d", "-o", "e");
        assertArrayEquals(Fixtures.bytes(2 << 20, 1), Files.readAllBytes(work.resolve("e/sub/b")));
        assertTrue(Files.isDirectory(work.resolve("e/empty")));
        ok("get", "-r", "d/", "-o", "e/");
        assertTrue(Files.exists(work.resolve("e/d/a")));
        assertEquals(2, run("put", "d"), "a folder without -r");
        assertEquals(4, run("get", "d"), "a folder without -r");
        assertTrue(err.contains("say -r"), err);
        assertEquals(4, run("rm", "d"));
        assertTrue(err.contains("say -r"), err);
        ok("rm", "-r", "d");
        assertTrue(server.files.isEmpty());
    }

    @Test
    void troubleWithOneOfSeveralIsPartlyDone() throws IOException {
        write("a", new byte[1]);
        assertEquals(3, run("put", "a", "missing"));
        assertTrue(err.contains("there is no missing") || err.contains("missing on this machine"), err);
        assertEquals(1, run("put", "missing"));
        assertTrue(err.contains("missing on this machine") && err.contains("Check the name"), err);
        assertEquals(3, run("get", "a", "none", "-o", "x"));
        assertEquals(3, run("rm", "a", "none"));
        assertEquals(4, run("rm", "none"));
    }

    @Test
    void aDifferentLocalFileIsNotOverwritten() throws IOException {
        write("a", new byte[1]);
        ok("put", "a");
        write("a", new byte[2]);
        assertEquals(4, run("get", "a"));
        assertTrue(err.contains("--force"), err);
        assertEquals(2, Files.size(work.resolve("a")));
        ok("get", "a", "--force");
        assertEquals(1, Files.size(work.resolve("a")));
    }

    @Test
    void whatArrivesDamagedIsToldAndFails() throws IOException {
        write("a", new byte[100]);
        ok("put", "a");
        server.corrupt = true;
        assertEquals(1, run("get", "a", "-o", "b"));
        assertFalse(Files.exists(work.resolve("b")));
        assertEquals(1, run("get", "a", "-o", "-"));
    }

    @Test
    void theFirstUseMakesAnIdentityThatOnlyItsOwnerMayRead() throws IOException {
        ok("ls");
        assertTrue(err.contains("this machine is now client") && err.contains("keep a copy"), err);
        Path config = folder.resolve("home/.config/acervo");
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(config)));
        try (var files = Files.list(config)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("identity"))
                    .toList()) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        ok("ls");
        assertEquals("", err, "said once");
        assertEquals(1, server.clients.size());
    }

    @Test
    void anIdentityMovesToAnotherMachine() throws IOException {
        write("a", new byte[5]);
        ok("put", "a");
        ok("whoami");
        String id = out.substring(0, 36);
        ok("whoami", "--secret", "secret");
        assertEquals(1, run("whoami", "--secret", "secret"), "it is never written over");
        env.put("HOME", folder.resolve("other").toString());
        ok("login", server.address().toString(), "--id", id, "--secret-file", "secret");
        env.remove("ACERVO_SERVER");
        ok("ls");
        assertEquals("a\n", out);
        ok("logout");
        env.put("ACERVO_SERVER", server.address().toString());
        ok("login", "--id", id);
        ok("whoami");
        assertTrue(out.startsWith(id), out);
        ok("logout", "--forget");
        assertEquals(2, run("login", "--id", id), "nothing is left of it");
    }

    @Test
    void aWrongSecretIsRefusedAndNothingElseHappens() throws IOException {
        ok("whoami");
        String id = out.substring(0, 36);
        Files.writeString(work.resolve("wrong"), "00".repeat(32));
        env.put("HOME", folder.resolve("other").toString());
        assertEquals(4, run("login", server.address().toString(), "--id", id, "--secret-file", "wrong"));
        assertFalse(Files.exists(folder.resolve("other")), "nothing was saved");
        assertEquals(1, server.clients.size());
    }

    @Test
    void anUnreachableServerIsExitFiveWithWhatToDo() throws IOException {
        server.close();
        assertEquals(5, run("ls"));
        assertTrue(err.contains("no server answers at 127.0.0.1") && err.contains("acervo serve"), err);
        assertEquals(2, err.lines().count());
        env.put("LANG", "pt_BR");
        assertEquals(5, run("ls"));
        assertTrue(err.contains("nenhum servidor responde"), err);
    }

    @Test
    void wrongUsageIsExitTwo() {
        for (String[] args : new String[][] {
            {"nonsense"},
            {"ls", "--nonsense"},
            {"ls", "a", "b"},
            {"put"},
            {"put", "a", "--replicas", "x"},
            {"put", "a", "--replicas"},
            {"get", "a", "-o", "-", "-r"},
            {"space"},
            {"space", "nonsense"},
            {"ls", "--server", "a b"},
            {"space", "grant", "x", "y"},
            {"completion", "fish"},
            {"--nonsense"},
            {"mv", "home:a", "public:b"},
            {"serve", "--listen", "x:y"},
            {"login", "--secret-file", "x"}
        }) {
            assertEquals(2, run(args), String.join(" ", args));
            assertTrue(err.startsWith("acervo: ") && err.contains("--help"), err);
            assertEquals("", out);
        }
    }

    @Test
    void refusalsAreExitFourInBothLanguages() {
        for (String[] args : new String[][] {
            {"get", "none"},
            {"info", "none"},
            {"ls", "none"},
            {"rm", "none"},
            {"mv", "none", "x"},
            {"ls", "missing:"},
            {"ls", "home:../x"},
            {"get", "home:a\\b"},
            {"ls", "NoSpace:x"},
            {"replicas", "none", "1"}
        }) {
            env.put("LANG", "en");
            assertEquals(4, run(args), String.join(" ", args));
            String english = err;
            env.put("LANG", "pt");
            assertEquals(4, run(args), String.join(" ", args));
            assertNotEquals(english, err);
        }
    }

    @Test
    void filesMoveAloneTogetherAndInFolders() throws IOException {
        for (String name : List.of("a", "b", "d/x", "d/y/z")) {
            write(name, new byte[1]);
        }
        assertEquals(0, run("put", "-r", "a", "b", "d"));
        ok("mv", "a", "c");
        ok("mv", "c", "d");
        ok("mv", "d", "e");
        ok("mv", "b", "e/x", "f/");
        assertEquals(List.of("home/e/c", "home/e/y/z", "home/f/b", "home/f/x"), List.copyOf(server.files.keySet()));
        assertEquals(4, run("mv", "e/c", "f/x"), "something is there");
        ok("mv", "--force", "e/c", "f/x");
        assertEquals(4, run("mv", "e", "e/in"));
    }

    @Test
    void moreCopiesThanNodesAreRefusedWithTheNumberOfNodes() throws IOException {
        write("a", new byte[1]);
        ok("put", "a", "--replicas", "1");
        assertEquals(4, run("replicas", "a", "3"));
        assertTrue(err.contains("3 copies were asked for and 1 node(s) can hold one"), err);
        ok("replicas", "a", "1");
        ok("replicas", "a");
        assertTrue(out.contains("1 wanted, 1 verified"), out);
    }

    @Test
    void everyAnswerIsOneJsonDocument() throws IOException {
        write("a", new byte[3]);
        write("d/b", new byte[3]);
        for (String[] args : new String[][] {
            {"put", "a"},
            {"put", "-r", "a", "d"},
            {"ls"},
            {"ls", "-r", "-l"},
            {"info", "a"},
            {"get", "a", "-o", "x"},
            {"get", "-r", "d", "-o", "y"},
            {"mv", "a", "b"},
            {"replicas", "b"},
            {"replicas", "b", "1"},
            {"rm", "b"},
            {"rm", "-r", "d"},
            {"status"},
            {"whoami"},
            {"hello", "x"},
            {"space", "ls"},
            {"space", "create", "s"},
            {"space", "rm", "s"},
            {"login"},
            {"verify", "--show"},
            {"logout"},
            {"space", "grant", "s", "00000000-0000-0000-0000-000000000001", "write"}
        }) {
            String[] withJson = java.util.Arrays.copyOf(args, args.length + 1);
            withJson[args.length] = "--json";
            ok(withJson);
            assertTrue(Fixtures.json(out) instanceof Map, out);
        }
        assertEquals(4, run("get", "none", "--json"));
        Map<?, ?> error = (Map<?, ?>) ((Map<?, ?>) Fixtures.json(out)).get("error");
        assertEquals("not_found", error.get("code"));
        assertEquals("no_such_file", error.get("reason"));
        assertEquals(4.0, error.get("exit"));
        assertEquals(3, run("put", "d/b", "none", "--json"));
        Map<?, ?> answer = (Map<?, ?>) Fixtures.json(out);
        assertEquals(1, ((List<?>) answer.get("files")).size());
        assertEquals(1, ((List<?>) answer.get("problems")).size());
    }

    @Test
    void aListingOfManyPagesIsWhole() {
        ok("whoami");
        for (int i = 0; i < 2_345; i++) {
            server.store("home/f" + i, new byte[0]);
        }
        ok("ls");
        assertEquals(2_345, out.lines().count());
        ok("ls", "--json");
        assertEquals(2_345, ((List<?>) ((Map<?, ?>) Fixtures.json(out)).get("files")).size());
        ok("rm", "-r", "home:");
        assertTrue(server.files.isEmpty());
    }

    @Test
    void aFullServerIsToldClearly() throws IOException {
        write("a", new byte[1]);
        ok("ls");
        server.refuse = new Refusal(Reason.NO_ROOM, "1 MiB", "5 MiB");
        assertEquals(4, run("put", "a"));
        assertTrue(err.contains("the server's disk is full: 1 MiB free") && err.contains("Nothing was stored"), err);
    }

    @Test
    void verifyFindsTheOperatorsSecretAndFailsOnDamage() throws IOException {
        Path data = Files.createDirectory(work.resolve("data"));
        assertEquals(1, run("verify", "--data", "data"), "no such file");
        assertEquals(4, run("verify"), "not the operator");
        Files.writeString(data.resolve("operator.secret"), "good\n");
        ok("verify", "--data", "data");
        assertTrue(out.contains("Every copy is good"), out);
        Files.writeString(data.resolve("operator.secret"), "bad\n");
        assertEquals(1, run("verify", "--data", "data"));
        assertTrue(out.contains("home:x"), out);
    }

    @Test
    void namesCanNotMoveTheCursorOfATerminal() {
        assertEquals("a\\u001b[2Jb\\u202ec é😀", Out.printable("a\u001B[2Jb\u202Ec é😀"));
    }

    @Test
    void helpAndVersionAndCompletionArePrinted() {
        ok();
        assertTrue(out.startsWith("Acervo keeps your files."), out);
        ok("put", "--help");
        assertTrue(out.startsWith("acervo put FILE..."), out);
        ok("space", "--help");
        ok("space", "create", "-h");
        ok("help", "get");
        ok("--version");
        assertTrue(out.matches("acervo \\d+\\.\\d+.*\n"), out);
        ok("completion", "bash");
        assertTrue(out.contains("complete -F _complete_acervo") && out.contains("--recursive"), "a script");
        ok("--lang", "pt", "ls", "--help");
        assertTrue(out.contains("Exemplo"), out);
    }

    @Test
    void serveReadsItsOptions() throws IOException {
        Streams streams = surroundings(env, new byte[0], work);
        Session session =
                new Session(streams.io, Texts.in("en"), new Out(streams.io, false), java.util.Optional.empty(), false);
        Arguments args = new Serve()
                .grammar()
                .parse(List.of(
                        "--data",
                        "d",
                        "--listen",
                        "[::1]:0",
                        "--cache=64M",
                        "--set",
                        "a=b",
                        "--set",
                        "c=d=e",
                        "--ephemeral"));
        var options = Serve.options(args, session);
        assertEquals("::1", options.listenHost());
        assertEquals(0, options.listenPort());
        assertEquals(64L << 20, options.cacheBytes());
        assertEquals(Map.of("a", "b", "c", "d=e"), options.settings());
        assertTrue(options.ephemeral() && options.data().endsWith("work/d"));
        assertEquals(1, run("serve"), "the tests have no server");
    }

    @Test
    void theTrainingCourseLeavesNothingBehind() throws IOException {
        ok("train");
        assertEquals(0, server.files.size(), server.files.keySet().toString());
    }
}
