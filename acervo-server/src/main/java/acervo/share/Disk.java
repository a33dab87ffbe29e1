package acervo.share;

import acervo.model.FilePath;
import acervo.watch.Listing;
import acervo.watch.Posix;
import acervo.watch.PosixException;
import acervo.watch.Stat;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Looks at a shared folder by the system's own calls, which tell all about a file at once. Never follows a link.
/// One thread.
final class Disk implements AutoCloseable {
    private final Posix posix = new Posix();
    private final Path root;

    Disk(Path root) {
        this.root = root;
    }

    /// Which folder the root is now.
    record Identity(long device, long inode) {}

    Identity identity() throws PosixException {
        int opened = openRoot();
        try {
            Stat stat = posix.stat(opened, "");
            return new Identity(stat.device(), stat.inode());
        } finally {
            posix.close(opened);
        }
    }

    private int openRoot() throws PosixException {
        // Not held open: that would keep its disk from being unmounted.
        return posix.open(Posix.AT_FDCWD, root.toString(), Posix.O_RDONLY | Posix.O_DIRECTORY, 0);
    }

    /// The facts of what stands at a path, a link's own.
    ///
    /// @throws PosixException which [PosixException#isAbsent] when nothing does
    Stat look(FilePath path) throws PosixException {
        int folder = open(path.isRoot() ? path : path.parent());
        try {
            return posix.stat(folder, path.isRoot() ? "" : path.name());
        } finally {
            posix.close(folder);
        }
    }

    /// Whether somebody is writing to a file. One that can't be opened is of unknown fate.
    Posix.Writing writing(FilePath path) throws PosixException {
        int folder = open(path.parent());
        try {
            int file = posix.open(folder, path.name(), Posix.O_RDONLY | Posix.O_NONBLOCK | Posix.O_NOFOLLOW, 0);
            try {
                return posix.writing(file);
            } finally {
                posix.close(file);
            }
        } catch (PosixException e) {
            if (e.isAbsent()) {
                throw e;
            }
            return Posix.Writing.UNKNOWN;
        } finally {
            posix.close(folder);
        }
    }

    /// Files and folders in a folder, by name: not links, nor special files, nor names that can't be said.
    Map<String, Stat> list(FilePath path) throws PosixException {
        int folder = open(path);
        try {
            Map<String, Stat> found = new HashMap<>();
            for (Listing entries = posix.list(folder); entries.next(); ) {
                String name = entries.name();
                if (name == null) {
                    continue;
                }
                int error = posix.stat(folder, entries);
                if (error == 0 && (Stat.isFile(posix.lastMode()) || Stat.isFolder(posix.lastMode()))) {
                    found.put(name, posix.lastStat());
                } else if (error != 0 && error != PosixException.ENOENT) {
                    throw new PosixException("looking at", name, error);
                }
            }
            return found;
        } finally {
            posix.close(folder);
        }
    }

    private int open(FilePath path) throws PosixException {
        int at = openRoot();
        for (String name : path.isRoot() ? new String[0] : path.text().split("/", -1)) {
            try {
                int inside = posix.openFolder(at, name);
                posix.close(at);
                at = inside;
            } catch (PosixException e) {
                posix.close(at);
                throw e;
            }
        }
        return at;
    }

    @Override
    public void close() {
        posix.close();
    }
}
