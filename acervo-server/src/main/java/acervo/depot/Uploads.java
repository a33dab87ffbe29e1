package acervo.depot;

import acervo.blob.Stage;
import acervo.blob.StoreFailedException;
import acervo.catalog.Catalog;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.FileEntry;
import acervo.model.Outcome;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import acervo.model.SpaceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Resumable uploads. They survive restarts, and only the client that began one can see it: to all others it is
/// NO_SUCH_UPLOAD. An
/// upload's id is the request id of its target. Blocking; any thread.
public final class Uploads {
    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

    /// After this long without an append a stage is closed; the next append opens it again.
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final Catalog catalog;
    private final Access access;
    private final Intakes intakes;
    private final Pins pins;
    private final Damage damage;
    private final UploadShelf shelf;
    private final Duration expiry;
    private final Clock clock;

    Uploads(
            Catalog catalog,
            Access access,
            Intakes intakes,
            Pins pins,
            Damage damage,
            UploadShelf shelf,
            Duration expiry,
            Clock clock) {
        this.catalog = catalog;
        this.access = access;
        this.intakes = intakes;
        this.pins = pins;
        this.damage = damage;
        this.shelf = shelf;
        this.expiry = expiry;
        this.clock = clock;
    }

    /// Begins an upload, or finds the one that the same client began with the same request and the same target.
    ///
    /// @throws acervo.model.RefusedException TOO_MANY; REQUEST_REUSED for another target; and whatever
    /// [Depot#begin] refuses
    public Progress create(ClientId caller, Target target) {
        Optional<Progress> done = completed(caller, target.request());
        if (done.isPresent()) {
            return done.get();
        }
        Optional<Upload> there = shelf.find(caller, target.request());
        if (there.isPresent()) {
            return found(there.get(), target);
        }
        access.deposit(caller, target);
        // Only looked at: the room is spoken for while bytes arrive, not for the days that an upload may rest.
        intakes.room().pledge(target.length().orElse(0)).close();
        UploadRecord record = new UploadRecord(caller, target, clock.millis(), Optional.empty());
        return found(shelf.add(record, clock.millis()), target);
    }

    /// How far an upload is. Whoever was appending to it is made to fail first, so that the offset stands still: a
    /// client that asks has lost
    /// its connection.
    ///
    /// @throws acervo.model.RefusedException NO_SUCH_UPLOAD
    public Progress find(ClientId caller, RequestId id) {
        Optional<Progress> done = completed(caller, id);
        if (done.isPresent()) {
            return done.get();
        }
        Upload upload = shelf.find(caller, id).orElseThrow(() -> noSuchUpload(id));
        return found(upload, null);
    }

    /// Opens an upload for appending at `offset`, which must be where it stands. Whoever was appending to it is
    /// made to fail.
    ///
    /// @throws acervo.model.RefusedException NO_SUCH_UPLOAD; OFFSET_MISMATCH with (asked, stands at); TOO_MANY
    public Append append(ClientId caller, RequestId id, long offset) {
        Upload upload = shelf.find(caller, id).orElseThrow(() -> noSuchUpload(id));
        intakes.streams().take(caller);
        boolean open = false;
        upload.lock.lock();
        try {
            takeOver(upload);
            long at = upload.offset(intakes);
            if (at != offset) {
                throw new RefusedException(Reason.OFFSET_MISMATCH, offset, at);
            }
            OptionalLong length = upload.record.target().length();
            Room.Pledge pledge = intakes.room().pledge(Math.max(0, length.orElse(at) - at));
            Append append = new Append(this, upload, pledge);
            upload.turn = append;
            open = true;
            return append;
        } finally {
            upload.lock.unlock();
            if (!open) {
                intakes.streams().give(caller);
            }
        }
    }

    /// Makes an upload's bytes a file. Repeating it after it took effect gives the same answer, also when the
    /// upload itself
    /// is gone.
    ///
    /// @param digest what the bytes must hash to; may be empty only when the target had one
    /// @throws acervo.model.RefusedException NO_SUCH_UPLOAD; DIGEST_MISMATCH and LENGTH_MISMATCH (the upload
    /// stays); or the catalog's "no", which
    ///     ends the upload
    public Deposited complete(ClientId caller, RequestId id, Optional<BlobId> digest) {
        Optional<Deposited> before = answered(caller, id);
        if (before.isPresent()) {
            return before.get();
        }
        Upload upload = shelf.find(caller, id).orElseThrow(() -> noSuchUpload(id));
        upload.lock.lock();
        try {
            if (upload.ended) {
                // Another connection completed it while this one waited for its turn.
                return answered(caller, id).orElseThrow(() -> noSuchUpload(id));
            }
            takeOver(upload);
            SpaceId space =
                    access.writable(caller, upload.record.target().space()).id();
            UploadRecord.Sealed sealed = seal(upload, digest);
            return publish(upload, space, sealed);
        } finally {
            upload.lock.unlock();
        }
    }

