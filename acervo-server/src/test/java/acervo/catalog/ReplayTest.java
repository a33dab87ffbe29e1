package acervo.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.Outcome;
import acervo.model.Stamped;
import acervo.rules.Decision;
import acervo.rules.Edit;
import acervo.rules.Rules;
import acervo.rules.StateDigest;
import acervo.wire.EntryFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same log gives the same state, wherever it is kept, however its commands are grouped and in whichever process.
final class ReplayTest {
    private static final int ENTRIES = 1_500;

    @TempDir
    private Path folder;

    private static long seed() {
        String given = System.getProperty("acervo.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("-Dacervo.seed=" + seed);
        return seed;
    }

    private static List<Outcome> apply(RowStore rows, List<Stamped> entry) {
        Decision decision = Rules.decide(rows, entry);
        rows.write(decision.edits(), new Position(1, rows.applied().index() + 1));
        return decision.outcomes();
    }

    @Test
    void memoryAndDiskDecideTheSame() {
        RandomCommands commands = new RandomCommands(seed());
        try (RowStore memory = new MemoryRows();
                RowStore disk = RocksRows.open(folder.resolve("state"))) {
            for (int i = 0; i < ENTRIES; i++) {
                List<Stamped> entry = commands.entry();
                assertEquals(apply(memory, entry), apply(disk, EntryFormat.read(EntryFormat.write(entry))));
            }
            assertEquals(StateDigest.of(memory), StateDigest.of(disk));
        }
    }

    @Test
    void whatTheRulesKeepAgreesWithASlowCount() {
        RandomCommands commands = new RandomCommands(seed());
        try (RowStore rows = new MemoryRows()) {
            for (int i = 0; i < ENTRIES; i++) {
                apply(rows, commands.entry());
                if (i % 10 == 0) {
                    StateAudit.check(rows);
                }
            }
        }
    }

    @Test
    void commandsOfOneEntryDecideAsIfEachHadItsOwn() {
        RandomCommands commands = new RandomCommands(seed());
        try (RowStore together = new MemoryRows();
                RowStore apart = new MemoryRows()) {
            for (int i = 0; i < ENTRIES; i++) {
                List<Stamped> entry = commands.entry();
                List<Outcome> outcomes = new ArrayList<>();
                for (Stamped one : entry) {
                    outcomes.addAll(apply(apart, List.of(one)));
                }
                assertEquals(outcomes, apply(together, entry));
            }
            assertEquals(StateDigest.of(apart), StateDigest.of(together));
        }
    }

    @Test
    void decidingIsPure() {
        RandomCommands commands = new RandomCommands(seed());
        try (RowStore rows = new MemoryRows()) {
            for (int i = 0; i < 200; i++) {
                List<Stamped> entry = commands.entry();
                List<Edit> once = Rules.decide(rows, entry).edits();
                assertEquals(once, Rules.decide(rows, entry).edits());
                apply(rows, entry);
            }
        }
    }

    @Test
    void twoProcessesReachTheSameState() throws IOException, InterruptedException {
        String seed = Long.toString(seed());
        String first = digestInAnotherProcess(seed, "1");
        String second = digestInAnotherProcess(seed, "2");
        assertTrue(first.matches("[0-9a-f]{64}"), first);
        assertEquals(first, second);
    }

    private String digestInAnotherProcess(String seed, String name) throws IOException, InterruptedException {
        Path output = folder.resolve("digest-" + name);
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Replay.class.getName(),
                        seed,
                        folder.resolve("state-" + name).toString())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals(0, process.waitFor());
        return Files.readString(output, StandardCharsets.UTF_8).strip();
    }

    /// The other process: applies a log of random commands to a state on disk and prints its digest.
    static final class Replay {
        private Replay() {}

        public static void main(String[] arguments) {
            RandomCommands commands = new RandomCommands(Long.parseLong(arguments[0]));
            try (RowStore rows = RocksRows.open(Path.of(arguments[1]))) {
                for (int i = 0; i < ENTRIES; i++) {
                    apply(rows, commands.entry());
                }
                System.out.println(StateDigest.of(rows));
            }
        }
    }
}
