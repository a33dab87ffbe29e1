package acervo.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import acervo.model.Stamp;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A catalog on a disk of its own, of 48 MB, which others fill. Needs the right to mount one.
final class FullDiskTest {
    private static final NodeId NODE = new NodeId(new UUID(1, 1));
    private static final ClientId CLIENT = new ClientId(new UUID(2, 2));

    @TempDir
    private Path folder;

    private Path disk = Path.of("");
    private boolean mounted;
    private long count;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        disk = Files.createDirectory(folder.resolve("disk"));
        mounted = "root".equals(System.getProperty("user.name"))
                && run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", disk.toString()) == 0;
        assumeTrue(mounted, "a small disk can't be mounted here");
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (mounted) {
            assertEquals(0, run("umount", disk.toString()));
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }

    private RocksCatalog open(long ballast) throws IOException {
        // The keeper is left asleep: the test does what it would do.
        return RocksCatalog.open(
                disk.resolve("catalog"),
                NODE,
                new CatalogOptions(Clock.systemUTC(), 1 << 20, 2 << 20, 100_000, 1 << 20, ballast, 1_000_000));
    }

    private static RequestId request() {
        return new RequestId(UUID.randomUUID());
    }

    private void register(Catalog catalog) {
        catalog.submit(new Command.RegisterClient(CLIENT, SecretHash.of(new byte[1])), CLIENT, request());
    }

    private FilePath put(Catalog catalog) {
        FilePath path = new FilePath("folder/" + count++);
        Content content = new Content(Kind.FILE, new BlobId(count, 1, 1, 1), 9, 0, false);
        Outcome outcome = catalog.submit(
                new Command.PutFiles(
                        SpaceName.HOME, List.of(NODE), List.of(new Command.Put(path, content, 0, Condition.ANY))),
                CLIENT,
                request());
        assertInstanceOf(
                Outcome.Result.Now.class,
                assertInstanceOf(Outcome.Files.class, outcome).results().getFirst());
        return path;
    }

    /// Takes all room but `left` bytes.
    private void fill(long left) throws IOException {
        try (OutputStream out = Files.newOutputStream(disk.resolve("filler"))) {
            byte[] step = new byte[16 << 10];
            while (Files.getFileStore(disk).getUsableSpace() > left + step.length) {
                out.write(step);
            }
        }
    }

    private static SpaceId home(Catalog catalog) {
        return catalog.space(CLIENT, SpaceName.HOME).orElseThrow().id();
    }

    @Test
    void theLogStartsAgainWhenThereIsRoom() throws IOException {
        List<FilePath> acknowledged = new ArrayList<>();
        try (RocksCatalog catalog = open(0)) {
            register(catalog);
            fill(64 << 10);
            boolean refused = false;
            for (int i = 0; i < 100_000 && !refused; i++) {
                try {
                    acknowledged.add(put(catalog));
                } catch (CatalogUnavailableException e) {
                    refused = true;
                }
            }
            assertTrue(refused);
            assertFalse(catalog.status().writable());
            assertTrue(catalog.status().trouble().orElseThrow().contains("full"), catalog.status()::toString);
            for (FilePath path : acknowledged) {
                assertTrue(catalog.file(home(catalog), path).isPresent());
            }
            catalog.recover();
            assertFalse(catalog.status().writable());

            Files.delete(disk.resolve("filler"));
            catalog.recover();
            assertTrue(catalog.status().writable(), catalog.status()::toString);
            acknowledged.add(put(catalog));
        }
        try (RocksCatalog catalog = open(0)) {
            for (FilePath path : acknowledged) {
                assertTrue(catalog.file(home(catalog), path).isPresent(), path::toString);
            }
        }
        try (RocksRows rows = RocksRows.open(disk.resolve("catalog/state"))) {
            StateAudit.check(rows);
        }
    }

    @Test
    void removingGoesOnOutOfTheBallast() throws IOException {
        try (RocksCatalog catalog = open(4 << 20)) {
            register(catalog);
            catalog.recover();
            assertTrue(Files.exists(disk.resolve("catalog/ballast")));
            List<FilePath> paths = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                paths.add(put(catalog));
            }
            fill(64 << 10);
            catalog.recover();
            assertFalse(Files.exists(disk.resolve("catalog/ballast")));
            org.junit.jupiter.api.Assertions.assertThrows(CatalogUnavailableException.class, () -> put(catalog));
            for (FilePath path : paths) {
                Outcome outcome = catalog.submit(
                        new Command.RemoveFiles(SpaceName.HOME, true, List.of(new Command.Remove(path, Condition.ANY))),
                        CLIENT,
                        request());
                assertInstanceOf(
                        Outcome.Result.Gone.class,
                        assertInstanceOf(Outcome.Files.class, outcome).results().getFirst());
            }
            assertEquals(0, catalog.status().files());
            List<BlobId> orphans = catalog.orphans(Long.MAX_VALUE, 1_000);
            assertEquals(500, orphans.size());
            catalog.submit(new Command.ForgetBlobs(Long.MAX_VALUE, orphans), Stamp.SERVER, request());
            assertEquals(0, catalog.status().blobs());

            Files.delete(disk.resolve("filler"));
            catalog.recover();
            assertTrue(Files.exists(disk.resolve("catalog/ballast")));
            put(catalog);
        }
    }
}
