package acervo.sync.local;

import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.RefusedException;
import acervo.sync.ignore.IgnoreRules;
import acervo.sync.index.FileIndex;
import acervo.sync.index.Row;
import acervo.sync.index.Rows;
import acervo.watch.Listing;
import acervo.watch.Posix;
import acervo.watch.PosixException;
import acervo.watch.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Walks a folder and all below it, and compares the facts of what is there with the index. Reads no bytes of files,
/// follows no links, and makes nothing of what has not changed but a name to find it by.
final class Scan {
    /// Where a scan tells what it finds.
    interface Taker {
        /// A file or link is not as the index has it.
        void changed(String path, Stat stat);

        /// A folder is there that the index does not have.
        void folder(String path);

        /// Something of the index was not there.
        void unseen(String path);

        /// Called after each folder, and not under the index's lock as what tells of its entries is.
        void rest();

        /// A folder can't be looked into.
        void trouble(String path, @Nullable String what);

        /// What can't be kept in step of what is in a folder itself; empty when all can.
        ///
        /// @param found by path
        void troubles(String folder, Map<String, String> found);
    }

    private final Session session;
    private final Posix posix;
    private final FileIndex index;
    private final int number;
    private final Taker taker;
    private IgnoreRules rules;
    private long seen;

    /// @param number unlike that of any scan before
    Scan(Session session, FileIndex index, IgnoreRules rules, int number, Taker taker) {
        this.session = session;
        this.posix = session.posix();
        this.index = index;
        this.rules = rules;
        this.number = number;
        this.taker = taker;
    }

    /// The rules with what the ignore files say that were met.
    IgnoreRules rules() {
        return rules;
    }

    /// How many files, links and folders were looked at.
    long seen() {
        return seen;
    }

    /// Scans a folder and all below it; one that is gone, or is no folder, is passed over.
    void tree(String path) {
        int folder = -1;
        try {
            // Of its own, since the walk goes on below it.
            folder = posix.openFolder(session.enter(path), ".");
            Row row;
            synchronized (index.lock()) {
                row = index.rows().find(path);
            }
            folder(path, row, folder);
        } catch (PosixException e) {
            if (!e.isAbsent()) {
                taker.trouble(path, "the folder can't be read: " + e.getMessage());
            }
        } finally {
            if (folder >= 0) {
                posix.close(folder);
            }
        }
    }

    private record Below(String name, @Nullable Row row) {}

    private void folder(String path, @Nullable Row row, int folder) throws PosixException {
        rules = IgnoreFiles.read(posix, rules, path, folder);
        Listing entries = posix.list(folder);
        List<Below> below = new ArrayList<>();
        TreeMap<String, String> troubles = new TreeMap<>();
        synchronized (index.lock()) {
            Rows rows = index.rows();
            while (entries.next()) {
                String name = entries.name();
                if (name == null) {
                    troubles.put(join(path, entries.printableName()), "the name is not UTF-8");
                } else if (!IgnoreRules.isReserved(name)) {
                    entry(path, folder, entries, name, row == null ? null : rows.child(row, name), below, troubles);
                }
            }
            if (row != null) {
                for (Row child : row.inside()) {
                    if (!child.wasSeenBy(number)) {
                        taker.unseen(child.path());
                    }
                }
            }
        }
        taker.rest();
        for (Below one : below) {
            descend(join(path, one.name()), one, folder, troubles);
        }
        taker.troubles(path, troubles);
    }

    private void entry(
            String path,
            int folder,
            Listing entries,
            String name,
            @Nullable Row known,
            List<Below> below,
            Map<String, String> troubles) {
        int error = posix.stat(folder, entries);
        if (error == PosixException.ENOENT) {
            return;
        }
        seen++;
        if (known != null) {
            // Whatever it is now, it is not gone.
            known.seenBy(number);
        }
        if (error != 0) {
            troubles.put(join(path, name), new PosixException("looking at", name, error).getMessage());
        } else if (known != null && known.id() != 0 && isUnchanged(known)) {
            if (known.kind() == Kind.FOLDER) {
                below.add(new Below(name, known));
            }
        } else {
            differs(join(path, name), name, known, below, troubles);
        }
    }

    private boolean isUnchanged(Row row) {
        int mode = posix.lastMode();
        return switch (row.kind()) {
            case FOLDER -> Stat.isFolder(mode);
            case LINK ->
                Stat.isLink(mode) && posix.lastInode() == row.inode() && posix.lastChanged() == row.changedNanos();
            case FILE ->
                Stat.isFile(mode)
                        && posix.lastInode() == row.inode()
                        && posix.lastChanged() == row.changedNanos()
                        && posix.lastSize() == row.size()
                        && posix.lastModified() == row.modifiedNanos()
                        && Stat.isExecutable(mode) == row.executable();
        };
    }

    private void differs(
            String path, String name, @Nullable Row known, List<Below> below, Map<String, String> troubles) {
        Stat stat = posix.lastStat();
        boolean isNew = known == null || known.id() == 0;
        if (isNew && rules.ignoresAlone(path, stat.isFolder())) {
            return;
        }
        if (stat.isSpecial()) {
            troubles.put(path, "it is " + stat.special());
            return;
        }
        String refused = isNew ? refusal(path) : null;
        if (refused != null) {
            troubles.put(path, refused);
            return;
        }
        if (stat.isFolder()) {
            taker.folder(path);
            below.add(new Below(name, known));
        } else {
            taker.changed(path, stat);
        }
    }

    /// Why nobody could hold a file of this path, or null.
    static @Nullable String refusal(String path) {
        try {
            var _ = new FilePath(path);
            return null;
        } catch (RefusedException e) {
            return e.refusal().toString();
        }
    }

    private void descend(String path, Below one, int folder, Map<String, String> troubles) {
        int opened;
        try {
            opened = posix.openFolder(folder, one.name(), session.device());
        } catch (PosixException e) {
            if (!e.isAbsent()) {
                troubles.put(path, "the folder can't be opened: " + e.getMessage());
            }
            return;
        }
        try {
            folder(path, one.row(), opened);
        } catch (PosixException e) {
            troubles.put(path, "the folder can't be read: " + e.getMessage());
        } finally {
            posix.close(opened);
        }
    }

    static String join(String folder, String name) {
        return folder.isEmpty() ? name : folder + "/" + name;
    }
}
