package acervo.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.cluster.LogForces;
import acervo.cluster.LogGroup;
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
import acervo.model.SpaceName;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that can't keep what the log writes to it, and is not full.
final class FailedForceTest {
    private static final NodeId NODE = new NodeId(new UUID(1, 1));
    private static final ClientId CLIENT = new ClientId(new UUID(2, 2));

    @TempDir
    private Path folder;

    private RocksCatalog open() throws IOException {
        // The keeper is left asleep: the test does what it would do.
        return RocksCatalog.open(
                folder.resolve("catalog"),
                NODE,
                new CatalogOptions(Clock.systemUTC(), 1 << 20, 2 << 20, 100_000, 1 << 20, 0, 1_000_000));
    }

    private static LogForces forces(RocksCatalog catalog) throws IOException, ReflectiveOperationException {
        Field log = RocksCatalog.class.getDeclaredField("log");
        log.setAccessible(true);
        return new LogForces((LogGroup) log.get(catalog));
    }

    private static RequestId request() {
        return new RequestId(UUID.randomUUID());
    }

    private static Outcome.Result put(Catalog catalog, String name, RequestId request) {
        Content content = new Content(Kind.FILE, new BlobId(name.hashCode(), 1, 1, 1), 9, 0, false);
        Command.Put put = new Command.Put(new FilePath(name), content, 0, Condition.ANY);
        Outcome outcome =
                catalog.submit(new Command.PutFiles(SpaceName.HOME, List.of(NODE), List.of(put)), CLIENT, request);
        return assertInstanceOf(Outcome.Files.class, outcome).results().getFirst();
    }

    private static void assertPut(Catalog catalog, String name, RequestId request) {
        assertInstanceOf(Outcome.Result.Now.class, put(catalog, name, request));
        assertTrue(isThere(catalog, name));
    }

    private static boolean isThere(Catalog catalog, String name) {
        return catalog.file(catalog.space(CLIENT, SpaceName.HOME).orElseThrow().id(), new FilePath(name))
                .isPresent();
    }

    private static void assertTakesNoChanges(RocksCatalog catalog) {
        assertFalse(catalog.status().writable());
        String told = catalog.status().trouble().orElseThrow();
        assertTrue(told.contains("until the server is started again"), told);
        assertTrue(told.contains("Input/output error"), told);
        assertThrows(CatalogUnavailableException.class, () -> put(catalog, "after", request()));
    }

    @Test
    void whatCouldNotBeForcedIsNotAcknowledgedAndNothingIsTakenUntilTheNextStart() throws Exception {
        RequestId during = request();
        try (RocksCatalog catalog = open()) {
            catalog.submit(new Command.RegisterClient(CLIENT, SecretHash.of(new byte[1])), CLIENT, request());
            LogForces forces = forces(catalog);
            assertPut(catalog, "before", request());
            assertEquals(1, forces.succeeded());

            forces.failNext();
            CatalogUnavailableException unavailable =
                    assertThrows(CatalogUnavailableException.class, () -> put(catalog, "during", during));
            assertTrue(unavailable.tried(), "it may be on the disk all the same");
            assertFalse(isThere(catalog, "during"));
            assertTakesNoChanges(catalog);
            // As often as the keeper likes: only a full disk gets well by itself.
            for (int i = 0; i < 3; i++) {
                catalog.recover();
                assertTakesNoChanges(catalog);
            }
            assertEquals(1, forces.succeeded(), "a second force would succeed and mean nothing");
            assertTrue(isThere(catalog, "before"), "reading goes on");
            assertFalse(isThere(catalog, "after"));
        }
        try (RocksCatalog catalog = open()) {
            assertTrue(catalog.status().writable(), catalog.status()::toString);
            assertTrue(isThere(catalog, "before"));
            assertFalse(isThere(catalog, "after"));
            // The client tries again; whether its first attempt took effect makes no difference.
            assertPut(catalog, "during", during);
            assertEquals(2, catalog.status().files());
            assertPut(catalog, "after", request());
        }
        try (RocksRows rows = RocksRows.open(folder.resolve("catalog/state"))) {
            StateAudit.check(rows);
        }
    }
}
