package acervo.e2e;

import acervo.blob.BlobStore;
import acervo.blob.DiskBlobStore;
import acervo.blob.DiskSettings;
import acervo.catalog.Catalog;
import acervo.catalog.Catalogs;
import acervo.client.AcervoClient;
import acervo.client.Credentials;
import acervo.client.RetryPolicy;
import acervo.client.ServerAddress;
import acervo.depot.Depot;
import acervo.depot.DepotSettings;
import acervo.http.FrontDoor;
import acervo.http.Limits;
import acervo.http.ServerFacts;
import acervo.model.NodeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A whole server in this process, on its real store and its real catalog, behind a wire that can be cut.
final class InProcess implements AutoCloseable {
    /// As patient as usual, without the waiting.
    private static final RetryPolicy POLICY =
            new RetryPolicy(Duration.ofSeconds(60), Duration.ofSeconds(60), System::nanoTime, _ -> {});

    /// Held, since the system only holds loggers weakly: a line for each request would bury what a test prints.
    private static final Logger ACCESS = Logger.getLogger("acervo.access");

    private final Path folder;
    private final NodeId node = new NodeId(new UUID(7, 7));
    private BlobStore blobs;
    private Catalog catalog;
    private Depot depot;
    private FrontDoor door;
    private int port;
    final CuttingProxy wire;

    InProcess(Path folder) throws IOException {
        this.folder = folder;
        ACCESS.setLevel(Level.WARNING);
        open();
        wire = new CuttingProxy(port);
    }

    private void open() throws IOException {
        Clock clock = Clock.systemUTC();
        blobs = DiskBlobStore.open(folder.resolve("blobs"), DiskSettings.usual().withReserve(0));
        catalog = Catalogs.open(folder.resolve("catalog"), node, clock);
        depot = Depot.open(blobs, catalog, node, folder.resolve("depot"), DepotSettings.DEFAULTS, clock);
        door = FrontDoor.prepare(Limits.DEFAULTS);
        port = door.listen(depot, new ServerFacts("test", node, System.nanoTime()), new byte[32], "127.0.0.1", port);
    }

    private void shut() {
        door.close();
        depot.close();
        catalog.close();
        blobs.close();
    }

    /// Stops it and starts it again, on the same port.
    void restart() throws IOException {
        shut();
        open();
    }

    /// Mends the wire whenever it is cut, until closed.
    Mending mending() {
        return mending(() -> {});
    }

    /// The same, and starts the server anew before.
    Mending restartingWhenCut() {
        return mending(() -> {
            try {
                restart();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private Mending mending(Runnable before) {
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    wire.awaitCut();
                    before.run();
                    wire.mend();
                }
            } catch (InterruptedException _) {
                // Closed.
            }
        });
        return thread::interrupt;
    }

    @FunctionalInterface
    interface Mending extends AutoCloseable {
        @Override
        void close();
    }

    /// A client that the server knows.
    AcervoClient client() {
        Credentials who = Credentials.random();
        AcervoClient client = client(who);
        client.register(who);
        return client;
    }

    AcervoClient client(Credentials who) {
        return new AcervoClient(ServerAddress.parse(wire.address()), who, folder.resolve("uploads"), POLICY);
    }

    @Override
    public void close() throws IOException {
        wire.close();
        shut();
    }
}