    /// Throws an upload away.
    ///
    /// @throws acervo.model.RefusedException NO_SUCH_UPLOAD
    public void cancel(ClientId caller, RequestId id) {
        Upload upload = shelf.find(caller, id).orElseThrow(() -> noSuchUpload(id));
        upload.lock.lock();
        try {
            takeOver(upload);
            discard(upload);
        } finally {
            upload.lock.unlock();
        }
    }

    /// Begun and not ended.
    int count() {
        return shelf.all().size();
    }

    /// Bytes that they hold.
    long bytes() {
        return shelf.all().stream().mapToLong(upload -> upload.held).sum();
    }

    /// Throws away what has expired, and lets go of what rests.
    void tidy() {
        long now = clock.millis();
        for (Upload upload : List.copyOf(shelf.all())) {
            if (!upload.lock.tryLock()) {
                continue;
            }
            try {
                if (upload.ended) {
                    continue;
                }
                if (now - upload.progressMillis > expiry.toMillis()) {
                    LOG.info("an upload of {} bytes has expired", upload.held);
                    upload.turn = null;
                    discard(upload);
                } else if (upload.turn == null && now - upload.progressMillis > IDLE.toMillis()) {
                    upload.closeStage();
                }
            } finally {
                upload.lock.unlock();
            }
        }
    }

    /// Lets go of all stages; their bytes stay.
    void close() {
        for (Upload upload : shelf.all()) {
            upload.lock.lock();
            try {
                upload.turn = null;
                upload.closeStage();
            } finally {
                upload.lock.unlock();
            }
        }
    }

    private Progress found(Upload upload, @Nullable Target target) {
        upload.lock.lock();
        try {
            takeOver(upload);
            Target own = upload.record.target();
            if (target != null && !own.equals(target)) {
                throw new RefusedException(Reason.REQUEST_REUSED, own.request());
            }
            return new Progress(own.request(), upload.offset(intakes), own.length(), false);
        } finally {
            upload.lock.unlock();
        }
    }

    /// The append under way fails at its next write.
    private static void takeOver(Upload upload) {
        if (upload.ended) {
            throw noSuchUpload(upload.record.target().request());
        }
        upload.turn = null;
    }

    /// Checks the bytes and moves them from their stage into the store, under a pin.
    private UploadRecord.Sealed seal(Upload upload, Optional<BlobId> digest) {
        Target target = upload.record.target();
        if (digest.isEmpty() && target.digest().isEmpty()) {
            throw new RefusedException(
                    Reason.ARGUMENT_INVALID, "the SHA-256 of the bytes is needed to complete an upload");
        }
        Optional<UploadRecord.Sealed> already = upload.record.sealed();
        long length = upload.offset(intakes);
        if (target.length().isPresent() && target.length().getAsLong() != length) {
            throw new RefusedException(Reason.LENGTH_MISMATCH, target.length().getAsLong(), length);
        }
        BlobId id = already.map(UploadRecord.Sealed::id)
                .orElseGet(() -> upload.stage(intakes).digest());
        Hashes.mismatch(digest, id)
                .or(() -> Hashes.mismatch(target.digest(), id))
                .ifPresent(refusal -> {
                    throw new RefusedException(refusal);
                });
        return already.orElseGet(() -> store(upload, id, length));
    }

    private UploadRecord.Sealed store(Upload upload, BlobId id, long length) {
        damage.settle(id);
        upload.seal(id, length, pins.pin(id));
        boolean stored = false;
        try {
            Stage stage = upload.stage(intakes);
            // Written down first: after a crash between here and the catalog's answer the blob is found by this.
            shelf.save(upload);
            if (Intakes.hasBytes(upload.record.target().kind(), id)) {
                intakes.commit(stage);
            } else {
                stage.discard();
            }
            upload.stageEnded();
            damage.healed(id);
            stored = true;
        } finally {
            if (!stored) {
                upload.unseal();
            }
        }
        return upload.record.sealed().orElseThrow();
    }

    private Deposited publish(Upload upload, SpaceId space, UploadRecord.Sealed sealed) {
        Pins.Pin pin = upload.pin;
        if (pin == null) {
            throw new IllegalStateException("a sealed upload without its pin");
        }
        Publisher publisher = intakes.publisher();
        try {
            Deposited deposited = publisher.publish(
                    upload.record.owner(), space, upload.record.target(), sealed.id(), sealed.length(), pin);
            end(upload);
            return deposited;
        } catch (RefusedException e) {
            // A full disk is not the catalog's "no": the upload stays, and is completed when there is room.
            if (e.refusal().reason() != Reason.NO_ROOM) {
                end(upload);
                publisher.abandoned(sealed.id());
            }
            throw e;
        }
    }

