package acervo.e2e;

import static acervo.e2e.Machine.awaitTrue;
import static acervo.e2e.Machine.has;
import static acervo.e2e.Machine.made;
import static acervo.e2e.Machine.sh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import acervo.e2e.Program.Run;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each way in which users of other programs lost data or time, by the numbers of what the field knows, tried on
/// folders
/// that real processes keep in step.
final class SyncComplaintsIT {
    private final long seed = Bytes.seed();
    private final Random random = new Random(seed);

    @TempDir
    private Path folder;

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private Person person(String name, String server) {
        return new Person(folder.resolve(name), server);
    }

    @Test
    void complaint1AnUnmountedDiskRemovesNothing() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        try (Server server = Server.start(folder.resolve("data"))) {
            Person ana = person("ana", server.address());
            Path here = made(ana.file("disk"));
            sh(here, "mount -t tmpfs none .");
            boolean mounted = true;
            try (Syncing sync = ana.syncs("disk", "home:").phase("in_step")) {
                for (int n = 0; n < 30; n++) {
                    Files.writeString(here.resolve("f" + n), "content " + n);
                }
                awaitTrue(() -> ana.does("ls", "home:").out().lines().count() == 30, "all are deposited");
                sh(folder, "umount '" + here + "'");
                mounted = false;
                sync.phase("root_lost", 0);
                assertEquals(30, ana.does("ls", "home:").ok().out().lines().count());
                Run status = ana.does("sync", "--status", "disk").ended(1);
                assertTrue(status.out().contains("mounted"), status.out());
                // Something that is written meanwhile goes nowhere, and is not taken for the folder's own.
                Files.writeString(here.resolve("stray"), "below the mount point");
                sync.stop();
                Run refused = ana.does("sync", "disk", "--once").ended(1);
                assertTrue(refused.err().contains("mounted"), refused.err());
                assertEquals(30, ana.does("ls", "home:").ok().out().lines().count());
            } finally {
                if (mounted) {
                    sh(folder, "umount -l '" + here + "'");
                }
            }
        }
    }

    @Test
    void complaint1AFolderThatIsEmptiedIsHeldUntilAPersonAgrees() throws Exception {
        try (Server server = Server.start(folder.resolve("data"))) {
            Person ana = person("ana", server.address());
            Path here = made(ana.file("docs"));
            for (int n = 0; n < 200; n++) {
                Files.writeString(here.resolve("f" + n), "content " + n);
            }
            ana.does("sync", "docs", "--once").ok();
            for (int n = 0; n < 150; n++) {
                Files.delete(here.resolve("f" + n));
            }
            Run held = ana.does("sync", "docs", "--once").ended(4);
            assertTrue(held.err().contains("--confirm"), held.err());
            assertEquals(200, ana.does("ls").ok().out().lines().count());
            // Not meant: all come back.
            ana.does("sync", "docs", "--put-back").ok();
            assertEquals(200, FolderShot.of(here).things().size());
            // Meant, and told to a process that runs.
            for (int n = 0; n < 150; n++) {
                Files.delete(here.resolve("f" + n));
            }
            try (Syncing sync = ana.syncs("docs").phase("braked")) {
                assertEquals(200, ana.does("ls").ok().out().lines().count());
                ana.does("sync", "docs", "--confirm").ok();
                sync.phase("in_step");
                assertEquals(50, ana.does("ls").ok().out().lines().count());
            }
        }
    }

    @Test
    void complaint2ADownloadThatIsKilledLeavesTheOldFileOrTheNewOne() throws Exception {
        try (Server server = Server.start(folder.resolve("data"))) {
            Person ana = person("ana", server.address());
            Path here = made(ana.file("here"));
            Path there = made(ana.file("there"));
            byte[] old = bytes(1000);
            Files.write(here.resolve("file"), old);
            ana.does("sync", "here", "public:", "--once").ok();
            ana.does("sync", "there", "public:", "--once").ok();
            byte[] fresh = bytes(200 << 20);
            Files.write(here.resolve("file"), fresh);
            ana.does("sync", "here", "--once").ok();
            for (int n = 0; n < 6; n++) {
                try (Syncing sync = ana.syncs("there")) {
                    // The moment within the download is the fault that is tested.
                    awaitTrue(() -> incoming(there) > (20L << 20) || isWhole(there, fresh), "it is being fetched");
                    sync.kill();
                }
                byte[] now = Files.readAllBytes(there.resolve("file"));
                assertTrue(now.length == old.length || now.length == fresh.length, "torn: " + now.length + " bytes");
            }
            ana.does("sync", "there", "--once").ok();
            FolderShot.awaitAlike(here, there);
            assertEquals(0, incoming(there));
        }
    }

    private static boolean isWhole(Path there, byte[] fresh) {
        return there.resolve("file").toFile().length() == fresh.length;
    }

    private static long incoming(Path folder) {
        try (var files = Files.list(folder.resolve(".acervo-in"))) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException | java.io.UncheckedIOException _) {
            return 0;
        }
    }

    @Test
    void complaint3AServerThatIsRestoredTakesNothingAway() throws Exception {
        Path data = folder.resolve("data");
        try (Server server = Server.start(data)) {
            Person ana = person("ana", server.address());
            Path here = made(ana.file("docs"));
            Files.writeString(here.resolve("old"), "old");
            Files.writeString(here.resolve("changed"), "before");
            ana.does("sync", "docs", "--once").ok();
            server.stop();
            sh(folder, "cp -a data backup");
            server.restart();
            Files.writeString(here.resolve("changed"), "after the backup");
            Files.writeString(here.resolve("fresh"), "made after the backup");
            Files.delete(here.resolve("old"));
            ana.does("sync", "docs", "--once").ok();
            server.stop();
            sh(folder, "rm -rf data && cp -a backup data");
            server.restart();
            ana.does("sync", "docs", "--once").ok();
            assertEquals("made after the backup", Files.readString(here.resolve("fresh")));
            assertTrue(ana.does("ls").ok().out().contains("fresh"));
            List<String> contents = new ArrayList<>();
            try (var files = Files.list(here)) {
                for (Path file :
                        files.filter(f -> f.toString().contains("changed")).toList()) {
                    contents.add(Files.readString(file));
                }
            }
            assertTrue(contents.contains("after the backup"), "kept: " + contents);
        }
    }

    @Test
    void complaint4AnOldTimeDoesNotMakeANewerFileLose() throws Exception {
        try (Server server = Server.start(folder.resolve("data"))) {
            Person ana = person("ana", server.address());
            Path here = made(ana.file("here"));
            Path there = made(ana.file("there"));
            Files.writeString(here.resolve("file"), "first");
            ana.does("sync", "here", "public:", "--once").ok();
            ana.does("sync", "there", "public:", "--once").ok();
            Files.writeString(here.resolve("file"), "second, with the time of 1970");
            Files.setLastModifiedTime(here.resolve("file"), FileTime.fromMillis(0));
            ana.does("sync", "here", "--once").ok();
            ana.does("sync", "there", "--once").ok();
            assertEquals("second, with the time of 1970", Files.readString(there.resolve("file")));
            FolderShot.awaitAlike(here, there);
        }
    }

    @Test
    void complaint5TheSameContentOnBothSidesIsNoConflict() throws Exception {
        try (Server server = Server.start(folder.resolve("data"))) {
            Person ana = person("ana", server.address());
            Path here = made(ana.file("here"));
            Path there = made(ana.file("there"));
            for (int n = 0; n < 200; n++) {
                byte[] same = bytes(2_000);
                Files.write(here.resolve("f" + n), same);
                Files.write(there.resolve("f" + n), same);
            }
            ana.does("sync", "here", "public:", "--once").ok();
            ana.does("sync", "there", "public:", "--once").ok();
            ana.does("sync", "here", "--once").ok();
            assertEquals(200, FolderShot.of(here).things().size());
            FolderShot.awaitAlike(here, there);
            assertTrue(ana.does("sync", "--conflicts", "there").ok().out().contains("No conflicts"));
        }
    }

    @Test
    void complaint6AFileThatIsBeingWrittenIsNotSeenInPieces() throws Exception {
        try (Server server = Server.start(folder.resolve("data"))) {
            Person ana = person("ana", server.address());
            Path here = made(ana.file("here"));
            Path there = made(ana.file("there"));
            try (Syncing _ = ana.syncs("here", "public:").phase("in_step");
                    Syncing _ = ana.syncs("there", "public:").phase("in_step")) {
                Path arriving = there.resolve("slow");
                byte[] block = bytes(100_000);
                try (RandomAccessFile file =
                        new RandomAccessFile(here.resolve("slow").toFile(), "rw")) {
                    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
                    while (System.nanoTime() < end) {
                        file.write(block);
                        assertFalse(Files.exists(arriving), "seen before it was closed");
                        file.getFD().sync();
                    }
                }
                awaitTrue(() -> Files.exists(arriving), "it arrives");
                assertEquals(Files.size(here.resolve("slow")), Files.size(arriving));
                FolderShot.awaitAlike(here, there);
            }
        }
    }

    @Test
    void complaint7AWatchLimitIsToldAndEverythingIsFoundAllTheSame() throws Exception {
        assumeTrue(has("unshare"), "needs unshare");
        List<String> few = List.of(
                "unshare", "-Ur", "sh", "-c", "echo 4 > /proc/sys/user/max_inotify_watches && exec \"$@\"", "sh");
        assumeTrue(
                Program.run(
                                        List.of(
                                                "unshare",
                                                "-Ur",
                                                "sh",
                                                "-c",
                                                "echo 4 > /proc/sys/user/max_inotify_watches"),
                                        Map.of(),
                                        Path.of("/"),
                                        null)
                                .exit()
                        == 0,
                "needs user namespaces");
        try (Server server = Server.start(folder.resolve("data"))) {
            Person ana = person("ana", server.address());
            Path here = made(ana.file("here"));
            for (int n = 0; n < 20; n++) {
                made(here.resolve("d" + n));
            }
            try (Syncing _ = ana.syncsUnder(few, "here", "public:").phase("in_step")) {
                Run status = ana.does("sync", "--status", "here").ended(3);
                assertTrue(status.out().contains("max_user_watches"), status.out());
                for (int n = 0; n < 20; n++) {
                    Files.writeString(here.resolve("d" + n + "/f"), "unseen by any watch");
                }
                awaitTrue(
                        () -> ana.does("ls", "-r", "public:")
                                        .out()
                                        .lines()
                                        .filter(line -> line.contains("/f"))
                                        .count()
                                == 20,
                        "all are found");
            }
        }
    }

    @Test
    void complaint8AnAtomicSaveIsNeverSeenAsARemoval() throws Exception {
        try (Server server = Server.start(folder.resolve("data"))) {
            Person ana = person("ana", server.address());
            Path here = made(ana.file("here"));
            Path there = made(ana.file("there"));
            Files.writeString(here.resolve("text"), "0");
            try (Syncing one = ana.syncs("here", "public:").phase("in_step");
                    Syncing two = ana.syncs("there", "public:").phase("in_step")) {
                awaitTrue(() -> Files.exists(there.resolve("text")), "it arrives");
                for (int n = 1; n <= 50; n++) {
                    String text = "save " + n;
                    Files.writeString(here.resolve("text.tmp"), text);
                    Files.move(here.resolve("text.tmp"), here.resolve("text"), StandardCopyOption.ATOMIC_MOVE);
                    awaitTrue(() -> isNow(there.resolve("text"), text), text);
                }
                for (Syncing each : List.of(one, two)) {
                    assertTrue(
                            each.events().stream()
                                    .noneMatch(event -> event.contains("\"remove-") && event.contains("\"text\"")),
                            "it was removed");
                }
            }
        }
    }

    /// Throws when it is not there: that must not be seen at any moment.
    private static boolean isNow(Path file, String text) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).equals(text);
        } catch (IOException e) {
            throw new AssertionError("absent for a moment", e);
        }
    }

    @Test
    void complaint11RenamingAGibibyteSendsNoBytes() throws Exception {
        try (Server server = Server.start(folder.resolve("data"));
                CuttingProxy wire = new CuttingProxy(server.port())) {
            Person ana = person("ana", wire.address());
            Path here = made(ana.file("here"));
            try (RandomAccessFile file =
                    new RandomAccessFile(here.resolve("large").toFile(), "rw")) {
                file.setLength(1L << 30);
                file.seek(5);
                file.write(bytes(1000));
            }
            try (Syncing sync = ana.syncs("here", "public:")) {
                sync.done("upload", "large", 0);
                sync.phase("in_step", sync.done("upload", "large", 0));
                wire.mend();
                int before = sync.count();
                made(here.resolve("sub"));
                Files.move(here.resolve("large"), here.resolve("sub/renamed"));
                sync.await(before, event -> event.contains("\"rename-there\""), "it is renamed");
                assertTrue(wire.up() + wire.down() < 10_000, wire.up() + " bytes up, " + wire.down() + " down");
            }
            assertTrue(ana.does("ls", "-r", "public:").ok().out().contains("sub/renamed"));
        }
    }

    @Test
    void complaint11RenamingAFolderOfTenThousandSendsNoBytesOfFiles() throws Exception {
        Path kept = made(folder.resolve("kept"));
        try (Server server = Server.start(folder.resolve("data"), "--folder", "public=" + kept);
                CuttingProxy wire = new CuttingProxy(server.port())) {
            Person ana = person("ana", wire.address());
            Path here = made(ana.file("here"));
            made(here.resolve("many"));
            for (int n = 0; n < 10_000; n++) {
                Files.write(here.resolve("many/f" + n), bytes(500));
            }
            try (Syncing sync = ana.syncs("here", "public:").phase("in_step")) {
                FolderShot.awaitAlike(here, kept);
                wire.mend();
                int before = sync.count();
                Files.move(here.resolve("many"), here.resolve("renamed"));
                FolderShot.awaitAlike(here, kept);
                sync.phase("in_step", before);
                // 10,000 names each way, twice; the files alone would be 5 MB.
                assertTrue(wire.up() < 3_000_000, wire.up() + " bytes up");
                assertTrue(
                        sync.events().subList(before, sync.count()).stream()
                                .noneMatch(event -> event.contains("\"upload\"")),
                        "something was sent again");
            }
        }
    }

    @Test
    void complaint16AMarkerMadeByHandWipesNothing() throws Exception {
        try (Server server = Server.start(folder.resolve("data"))) {
            Person ana = person("ana", server.address());
            Path here = made(ana.file("here"));
            for (int n = 0; n < 20; n++) {
                Files.writeString(here.resolve("f" + n), "content " + n);
            }
            ana.does("sync", "here", "--once").ok();
            sh(folder, "rm -rf '" + here + "' && mkdir '" + here + "'");
            Run lost = ana.does("sync", "here", "--once").ended(1);
            assertTrue(lost.err().contains("marker"), lost.err());
            Files.writeString(here.resolve(".acervo-sync"), "made by hand");
            ana.does("sync", "here", "--once").ended(1);
            assertEquals(20, ana.does("ls").ok().out().lines().count());
            // What the message advises is safe: nothing is removed, all comes back.
            Files.delete(here.resolve(".acervo-sync"));
            ana.does("sync", "--forget", "here").ok();
            ana.does("sync", "here", "--once").ok();
            assertEquals(20, FolderShot.of(here).things().size());
        }
    }
}
