package acervo.depot;

import acervo.blob.BlobStore;
import acervo.blob.SmallBlob;
import acervo.blob.Stage;
import acervo.blob.StageId;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import acervo.model.SpaceId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One deposit while its bytes arrive. Up to `BlobStore.SMALL` bytes are held in memory, more go to disk as they come.
/// Nothing is visible
/// before [#finish] returns. One thread at a time.
public final class Intake implements AutoCloseable {
    private static final int FIRST = 8 << 10;

    private final Intakes intakes;
    private final ClientId caller;
    private final Target target;
    private final SpaceId space;

    /// The bytes so far, from 0 to its position, until they go to disk.
    private ByteBuffer small = ByteBuffer.allocate(0);

    private @Nullable Stage stage;
    private @Nullable StageId stageId;
    private Room.@Nullable Pledge pledge;
    private boolean streaming;
    private long received;
    private boolean ended;

    Intake(Intakes intakes, ClientId caller, SpaceId space, Target target) {
        this.intakes = intakes;
        this.caller = caller;
        this.space = space;
        this.target = target;
    }

    /// Bytes that have arrived.
    public long received() {
        return received;
    }

    /// Takes the buffer's bytes, all of them; blocks while the disk is slow.
    ///
    /// @throws acervo.model.RefusedException LENGTH_MISMATCH when there are more than announced, NO_ROOM when the
    /// disk is full
    /// @throws acervo.blob.StoreFailedException when the disk fails
    public void write(ByteBuffer bytes) {
        if (ended) {
            throw new IllegalStateException("the deposit has ended");
        }
        int count = bytes.remaining();
        long total = received + count;
        if (target.length().isPresent() && total > target.length().getAsLong()) {
            throw new RefusedException(Reason.LENGTH_MISMATCH, target.length().getAsLong(), "more");
        }
        Optional<Refusal> misshapen = Access.shape(target.path(), target.kind(), total);
        if (misshapen.isPresent()) {
            throw new RefusedException(misshapen.get());
        }
        Stage to = stage;
        if (to == null && total <= BlobStore.SMALL && grow((int) total)) {
            small.put(bytes);
        } else {
            to = to == null ? spill() : to;
            intakes.write(to, bytes);
            if (pledge != null) {
                pledge.used(count);
            }
        }
        received = total;
    }

    /// Checks length and digest, forces the bytes to disk and makes the file visible. Call it once.
    ///
    /// @throws acervo.model.RefusedException the deposit was refused and nothing is visible
    /// @throws acervo.blob.StoreFailedException when the disk fails; nothing is visible
    /// @throws acervo.catalog.CatalogUnavailableException it could not be known whether it took effect: retry with
    /// the same request id
    public Deposited finish() {
        return finish(Optional.empty());
    }

    /// As [#finish()], with a digest that became known only at the end (a trailer).
    public Deposited finish(Optional<BlobId> digest) {
        if (ended) {
            throw new IllegalStateException("the deposit has ended");
        }
        try {
            if (target.length().isPresent() && received != target.length().getAsLong()) {
                throw new RefusedException(
                        Reason.LENGTH_MISMATCH, target.length().getAsLong(), received);
            }
            Stage staged = stage;
            ByteBuffer bytes = small.duplicate().flip();
            BlobId id = staged == null ? Hashes.id(bytes) : staged.digest();
            Hashes.mismatch(target.digest(), id)
                    .or(() -> Hashes.mismatch(digest, id))
                    .ifPresent(refusal -> {
                        throw new RefusedException(refusal);
                    });
            return intakes.publisher().deposit(caller, space, target, id, received, () -> {
                if (staged != null) {
                    intakes.commit(staged);
                    stage = null;
                } else if (Intakes.hasBytes(target.kind(), id)) {
                    intakes.putAll(List.of(new SmallBlob(id, bytes)));
                }
            });
        } finally {
            close();
        }
    }

    /// Abandons the deposit, unless it was finished.
    @Override
    public void close() {
        if (ended) {
            return;
        }
        ended = true;
        intakes.memory().give(small.capacity());
        small = ByteBuffer.allocate(0);
        if (streaming) {
            intakes.streams().give(caller);
        }
        if (pledge != null) {
            pledge.close();
        }
        if (stageId != null) {
            if (stage != null) {
                intakes.discard(stage);
            }
            intakes.ended(stageId);
        }
    }

    /// The announced length is not small: it counts against the client's streams and the disk's room from the
    /// start.
    void expect(long announced) {
        startStreaming();
        try {
            pledge = intakes.room().pledge(announced);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void startStreaming() {
        if (!streaming) {
            intakes.streams().take(caller);
            streaming = true;
        }
    }

    /// Makes the buffer hold `total` bytes, if there is memory for that.
    private boolean grow(int total) {
        if (total <= small.capacity()) {
            return true;
        }
        if (target.length().orElse(0) > BlobStore.SMALL) {
            return false;
        }
        // A length that was announced is not taken at its word: a thousand callers that announce a MiB each and send
        // nothing cost nothing.
        int capacity = Math.max(total, Math.min(BlobStore.SMALL, Math.max(FIRST, small.capacity() * 2)));
        if (target.length().isPresent()) {
            capacity = Math.max(
                    total, Math.min(capacity, Math.toIntExact(target.length().getAsLong())));
        }
        if (!intakes.memory().tryTake(capacity)) {
            return false;
        }
        ByteBuffer grown = ByteBuffer.allocate(capacity).put(small.flip());
        intakes.memory().give(small.capacity());
        small = grown;
        return true;
    }

    /// Goes on on disk.
    private Stage spill() {
        startStreaming();
        StageId id = Intakes.freshId();
        Stage opened = intakes.newStage(id);
        stageId = id;
        stage = opened;
        ByteBuffer held = small;
        small = ByteBuffer.allocate(0);
        intakes.memory().give(held.capacity());
        int count = held.flip().remaining();
        intakes.write(opened, held);
        if (pledge != null) {
            pledge.used(count);
        }
        return opened;
    }
}
