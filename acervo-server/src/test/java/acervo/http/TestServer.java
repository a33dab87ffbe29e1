package acervo.http;

import acervo.blob.BlobStore;
import acervo.blob.MemoryBlobStore;
import acervo.catalog.Catalog;
import acervo.catalog.Catalogs;
import acervo.depot.Depot;
import acervo.depot.DepotSettings;
import acervo.model.ClientId;
import acervo.model.NodeId;
import acervo.model.RequestId;
import acervo.model.SecretHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// A whole server in this process, over memory stores, on a port of its own.
final class TestServer implements AutoCloseable {
    static final String OPERATOR = "an operator's secret";

    final Depot depot;
    final Catalog catalog;
    final BlobStore blobs;
    final FrontDoor door;
    final int port;

    private TestServer(Depot depot, Catalog catalog, BlobStore blobs, FrontDoor door, int port) {
        this.depot = depot;
        this.catalog = catalog;
        this.blobs = blobs;
        this.door = door;
        this.port = port;
    }

    static TestServer start(Path folder) throws IOException {
        return start(folder, Limits.DEFAULTS, store -> store);
    }

    static TestServer start(Path folder, Limits limits) throws IOException {
        return start(folder, limits, store -> store);
    }

    /// @param over wraps the store, to make it slow or damaged
    static TestServer start(Path folder, Limits limits, UnaryOperator<BlobStore> over) throws IOException {
        NodeId node = new NodeId(new UUID(7, 7));
        Clock clock = Clock.systemUTC();
        BlobStore blobs = over.apply(new MemoryBlobStore(256L << 20, clock::millis));
        Catalog catalog = Catalogs.memory(node, clock);
        Depot depot = Depot.open(blobs, catalog, node, folder.resolve("depot"), DepotSettings.DEFAULTS, clock);
        FrontDoor door = FrontDoor.prepare(limits);
        int port = door.listen(
                depot,
                new ServerFacts("test", node, System.nanoTime()),
                OPERATOR.getBytes(StandardCharsets.UTF_8),
                "127.0.0.1",
                0);
        return new TestServer(depot, catalog, blobs, door, port);
    }

    /// A client that the server knows.
    Person person() {
        Person person = Person.stranger();
        depot.register(
                person.id, SecretHash.of(HexFormat.of().parseHex(person.secret)), new RequestId(UUID.randomUUID()));
        return person;
    }

    Wired open() throws IOException {
        return new Wired(port);
    }

    @Override
    public void close() {
        door.close();
        depot.close();
        catalog.close();
        blobs.close();
    }

    /// An id and a secret.
    record Person(ClientId id, String secret) {
        static Person stranger() {
            UUID random = UUID.randomUUID();
            String secret = (random.toString() + UUID.randomUUID()).replace("-", "");
            return new Person(new ClientId(UUID.randomUUID()), secret);
        }

        String basic() {
            byte[] pair = (id + ":" + secret).getBytes(StandardCharsets.US_ASCII);
            return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair) + "\r\n";
        }

        String bearer() {
            return "Authorization: Bearer " + id + ":" + secret + "\r\n";
        }
    }
}
