package acervo.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.Command.Sighting;
import acervo.model.Content;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.SpaceName;
import acervo.model.Version;
import acervo.share.SharedFolder.Line;
import acervo.share.SharedFolder.Listing;
import acervo.watch.InotifyWatch;
import acervo.watch.Watch;
import acervo.watch.WatchEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Seeing what happens in a shared folder on a real disk, with a fake memory of what is known.
final class ShareWatchTest {
    private static final ShareWatch.Pace WATCHED =
            new ShareWatch.Pace(Duration.ofDays(1), Duration.ofDays(1), Duration.ofMillis(50));
    private static final ShareWatch.Pace SCANNED =
            new ShareWatch.Pace(Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofMillis(50));

    @TempDir
    private Path temp;

    private Path root;
    private final Memory memory = new Memory();
    private @Nullable ShareWatch watch;

    @BeforeEach
    void make() throws IOException {
        root = Files.createDirectory(temp.resolve("shared"));
    }

    @AfterEach
    void close() {
        if (watch != null) {
            watch.close();
        }
    }

    /// What is known, in memory, and what was told, in order.
    private static final class Memory implements Known {
        private final TreeMap<FilePath, FileEntry> files = new TreeMap<>();
        private final List<String> told = new ArrayList<>();
        private int failures;

        @Override
        public synchronized Optional<FileEntry> file(FilePath path) {
            return Optional.ofNullable(files.get(path));
        }

        @Override
        public synchronized Listing list(FilePath folder, boolean recursive, @Nullable FilePath after) {
            TreeMap<FilePath, Line> lines = new TreeMap<>();
            files.forEach((path, entry) -> {
                if (!folder.isRoot() && !path.isIn(folder) || path.equals(folder)) {
                    return;
                }
                FilePath at = path;
                while (!recursive && !at.parent().equals(folder)) {
                    at = at.parent();
                }
                lines.put(at, new Line(at, at.equals(path) ? Optional.of(entry) : Optional.empty()));
            });
            List<Line> rest = new ArrayList<>(
                    after == null ? lines.values() : lines.tailMap(after, false).values());
            // Pages of two, so that there are several.
            return new Listing(rest.subList(0, Math.min(2, rest.size())), rest.size() > 2);
        }

        @Override
        public synchronized boolean tell(List<Sighting> seen) {
            if (failures > 0) {
                failures--;
                throw new IllegalStateException("the log takes nothing now");
            }
            for (Sighting one : seen) {
                switch (one) {
                    case Sighting.Gone(FilePath path) -> {
                        files.remove(path);
                        told.add("-" + path);
                    }
                    case Sighting.There there -> {
                        Content content = new Content(
                                Kind.FILE, BlobId.NOT_HASHED, there.size(), there.modifiedMillis(), there.executable());
                        files.put(
                                there.path(),
                                new FileEntry(
                                        there.path(),
                                        there.id(),
                                        new Version(1),
                                        content,
                                        1,
                                        there.changedMillis(),
                                        SharedFolder.NOBODY));
                        told.add("+" + there.path() + " " + there.size());
                    }
                }
            }
            notifyAll();
            return true;
        }

        synchronized List<String> told() {
            return List.copyOf(told);
        }

        synchronized boolean has(String path, long size) {
            FileEntry entry = files.get(new FilePath(path));
            return entry != null && entry.content().size() == size;
        }
    }

    private ShareWatch start(ShareWatch.Pace pace, ShareWatch.WatchFactory watches) {
        SharedFolder share = new SharedFolder(new SpaceName("shared"), root, Clock.systemUTC());
        ShareWatch started = ShareWatch.start(share, memory, Clock.systemUTC(), pace, watches);
        watch = started;
        assertTrue(started.awaitScanned(Duration.ofMinutes(1)));
        return started;
    }

    private ShareWatch startWatching() {
        return start(WATCHED, (wake, to) -> InotifyWatch.openAcrossDisks(root, wake, to));
    }

