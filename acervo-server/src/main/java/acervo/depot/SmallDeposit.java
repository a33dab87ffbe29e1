package acervo.depot;

import acervo.model.BlobId;
import acervo.model.Condition;
import acervo.model.FilePath;
import acervo.model.Kind;
import java.nio.ByteBuffer;
import java.util.Optional;

/// One file of a batch, whole in memory.
///
/// @param digest what the bytes must hash to, when the client said so
/// @param kept whether the bytes are those of the version that the condition names, and hash to `digest`: then none are
/// here
/// @param bytes from position to limit, at most `BlobStore.SMALL`; not changed, not kept after the call
public record SmallDeposit(
        FilePath path,
        Kind kind,
        long modifiedMillis,
        boolean executable,
        Condition condition,
        Optional<BlobId> digest,
        boolean kept,
        ByteBuffer bytes) {}
