package acervo.depot;

import acervo.blob.Stage;
import acervo.blob.StageId;
import acervo.model.BlobId;
import acervo.model.Reason;
import acervo.model.RefusedException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One resumable upload that is known here. All but the finals and the volatiles is guarded by [#lock]; who holds it
/// may find that the
/// upload has [#ended].
final class Upload {
    final ReentrantLock lock = new ReentrantLock();
    final StageId stageId;
    final Path file;

    UploadRecord record;

    /// Whose turn it is to append. Taking it away is how another connection takes over: each write looks first.
    Uploads.@Nullable Append turn;

    /// Holds the sealed bytes.
    Pins.@Nullable Pin pin;

    boolean ended;

    /// When it last got on, milliseconds since 1970.
    volatile long progressMillis;

    /// Bytes that it holds, as far as known: a restart may have cut some.
    volatile long held;

    private @Nullable Stage stage;

    Upload(UUID key, Path folder, UploadRecord record, long progressMillis) {
        this.stageId = new StageId(key);
        this.file = folder.resolve(key.toString());
        this.record = record;
        this.progressMillis = progressMillis;
    }

    /// The open stage. What it holds is read and hashed again the first time after a restart.
    Stage stage(Intakes intakes) {
        Stage open = stage;
        if (open == null) {
            open = intakes.openStage(stageId);
            stage = open;
            held = open.length();
        }
        return open;
    }

    /// The stage was committed or discarded.
    void stageEnded() {
        stage = null;
    }

    /// Lets go of the stage's memory and file; its bytes stay.
    void closeStage() {
        Stage open = stage;
        if (open != null) {
            stage = null;
            open.close();
        }
    }

    long offset(Intakes intakes) {
        return record.sealed()
                .map(UploadRecord.Sealed::length)
                .orElseGet(() -> stage(intakes).length());
    }

    /// @throws RefusedException when `count` more bytes are more than announced, or more than may be there
    void checkGrowth(long count, Intakes intakes) {
        Target target = record.target();
        long total = offset(intakes) + count;
        OptionalLong announced = target.length();
        if (announced.isPresent() && total > announced.getAsLong()) {
            throw new RefusedException(Reason.LENGTH_MISMATCH, announced.getAsLong(), "more");
        }
        if (record.sealed().isPresent() && count > 0) {
            throw new RefusedException(
                    Reason.LENGTH_MISMATCH, record.sealed().get().length(), "more");
        }
        Access.shape(target.path(), target.kind(), total).ifPresent(refusal -> {
            throw new RefusedException(refusal);
        });
    }

    /// The bytes are what `id` says; from now on the upload is that blob, and its stage is on the way into the
    /// store.
    void seal(BlobId id, long length, Pins.Pin held) {
        record = record.sealed(id, length);
        pin = held;
    }

    void unseal() {
        record = new UploadRecord(record.owner(), record.target(), record.createdMillis(), Optional.empty());
        Pins.Pin held = pin;
        pin = null;
        if (held != null) {
            held.close();
        }
    }
}