    private void write(String path, int size) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[size]);
    }

    private void until(BooleanSupplier done) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        synchronized (memory) {
            while (!done.getAsBoolean()) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                assertTrue(left > 0, () -> "never came; told: " + memory.told());
                try {
                    memory.wait(left);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private void untilKnown(String path, int size) {
        until(() -> memory.has(path, size));
    }

    private void untilGone(String path) {
        until(() -> memory.file(new FilePath(path)).isEmpty());
    }

    @Test
    void whatIsThereAtTheStartIsSeenAndWhatWasKnownIsNotToldAgain() throws IOException {
        write("a/b", 1);
        write("c", 2);
        startWatching();
        untilKnown("a/b", 1);
        untilKnown("c", 2);
        watch.close();
        Files.delete(root.resolve("c"));
        write("d", 3);
        startWatching();
        untilKnown("d", 3);
        untilGone("c");
        assertEquals(
                List.of("+a/b 1"),
                memory.told().stream().filter(one -> one.contains("a/b")).toList());
    }

    @Test
    void changesAreSeenLive() throws IOException {
        startWatching();
        write("a/b/c/d", 1);
        untilKnown("a/b/c/d", 1);
        write("a/b/c/d", 2);
        untilKnown("a/b/c/d", 2);
        Files.move(root.resolve("a/b"), root.resolve("x"));
        untilKnown("x/c/d", 2);
        untilGone("a/b/c/d");
        // A file where a folder was, and the other way.
        Files.delete(root.resolve("x/c/d"));
        Files.delete(root.resolve("x/c"));
        write("x/c", 3);
        untilKnown("x/c", 3);
        Files.delete(root.resolve("x/c"));
        write("x/c/e", 4);
        untilKnown("x/c/e", 4);
        untilGone("x/c");
    }

    @Test
    void aFileThatIsSavedByRenamesIsNeverGone() throws IOException {
        startWatching();
        write("text", 1);
        untilKnown("text", 1);
        for (int size = 2; size < 20; size++) {
            write("text.new", size);
            Files.move(root.resolve("text.new"), root.resolve("text"), StandardCopyOption.REPLACE_EXISTING);
        }
        untilKnown("text", 19);
        assertFalse(memory.told().contains("-text"), () -> memory.told().toString());
    }

    @Test
    void aFileThatSomebodyWritesIsNotTold() throws IOException {
        startWatching();
        try (OutputStream out = Files.newOutputStream(root.resolve("slow"))) {
            out.write(1);
            write("done", 10);
            untilKnown("done", 10);
            Files.createLink(root.resolve("second"), root.resolve("done"));
            untilKnown("second", 10);
            assertFalse(
                    memory.told().stream().anyMatch(one -> one.contains("slow")),
                    () -> memory.told().toString());
            out.write(1);
        }
        untilKnown("slow", 2);
        assertFalse(memory.told().contains("+slow 1"), () -> memory.told().toString());
    }

    /// Complaint 7: without a watch, and beyond its limit, scans find what happens.
    @Test
    void complaint7WithoutAWatchScansFindTheChanges() throws IOException {
        start(SCANNED, (_, _) -> {
            throw new IOException("no queue is left");
        });
        write("a/b", 1);
        untilKnown("a/b", 1);
        Files.delete(root.resolve("a/b"));
        untilGone("a/b");
    }

    @Test
    void complaint7ABlindWatchIsHelpedByScans() throws IOException {
        start(new ShareWatch.Pace(Duration.ofDays(1), Duration.ofMillis(20), Duration.ofMillis(50)), (_, to) -> {
            to.accept(new WatchEvent.Blind("raise the limit"));
            return new Watch() {
                @Override
                public void drain(Consumer<WatchEvent> to) {}

                @Override
                public void cover(String folder, Consumer<WatchEvent> to) {
                    to.accept(new WatchEvent.Blind("raise the limit"));
                }

                @Override
                public int size() {
                    return 0;
                }

                @Override
                public void close() {}
            };
        });
        write("a/b", 1);
        untilKnown("a/b", 1);
    }

    @Test
    void lostHintsAreMadeGoodByAScan() throws IOException {
        start(WATCHED, (wake, to) -> InotifyWatch.open(root, _ -> false, wake, to, 256, () -> {}));
        for (int i = 0; i < 300; i++) {
            write("f" + i, i + 1);
        }
        for (int i = 0; i < 300; i++) {
            untilKnown("f" + i, i + 1);
        }
    }

    @Test
    void aFolderThatVanishesKeepsWhatIsKnownAndIsSeenWhenItIsBack() throws IOException {
        startWatching();
        write("a", 1);
        untilKnown("a", 1);
        Files.move(root, temp.resolve("away"));
        Files.write(temp.resolve("away/b"), new byte[2]);
        Files.move(temp.resolve("away"), root);
        untilKnown("b", 2);
        assertFalse(memory.told().contains("-a"));
        // Another folder in its place is what is shared now.
        Files.move(root, temp.resolve("old"));
        Files.createDirectory(root);
        write("c", 3);
        untilKnown("c", 3);
        untilGone("a");
        untilGone("b");
    }

    @Test
    void whatCouldNotBeToldIsFoundAgain() throws IOException {
        start(SCANNED, (wake, to) -> InotifyWatch.openAcrossDisks(root, wake, to));
        synchronized (memory) {
            memory.failures = 3;
        }
        write("a", 1);
        untilKnown("a", 1);
    }

    @Test
    void linksAreNotSeen() throws IOException {
        Path secret = Files.createDirectory(temp.resolve("secret"));
        Files.write(secret.resolve("s"), new byte[1]);
        Files.createSymbolicLink(root.resolve("link"), secret);
        startWatching();
        Files.createSymbolicLink(root.resolve("other"), secret);
        Files.createSymbolicLink(root.resolve("file"), secret.resolve("s"));
        write("z", 1);
        untilKnown("z", 1);
        assertEquals(List.of("+z 1"), memory.told());
    }
}
