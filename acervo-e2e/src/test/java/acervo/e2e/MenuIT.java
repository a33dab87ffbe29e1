package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The menu in a real terminal, in both languages, with wrong input at every prompt. What was on the screens is in
/// `target/screens`.
final class MenuIT {
    @TempDir
    private static Path folder;

    private static Server server;

    @BeforeAll
    static void start() {
        server = Server.start(folder.resolve("data"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Person person(String name) {
        return new Person(folder.resolve(name), "").with("ACERVO_RETRY_SECONDS", "0");
    }

    private static String port() {
        return String.valueOf(server.port());
    }

    /// A port that nobody listens on.
    private static String closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return String.valueOf(socket.getLocalPort());
        }
    }

    @Test
    void aPersonDepositsAndRecoversInEnglish() throws IOException {
        Person ann = person("ann").speaking("en_US.UTF-8");
        String content = Bytes.make(ann.file("holiday photo.jpg"), 300_000, new Random(Bytes.seed()));
        Files.createDirectories(ann.file("papers"));
        Files.writeString(ann.file("papers/one.txt"), "one");
        try (Screen screen = new Screen("menu-en", ann)) {
            enters(screen);
            deposits(screen);
            recovers(screen);
            changesAndWants(screen);
            screen.presses("C-d").shows("Bye.").ended(0);
        }
        assertEquals(content, Bytes.sha256(ann.file("again.jpg")));
        assertEquals(
                "holiday photo.jpg\npapers/\n",
                ann.does("--server", server.address(), "ls").ok().out());
        assertTrue(ann.does("whoami").ok().out().contains(server.address()), "the menu's server is remembered");
    }

    private static void enters(Screen screen) throws IOException {
        screen.shows("Acervo keeps your files").asks("What should this machine be? (1-3):");
        screen.types("7").shows("-> \"7\" is none of these: type a number from 1 to 3");
        screen.types("3").shows("Mirrors come with the cluster").asks("(1-3):");
        screen.types("client").asks("Server's host [127.0.0.1]:");
        screen.types("not a host").shows("-> \"not a host\" is no server address");
        screen.types("").asks("Port [8080]:").types("eighty").shows("-> \"eighty\" is no port");
        String closed = closedPort();
        screen.types(closed).shows("-> no server answers at 127.0.0.1:" + closed);
        screen.asks("Server's host [127.0.0.1]:").types("127.0.0.1").asks("Port [" + closed + "]:");
        screen.types(port()).asks("Your client id (empty: a new one):");
        screen.types("me").shows("-> \"me\" is no client id: it looks like");
        screen.types("").shows("$ acervo login 127.0.0.1:" + port()).shows("keep a copy");
        screen.asks("What to do? (1-9):").types("nothing").shows("-> \"nothing\" is none of these");
    }

    private static void deposits(Screen screen) {
        screen.types("1").asks("File or folder to deposit (empty: back):");
        screen.types("no such file").shows("-> there is no no such file on this machine.");
        screen.begins("holi").presses("Tab").asks("holiday photo.jpg").presses("Enter");
        screen.asks("Where to [home:]:").types("nowhere:").shows("-> there is no space nowhere that you may see.");
        screen.types("a\\b").shows("it has a backslash");
        screen.types("").asks("Copies [1]:").types("many").shows("-> Copies must be a whole number, not \"many\".");
        screen.types("3").shows("-> 3 copies were asked for and 1 node(s) can hold one.");
        screen.types("").shows("$ acervo put 'holiday photo.jpg' home:");
        screen.shows("holiday photo.jpg -> home:holiday photo.jpg");
        screen.asks("What to do? (1-9):")
                .types("deposit")
                .asks("(empty: back):")
                .types("papers");
        screen.asks("Where to [home:]:").types("").asks("Copies [1]:").types("1");
        screen.shows("$ acervo put -r papers home:").asks("What to do? (1-9):");

        screen.types("3").asks("Folder [home:]:").types("no/folder").shows("-> there is no file home:no/folder.");
        screen.begins("pap").presses("Tab").asks("papers/").presses("Enter");
        screen.shows("$ acervo ls -l home:papers/").shows("one.txt").asks("What to do? (1-9):");
    }

    private static void recovers(Screen screen) {
        screen.types("2").asks("File or folder to recover (empty: back):");
        screen.types("lost").shows("-> there is no file home:lost.");
        screen.begins("hol").presses("Tab").asks("holiday photo.jpg").presses("Enter");
        screen.asks("Where to on this machine [.]:").types("");
        screen.asks("Replace it if it is different? (y/N):").types("what").shows("-> \"what\" is neither yes nor no");
        screen.types("y").shows("$ acervo get 'home:holiday photo.jpg' --force").asks("What to do? (1-9):");
        screen.types("2")
                .asks("(empty: back):")
                .types("holiday photo.jpg")
                .asks("[.]:")
                .types("again.jpg");
        screen.shows("$ acervo get 'home:holiday photo.jpg' -o again.jpg").shows("verified");
    }

    private static void changesAndWants(Screen screen) {
        screen.asks("What to do? (1-9):")
                .types("copies")
                .asks("File (empty: back):")
                .types("papers");
        screen.shows("-> home:papers is a folder: name one file.").types("papers/one.txt");
        screen.asks("Copies [1]:")
                .types("0")
                .shows("-> Copies must be a whole number, not \"0\".")
                .types("1");
        screen.shows("$ acervo replicas home:papers/one.txt 1").shows("papers/one.txt: 1 wanted, 1 verified.");
        screen.asks("What to do? (1-9):").types("8").asks("Folder of this machine (empty: back):");
        screen.types("again.jpg")
                .shows("-> again.jpg is not a folder.")
                .types("")
                .asks("What to do? (1-9):");
        screen.types("5").shows("or public:in/*.csv (empty: back):").types("nowhere:x");
        screen.shows("-> there is no space nowhere that you may see.").types("report.pdf");
        screen.asks("For how long [7d]:")
                .types("a week")
                .shows("-> \"a week\" is no time")
                .types("10m");
        screen.shows("$ acervo want report.pdf --for 10m").asks("):");
    }

    @Test
    void umaPessoaDepositaERecuperaEmPortugues() throws IOException {
        Person joao = person("joão").speaking("pt_BR.UTF-8");
        Files.writeString(joao.file("relatório.txt"), "ação");
        try (Screen screen = new Screen("menu-pt", joao)) {
            screen.shows("O Acervo guarda seus arquivos").asks("O que esta máquina deve ser? (1-3):");
            screen.types("quatro").shows("-> \"quatro\" não é nenhuma destas: digite um número de 1 a 3");
            screen.types("espelho").shows("Espelhos chegam com o cluster").types("2");
            screen.asks("Host do servidor [127.0.0.1]:").types("?").shows("-> \"?\" não é endereço de servidor");
            screen.types("").asks("Porta [8080]:").types("99999").shows("-> \"99999\" não é uma porta");
            screen.types(port()).asks("Seu id de cliente (vazio: um novo):");
            screen.types("joão").shows("-> \"joão\" não é id de cliente");
            screen.types("").shows("esta máquina agora é o cliente").shows("guarde uma cópia");
            screen.asks("O que fazer? (1-9):").types("ç").shows("-> \"ç\" não é nenhuma destas");
            screen.types("depositar").asks("Arquivo ou pasta a depositar (vazio: voltar):");
            screen.types("nada").shows("-> não há nada nesta máquina.");
            screen.begins("rel").presses("Tab").asks("relatório.txt").presses("Enter");
            screen.asks("Para onde [home:]:").types("lugar:").shows("-> não há espaço lugar que você possa ver");
            screen.types("").asks("Cópias [1]:").types("dois").shows("-> Cópias deve ser um número inteiro");
            screen.types("").shows("$ acervo put relatório.txt home:").asks("O que fazer? (1-9):");
            screen.types("3")
                    .asks("Pasta [home:]:")
                    .types("")
                    .shows("relatório.txt")
                    .asks("O que fazer? (1-9):");
            screen.types("2")
                    .asks("Arquivo ou pasta a recuperar (vazio: voltar):")
                    .types("perdido");
            screen.shows("-> não há arquivo home:perdido.").types("relatório.txt");
            screen.asks("Para onde nesta máquina [.]:").types("");
            screen.asks("Substituir se for diferente? (s/N):").types("hum").shows("-> \"hum\" não é sim nem não");
            screen.types("n").shows("já estava lá").asks("O que fazer? (1-9):");
            screen.types("cópias").asks("Arquivo (vazio: voltar):").types("perdido");
            screen.shows("-> não há arquivo home:perdido.").types("relatório.txt");
            screen.asks("Cópias [1]:").types("x").shows("não \"x\"").types("1").asks("O que fazer? (1-9):");
            screen.types("querer")
                    .shows("(vazio: voltar):")
                    .types("x:y")
                    .shows("-> não há espaço x")
                    .types("*.pdf");
            screen.asks("Por quanto tempo [7d]:")
                    .types("logo")
                    .shows("-> \"logo\" não é um tempo")
                    .types("1h");
            screen.shows("$ acervo want '*.pdf' --for 1h").asks("):");
            screen.presses("C-c").shows("Até logo.").ended(0);
        }
    }

    @Test
    void aServerStartsFromTheMenuAndStopsWithControlC() throws IOException {
        Person ann = person("keeper").speaking("en_US.UTF-8");
        String free = closedPort();
        try (Screen screen = new Screen("menu-server", ann)) {
            screen.asks("What should this machine be? (1-3):").types("server").asks("Port [8080]:");
            screen.types("-1").shows("-> \"-1\" is no port").types("http").shows("-> \"http\" is no port");
            // Taken: the server says so, and the menu goes on.
            screen.types(port())
                    .shows("$ acervo serve --listen 127.0.0.1:" + port())
                    .asks("(1-3):");
            screen.types("1").asks("Port [8080]:").types(free).shows("answers at http://127.0.0.1:" + free);
            assertEquals(
                    "Hello, Ann!\n",
                    ann.does("--server", "127.0.0.1:" + free, "hello", "Ann")
                            .ok()
                            .out());
            screen.presses("C-c").shows("stopped").shows("exit=");
        }
    }

    @Test
    void anIdOfAnotherMachineIsTakenUpWithItsSecret() throws IOException {
        Person old = person("old");
        old.does("--server", server.address(), "login").ok();
        String id = old.does("whoami", "--json").ok().out().replaceAll("(?s).*\"id\":\\s*\"([^\"]+)\".*", "$1");
        Person renewed = person("renewed");
        old.does("whoami", "--secret", renewed.file("secret").toString()).ok();
        Files.writeString(renewed.file("other"), "nonsense");
        try (Screen screen = new Screen("menu-id", renewed, "--server", server.address())) {
            screen.asks("(1-3):").types("2").asks("Server's host [127.0.0.1]:").types("");
            screen.asks("Port [" + port() + "]:").types("").asks("a new one):").types(id.substring(1));
            screen.shows("is no client id").types(id).asks("File with the secret of that id (empty: back):");
            screen.types("none").shows("-> there is no none on this machine.");
            screen.types("other").shows("-> other holds no secret");
            screen.begins("se").presses("Tab").asks("secret").presses("Enter");
            screen.shows("You are client " + id)
                    .asks("What to do? (1-9):")
                    .types("9")
                    .shows("Bye.")
                    .ended(0);
        }
    }

    @Test
    void everyPromptIsLeftPolitely() {
        for (String key : new String[] {"C-c", "C-d"}) {
            try (Screen screen = new Screen("menu-leave-" + key, person("leaver"))) {
                screen.asks("(1-3):").presses(key).shows("Bye.").ended(0);
            }
            try (Screen screen = new Screen("menu-leave-port-" + key, person("leaver"))) {
                screen.asks("(1-3):")
                        .types("1")
                        .asks("Port [8080]:")
                        .presses(key)
                        .shows("Bye.")
                        .ended(0);
            }
        }
    }

    @Test
    void noOtherCommandLoadsTheLineEditor() {
        Person ann = person("quick").with("ACERVO_JAVA_OPTS", "-Xlog:class+load:stderr");
        for (String[] command : new String[][] {{"hello", "Ann"}, {"ls"}, {}, {"--help"}}) {
            String loaded = ann.with("ACERVO_SERVER", server.address())
                    .does(command)
                    .ok()
                    .err();
            assertTrue(loaded.contains("acervo.cli.Cli "), loaded);
            assertFalse(loaded.contains("org.jline"), String.join(" ", command));
            assertFalse(loaded.contains("acervo.cli.Menu"), String.join(" ", command));
        }
    }
}
