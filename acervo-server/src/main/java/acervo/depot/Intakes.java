package acervo.depot;

import acervo.blob.BlobStore;
import acervo.blob.SmallBlob;
import acervo.blob.Stage;
import acervo.blob.StageId;
import acervo.blob.StagedBlob;
import acervo.blob.StoreException;
import acervo.blob.StoreFullException;
import acervo.catalog.Catalog.SpaceView;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Kind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What deposits on their way in share: the memory for small ones, the stages of large ones, and what to do when the
/// disk is full. Any
/// thread.
final class Intakes {
    private static final Logger LOG = LoggerFactory.getLogger(Intakes.class);

    private final BlobStore blobs;
    private final Collector collector;
    private final Access access;
    private final Room room;
    private final Publisher publisher;

    /// Memory for small deposits; one that finds none left goes to disk early.
    private final Budget memory;

    /// Deposits that are not small, per client.
    private final Quota streams;

    private final Set<StageId> stages = ConcurrentHashMap.newKeySet();

    Intakes(
            BlobStore blobs,
            Collector collector,
            Access access,
            Room room,
            Publisher publisher,
            Budget memory,
            Quota streams) {
        this.blobs = blobs;
        this.collector = collector;
        this.access = access;
        this.room = room;
        this.publisher = publisher;
        this.memory = memory;
        this.streams = streams;
    }

    Intake begin(ClientId caller, Target target) {
        SpaceView space = access.deposit(caller, target);
        Intake intake = new Intake(this, caller, space.id(), target);
        long announced = target.length().orElse(0);
        if (announced > BlobStore.SMALL) {
            intake.expect(announced);
        }
        return intake;
    }

    Room room() {
        return room;
    }

    Publisher publisher() {
        return publisher;
    }

    Budget memory() {
        return memory;
    }

    Quota streams() {
        return streams;
    }

    /// Stages of deposits that go on now: not abandoned.
    boolean isLive(StageId id) {
        return stages.contains(id);
    }

    Stage newStage(StageId id) {
        stages.add(id);
        boolean opened = false;
        try {
            Stage stage = openStage(id);
            opened = true;
            return stage;
        } finally {
            if (!opened) {
                stages.remove(id);
            }
        }
    }

    /// Opens a stage that somebody answers for.
    Stage openStage(StageId id) {
        try {
            return blobs.stage(id);
        } catch (StoreFullException e) {
            throw Room.noRoom(e);
        }
    }

    static StageId freshId() {
        return new StageId(UUID.randomUUID());
    }

    void ended(StageId id) {
        stages.remove(id);
    }

    /// Throws away what is left of deposits that a crash cut off.
    void sweep(Predicate<StageId> isUpload) {
        for (StageId id : blobs.stages().stream().map(StagedBlob::id).toList()) {
            // A deposit is live from before its stage exists, and an upload is known for as long as its stage does:
            // what is listed and
            // neither now was left behind.
            if (!isLive(id) && !isUpload.test(id)) {
                LOG.info("throwing away what a broken deposit left behind: {}", id);
                try {
                    blobs.discard(id);
                } catch (IllegalStateException e) {
                    // Somebody opened it meanwhile, and answers for it.
                    LOG.debug("{} is in use after all", id, e);
                }
            }
        }
    }

    /// Throws a stage away. One that the disk does not let go of stays behind, and is swept when the disk works
    /// again.
    void discard(Stage stage) {
        try {
            stage.discard();
        } catch (StoreException e) {
            LOG.warn("a deposit that was given up could not be thrown away yet", e);
        }
    }

    /// Appends all of the buffer. When the disk is full it lets go of what may go, and tries once more.
    void write(Stage stage, ByteBuffer bytes) {
        long before = stage.length();
        int from = bytes.position();
        try {
            stage.write(bytes);
        } catch (StoreFullException e) {
            bytes.position(from + Math.toIntExact(stage.length() - before));
            if (!collector.makeRoom(bytes.remaining())) {
                throw Room.noRoom(e);
            }
            retry(() -> stage.write(bytes));
        }
    }

    /// Makes the stage's bytes durable. When the disk is full it lets go of what may go, and tries once more.
    void commit(Stage stage) {
        storing(BlobStore.SMALL, stage::commit);
    }

    /// Stores small blobs. When the disk is full it lets go of what may go, and tries once more.
    void putAll(List<SmallBlob> small) {
        storing(small.stream().mapToLong(blob -> blob.bytes().remaining()).sum(), () -> blobs.putAll(small));
    }

    private void storing(long bytes, Runnable store) {
        try {
            store.run();
        } catch (StoreFullException e) {
            if (!collector.makeRoom(bytes)) {
                throw Room.noRoom(e);
            }
            retry(store);
        }
    }

    private static void retry(Runnable store) {
        try {
            store.run();
        } catch (StoreFullException e) {
            throw Room.noRoom(e);
        }
    }

    /// Folders and empty files have no bytes to store.
    static boolean hasBytes(Kind kind, BlobId id) {
        return kind != Kind.FOLDER && !id.equals(BlobId.EMPTY);
    }
}
