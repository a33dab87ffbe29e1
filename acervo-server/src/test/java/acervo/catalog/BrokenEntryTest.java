package acervo.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import acervo.model.Stamp;
import acervo.rules.Cursor;
import acervo.rules.Edit;
import acervo.rules.Row;
import acervo.rules.Tables;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An entry of the log that can't be applied: a bug, or rows that are not what they were.
final class BrokenEntryTest {
    private static final NodeId NODE = new NodeId(new UUID(1, 1));
    private static final ClientId CLIENT = new ClientId(new UUID(2, 2));
    private static final FilePath PATH = new FilePath("a");

    @TempDir
    private Path folder;

    private RocksCatalog open() throws IOException {
        return RocksCatalog.open(
                folder,
                NODE,
                new CatalogOptions(Clock.systemUTC(), 1 << 20, 1L << 40, 1_000_000, 1L << 40, 0, 1_000_000));
    }

    private static RequestId request() {
        return new RequestId(UUID.randomUUID());
    }

    private static void put(Catalog catalog, int number) {
        Content content = new Content(Kind.FILE, new BlobId(number, 1, 1, 1), 9, 0, false);
        catalog.submit(
                new Command.PutFiles(
                        SpaceName.HOME, List.of(NODE), List.of(new Command.Put(PATH, content, 0, Condition.ANY))),
                CLIENT,
                request());
    }

    private static long now(Catalog catalog) {
        SpaceId home = catalog.space(CLIENT, SpaceName.HOME).orElseThrow().id();
        return catalog.file(home, PATH).orElseThrow().content().blob().word0();
    }

    @Test
    void changesStopAtItAndReadsGoOnAndNothingIsSkipped() throws IOException {
        try (RocksCatalog catalog = open()) {
            catalog.submit(new Command.RegisterClient(CLIENT, SecretHash.of(new byte[1])), CLIENT, request());
            put(catalog, 1);
            put(catalog, 2);
        }
        loseTheHistory();
        try (RocksCatalog catalog = open()) {
            long applied = catalog.status().appliedIndex();
            assertThrows(
                    CatalogUnavailableException.class,
                    () -> catalog.submit(new Command.TrimHistory(Long.MAX_VALUE, 10), Stamp.SERVER, request()));
            while (catalog.status().writable()) {
                Thread.onSpinWait();
            }
            assertTrue(catalog.status().trouble().isPresent());
            assertThrows(CatalogUnavailableException.class, () -> put(catalog, 3));
            assertEquals(2, now(catalog));
            assertEquals(applied, catalog.status().appliedIndex());
        }
        // The entry is in the log: whoever goes on without it would tell another story than those who applied it.
        // Often, since it is met while the log is being closed for it.
        for (int i = 0; i < 5; i++) {
            String said = assertThrows(IOException.class, this::open).getMessage();
            assertFalse(said.isEmpty());
        }
    }

    /// Takes a row away that others point to.
    private void loseTheHistory() {
        try (RocksRows rows = RocksRows.open(folder.resolve("state"))) {
            Row.PastKey key;
            try (Cursor<Row.PastKey, Row.Past> past = rows.scan(Tables.HISTORY, new byte[0])) {
                assertTrue(past.next());
                key = past.key();
            }
            rows.write(List.of(new Edit.Drop<>(Tables.HISTORY, key)), rows.applied());
            rows.flush();
        }
    }
}
