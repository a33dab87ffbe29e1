package acervo.depot;

import acervo.model.BlobId;
import acervo.model.Reason;
import acervo.model.Refusal;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/// SHA-256 of what is in memory.
final class Hashes {
    private Hashes() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// The id of the bytes from position to limit; the buffer stays as it is.
    static BlobId id(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return BlobId.EMPTY;
        }
        MessageDigest digest = sha256();
        digest.update(bytes.duplicate());
        return BlobId.of(digest.digest());
    }

    /// What is wrong with bytes that hash to `actual` when `announced` was said.
    static Optional<Refusal> mismatch(Optional<BlobId> announced, BlobId actual) {
        return announced
                .filter(said -> !said.equals(actual))
                .map(said -> new Refusal(Reason.DIGEST_MISMATCH, said, actual));
    }
}
