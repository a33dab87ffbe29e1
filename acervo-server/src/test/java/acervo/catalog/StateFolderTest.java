package acervo.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.cluster.LogGroup;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.NodeId;
import acervo.model.RequestId;
import acervo.model.SecretHash;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bytes of the rows' files change while the server is down.
final class StateFolderTest {
    private static final NodeId NODE = new NodeId(new UUID(1, 1));
    private static final ClientId CLIENT = new ClientId(new UUID(2, 2));
    private static final int AT_ONCE = 1_000;

    @TempDir
    private Path temp;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temp.resolve("catalog"));
    }

    private int files;

    private RocksCatalog open() throws IOException {
        return RocksCatalog.open(
                folder,
                NODE,
                new CatalogOptions(Clock.systemUTC(), 1 << 20, 1L << 40, 1_000_000, 1L << 40, 0, 1_000_000));
    }

    private static RequestId request() {
        return new RequestId(UUID.randomUUID());
    }

    private void put(Catalog catalog, int entries) {
        catalog.submit(new Command.RegisterClient(CLIENT, SecretHash.of(new byte[1])), CLIENT, request());
        for (int i = 0; i < entries; i++) {
            List<Command.Put> puts = new ArrayList<>();
            for (int j = 0; j < AT_ONCE; j++) {
                files++;
                Content content = new Content(Kind.FILE, new BlobId(files, 1, 1, 1), 9, 0, false);
                puts.add(new Command.Put(new FilePath("folder/" + files), content, 0, Condition.ANY));
            }
            catalog.submit(new Command.PutFiles(SpaceName.HOME, List.of(NODE), puts), CLIENT, request());
        }
    }

    private List<Path> checkpoints() {
        return new Checkpoints(folder.resolve("checkpoints")).list();
    }

    private long firstEntry() throws IOException {
        return LogGroup.firstEntry(
                        folder.resolve("log"), Identity.of(folder, NODE).group())
                .orElseThrow();
    }

    /// Takes a checkpoint and waits until the log behind it is gone.
    private void checkpointAndPurge(RocksCatalog catalog) throws IOException {
        long before = firstEntry();
        catalog.checkpoint();
        while (firstEntry() == before) {
            Thread.onSpinWait();
        }
    }

    /// A catalog with a checkpoint, a log that begins at it, and rows that are newer than it.
    private void makeCatalog() throws IOException {
        try (RocksCatalog catalog = open()) {
            put(catalog, 30);
            checkpointAndPurge(catalog);
            put(catalog, 3);
        }
        assertEquals(1, checkpoints().size());
    }

    private List<Path> state(String ending) throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("state"))) {
            return all.filter(f -> f.getFileName().toString().contains(ending)).toList();
        }
    }

    private static void flip(Path file) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            long at = raw.length() / 3;
            raw.seek(at);
            int was = raw.read();
            raw.seek(at);
            raw.write(was ^ 0x10);
        }
    }

    private List<Path> aside() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(f -> f.getFileName().toString().startsWith("state.damaged-"))
                    .toList();
        }
    }

    private void assertAllThere() throws IOException {
        try (RocksCatalog catalog = open()) {
            assertTrue(catalog.status().writable());
            assertEquals(files, catalog.status().files());
            SpaceId home = catalog.space(CLIENT, SpaceName.HOME).orElseThrow().id();
            for (int i = 1; i <= files; i++) {
                int number = i;
                assertTrue(catalog.file(home, new FilePath("folder/" + i)).isPresent(), () -> "folder/" + number);
            }
            put(catalog, 1);
        }
        try (RocksRows rows = RocksRows.open(folder.resolve("state"))) {
            StateAudit.check(rows);
        }
    }

    private boolean inACheckpoint(Path table) {
        return checkpoints().stream().anyMatch(c -> Files.exists(c.resolve(table.getFileName())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MANIFEST", "CURRENT", ".sst"})
    void damagedRowsComeBackFromTheCheckpointAndTheLog(String which) throws IOException {
        makeCatalog();
        assertTrue(firstEntry() > 0);
        List<Path> damaged = state(which).stream()
                .filter(f -> !which.equals(".sst") || !inACheckpoint(f))
                .toList();
        assertFalse(damaged.isEmpty());
        for (Path file : damaged) {
            flip(file);
        }
        assertAllThere();
        assertEquals(1, aside().size());
        assertAllThere();
        assertEquals(1, aside().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"CURRENT", ".sst", ""})
    void rowsThatAreMissingComeBackToo(String which) throws IOException {
        makeCatalog();
        for (Path file : state(which)) {
            Files.delete(file);
        }
        if (which.isEmpty()) {
            Files.delete(folder.resolve("state"));
        }
        assertAllThere();
    }

    @Test
    void theOlderCheckpointIsNoUseOnceTheLogBehindTheNewerOneIsGone() throws IOException {
        makeCatalog();
        try (RocksCatalog catalog = open()) {
            put(catalog, 30);
            checkpointAndPurge(catalog);
        }
        assertEquals(2, checkpoints().size());
        Path newest = checkpoints().getFirst();
        try (Stream<Path> all = Files.list(newest)) {
            flip(all.filter(f -> f.getFileName().toString().startsWith("MANIFEST"))
                    .findFirst()
                    .orElseThrow());
        }
        flip(state("MANIFEST").getFirst());
        String said = assertThrows(IOException.class, this::open).getMessage();
        assertTrue(said.contains("no good checkpoint"), said);
        assertTrue(said.contains("the log begins at"), said);
        assertEquals(List.of(), aside());
    }

    @Test
    void withoutAGoodCheckpointTheStartIsRefusedAndNothingIsChanged() throws IOException {
        makeCatalog();
        for (Path table : state(".sst")) {
            // The checkpoint's are the same files.
            flip(table);
        }
        for (int i = 0; i < 2; i++) {
            String said = assertThrows(IOException.class, this::open).getMessage();
            assertTrue(said.contains("no good checkpoint") && said.contains("backup"), said);
        }
        assertEquals(List.of(), aside());
        assertEquals(1, checkpoints().size());
        assertFalse(Files.exists(folder.resolve("state.next")));
        for (Path table : state(".sst")) {
            flip(table);
        }
        assertAllThere();
    }

    @Test
    void aLogFromTheFirstEntryIsEnough() throws IOException {
        try (RocksCatalog catalog = open()) {
            put(catalog, 3);
        }
        assertEquals(0, firstEntry());
        for (Path table : state(".sst")) {
            flip(table);
        }
        assertAllThere();
        assertEquals(1, aside().size());
    }

    @Test
    void noCheckpointIsTakenOfDamagedRowsAndTheLogStays() throws IOException {
        try (RocksCatalog catalog = open()) {
            put(catalog, 15);
        }
        try (RocksCatalog catalog = open()) {
            for (Path table : state(".sst")) {
                flip(table);
            }
            catalog.checkpoint();
            while (catalog.status().writable()) {
                Thread.onSpinWait();
            }
            String trouble = catalog.status().trouble().orElseThrow();
            assertTrue(trouble.contains("damaged"), trouble);
            assertEquals(0, firstEntry());
            assertEquals(List.of(), checkpoints());
        }
        assertAllThere();
    }

    @Test
    void whatWasWrittenSinceTheLastCheckpointIsCheckedBeforeTheNext() throws IOException {
        makeCatalog();
        try (RocksCatalog catalog = open()) {
            long first = firstEntry();
            for (Path table : state(".sst")) {
                if (!inACheckpoint(table)) {
                    flip(table);
                }
            }
            catalog.checkpoint();
            while (catalog.status().writable()) {
                Thread.onSpinWait();
            }
            assertEquals(first, firstEntry());
            assertEquals(1, checkpoints().size());
        }
        assertAllThere();
    }

    @Test
    void withoutTheLogACheckpointIsNotTakenForTheWholeTruth() throws IOException {
        makeCatalog();
        Path log = folder.resolve("log");
        Path elsewhere = temp.resolve("log");
        Files.move(log, elsewhere);
        flip(state("MANIFEST").getFirst());
        String said = assertThrows(IOException.class, this::open).getMessage();
        assertTrue(said.contains("log is missing"), said);
        assertEquals(List.of(), aside());
        Files.move(elsewhere, log);
        assertAllThere();
    }

    @Test
    void aReadThatMeetsDamageSaysSoToTheNextStart() throws IOException {
        try (RocksCatalog catalog = open()) {
            put(catalog, 3);
        }
        for (Path table : state(".sst")) {
            // Small ones are read whole when they are opened.
            if (Files.size(table) > 50_000) {
                flip(table);
            }
        }
        try (RocksRows rows = RocksRows.open(folder.resolve("state"))) {
            CatalogUnavailableException met = assertThrows(CatalogUnavailableException.class, () -> {
                StateAudit.check(rows);
            });
            assertTrue(RocksRows.isDamage(met));
        }
        assertTrue(Files.exists(folder.resolve("state.suspect")));
        assertAllThere();
        assertFalse(Files.exists(folder.resolve("state.suspect")));
    }

    @Test
    void aStartThatWasCutOffWhileRestoringIsFinished() throws IOException {
        makeCatalog();
        Files.move(folder.resolve("state"), folder.resolve("state.damaged-1"));
        Files.createDirectory(folder.resolve("state.next"));
        Files.write(folder.resolve("state.next/half"), new byte[3]);
        assertAllThere();
        assertFalse(Files.exists(folder.resolve("state.next")));
    }
}
