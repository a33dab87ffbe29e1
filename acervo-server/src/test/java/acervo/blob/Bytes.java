package acervo.blob;

import acervo.model.BlobId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import java.util.UUID;

/// Contents for tests.
final class Bytes {
    private Bytes() {}

    static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static BlobId id(byte[] bytes) {
        try {
            return BlobId.of(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static SmallBlob small(byte[] bytes) {
        return new SmallBlob(id(bytes), ByteBuffer.wrap(bytes));
    }

    /// Stores by way of a stage, whatever the size.
    static BlobId stage(BlobStore store, byte[] bytes) {
        try (Stage stage = store.stage(new StageId(UUID.randomUUID()))) {
            stage.write(ByteBuffer.wrap(bytes));
            return stage.commit();
        }
    }

    static byte[] read(BlobStore store, BlobId id) {
        try (StoredBlob blob = store.open(id).orElseThrow(() -> new AssertionError(id + " is absent"))) {
            ByteBuffer into = ByteBuffer.allocate((int) blob.length());
            blob.check(0, blob.length());
            blob.read(0, into);
            return into.array();
        }
    }
}
