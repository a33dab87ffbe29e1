package acervo.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/// A file that only takes room. When the disk is about to be full it is let go of, so that removals, which are entries
/// of the log as well, still find some; once there is room again it is made anew.
///
/// That the file is absent says nothing by itself: a new catalog has none yet, and a backup may well leave it out. Only
/// a disk without room for it keeps others waiting. Any thread.
final class Ballast {
    private static final int STEP = 256 << 10;

    private final Path file;
    private final long bytes;
    private final FileStore disk;

    /// Held while the file is made or let go of.
    private final ReentrantLock changing = new ReentrantLock();

    private volatile boolean there;
    private volatile boolean out;

    /// @param bytes its size; 0 for none at all
    /// @param needed free bytes below which it is let go of
    Ballast(Path file, long bytes, long needed) throws IOException {
        this.file = file;
        this.bytes = bytes;
        this.disk = Files.getFileStore(file.getParent());
        Files.deleteIfExists(temporary());
        this.there = Files.exists(file) && Files.size(file) >= bytes;
        this.out = !there && bytes > 0 && free() < plenty(needed);
    }

    private Path temporary() {
        return file.resolveSibling(file.getFileName() + ".tmp");
    }

    private long plenty(long needed) {
        return bytes + 2 * needed;
    }

    /// Whether only what frees room should go on: it has been let go of, and the disk has no room for it.
    boolean out() {
        return out;
    }

    /// Room for an ordinary program's files.
    long free() throws IOException {
        return disk.getUsableSpace();
    }

    /// Lets go when less than `needed` bytes are free. Quick, and waits for nobody: when the file is being made,
    /// the one who makes it looks again.
    void letGoBelow(long needed) throws IOException {
        if (bytes > 0 && free() < needed && changing.tryLock()) {
            try {
                out = true;
                there = false;
                Files.deleteIfExists(file);
            } finally {
                changing.unlock();
            }
        }
    }

    /// Looks at the disk, lets go when less than `needed` bytes are free, and takes the room back when there is
    /// plenty.
    void balance(long needed) throws IOException {
        if (bytes == 0) {
            return;
        }
        changing.lock();
        try {
            if (!there && free() >= plenty(needed)) {
                fill();
                there = true;
                out = false;
            }
            letGoBelow(needed);
        } finally {
            changing.unlock();
        }
    }

    private void fill() throws IOException {
        Path temporary = temporary();
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(STEP);
            for (long left = bytes; left > 0; ) {
                zeros.clear().limit((int) Math.min(STEP, left));
                left -= channel.write(zeros);
            }
            // Otherwise the room is only promised, and the promise may be broken when it counts.
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
