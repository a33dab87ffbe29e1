package acervo.blob;

import acervo.model.BlobId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/// The folder of damaged copies, kept for a person to look at and to delete. Nothing is ever served from it.
/// Any thread.
final class Quarantine {
    private static final Logger LOG = System.getLogger(Quarantine.class.getName());
    private static final String REASON = ".txt";

    private final Medium medium;
    private final Disk disk;
    private final Layout layout;
    private final Set<String> names = new HashSet<>();

    Quarantine(Medium medium, Layout layout) throws IOException {
        this.medium = medium;
        this.disk = medium.disk();
        this.layout = layout;
        for (String name : disk.list(layout.quarantine())) {
            if (!name.endsWith(Layout.SIDE) && !name.endsWith(REASON)) {
                names.add(name);
            }
        }
    }

    /// How many copies it holds.
    synchronized long size() {
        return names.size();
    }

    /// Moves a file here, and its block sums if it has any.
    void move(BlobId id, Path file, String reason) throws IOException {
        Path to = next(id);
        try {
            disk.rename(file, to);
        } catch (IOException e) {
            release(to);
            throw e;
        }
        // The sums only after that is durable, or a power cut could bring the file back without them. On a broken
        // medium
        // it can't be made durable: they stay where they are.
        if (medium.failure() == null) {
            medium.forceFolder(layout.quarantine());
            medium.forceFolder(Objects.requireNonNull(file.getParent()));
            try {
                disk.rename(Layout.side(file), Layout.side(to));
            } catch (NoSuchFileException e) {
                // Then that is what is wrong with it.
            }
        }
        explain(to, reason);
    }

    /// Copies bytes here.
    void copy(BlobId id, ByteBuffer bytes, String reason) throws IOException {
        Path to = next(id);
        try {
            write(to, bytes);
        } catch (IOException e) {
            release(to);
            throw e;
        }
        explain(to, reason);
    }

    private synchronized Path next(BlobId id) {
        int n = 1;
        while (!names.add(id + "-" + n)) {
            n++;
        }
        return layout.quarantine().resolve(id + "-" + n);
    }

    private synchronized void release(Path unused) {
        names.remove(String.valueOf(unused.getFileName()));
    }

    private void explain(Path copy, String reason) {
        try {
            write(
                    copy.resolveSibling(copy.getFileName() + REASON),
                    ByteBuffer.wrap((reason + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            // It stands in the log too.
            LOG.log(Level.WARNING, "the reason can't be kept beside " + copy, e);
        }
    }

    private void write(Path path, ByteBuffer bytes) throws IOException {
        try (DiskFile file = disk.open(path, Disk.Mode.CREATE)) {
            file.writeFully(bytes, 0);
        }
    }
}
