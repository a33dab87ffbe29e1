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

/// Copies of the whole state, each a folder named by its position: `<term>-<index>`, both of 20 digits. They are links
/// to files of the database
/// and cost little until those are compacted away.
final class Checkpoints {
    private static final Pattern NAME = Pattern.compile("\\d{20}-\\d{20}");

    private final Path folder;

    Checkpoints(Path folder) {
        this.folder = folder;
    }

    /// Copies the rows, which were flushed, and forces the copy's name.
    ///
    /// @throws UncheckedIOException when that fails
    void take(RocksRows rows, long term, long index) {
        Path copy = folder.resolve(String.format(java.util.Locale.ROOT, "%020d-%020d", term, index));
        try {
            Files.createDirectories(folder);
            if (Files.exists(copy)) {
                return; // nothing was applied since
            }
            rows.checkpoint(copy);
            force(copy);
            force(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint " + copy + " can't be made", e);
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
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
