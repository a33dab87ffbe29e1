package acervo.depot;

import acervo.model.BlobId;
import acervo.model.Condition;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import acervo.model.SpaceName;
import java.util.Optional;
import java.util.OptionalLong;

/// Where a deposit goes and what was said about it beforehand.
///
/// @param modifiedMillis the client's word, milliseconds since 1970
/// @param replicas copies wanted in total; 0 keeps the count of the version that is there, or 1
/// @param condition decided by the catalog when the bytes are in; also looked at early, to spare the bytes
/// @param request the same for every retry
/// @param digest what the bytes must hash to, when it is known beforehand
/// @param length how many bytes there will be, when that is known
public record Target(
        SpaceName space,
        FilePath path,
        Kind kind,
        long modifiedMillis,
        boolean executable,
        int replicas,
        Condition condition,
        RequestId request,
        Optional<BlobId> digest,
        OptionalLong length) {
    public Target {
        if (replicas < 0) {
            throw new RefusedException(Reason.ARGUMENT_INVALID, "a count of copies can't be negative: " + replicas);
        }
        if (length.isPresent() && length.getAsLong() < 0) {
            throw new RefusedException(Reason.ARGUMENT_INVALID, "a length can't be negative: " + length.getAsLong());
        }
    }
}
