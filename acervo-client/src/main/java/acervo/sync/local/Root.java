package acervo.sync.local;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import acervo.sync.RootLostException;
import acervo.watch.Posix;
import acervo.watch.PosixException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// The synced folder on disk, and the marker in it that tells it from an empty mount point. Thread-safe.
///
/// Nothing of it is held open between two [Session]s: an open file would keep its disk from being unmounted.
final class Root implements AutoCloseable {
    static final String MARKER = ".acervo-sync";
    private static final String MARKER_BEGIN = "acervo sync folder ";
    private static final int MARKER_MAX = 4096;

    private final Path path;
    private final @Nullable UUID marker;
    private final Queue<Posix> idle = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /// @param marker what the marker says when it is this folder; null for one that is only looked at, which needs
    /// none
    Root(Path path, @Nullable UUID marker) {
        this.path = path.toAbsolutePath();
        this.marker = marker;
    }

    Path path() {
        return path;
    }

    /// Opens the folder for a stretch of work.
    ///
    /// @throws RootLostException when it is not there, or its marker is not
    Session enter() throws RootLostException {
        Posix posix = borrow();
        int folder = -1;
        try {
            folder = posix.open(Posix.AT_FDCWD, path.toString(), Posix.O_RDONLY | Posix.O_DIRECTORY, 0);
            UUID found = marker == null ? null : readMarker(posix, folder);
            if (found == null && marker != null) {
                throw new RootLostException("the folder " + path + " has lost its marker, the file " + MARKER
                        + ": its disk may not be mounted, or the folder was emptied or replaced. Nothing was changed"
                        + " on the server, and nothing will be until the folder is back. A marker made by hand does"
                        + " not count");
            }
            if (found != null && !found.equals(marker)) {
                throw new RootLostException("the folder " + path + " is another one than before: its marker says "
                        + found + ", and what is kept in step is " + marker);
            }
            return new Session(this, posix, folder, posix.stat(folder, "").device());
        } catch (PosixException e) {
            giveBack(posix, folder);
            throw new RootLostException("the folder " + path + " can't be opened (" + e.getMessage()
                    + "): is its disk mounted? Nothing was changed on the server");
        } catch (RootLostException e) {
            giveBack(posix, folder);
            throw e;
        }
    }

    /// Whether nothing may be written into it.
    boolean isOnlyLookedAt() {
        return marker == null;
    }

    /// What the marker of a folder says; null when there is none, or none that this program made.
    static @Nullable UUID markerOf(Path folder) throws IOException {
        try (Posix posix = new Posix()) {
            int opened = posix.open(Posix.AT_FDCWD, folder.toString(), Posix.O_RDONLY | Posix.O_DIRECTORY, 0);
            try {
                return readMarker(posix, opened);
            } finally {
                posix.close(opened);
            }
        }
    }

    private static @Nullable UUID readMarker(Posix posix, int folder) throws PosixException {
        int file;
        try {
            file = posix.open(folder, MARKER, Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK, 0);
        } catch (PosixException e) {
            if (e.isAbsent()) {
                return null;
            }
            throw e;
        }
        try {
            MemorySegment buffer = posix.scratch();
            long count = posix.read(file, buffer, Math.min(MARKER_MAX, buffer.byteSize()), 0);
            String text = new String(buffer.asSlice(0, count).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
            int newline = text.indexOf('\n');
            return newline > 0 && text.startsWith(MARKER_BEGIN)
                    ? UUID.fromString(text.substring(MARKER_BEGIN.length(), newline))
                    : null;
        } catch (IllegalArgumentException _) {
            return null;
        } finally {
            posix.close(file);
        }
    }

    /// Puts a marker into a folder that has none; durable on return.
    ///
    /// @throws PosixException also when there is a marker already
    static void mark(Path folder, UUID id) throws PosixException {
        String text = MARKER_BEGIN + id + "\n\nAcervo keeps this folder in step with a space of a server. This file"
                + " tells the folder from an empty one\nin its place, such as where its disk was not mounted. Without"
                + " it nothing is kept in step; leave it here.\n";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Posix posix = new Posix()) {
            int opened = posix.open(Posix.AT_FDCWD, folder.toString(), Posix.O_RDONLY | Posix.O_DIRECTORY, 0);
            try {
                // Whole or not at all: a torn marker would be nobody's.
                String fresh = MARKER + "." + id + ".new";
                int file = posix.open(opened, fresh, Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL, 0644);
                try {
                    MemorySegment buffer = posix.scratch();
                    MemorySegment.copy(bytes, 0, buffer, JAVA_BYTE, 0, bytes.length);
                    posix.write(file, buffer, bytes.length);
                    posix.force(file);
                } finally {
                    posix.close(file);
                }
                try {
                    posix.renameExclusively(opened, fresh, opened, MARKER);
                } catch (PosixException e) {
                    posix.unlink(opened, fresh);
                    throw e;
                }
                posix.force(opened);
            } finally {
                posix.close(opened);
            }
        }
    }

    private Posix borrow() {
        Posix posix = idle.poll();
        return posix == null ? new Posix() : posix;
    }

    /// Takes back what a session has used.
    void giveBack(Posix posix, int folder) {
        if (folder >= 0) {
            posix.close(folder);
        }
        if (closed) {
            posix.close();
        } else {
            idle.add(posix);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Posix posix = idle.poll(); posix != null; posix = idle.poll()) {
            posix.close();
        }
    }
}
