package acervo.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file that only takes room. When the disk is about to be full it is let go of, so that removals, which are entries
/// of the log
/// as well, still find some; once there is room again it is made anew. For one thread, but for [#out].
final class Ballast {
    private static final int STEP = 256 << 10;

    private final Path file;
    private final long bytes;
    private final FileStore disk;
    private volatile boolean out;

    /// @param bytes its size; 0 for none at all
    Ballast(Path file, long bytes) throws IOException {
        this.file = file;
        this.bytes = bytes;
        this.disk = Files.getFileStore(file.getParent());
        this.out = !Files.exists(file) || Files.size(file) < bytes;
    }

    /// Whether it has been let go of: only what frees room should go on.
    boolean out() {
        return out && bytes > 0;
    }

    /// Room for an ordinary program's files.
    long free() throws IOException {
        return disk.getUsableSpace();
    }

    /// Looks at the disk, lets go when less than `needed` bytes are free, and takes the room back when there is
    /// plenty.
    void balance(long needed) throws IOException {
        if (bytes == 0) {
            return;
        }
        long free = free();
        if (!out && free < needed) {
            out = true;
            Files.deleteIfExists(file);
        } else if (out && free >= bytes + 2 * needed) {
            fill();
            out = false;
        }
    }

    private void fill() throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
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
        Files.move(temporary, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }
}
