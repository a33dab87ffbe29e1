package acervo.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rows of a catalog that was complete before, looked at before they are trusted. When they are damaged or missing,
/// the newest checkpoint that is good takes their place, and the log brings it up to date: nothing is lost, since the
/// log reaches back to the newest checkpoint at least. As long as the log has all entries from the first one, it alone
/// is enough.
///
/// The damaged rows are kept beside, for whoever wants to know, and go only when a person removes them:
///
/// ```
/// state.suspect     made when a read met damage: the next start looks at every byte
/// state.next        rows being put together; swept away by the next start
/// state.damaged-<millis>
/// ```
///
/// For one thread, before the log is started.
final class StateFolder {
    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);

    /// Rows up to this size are read whole at every start, which takes a tenth of a second. Larger ones are when
    /// a read met damage; their tables were once before, when they came into a checkpoint ([Checkpoints#take]).
    private static final long READ_AT_START = 64L << 20;

    private final Path folder;
    private final Path state;
    private final Path next;
    private final Path suspect;
    private final Checkpoints checkpoints;
    private final OptionalLong firstEntry;
    private final InstantSource clock;

    /// @param folder of the catalog
    /// @param firstEntry the index of the log's first entry; empty when it has none
    /// @param clock for the name of what is put aside
    StateFolder(Path folder, OptionalLong firstEntry, InstantSource clock) {
        this.folder = folder;
        this.state = folder.resolve("state");
        this.next = folder.resolve("state.next");
        this.suspect = suspect(state);
        this.checkpoints = new Checkpoints(folder.resolve("checkpoints"));
        this.firstEntry = firstEntry;
        this.clock = clock;
    }

    /// The file that says that a read of these rows met damage.
    static Path suspect(Path state) {
        return state.resolveSibling(state.getFileName() + ".suspect");
    }

    /// Opens the rows, restored if they have to be.
    ///
    /// @throws IOException when they are damaged and there is nothing to restore them from
    /// @throws CatalogUnavailableException when they can't be opened for another reason, such as room
    RocksRows open() throws IOException {
        sweep();
        RocksRows rows;
        try {
            rows = whole(state, Files.exists(suspect));
        } catch (DamagedException e) {
            restore(e);
            rows = RocksRows.open(state);
        }
        Files.deleteIfExists(suspect);
        return rows;
    }

    /// Opens rows that are good as far as one can see.
    private RocksRows whole(Path at, boolean everyByte) throws DamagedException {
        if (!Files.exists(at.resolve("CURRENT"))) {
            // RocksDB would begin a new database, and delete whatever files the old one has left.
            throw new DamagedException(Files.exists(at) ? "its file CURRENT is missing" : "it is missing", null);
        }
        try {
            RocksRows rows = RocksRows.open(at);
            try {
                if (everyByte || rows.property("rocksdb.total-sst-files-size") <= READ_AT_START) {
                    rows.verify();
                }
                long applied = rows.applied().equals(Position.NONE)
                        ? -1
                        : rows.applied().index();
                if (firstEntry.isPresent() && applied + 1 < firstEntry.getAsLong()) {
                    throw new DamagedException(
                            "it ends at entry " + applied + " and the log begins at " + firstEntry.getAsLong(), null);
                }
                return rows;
            } catch (DamagedException | RuntimeException e) {
                rows.close();
                throw e;
            }
        } catch (CatalogUnavailableException e) {
            if (RocksRows.isDamage(e)) {
                throw new DamagedException(RocksCatalog.told(e), e);
            }
            throw e;
        }
    }

    private void restore(DamagedException damage) throws IOException {
        if (firstEntry.isEmpty()) {
            throw new IOException(
                    "the catalog's state in " + state + " is damaged (" + damage.getMessage()
                            + ") and its log is missing, without which a checkpoint is too old"
                            + ". Nothing was changed: restore the data folder from a backup",
                    damage);
        }
        StringBuilder tried = new StringBuilder();
        for (Path checkpoint : checkpoints.list()) {
            try {
                link(checkpoint);
                whole(next, true).close();
                replace(damage, "the checkpoint " + checkpoint.getFileName());
                return;
            } catch (DamagedException e) {
                LOG.warn("The checkpoint {} is no good either: {}", checkpoint, e.getMessage());
                tried.append("; checkpoint ")
                        .append(checkpoint.getFileName())
                        .append(": ")
                        .append(e.getMessage());
                sweep();
            }
        }
        if (firstEntry.getAsLong() == 0) {
            RocksRows.open(next).close();
            replace(damage, "the log, which is complete");
            return;
        }
        throw new IOException(
                "the catalog's state in " + state + " is damaged (" + damage.getMessage()
                        + ") and there is no good checkpoint to go back to" + tried
                        + ". Nothing was changed: restore the data folder from a backup",
                damage);
    }

    /// Puts rows like those of a checkpoint together. It stays as it is: tables are never written to again, and
    /// everything else is copied.
    private void link(Path checkpoint) throws IOException {
        Files.createDirectory(next);
        try (Stream<Path> files = Files.list(checkpoint)) {
            for (Path file : files.toList()) {
                Path to = next.resolve(file.getFileName());
                if (file.toString().endsWith(Checkpoints.TABLE)) {
                    Files.createLink(to, file);
                } else {
                    Files.copy(file, to);
                    Checkpoints.force(to);
                }
            }
        }
        Checkpoints.force(next);
    }

    private void replace(DamagedException damage, String source) throws IOException {
        Path aside = null;
        if (Files.exists(state)) {
            long name = clock.millis();
            while (Files.exists(folder.resolve("state.damaged-" + name))) {
                name++;
            }
            aside = folder.resolve("state.damaged-" + name);
            Files.move(state, aside, StandardCopyOption.ATOMIC_MOVE);
        }
        // A start that is cut off here finds no state, and comes here again.
        Files.move(next, state, StandardCopyOption.ATOMIC_MOVE);
        Checkpoints.force(folder);
        LOG.warn(
                "The catalog's state was damaged ({}) and is restored from {}; {}. Look at the disk",
                damage.getMessage(),
                source,
                aside == null ? "there was nothing to keep" : "what was damaged is kept in " + aside);
    }

    private void sweep() throws IOException {
        if (Files.exists(next)) {
            Checkpoints.remove(next);
        }
        Files.deleteIfExists(suspect(next));
    }

    /// Rows that are not what was written.
    private static final class DamagedException extends Exception {
        private static final long serialVersionUID = 1;

        DamagedException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
