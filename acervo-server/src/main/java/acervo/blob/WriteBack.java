package acervo.blob;

import org.jspecify.annotations.Nullable;

/// Forces a file that is being written every [#STEP] bytes, beside the writing, so that the disk is busy from
/// the start and the last force finds little left to do. One thread at a time.
final class WriteBack {
    /// Bytes between two forces: large enough that a force costs nothing against the writing.
    static final long STEP = 64 << 20;

    private final Medium medium;
    private final DiskFile file;
    private final String what;
    private long forced;
    private @Nullable Thread running;

    WriteBack(Medium medium, DiskFile file, String what) {
        this.medium = medium;
        this.file = file;
        this.what = what;
    }

    /// Tells that the file is that long now. If a force fails, the medium is broken from then on, and the next
    /// write says so.
    void wrote(long length) {
        if (length - forced >= STEP && (running == null || !running.isAlive())) {
            forced = length;
            running = Thread.ofVirtual().name("acervo-write-back").start(this::force);
        }
    }

    private void force() {
        try {
            medium.force(file, what);
        } catch (StoreFailedException e) {
            // Broken, or closed under us: the writer meets it as well.
            System.getLogger(WriteBack.class.getName()).log(System.Logger.Level.DEBUG, what, e);
        }
    }

    /// Forces all that was written.
    void finish() {
        await();
        medium.requireSound();
        medium.force(file, what);
    }

    /// Waits for a force that is under way.
    void await() {
        Thread waitFor = running;
        boolean interrupted = false;
        while (waitFor != null && waitFor.isAlive()) {
            try {
                waitFor.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
