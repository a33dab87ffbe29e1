package acervo.server;

import acervo.blob.BlobStore;
import acervo.blob.DiskBlobStore;
import acervo.blob.MemoryBlobStore;
import acervo.catalog.Catalog;
import acervo.catalog.Catalogs;
import acervo.depot.Depot;
import acervo.http.FrontDoor;
import acervo.http.Limits;
import acervo.http.ServerFacts;
import acervo.model.ServerProgram;
import acervo.model.SpaceName;
import acervo.share.SharedFolder;
import java.io.IOException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server that runs: everything it is made of, from the bottom up, and how that is taken apart again.
final class Wiring implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("acervo.server");
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final long MEMORY_BYTES = 128L << 20;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private @Nullable FrontDoor door;
    private int port;

    private Wiring() {}

    /// Builds a server and opens its port.
    ///
    /// @throws StartException when that can't be: what was opened is closed again
    static Wiring start(ServerProgram.Options options, Settings settings, String version) throws StartException {
        long startedNanos = System.nanoTime();
        Wiring wiring = new Wiring();
        try {
            wiring.build(options, settings, version, startedNanos);
            return wiring;
        } catch (StartException | RuntimeException e) {
            wiring.close();
            throw e;
        }
    }

    private void build(ServerProgram.Options options, Settings settings, String version, long startedNanos)
            throws StartException {
        DataFolder folder = keep(options.ephemeral() ? DataFolder.passing() : DataFolder.open(options.data()));
        Clock clock = Clock.systemUTC();

        // These three take longest and know nothing of each other.
        Coming<FrontDoor> comingDoor = Coming.of(() -> FrontDoor.prepare(Limits.DEFAULTS));
        Coming<BlobStore> comingBlobs = Coming.of(() -> options.ephemeral()
                ? new MemoryBlobStore(MEMORY_BYTES, clock::millis)
                : DiskBlobStore.open(folder.blobs(), settings.disk()));
        Coming<Catalog> comingCatalog = Coming.of(() -> options.ephemeral()
                ? Catalogs.memory(folder.node(), clock)
                : Catalogs.open(folder.catalog(), folder.node(), clock));

        Path root = folder.root();
        BlobStore blobs = keep(comingBlobs.get(root));
        Catalog catalog = keep(comingCatalog.get(root));
        List<SharedFolder> shares = shares(options.shares(), catalog, clock);
        Depot depot = keep(Depot.open(blobs, catalog, folder.node(), folder.depot(), settings.depot(), shares, clock));
        FrontDoor front = keep(comingDoor.get(root));
        door = front;
        ServerFacts facts = new ServerFacts(version, folder.node(), startedNanos);
        try {
            port = front.listen(depot, facts, folder.operatorSecret(), options.listenHost(), options.listenPort());
        } catch (IOException e) {
            throw portTrouble(options, e);
        }
    }

    /// Folders that are there, of names that nothing else has.
    private static List<SharedFolder> shares(List<ServerProgram.Share> wanted, Catalog catalog, Clock clock)
            throws StartException {
        List<SharedFolder> shares = new ArrayList<>();
        Set<SpaceName> names = new HashSet<>(Set.of(SpaceName.HOME, SpaceName.PUBLIC));
        for (ServerProgram.Share share : wanted) {
            if (!Files.isDirectory(share.folder())) {
                throw new StartException("share.missing", share.folder());
            }
            if (!names.add(share.name()) || catalog.isTaken(share.name())) {
                throw new StartException("share.taken", share.folder(), share.name());
            }
            shares.add(new SharedFolder(share.name(), share.folder(), clock));
        }
        return shares;
    }

    private static StartException portTrouble(ServerProgram.Options options, IOException e) {
        String host = options.listenHost();
        String port = Integer.toString(options.listenPort());
        String said = String.valueOf(e.getMessage());
        if (e instanceof BindException && said.contains("in use")) {
            return new StartException("port.taken", host, port);
        }
        if (said.contains("Permission denied")) {
            return new StartException("port.forbidden", host, port);
        }
        if (said.contains("assign requested address")
                || e instanceof UnknownHostException
                || e.getCause() instanceof UnknownHostException) {
            return new StartException("address.unknown", host);
        }
        return new StartException("port.failed", host, port, said);
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    /// The port that was taken.
    int port() {
        return port;
    }

    /// Stops accepting, lets the requests in flight finish, and closes everything, the last opened first.
    @Override
    public void close() {
        if (door != null) {
            door.drain(DRAIN);
        }
        while (!opened.isEmpty()) {
            AutoCloseable part = opened.pop();
            try {
                part.close();
            } catch (Exception e) {
                // The others are closed all the same: what is acknowledged is on disk already.
                LOG.error("closing {}", part.getClass().getSimpleName(), e);
            }
        }
    }

    /// A part that is being opened beside others.
    private record Coming<T extends AutoCloseable>(FutureTask<T> task) {
        static <T extends AutoCloseable> Coming<T> of(Callable<T> open) {
            FutureTask<T> task = new FutureTask<>(open);
            Thread.ofPlatform().name("acervo-opening").start(task);
            return new Coming<>(task);
        }

        T get(Path root) throws StartException {
            try {
                return task.get();
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                LOG.debug("while opening", cause);
                throw new StartException("store.failed", root, String.valueOf(cause.getMessage()));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new StartException("store.failed", root, "interrupted");
            }
        }
    }
}
