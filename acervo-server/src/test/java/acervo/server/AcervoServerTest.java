package acervo.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.ServerProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AcervoServerTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private ServerProgram.Options options(int port, boolean ephemeral, Map<String, String> settings) {
        return new ServerProgram.Options(
                folder.resolve("data"),
                "127.0.0.1",
                port,
                1 << 20,
                ephemeral,
                false,
                0,
                List.of(),
                Optional.of(folder.resolve("port")),
                Optional.empty(),
                settings);
    }

    private AcervoServer server() {
        return new AcervoServer(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /// Runs a server until it answers, asks it something, and stops it.
    private int runOnce(ServerProgram.Options options) throws IOException, InterruptedException {
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        Thread serving = Thread.ofPlatform().start(() -> exit.complete(server().serve(options)));
        Path portFile = folder.resolve("port");
        while (!Files.exists(portFile) && !exit.isDone()) {
            Thread.onSpinWait();
        }
        assertTrue(Files.exists(portFile), this::said);
        int port = Integer.parseInt(Files.readString(portFile).strip());
        Files.delete(portFile);
        HttpURLConnection ready = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + "/health/ready").toURL().openConnection();
        assertEquals(200, ready.getResponseCode());
        ready.getInputStream().readAllBytes();
        serving.interrupt();
        serving.join();
        return exit.join();
    }

    @Test
    void isFoundByTheCommandLine() {
        assertEquals(
                AcervoServer.class,
                ServiceLoader.load(ServerProgram.class)
                        .findFirst()
                        .orElseThrow()
                        .getClass());
    }

    @Test
    void saysInOneLineWhereItIsAndStartsAgainAtOnce() throws IOException, InterruptedException {
        for (int run = 0; run < 2; run++) {
            assertEquals(0, runOnce(options(0, false, Map.of())));
            List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
            assertEquals(run + 1, lines.size());
            assertTrue(lines.get(run).contains("http://127.0.0.1:"), lines.get(run));
            assertTrue(lines.get(run).contains(folder.resolve("data").toString()), lines.get(run));
            assertTrue(lines.get(run).contains("acervo hello"), lines.get(run));
            assertTrue(lines.get(run).contains(builtVersion()), lines.get(run));
        }
    }

    /// As Maven knows it: the build must have filled it in.
    private static String builtVersion() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        return pom.substring(pom.indexOf("<version>") + 9, pom.indexOf("</version>"));
    }

    @Test
    void looksForNoNetworkCard() throws IOException, InterruptedException {
        assertEquals(0, runOnce(options(0, true, Map.of())));
        String machine = System.getProperty("io.netty.machineId", "");
        assertTrue(machine.matches("[0-9a-f]{2}(:[0-9a-f]{2}){7}"), machine);
    }

    @Test
    void inMemoryItLeavesNothingBehind() throws IOException, InterruptedException {
        assertEquals(0, runOnce(options(0, true, Map.of())));
        assertTrue(Files.notExists(folder.resolve("data")));
    }

    @Test
    void aTakenPortIsSaidInOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertEquals(1, server().serve(options(taken.getLocalPort(), true, Map.of())));
            assertTrue(said().contains(Integer.toString(taken.getLocalPort())), said());
            assertTrue(said().contains("--listen"), said());
            assertEquals(1, said().lines().count(), said());
        }
    }

    @Test
    void aFolderInUseIsSaidInOneLine() throws StartException {
        try (DataFolder other = DataFolder.open(folder.resolve("data"))) {
            assertEquals(1, server().serve(options(0, false, Map.of())));
            assertTrue(said().contains(other.root().toString()), said());
            assertEquals(1, said().lines().count(), said());
        }
    }

    @Test
    void aSettingThatIsNoneIsSaid() {
        assertEquals(1, server().serve(options(0, true, Map.of("colour", "red"))));
        assertEquals(1, server().serve(options(0, true, Map.of("grace", "soon"))));
        assertTrue(said().contains("colour"), said());
        assertTrue(said().contains("soon"), said());
    }

    @Test
    void everyMessageIsThereInBothLanguages() throws IOException {
        var english = new java.util.Properties();
        var portuguese = new java.util.Properties();
        try (var en = AcervoServer.class.getResourceAsStream("Messages.properties");
                var pt = AcervoServer.class.getResourceAsStream("Messages_pt.properties")) {
            english.load(en);
            portuguese.load(pt);
        }
        assertEquals(english.keySet(), portuguese.keySet());
        assertTrue(Messages.in("pt_BR.UTF-8").text("folder.locked", "/d").contains("outro servidor"));
        assertTrue(Messages.in("de_DE").text("folder.locked", "/d").contains("another server"));
    }

    @Test
    void cacheThatTheHeapCannotHoldIsRefused() throws StartException {
        Settings.fits(64L << 20, 247L << 20);
        Settings.fits(1L << 30, 1_640L << 20);
        StartException refused = assertThrows(StartException.class, () -> Settings.fits(1L << 30, 247L << 20));
        assertEquals("cache.large", refused.key());
        assertEquals(List.of("1024", "1696", "247"), List.of(refused.arguments()));
    }
}
