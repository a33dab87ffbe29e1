package acervo.depot;

import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.RequestId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/// Resumable uploads. They survive restarts, and only the client that began one can see it: to all others it is
/// NO_SUCH_UPLOAD. An
/// upload's id is the request id of its target. Blocking; any thread.
public final class Uploads {
    Uploads() {}

    /// Begins an upload, or finds the one that the same client began with the same request and the same target.
    ///
    /// @throws acervo.model.RefusedException TOO_MANY; REQUEST_REUSED for another target; and whatever
    /// [Depot#begin] refuses
    public Progress create(ClientId caller, Target target) {
        throw new UnsupportedOperationException();
    }

    /// How far an upload is. Whoever was appending to it is made to fail first, so that the offset stands still: a
    /// client that asks has lost
    /// its connection.
    ///
    /// @throws acervo.model.RefusedException NO_SUCH_UPLOAD
    public Progress find(ClientId caller, RequestId id) {
        throw new UnsupportedOperationException();
    }

    /// Opens an upload for appending at `offset`, which must be where it stands. Whoever was appending to it is
    /// made to fail.
    ///
    /// @throws acervo.model.RefusedException NO_SUCH_UPLOAD; OFFSET_MISMATCH with (asked, stands at); TOO_MANY
    public Append append(ClientId caller, RequestId id, long offset) {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    /// Throws an upload away.
    ///
    /// @throws acervo.model.RefusedException NO_SUCH_UPLOAD
    public void cancel(ClientId caller, RequestId id) {
        throw new UnsupportedOperationException();
    }

    /// @param offset bytes that have arrived
    /// @param length announced
    /// @param complete whether it has become a file
    public record Progress(RequestId id, long offset, OptionalLong length, boolean complete) {}

    /// One connection's turn at an upload. One thread at a time. What was written stays when it is closed.
    public static final class Append implements AutoCloseable {
        Append() {}

        /// Where the upload stands.
        public long offset() {
            throw new UnsupportedOperationException();
        }

        /// Appends the buffer's bytes, all of them.
        ///
        /// @throws acervo.model.RefusedException UNAVAILABLE when another connection took over or the upload
        /// was cancelled; LENGTH_MISMATCH; NO_ROOM
        /// @throws acervo.blob.StoreFailedException when the disk fails
        public void write(ByteBuffer bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }
    }
}
