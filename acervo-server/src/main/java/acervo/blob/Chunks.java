package acervo.blob;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/// Lends direct buffers of [#SIZE] bytes, aligned to [#ALIGNMENT], and keeps a few for the next borrower: a
/// virtual thread has no buffer of its own, and making one costs more than reading a small blob. Any thread.
final class Chunks {
    /// Four blocks: small enough to stay in the processor's cache between reading and summing.
    static final int SIZE = 4 * Blocks.SIZE;

    /// What reading past the system's cache asks for; a multiple of every usual sector.
    static final int ALIGNMENT = 4096;

    private static final ArrayBlockingQueue<ByteBuffer> IDLE = new ArrayBlockingQueue<>(32);

    private Chunks() {}

    static ByteBuffer take() {
        ByteBuffer idle = IDLE.poll();
        return idle != null
                ? idle.clear()
                : ByteBuffer.allocateDirect(SIZE + ALIGNMENT)
                        .alignedSlice(ALIGNMENT)
                        .slice(0, SIZE);
    }

    /// Gives a buffer back; nobody may touch it afterwards.
    static void give(ByteBuffer chunk) {
        // False when enough are idle: that one is left to the collector.
        boolean ignored = IDLE.offer(chunk);
    }
}
