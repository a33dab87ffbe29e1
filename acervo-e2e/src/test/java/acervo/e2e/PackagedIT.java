package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The program's folder itself: complete, with nothing in it twice, and not bound to where it was made.
final class PackagedIT {
    private static final Path HOME = Path.of(System.getProperty("acervo.program", "../target/acervo"))
            .toAbsolutePath()
            .normalize();

    @Test
    void bothCachesWereTrained() throws IOException {
        for (String cache : List.of("client.aot", "server.aot")) {
            assertTrue(Files.isRegularFile(HOME.resolve("lib").resolve(cache)), () -> "train.sh made no " + cache);
        }
    }

    @Test
    void noClassIsThereTwice() throws IOException {
        List<String> seen = new ArrayList<>();
        for (String side : List.of("lib/client", "lib/server")) {
            try (var jars = Files.list(HOME.resolve(side))) {
                for (Path jar : jars.toList()) {
                    try (var zip = new ZipFile(jar.toFile())) {
                        zip.stream()
                                .map(ZipEntry::getName)
                                .filter(name -> name.endsWith(".class")
                                        && !name.startsWith("META-INF/")
                                        && !name.equals("module-info.class")
                                        // Annotations, which some libraries bring along.
                                        && !name.startsWith("org/jspecify/"))
                                .forEach(seen::add);
                    }
                }
            }
        }
        assertTrue(seen.size() > 5000, () -> "only " + seen.size() + " classes were found");
        seen.sort(null);
        List<String> twice = new ArrayList<>();
        for (int i = 1; i < seen.size(); i++) {
            if (seen.get(i).equals(seen.get(i - 1))) {
                twice.add(seen.get(i));
            }
        }
        assertEquals(List.of(), twice);
    }

    @Test
    void theDatabaseLiesUnpackedForThisPlatformOnly() throws IOException {
        assertTrue(Files.isRegularFile(HOME.resolve("lib/native/librocksdbjni.so")));
        try (var zip = new ZipFile(HOME.resolve("lib/server/rocksdbjni.jar").toFile())) {
            assertEquals(
                    List.of(),
                    zip.stream()
                            .map(ZipEntry::getName)
                            .filter(name -> !name.endsWith(".class") && !name.endsWith("/"))
                            .filter(name -> !name.startsWith("META-INF/"))
                            .toList());
        }
    }

    @Test
    void theLauncherWorksThroughALinkAndInAFolderWithSpaces(@TempDir Path temp) throws Exception {
        Path odd = Files.createSymbolicLink(temp.resolve("a folder, João's"), HOME);
        Path link = Files.createSymbolicLink(temp.resolve("acervo"), HOME.resolve("bin/acervo"));
        for (Path launcher : List.of(odd.resolve("bin/acervo"), link)) {
            Process process = new ProcessBuilder(launcher.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), said);
            assertTrue(said.startsWith("acervo "), said);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void aServerThatIsToldToStopEndsWell(String signal, @TempDir Path temp) throws Exception {
        try (Server server = Server.start(temp.resolve("data"));
                Web web = new Web(server)) {
            assertEquals(
                    201, web.put(server.uri("/v1/files/home/x"), new byte[10]).statusCode());
            assertEquals(0, server.told(signal), server.log());
            assertTrue(server.log().contains("stopped"), server.log());
            server.restart();
            assertEquals(200, web.get(server.uri("/v1/files/home/x")).statusCode());
        }
    }

    @Test
    void aSecondSignalEndsAServerThatIsStillWaitingForSomebody(@TempDir Path temp) throws Exception {
        try (Server server = Server.start(temp.resolve("data"));
                Web web = new Web(server);
                Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            assertEquals(
                    201, web.put(server.uri("/v1/files/home/x"), new byte[10]).statusCode());
            // Half a request, which a server that stops waits for.
            slow.getOutputStream()
                    .write(("PUT /v1/files/home/y HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n" + "Authorization: "
                                    + web.authorization() + "\r\nExpect: 100-continue\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertTrue(slow.getInputStream().read() >= 0);
            server.signal("TERM");
            // Once the port is closed, the first signal was heard.
            while (listens(server.port())) {
                Thread.onSpinWait();
            }
            assertEquals(143, server.told("TERM"), server.log());
        }
    }

    @Test
    void withoutAnyNetworkCardTheLogIsQuiet(@TempDir Path temp) throws Exception {
        List<String> alone = List.of("unshare", "-n", "sh", "-c", "ip link set lo up && exec \"$0\" \"$@\"");
        List<String> trial = new ArrayList<>(alone);
        trial.add("true");
        assumeTrue(
                Program.run(List.of("sh", "-c", "command -v unshare && command -v ip"), Map.of(), temp, null)
                                        .exit()
                                == 0
                        && Program.run(trial, Map.of(), temp, null).exit() == 0,
                "a network of its own can't be made here");
        try (Server server = Server.startUnder(alone, temp.resolve("data"))) {
            assertEquals(0, server.told("TERM"), server.log());
            assertFalse(server.log().contains("WARN"), server.log());
        }
    }

    @Test
    void clientAndServerAreOfOneVersion(@TempDir Path temp) throws Exception {
        String version = new Person(temp.resolve("ana"), "127.0.0.1:1")
                .does("--version")
                .ok()
                .out()
                .strip();
        assertTrue(version.matches("acervo [0-9]+\\.[0-9]+.*"), version);
        try (Server server = Server.start(temp.resolve("data"), "--json")) {
            // The port is known a moment before the line is out.
            assertEquals(0, server.told("TERM"), server.log());
            assertTrue(server.log().contains("\"version\":\"" + version.substring(7) + "\""), server.log());
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
