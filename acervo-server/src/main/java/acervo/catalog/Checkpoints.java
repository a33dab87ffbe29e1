package acervo.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Copies of the whole state, each a folder named by its position: `<term>-<index>`, both of 20 digits. They are links
/// to files of the database
/// and cost little until those are compacted away.
final class Checkpoints {
    private static final Pattern NAME = Pattern.compile("\\d{20}-\\d{20}");

    /// How the names of RocksDB's tables end. They are never written to again.
    static final String TABLE = ".sst";

    private final Path folder;

    Checkpoints(Path folder) {
        this.folder = folder;
    }

    /// Copies the rows, which were flushed, checks the copy and forces its name.
    ///
    /// The log behind a checkpoint is gone for good, so that a checkpoint has to be good. Tables that the one
    /// before
    /// has too are not read again, and that loses nothing: they are the same files, and who finds one damaged could
    /// not
    /// go back to the one before either. So a checkpoint costs what was written since the last one, not the whole
    /// state.
    ///
    /// @throws UncheckedIOException when that fails
    /// @throws CatalogUnavailableException when the rows can't be copied, or what was copied is damaged
    void take(RocksRows rows, long term, long index) {
        Path copy = folder.resolve(String.format(java.util.Locale.ROOT, "%020d-%020d", term, index));
        try {
            Files.createDirectories(folder);
            if (Files.exists(copy)) {
                return; // nothing was applied since
            }
            List<Path> before = list();
            rows.checkpoint(copy);
            verify(rows, copy, before.isEmpty() ? null : before.getFirst());
            force(copy);
            force(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint " + copy + " can't be made", e);
        }
    }

    private static void verify(RocksRows rows, Path copy, @Nullable Path before) throws IOException {
        try (Stream<Path> files = Files.list(copy)) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith(TABLE) && !isIn(before, file)) {
                    rows.verify(file);
                }
            }
        } catch (CatalogUnavailableException e) {
            remove(copy);
            throw e;
        }
    }

    /// Whether it is the very same file. A name alone does not tell: rows that were restored count their tables on
    /// from
    /// an older number.
    private static boolean isIn(@Nullable Path checkpoint, Path table) throws IOException {
        if (checkpoint == null) {
            return false;
        }
        Path there = checkpoint.resolve(table.getFileName());
        return Files.exists(there) && Files.isSameFile(there, table);
    }

    /// Forces a folder or a file.
    static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// All of them, the newest first.
    List<Path> list() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(p -> NAME.matcher(p.getFileName().toString()).matches())
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoints in " + folder + " can't be listed", e);
        }
    }

    /// Removes all but the newest `count`, and what unfinished ones left behind.
    void keep(int count) {
        List<Path> kept = list().stream().limit(count).toList();
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.list(folder)) {
            for (Path path : all.toList()) {
                if (!kept.contains(path)) {
                    remove(path);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("old checkpoints in " + folder + " can't be removed", e);
        }
    }

    static void remove(Path tree) throws IOException {
        try (Stream<Path> inside = Files.walk(tree)) {
            for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