    private void discard(Upload upload) {
        Optional<UploadRecord.Sealed> sealed = upload.record.sealed();
        if (sealed.isEmpty()) {
            intakes.discard(upload.stage(intakes));
            upload.stageEnded();
        }
        end(upload);
        sealed.ifPresent(bytes -> intakes.publisher().abandoned(bytes.id()));
    }

    private void end(Upload upload) {
        upload.ended = true;
        upload.turn = null;
        shelf.remove(upload);
        if (upload.pin != null) {
            upload.pin.close();
        }
    }

    /// What became of an upload that took effect; empty when none did.
    private Optional<Deposited> answered(ClientId caller, RequestId id) {
        Optional<Outcome> outcome = catalog.outcome(caller, id);
        if (outcome.isEmpty()) {
            return Optional.empty();
        }
        // A crash may have come between the catalog's answer and the removal of the upload's record.
        shelf.find(caller, id).ifPresent(this::forget);
        return intakes.publisher().deposited(outcome.get(), false);
    }

    private Optional<Progress> completed(ClientId caller, RequestId id) {
        try {
            return answered(caller, id).map(deposited -> {
                FileEntry entry = deposited.entry();
                long size = entry.content().size();
                return new Progress(id, size, OptionalLong.of(size), true);
            });
        } catch (RefusedException e) {
            throw noSuchUpload(id);
        }
    }

    private void forget(Upload upload) {
        upload.lock.lock();
        try {
            if (!upload.ended) {
                discard(upload);
            }
        } finally {
            upload.lock.unlock();
        }
    }

    private static RefusedException noSuchUpload(RequestId id) {
        return new RefusedException(Reason.NO_SUCH_UPLOAD, id);
    }

    /// @param offset bytes that have arrived
    /// @param length announced
    /// @param complete whether it has become a file
    public record Progress(RequestId id, long offset, OptionalLong length, boolean complete) {}

    /// One connection's turn at an upload. One thread at a time. What was written stays when it is closed.
    public static final class Append implements AutoCloseable {
        private final Uploads uploads;
        private final Upload upload;
        private final Room.Pledge pledge;
        private boolean closed;

        private Append(Uploads uploads, Upload upload, Room.Pledge pledge) {
            this.uploads = uploads;
            this.upload = upload;
            this.pledge = pledge;
        }

        /// What the upload is to become.
        public Target target() {
            return upload.record.target();
        }

        /// Where the upload stands.
        public long offset() {
            upload.lock.lock();
            try {
                checkTurn();
                return upload.offset(uploads.intakes);
            } finally {
                upload.lock.unlock();
            }
        }

        /// Appends the buffer's bytes, all of them.
        ///
        /// @throws acervo.model.RefusedException UNAVAILABLE when another connection took over or the upload
        /// was cancelled; LENGTH_MISMATCH; NO_ROOM
        /// @throws acervo.blob.StoreFailedException when the disk fails
        public void write(ByteBuffer bytes) {
            upload.lock.lock();
            try {
                checkTurn();
                int count = bytes.remaining();
                upload.checkGrowth(count, uploads.intakes);
                Stage stage = upload.stage(uploads.intakes);
                try {
                    uploads.intakes.write(stage, bytes);
                } finally {
                    upload.held = stage.length();
                }
                pledge.used(count);
                upload.progressMillis = uploads.clock.millis();
            } finally {
                upload.lock.unlock();
            }
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            pledge.close();
            uploads.intakes.streams().give(upload.record.owner());
            upload.lock.lock();
            try {
                if (upload.turn == this) {
                    upload.turn = null;
                    uploads.touch(upload);
                }
            } finally {
                upload.lock.unlock();
            }
        }

        private void checkTurn() {
            if (upload.turn != this) {
                throw new RefusedException(
                        Reason.UNAVAILABLE, "this upload went on over another connection, or was ended there");
            }
        }
    }

    /// Writes down when it last got on: in the record's time of change, which needs no force.
    private void touch(Upload upload) {
        try {
            Files.setLastModifiedTime(upload.file, FileTime.fromMillis(upload.progressMillis));
        } catch (IOException e) {
            LOG.warn("{}: its time can't be changed; after a restart the upload may expire early", upload.file, e);
        }
    }

    static StoreFailedException failed(UncheckedIOException e) {
        return new StoreFailedException("an upload's record could not be written: " + e.getMessage(), e);
    }
}
