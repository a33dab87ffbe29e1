package acervo.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.client.FakeServer;
import acervo.client.Fixtures;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MenuTest {
    /// An answer that is none: the server goes away before the next one.
    private static final String STOP = "STOP";

    @TempDir
    Path folder;

    private FakeServer server;
    private Path work;
    private final Map<String, String> env = new HashMap<>();
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final List<String> completed = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        work = Files.createDirectory(folder.resolve("work"));
        env.put("HOME", folder.resolve("home").toString());
        env.put("LANG", "C");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /// Answers from a list, and leaves when it is empty. An answer that ends in a tab asks for completion instead.
    private final class Script implements Questions {
        private final Deque<String> answers;

        Script(String... answers) {
            this.answers = new ArrayDeque<>(List.of(answers));
        }

        @Override
        public String ask(String prompt, Names names) {
            shown.writeBytes(prompt.getBytes(StandardCharsets.UTF_8));
            while (!answers.isEmpty() && answers.getFirst().endsWith("\t")) {
                String beginning = answers.removeFirst();
                names.startingWith(beginning.substring(0, beginning.length() - 1))
                        .forEach(name -> completed.add(name.text()));
            }
            if (STOP.equals(answers.peekFirst())) {
                answers.removeFirst();
                try {
                    stop();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            if (answers.isEmpty()) {
                throw new LeftException();
            }
            String answer = answers.removeFirst();
            shown.writeBytes((answer + "\n").getBytes(StandardCharsets.UTF_8));
            return answer;
        }

        @Override
        public void release() {}

        @Override
        public void close() {}
    }

    /// What the person sees of a menu that gets these answers.
    private String menu(String... answers) {
        shown.reset();
        completed.clear();
        Surroundings io = new Surroundings(
                env,
                new ByteArrayInputStream(new byte[0]),
                shown,
                shown,
                true,
                false,
                false,
                work,
                Fixtures.impatient());
        Texts texts = Texts.in(Texts.choose("", io));
        Script script = new Script(answers);
        assertEquals(0, new Menu(io, texts, script, Optional.empty()).run());
        String seen = shown.toString(StandardCharsets.UTF_8);
        assertTrue(script.answers.isEmpty(), () -> "not asked for " + script.answers + "\n" + seen);
        return seen;
    }

    /// The same as a client of the server, from the client's own list on.
    private String client(String... answers) {
        List<String> all = new ArrayList<>(List.of("2", "127.0.0.1", String.valueOf(port()), ""));
        all.addAll(List.of(answers));
        return menu(all.toArray(String[]::new));
    }

    private int port() {
        return server.address().port();
    }

    private static void in(String seen, String... parts) {
        for (String part : parts) {
            assertTrue(seen.contains(part), () -> "no <" + part + "> in\n" + seen);
        }
    }

    @Test
    void aNewClientIsToldItsIdAndToKeepIt() {
        String seen = client();
        String id = server.clients.keySet().iterator().next();
        in(seen, "$ acervo login 127.0.0.1:" + port() + "\n", "client " + id, "keep a copy", "Bye.");
        assertTrue(client().contains("empty: " + id), "the second time this machine is known");
        assertEquals(1, server.clients.size());
    }

    @Test
    void aNewIdPutsTheOldOneAsideAndTheOldOneComesBackByItsId() {
        client();
        String first = server.clients.keySet().iterator().next();
        in(menu("2", "", String.valueOf(port()), "new"), "$ acervo logout", first);
        assertEquals(2, server.clients.size());
        in(
                menu("2", "", "", first.toUpperCase(Locale.ROOT).substring(0, 8), first),
                "is no client id",
                "$ acervo login 127.0.0.1:" + port() + " --id " + first + "\n",
                "You are client " + first);
    }

    @Test
    void anIdOfAnotherMachineNeedsItsSecret() throws IOException {
        client();
        String id = server.clients.keySet().iterator().next();
        Path secret = work.resolve("my secret");
        try (var files = Files.list(folder.resolve("home/.config/acervo"))) {
            Files.copy(
                    files.filter(f -> f.getFileName().toString().startsWith("identity"))
                            .findFirst()
                            .orElseThrow(),
                    secret);
        }
        env.put("HOME", folder.resolve("elsewhere").toString());
        Files.writeString(work.resolve("nonsense"), "nonsense");
        String seen = menu(
                "2", "127.0.0.1", String.valueOf(port()), id, "nowhere", "nonsense", "my\t", "my secret", "list", "");
        in(
                seen,
                "-> there is no nowhere on this machine.",
                "-> nonsense holds no secret",
                "--id " + id + " --secret-file 'my secret'",
                "You are client " + id);
        assertEquals(List.of("my secret"), completed);
    }

    @Test
    void wrongAnswersAboutTheServerAreToldAndAskedAgain() throws IOException {
        int closed;
        try (FakeServer gone = new FakeServer()) {
            closed = gone.address().port();
        }
        String seen = menu(
                "",
                "4",
                "cl ient",
                "mirror",
                "c",
                "no host!",
                "127.0.0.1",
                "http",
                "0",
                "65536",
                String.valueOf(closed),
                "127.0.0.1:" + port(),
                "",
                "not-an-id",
                "");
        in(
                seen,
                "-> \"4\" is none of these: type a number from 1 to 3",
                "-> \"cl ient\" is none",
                "Mirrors come with the cluster",
                "-> \"no host!\" is no server address",
                "-> \"http\" is no port",
                "-> \"0\" is no port",
                "-> \"65536\" is no port",
                "-> no server answers at 127.0.0.1:" + closed,
                "-> \"not-an-id\" is no client id",
                "You are client ");
    }

    @Test
    void aDepositIsTheCommandThatItShows() throws IOException {
        byte[] content = Fixtures.bytes(1000, 1);
        Files.write(work.resolve("it's here.txt"), content);
        Files.createDirectories(work.resolve("it/below"));
        String seen = client("1", "nothing.txt", "i\t", "it's here.txt", "public:a\\b", "public:in/", "0", "x", "1");
        in(
                seen,
                "-> there is no nothing.txt on this machine.",
                "it has a backslash",
                "-> Copies must be a whole number, not \"0\".",
                "-> Copies must be a whole number, not \"x\".",
                "$ acervo put 'it'\\''s here.txt' public:in/\n",
                "it's here.txt -> public:in/it's here.txt");
        assertEquals(List.of("it's here.txt", "it/"), completed);
        assertArrayEquals(content, server.files.get("public/in/it's here.txt").content());
    }

    @Test
    void aFolderIsDepositedAndRecoveredWhole() throws IOException {
        Files.createDirectories(work.resolve("-d/sub"));
        Files.write(work.resolve("-d/sub/a"), new byte[3]);
        String seen = client("deposit", "-d", "", "", "recover", "home:\t", "-d", "back");
        in(seen, "$ acervo put -r ./-d home:\n", "$ acervo get -r home:-d -o back\n");
        assertEquals(List.of("home:-d/"), completed);
        assertEquals(3, Files.size(work.resolve("back/sub/a")));
    }

    @Test
    void recoveringAsksBeforeItReplaces() throws IOException {
        server.store("home/a", new byte[] {1});
        client("1", "a", "");
        Files.write(work.resolve("a"), new byte[] {2, 2});
        String seen = client("1", "a", "", "", "2", "missing", "a", "");
        in(seen, "-> there is no file home:missing.");
        Files.write(work.resolve("a"), new byte[] {3});
        seen = client("2", "a", "", "perhaps", "n");
        in(seen, "-> \"perhaps\" is neither yes nor no", "a is there already, with other content");
        assertArrayEquals(new byte[] {3}, Files.readAllBytes(work.resolve("a")));
        in(client("2", "a", "", "y"), "$ acervo get home:a --force\n", "verified");
        assertArrayEquals(new byte[] {2, 2}, Files.readAllBytes(work.resolve("a")));
    }

    @Test
    void anEmptyAnswerGoesBackToTheChoices() {
        String seen = client("1", "", "2", "", "4", "", "9");
        assertEquals(4, seen.split("What to do", -1).length - 1, seen);
        assertTrue(seen.endsWith("Bye.\n"), seen);
    }

    @Test
    void everyCommandOfTheMenuCanBeUnderstood() throws IOException {
        Files.createDirectory(work.resolve("docs"));
        Files.write(work.resolve("a"), new byte[] {2, 2});
        String seen = client(
                "1",
                "a",
                "",
                "",
                "3",
                "",
                "copies",
                "docs",
                "a",
                "1",
                "want",
                "public:*.pdf",
                "soon",
                "7",
                "10m",
                "",
                "notices",
                "6",
                "",
                "8",
                "a",
                "docs",
                "",
                "3",
                "once",
                "");
        in(
                seen,
                "$ acervo ls -l home:\n",
                "-> there is no file home:docs.",
                "$ acervo replicas home:a 1\n",
                "-> \"soon\" is no time",
                "-> \"7\" is no time",
                "$ acervo want 'public:*.pdf' --for 10m\n",
                "$ acervo notices\n",
                "$ acervo wants\n",
                "-> a is not a folder.",
                "-> \"3\" is none of these: type a number from 1 to 2",
                "$ acervo sync docs home: --once\n");
    }

    @Test
    void theServerIsNamedWhereTheSurroundingsNameAnother() throws IOException {
        Files.write(work.resolve("a"), new byte[] {2, 2});
        env.put("ACERVO_SERVER", "127.0.0.1:1");
        in(client("1", "a", "", ""), "$ acervo put a home: --server 127.0.0.1:" + port() + "\n", "a -> home:a");
    }

    @Test
    void aLostServerIsToldAndTheMenuGoesOn() throws IOException {
        Files.write(work.resolve("a"), new byte[] {2, 2});
        String seen = client("1", "a", STOP, "", "3", "", "9");
        in(seen, "-> no server answers at 127.0.0.1:" + port());
        assertTrue(seen.endsWith("Bye.\n"), seen);
    }

    @Test
    void allIsSaidInPortugueseToo() throws IOException {
        env.put("LANG", "pt_BR.UTF-8");
        Files.write(work.resolve("a"), new byte[] {2, 2});
        String seen = menu(
                "5",
                "espelho",
                "cliente",
                "",
                String.valueOf(port()),
                "eu",
                "",
                "depositar",
                "nada",
                "a",
                "",
                "muitas",
                "",
                "recuperar",
                "nada",
                "a",
                "",
                "talvez",
                "sim",
                "sair");
        in(
                seen,
                "O que esta máquina deve ser? (1-3): ",
                "-> \"5\" não é nenhuma destas",
                "Espelhos chegam com o cluster",
                "-> \"eu\" não é id de cliente",
                "-> não há nada nesta máquina.",
                "-> Cópias deve ser um número inteiro, não \"muitas\".",
                "$ acervo put a home:\n",
                "-> não há arquivo home:nada.",
                "-> \"talvez\" não é sim nem não",
                "$ acervo get home:a --force\n",
                "Até logo.");
    }
}
