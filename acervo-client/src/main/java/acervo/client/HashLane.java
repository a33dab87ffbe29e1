package acervo.client;

import acervo.model.BlobId;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Hashes on a thread of its own what another thread sends or writes meanwhile. A few buffers go round: [#free] hands
/// one
/// out, the owner fills it and calls [#hash], and may go on *reading* it until it asks for the next one.
final class HashLane implements AutoCloseable {
    static final int BUFFER_BYTES = 1 << 20;
    private static final int BUFFERS = 4;
    private static final ByteBuffer END = ByteBuffer.allocate(0);

    private final MessageDigest digest = sha256();
    private final BlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(BUFFERS);
    private final BlockingQueue<ByteBuffer> full = new ArrayBlockingQueue<>(BUFFERS + 1);
    private final BlockingQueue<BlobId> result = new ArrayBlockingQueue<>(1);
    private final Thread thread;

    HashLane() {
        for (int i = 0; i < BUFFERS; i++) {
            free.add(ByteBuffer.allocateDirect(BUFFER_BYTES));
        }
        thread = new Thread(this::run, "acervo-hash");
        thread.setDaemon(true);
        thread.start();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// An empty buffer of 1 MiB; waits for one.
    ByteBuffer free() throws InterruptedIOException {
        try {
            return free.take().clear();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// Hashes what lies between position and limit, later, and gives the buffer back; its position must not be
    /// touched until
    /// then: read it through a duplicate.
    void hash(ByteBuffer filled) throws InterruptedIOException {
        put(filled);
    }

    /// The digest of all that was hashed; to be called once. After it the buffers still go round, but nothing more
    /// may be
    /// hashed than buffers with nothing in them.
    BlobId finish() throws InterruptedIOException {
        put(END);
        try {
            return result.take();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void put(ByteBuffer buffer) throws InterruptedIOException {
        try {
            full.put(buffer);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void run() {
        try {
            while (true) {
                ByteBuffer b = full.take();
                if (b.capacity() == 0) {
                    result.put(BlobId.of(digest.digest()));
                } else {
                    digest.update(b);
                    free.put(b);
                }
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    private static InterruptedIOException interrupted(InterruptedException e) {
        InterruptedIOException io = new InterruptedIOException("interrupted while hashing");
        io.initCause(e);
        Thread.currentThread().interrupt();
        return io;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
