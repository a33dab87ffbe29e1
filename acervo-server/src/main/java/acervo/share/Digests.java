package acervo.share;

import acervo.model.BlobId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// SHA-256 of files, computed when they are first asked for and kept for as long as the file does not change. Any
/// thread; many that ask for one file read it once.
final class Digests {
    private static final int MOST = 100_000;
    private static final int BUFFER = 256 << 10;

    private final Cache<Seen.Stamp, BlobId> known =
            Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();
    private final ReentrantLock[] reading = new ReentrantLock[64];

    Digests() {
        for (int i = 0; i < reading.length; i++) {
            reading[i] = new ReentrantLock();
        }
    }

    /// The digest, if it is known.
    Optional<BlobId> known(Seen seen) {
        return Optional.ofNullable(known.getIfPresent(seen.stamp()));
    }

    /// The digest of what the channel reads. The caller looks at the file again before it calls [#keep].
    BlobId compute(Seen seen, FileChannel file) throws IOException {
        ReentrantLock lock = reading[Math.floorMod(seen.stamp().hashCode(), reading.length)];
        lock.lock();
        try {
            Optional<BlobId> meanwhile = known(seen);
            return meanwhile.isPresent() ? meanwhile.get() : read(file);
        } finally {
            lock.unlock();
        }
    }

    private static BlobId read(FileChannel file) throws IOException {
        MessageDigest digest = sha256();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long at = 0;
        for (int n; (n = file.read(buffer, at)) >= 0; at += n) {
            digest.update(buffer.flip());
            buffer.clear();
        }
        return BlobId.of(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    void keep(Seen seen, BlobId digest) {
        known.put(seen.stamp(), digest);
    }
}
