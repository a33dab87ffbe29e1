package acervo.sync.local;

import acervo.sync.index.Facts;
import acervo.sync.index.FileIndex;
import acervo.sync.index.Row;
import acervo.watch.Listing;
import acervo.watch.Posix;
import acervo.watch.PosixException;
import acervo.watch.Stat;
import org.jspecify.annotations.Nullable;

/// Clears away what a crash has left in the folder of stages ([DiskStage#FOLDER]).
///
/// What was displaced by a change ([Changes]) has the name `aside-` and the id of its row. If it is not what the change
/// was about to displace, but what someone put there a moment before, it goes back: it may exist nowhere else.
final class Leftovers {
    static final String ASIDE = "aside-";
    private static final long WEEK = 7L * 24 * 3600 * 1_000_000_000L;

    private final Session session;
    private final Posix posix;
    private final FileIndex index;
    private final int stages;

    private Leftovers(Session session, FileIndex index, int stages) {
        this.session = session;
        this.posix = session.posix();
        this.index = index;
        this.stages = stages;
    }

    /// Changes of the folder are made under the index's lock: so none is under way meanwhile.
    static void clear(Session session, FileIndex index) throws PosixException {
        synchronized (index.lock()) {
            int stages = DiskStage.openFolder(session);
            try {
                Leftovers leftovers = new Leftovers(session, index, stages);
                Listing entries = session.posix().list(stages);
                while (entries.next()) {
                    String name = entries.name();
                    if (name != null) {
                        leftovers.clear(name);
                    }
                }
            } finally {
                session.posix().close(stages);
            }
        }
    }

    private void clear(String name) throws PosixException {
        Stat stat = posix.stat(stages, name);
        if (!name.startsWith(ASIDE)) {
            // A broken transfer may go on, but not for ever. (The time of change: that of the content is the
            // version's.)
            if (!stat.isFolder() && System.currentTimeMillis() * 1_000_000L - stat.changedNanos() > WEEK) {
                posix.unlink(stages, name);
            }
            return;
        }
        Row row = row(name.substring(ASIDE.length()));
        if (row == null || row.facts().isRenamed(Facts.of(stat))) {
            // Known to be what it should be, and never needed again: the server has it, and this change is replayed.
            putBack(name, row, false);
        } else {
            putBack(name, row, true);
        }
    }

    /// Gives something its name again.
    ///
    /// @param precious whether it goes there even when something else stands there, which is the server's
    private void putBack(String name, @Nullable Row row, boolean precious) throws PosixException {
        if (row != null) {
            try {
                int folder = session.parent(row.path());
                Stat there = session.look(row.path());
                if (there == null) {
                    posix.renameExclusively(stages, name, folder, row.name());
                    return;
                }
                if (precious && there.inode() != row.inode() && !posix.exchange(stages, name, folder, row.name())) {
                    return;
                }
            } catch (PosixException e) {
                if (!e.isAbsent()) {
                    throw e;
                }
                if (precious) {
                    posix.renameExclusively(stages, name, session.folder(), row.name());
                    return;
                }
            }
        }
        posix.unlink(stages, name);
    }

    private @Nullable Row row(String id) {
        return index.rows().below(index.rows().root()).stream()
                .filter(row -> String.valueOf(row.id()).equals(id))
                .findFirst()
                .orElse(null);
    }
}
