package acervo.sync.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import acervo.watch.InotifyWatch;
import acervo.watch.PosixException;
import acervo.watch.WatchEvent;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The watch by itself, and what becomes of a folder when it fails.
final class InotifyWatchTest {
    @TempDir
    Path temp;

    private final Semaphore rung = new Semaphore(0);
    private final List<WatchEvent> events = new ArrayList<>();

    private InotifyWatch open(int bound, Runnable beforeReading) throws PosixException {
        return InotifyWatch.open(temp, _ -> false, rung::release, events::add, bound, beforeReading);
    }

    /// Drains until something was told that is awaited.
    private void await(InotifyWatch watch, WatchEvent awaited) throws InterruptedException {
        while (!events.contains(awaited)) {
            rung.acquire();
            watch.drain(events::add);
        }
    }

    @Test
    void foldersMadeAtOnceAreAllWatched() throws Exception {
        try (InotifyWatch watch = open(1 << 20, () -> {})) {
            Files.createDirectories(temp.resolve("a/b/c/d"));
            await(watch, new WatchEvent.Appeared("a"));
            Files.createFile(temp.resolve("a/b/c/d/f"));
            await(watch, new WatchEvent.Touched("a/b/c/d/f", false));
            await(watch, new WatchEvent.Touched("a/b/c/d/f", true));
            assertEquals(5, watch.size());
        }
    }

    @Test
    void aRenamedFolderIsWatchedUnderItsNewName() throws Exception {
        Files.createDirectories(temp.resolve("a/b"));
        Files.createDirectories(temp.resolve("c"));
        try (InotifyWatch watch = open(1 << 20, () -> {})) {
            Files.move(temp.resolve("a"), temp.resolve("c/x"));
            Files.createFile(temp.resolve("c/x/b/f"));
            await(watch, new WatchEvent.Touched("c/x/b/f", true));
            Files.delete(temp.resolve("c/x/b/f"));
            Files.delete(temp.resolve("c/x/b"));
            await(watch, new WatchEvent.Touched("c/x/b", true));
            assertEquals(3, watch.size());
        }
    }

    @Test
    void moreEventsThanAreHeldAreToldAsMissed() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (InotifyWatch watch = open(4096, () -> waitFor(go))) {
            Files.createDirectory(temp.resolve("d"));
            for (int i = 0; i < 1000; i++) {
                Files.createFile(temp.resolve("f" + i));
            }
            go.countDown();
            await(watch, new WatchEvent.Missed());
            // And it goes on, also in folders whose making was missed.
            Files.createFile(temp.resolve("d/later"));
            await(watch, new WatchEvent.Touched("d/later", true));
        }
    }

    @Test
    void anOverflowOfTheSystemsQueueIsToldAsMissed() throws Exception {
        // By lines: read in pieces, such a file ends after the first one.
        int bound = Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/fs/inotify/max_queued_events"))
                .getFirst());
        assumeTrue(bound <= 100_000, "this system's queue is too long to be filled by a test");
        CountDownLatch go = new CountDownLatch(1);
        try (InotifyWatch watch = open(256 << 20, () -> waitFor(go))) {
            for (int i = 0; i <= bound / 2; i++) {
                Path file = Files.createFile(temp.resolve("f"));
                Files.delete(file);
            }
            go.countDown();
            await(watch, new WatchEvent.Missed());
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theRemovalOfTheWatchedFolderIsTold() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("folder"));
        try (InotifyWatch watch = InotifyWatch.open(folder, _ -> false, rung::release, events::add, 4096, () -> {})) {
            Files.delete(folder);
            await(watch, new WatchEvent.RootGone());
        }
    }

    /// Complaint 7: with the watch blind, and then lost, changes are found by scans, and it is said what helps.
    @Test
    void complaint7WithoutWatchesScansFindTheChanges() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("folder"));
        Path indexFolder = Files.createDirectory(temp.resolve("index"));
        DiskFolder.mark(folder, LiveFolder.MARKER);
        Seen seen = new Seen();
        Pace pace = new Pace(Duration.ofDays(1), Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofMillis(20));
        try (var index = acervo.sync.index.FileIndex.open(indexFolder).orElseThrow()) {
            index.load(new acervo.sync.Index.Trees(_ -> {}, _ -> {}, _ -> {}));
            Root root = new Root(folder, LiveFolder.MARKER);
            try (Observer observer = new Observer(root, index, seen, pace, (_, _, _) -> null)) {
                observer.start();
                seen.await("it is told", now -> now.trouble(".").contains("sysctl fs.inotify.max_user_instances"));
                Files.writeString(folder.resolve("a"), "a");
                seen.awaitPath("a");
                Files.delete(folder.resolve("a"));
                seen.awaitGone("a");
            }
            root.close();
        }
    }

    /// Complaint 7, with the system's own limit: in a process whose user may watch three folders.
    @Test
    void complaint7BeyondTheLimitOfWatchesScansFindTheChangesAndTheLimitIsNamed() throws Exception {
        Files.createDirectories(temp.resolve("folder/a/b/c/d"));
        Process child = new ProcessBuilder(
                        "unshare",
                        "-Ur",
                        "sh",
                        "-c",
                        "echo 3 > /proc/sys/user/max_inotify_watches && exec \"$@\" || echo NO LIMITS HERE",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                + File.pathSeparator
                                + System.getProperty("java.class.path"),
                        Limited.class.getName(),
                        temp.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = child.waitFor();
        assumeTrue(!said.contains("NO LIMITS HERE") && !said.contains("unshare:"), said);
        assertEquals(0, code, said);
        assertTrue(said.contains("sudo sysctl fs.inotify.max_user_watches=65536"), said);
    }

    /// The other process of the test above.
    static final class Limited {
        private Limited() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            Path temp = Path.of(Objects.requireNonNull(args[0]));
            try (LiveFolder live = LiveFolder.started(temp)) {
                live.seen.await("the limit is told", now -> now.trouble(".").contains("sysctl"));
                live.write("a/b/c/d/far", "beyond the watches");
                live.awaitSame();
                live.write("a/b/c/d/far", "and changed");
                live.awaitSame();
                System.out.println(live.seen.troubles());
            }
        }
    }

    @Test
    void afterMissedEventsAScanFindsTheChanges() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("folder"));
        Path indexFolder = Files.createDirectory(temp.resolve("index"));
        DiskFolder.mark(folder, LiveFolder.MARKER);
        Seen seen = new Seen();
        CountDownLatch go = new CountDownLatch(1);
        try (var index = acervo.sync.index.FileIndex.open(indexFolder).orElseThrow()) {
            index.load(new acervo.sync.Index.Trees(_ -> {}, _ -> {}, _ -> {}));
            Root root = new Root(folder, LiveFolder.MARKER);
            Observer observer = new Observer(root, index, seen, LiveFolder.WATCHED, (skipped, wake, to) -> {
                try {
                    return InotifyWatch.open(folder, skipped, wake, to, 1024, () -> waitFor(go));
                } catch (PosixException e) {
                    throw new IllegalStateException(e);
                }
            });
            try (observer) {
                observer.start();
                seen.await("the first scan", now -> now.scans() > 0);
                for (int i = 0; i < 200; i++) {
                    Files.writeString(folder.resolve("f" + i), "f");
                }
                go.countDown();
                seen.await("all are seen", now -> now.all().size() == 200);
            } finally {
                root.close();
            }
        }
    }
}
