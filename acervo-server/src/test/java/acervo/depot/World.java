package acervo.depot;

import static org.junit.jupiter.api.Assertions.assertThrows;

import acervo.blob.BlobStore;
import acervo.blob.HookedBlobs;
import acervo.blob.MemoryBlobStore;
import acervo.blob.StoredBlob;
import acervo.catalog.Catalog;
import acervo.catalog.Catalogs;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.NodeId;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import acervo.model.SecretHash;
import acervo.model.SpaceName;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.function.Executable;

/// A depot in memory with two clients, at which nothing runs by itself, and short words for what tests do.
class World implements AutoCloseable {
    static final ClientId ANA = new ClientId(new UUID(1, 1));
    static final ClientId BIA = new ClientId(new UUID(2, 2));
    static final byte[] ANAS_SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    static final NodeId NODE = new NodeId(new UUID(9, 9));
    static final SpaceName HOME = SpaceName.HOME;

    final FakeClock clock = new FakeClock();
    HookedBlobs blobs;
    HookedCatalog catalog;
    Path folder;
    final DepotSettings settings;
    Depot depot;

    World(Path folder) {
        this(folder, DepotSettings.DEFAULTS, 1L << 30);
    }

    World(Path folder, DepotSettings settings, long capacity) {
        this(folder, settings, clock -> new MemoryBlobStore(capacity, clock::millis));
    }

    World(Path folder, DepotSettings settings, Function<FakeClock, BlobStore> store) {
        this(folder, settings, store, clock -> Catalogs.memory(NODE, clock));
    }

    World(
            Path folder,
            DepotSettings settings,
            Function<FakeClock, BlobStore> store,
            Function<FakeClock, Catalog> names) {
        this.folder = folder;
        this.settings = settings;
        this.blobs = new HookedBlobs(store.apply(clock));
        this.catalog = new HookedCatalog(names.apply(clock));
        this.depot = Depot.still(blobs, catalog, NODE, folder, settings, clock);
        depot.register(ANA, SecretHash.of(ANAS_SECRET), request());
        depot.register(BIA, SecretHash.of(new byte[32]), request());
    }

    /// The server stops, in order, and starts again.
    void restart() {
        depot.close();
        depot = Depot.still(blobs, catalog, NODE, folder, settings, clock);
    }

    /// The server is killed, and starts again: nothing of the old one is closed or written down.
    void killAndRestart() {
        blobs.forgetOpenStages();
        depot = Depot.still(blobs, catalog, NODE, folder, settings, clock);
    }

    static RequestId request() {
        return new RequestId(UUID.randomUUID());
    }

    static FilePath path(String text) {
        return new FilePath(text);
    }

    static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static BlobId id(byte[] bytes) {
        return Hashes.id(ByteBuffer.wrap(bytes));
    }

    static Target target(String path) {
        return target(path, request());
    }

    static Target target(String path, RequestId request) {
        return new Target(
                HOME,
                path(path),
                Kind.FILE,
                5,
                false,
                0,
                Condition.ANY,
                request,
                Optional.empty(),
                OptionalLong.empty());
    }

    static Target in(SpaceName space, String path) {
        return new Target(
                space,
                path(path),
                Kind.FILE,
                0,
                false,
                0,
                Condition.ANY,
                request(),
                Optional.empty(),
                OptionalLong.empty());
    }

    static SmallDeposit small(String path, byte[] bytes) {
        return new SmallDeposit(
                path(path), Kind.FILE, 0, false, Condition.ANY, Optional.of(id(bytes)), false, ByteBuffer.wrap(bytes));
    }

    static Target announcing(Target target, byte[] bytes) {
        return new Target(
                target.space(),
                target.path(),
                target.kind(),
                target.modifiedMillis(),
                target.executable(),
                target.replicas(),
                target.condition(),
                target.request(),
                Optional.of(id(bytes)),
                OptionalLong.of(bytes.length));
    }

    static Target on(Target target, Condition condition) {
        return new Target(
                target.space(),
                target.path(),
                target.kind(),
                target.modifiedMillis(),
                target.executable(),
                target.replicas(),
                condition,
                target.request(),
                target.digest(),
                target.length());
    }

    Deposited put(String path, byte[] bytes) {
        return put(ANA, target(path), bytes);
    }

    /// Deposits in pieces of an odd size.
    Deposited put(ClientId caller, Target target, byte[] bytes) {
        try (Intake intake = depot.begin(caller, target)) {
            write(intake, bytes);
            return intake.finish();
        }
    }

    static void write(Intake intake, byte[] bytes) {
        for (int at = 0; at < bytes.length; at += 100_003) {
            intake.write(ByteBuffer.wrap(bytes, at, Math.min(100_003, bytes.length - at)));
        }
    }

    byte[] get(String path) {
        return get(ANA, HOME, path);
    }

    byte[] get(ClientId caller, SpaceName space, String path) {
        try (Download download = depot.open(caller, space, path(path))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) download.length());
            download.read(0, bytes);
            return bytes.array();
        }
    }

    void remove(String path) {
        depot.submit(
                ANA,
                request(),
                new Command.RemoveFiles(HOME, false, List.of(new Command.Remove(path(path), Condition.ANY))));
    }

    /// Removes without keeping it in the history.
    void removeForEver(String path) {
        depot.submit(
                ANA,
                request(),
                new Command.RemoveFiles(HOME, true, List.of(new Command.Remove(path(path), Condition.ANY))));
    }

    boolean exists(String path) {
        return catalog.file(catalog.space(ANA, HOME).orElseThrow().id(), path(path))
                .isPresent();
    }

    static Refusal refusal(Executable action) {
        return assertThrows(RefusedException.class, action).refusal();
    }

    static Reason reason(Executable action) {
        return refusal(action).reason();
    }

    static void await(Verification verification) {
        try {
            verification.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// An open copy that claims to lie in a file.
    StoredBlob extentOf(BlobId id) {
        StoredBlob blob = blobs.open(id).orElseThrow();
        return new StoredBlob() {
            @Override
            public BlobId id() {
                return id;
            }

            @Override
            public long length() {
                return blob.length();
            }

            @Override
            public void read(long offset, ByteBuffer into) {
                blob.read(offset, into);
            }

            @Override
            public void check(long offset, long length) {
                blob.check(offset, length);
            }

            @Override
            public void verify(LongConsumer progress) {
                blob.verify(progress);
            }

            @Override
            public void sums(long first, IntBuffer into) {
                blob.sums(first, into);
            }

            @Override
            public Optional<Extent> extent() {
                return Optional.of(new Extent(folder.resolve("none"), 0, blob.length()));
            }

            @Override
            public void close() {
                blob.close();
            }
        };
    }

    @Override
    public void close() {
        depot.close();
        catalog.close();
        blobs.close();
    }
}
