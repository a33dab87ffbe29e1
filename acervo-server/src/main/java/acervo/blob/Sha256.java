package acervo.blob;

import acervo.model.BlobId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A running SHA-256. One thread at a time.
final class Sha256 {
    private static final int CHUNK = Blocks.SIZE;

    private final MessageDigest digest = begin();
    private byte[] chunk = {};

    /// Adds the buffer's remaining bytes, and leaves the buffer as it was.
    void update(ByteBuffer bytes) {
        ByteBuffer from = bytes.duplicate();
        if (from.hasArray()) {
            digest.update(from.array(), from.arrayOffset() + from.position(), from.remaining());
            return;
        }
        // The JDK would copy a direct buffer in pieces of 4 KiB, into an array that it makes anew.
        if (chunk.length < Math.min(CHUNK, from.remaining())) {
            chunk = new byte[Math.min(CHUNK, from.remaining())];
        }
        while (from.hasRemaining()) {
            int n = Math.min(chunk.length, from.remaining());
            from.get(chunk, 0, n);
            digest.update(chunk, 0, n);
        }
    }

    /// The digest of what was added so far; more may follow.
    BlobId soFar() {
        try {
            return BlobId.of(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this JDK's SHA-256 can not be copied", e);
        }
    }

    private static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
