package acervo.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.NodeId;
import acervo.model.Outcome;
import acervo.model.RequestId;
import acervo.model.SecretHash;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that commits as fast as it can is killed, again and again: whatever it was told is there afterwards.
final class CrashTest {
    private static final int ROUNDS = 12;
    private static final NodeId NODE = new NodeId(new UUID(1, 1));
    private static final ClientId CLIENT = new ClientId(new UUID(2, 2));

    @TempDir
    private Path folder;

    /// So small that segments are closed, checkpoints taken and the log purged all the time.
    private static CatalogOptions options() {
        return new CatalogOptions(Clock.systemUTC(), 1 << 20, 300_000, 100_000, 100_000, 1 << 20, 100);
    }

    @Test
    void whatWasAcknowledgedSurvivesKills() throws IOException, InterruptedException {
        String given = System.getProperty("acervo.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("-Dacervo.seed=" + seed);
        Random random = new Random(seed);
        Map<String, Long> acknowledged = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            int lines = round % 4 == 3 ? 1 : 1 + random.nextInt(6_000);
            runAndKill(round, lines, acknowledged);
            if (round % 3 == 2) {
                check(acknowledged);
            }
        }
        check(acknowledged);
    }

    /// Reads so many lines of what the process says and kills it.
    private void runAndKill(int round, int lines, Map<String, Long> acknowledged)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx128m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        folder.resolve("catalog").toString(),
                        Integer.toString(round))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = said.readLine();
            assertEquals("opening", line);
            for (int i = 1; i < lines && line != null; i++) {
                line = said.readLine();
                note(line, acknowledged);
            }
            process.toHandle().destroyForcibly(); // leaves the stream open, unlike the process itself
            // What it was told before it died counts too.
            for (line = said.readLine(); line != null; line = said.readLine()) {
                note(line, acknowledged);
            }
        }
        assertEquals(137, process.waitFor());
    }

    private static void note(String line, Map<String, Long> acknowledged) {
        // The last line may be torn.
        if (line != null && line.startsWith("put ") && line.endsWith(".")) {
            String[] words = line.split(" ", -1);
            acknowledged.put(words[1], Long.parseLong(words[2]));
        }
    }

    private void check(Map<String, Long> acknowledged) throws IOException {
        Path catalogFolder = folder.resolve("catalog");
        try (Catalog catalog = Catalogs.open(catalogFolder, NODE, options())) {
            assertTrue(catalog.status().writable());
            if (!acknowledged.isEmpty()) {
                SpaceId home =
                        catalog.space(CLIENT, SpaceName.HOME).orElseThrow().id();
                acknowledged.forEach((path, blob) -> assertEquals(
                        blob,
                        catalog.file(home, new FilePath(path))
                                .orElseThrow(() -> new AssertionError(path + " was acknowledged and is not there"))
                                .content()
                                .blob()
                                .word0()));
            }
        }
        try (RocksRows rows = RocksRows.open(catalogFolder.resolve("state"))) {
            StateAudit.check(rows);
        }
    }

    /// The process that is killed.
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws IOException {
            String round = arguments[1];
            System.out.println("opening");
            Catalog catalog = Catalogs.open(Path.of(arguments[0]), NODE, options());
            catalog.submit(
                    new Command.RegisterClient(CLIENT, SecretHash.of(new byte[1])),
                    CLIENT,
                    new RequestId(UUID.randomUUID()));
            for (int thread = 0; thread < 8; thread++) {
                String prefix = round + "/" + thread + "/";
                Thread.ofPlatform().start(() -> {
                    for (long i = 0; ; i++) {
                        put(catalog, prefix + i, i);
                    }
                });
            }
        }

        private static void put(Catalog catalog, String path, long blob) {
            Content content = new Content(Kind.FILE, new BlobId(blob, 1, 2, 3), 7, 0, false);
            Outcome outcome = catalog.submit(
                    new Command.PutFiles(
                            SpaceName.HOME,
                            List.of(NODE),
                            List.of(new Command.Put(new FilePath(path), content, 0, Condition.ANY))),
                    CLIENT,
                    new RequestId(UUID.randomUUID()));
            if (((Outcome.Files) outcome).results().getFirst() instanceof Outcome.Result.Now) {
                System.out.println("put " + path + " " + blob + " .");
            }
        }
    }
}
