package acervo.sync.local;

import acervo.watch.Posix;
import acervo.watch.PosixException;
import acervo.watch.Stat;
import org.jspecify.annotations.Nullable;

/// The synced folder, open for a stretch of work by one thread. Paths are relative to it; the way to a path goes
/// from folder to folder, each opened in the one before, never through a symbolic link and never onto another file
/// system: so no path leads out of it.
final class Session implements AutoCloseable {
    private final Root root;
    private final Posix posix;
    private final int folder;
    private final long device;
    private @Nullable String openPath;
    private int open = -1;

    Session(Root root, Posix posix, int folder, long device) {
        this.root = root;
        this.posix = posix;
        this.folder = folder;
        this.device = device;
    }

    Posix posix() {
        return posix;
    }

    /// The synced folder itself.
    int folder() {
        return folder;
    }

    /// The folder's file system: what is mounted below it is not its.
    long device() {
        return device;
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    /// The folder that a path stands in, open until this is asked for another one.
    ///
    /// @throws PosixException when it is not there, or is no folder but a symbolic link
    int parent(String path) throws PosixException {
        return enter(parentOf(path));
    }

    /// The folder of this path, open until another one is asked for.
    int enter(String path) throws PosixException {
        if (path.isEmpty()) {
            return folder;
        }
        if (path.equals(openPath)) {
            return open;
        }
        leave();
        int at = folder;
        for (int from = 0; from <= path.length(); ) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            int inside;
            try {
                inside = posix.openFolder(at, path.substring(from, to), device);
            } finally {
                if (at != folder) {
                    posix.close(at);
                }
            }
            at = inside;
            from = to + 1;
        }
        open = at;
        openPath = path;
        return at;
    }

    /// What stands at a path; null when nothing does.
    @Nullable
    Stat look(String path) throws PosixException {
        try {
            return posix.stat(parent(path), name(path));
        } catch (PosixException e) {
            if (e.isAbsent()) {
                return null;
            }
            throw e;
        }
    }

    /// Forgets which folder is open: after a folder may have been renamed or removed.
    void leave() {
        if (openPath != null) {
            posix.close(open);
            openPath = null;
            open = -1;
        }
    }

    @Override
    public void close() {
        leave();
        root.giveBack(posix, folder);
    }
}
