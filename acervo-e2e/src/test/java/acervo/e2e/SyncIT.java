package acervo.e2e;

import static acervo.e2e.Machine.has;
import static acervo.e2e.Machine.made;
import static acervo.e2e.Machine.sh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.e2e.Program.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders that are kept in step by real processes: what people do in them, and what they type.
final class SyncIT {
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
    void whatAnEditorDoesToAThousandFilesEndsAlikeEverywhere() throws Exception {
        Path kept = made(folder.resolve("kept"));
        try (Server server = Server.start(folder.resolve("data"), "--folder", "public=" + kept)) {
            Person ana = person("ana", server.address());
            Person rui = person("rui", server.address());
            Path here = made(ana.file("docs"));
            Path there = made(rui.file("docs"));
            try (Syncing one = ana.syncs("docs", "public:").phase("in_step");
                    Syncing two = rui.syncs("docs", "public:").phase("in_step")) {
                for (int n = 0; n < 1_000; n++) {
                    Path file = here.resolve("d" + n % 23 + "/f" + n);
                    made(here.resolve("d" + n % 23));
                    Files.write(file, bytes(n % 100 == 0 ? random.nextInt(3 << 20) : random.nextInt(20_000)));
                    if (n % 7 == 0) {
                        file.toFile().setExecutable(true);
                    }
                    edit(here, random.nextInt(n + 1));
                }
                sh(
                        here,
                        "mkdir -p a/b/c/d && echo x > a/b/c/d/e && echo y > a/b/f && ln -s b/f a/link && mkdir"
                                + " a/empty");
                if (has("vim")) {
                    sh(here, "vim -u NONE -es -c '%s/x/vim was here/' -c 'wq' a/b/c/d/e");
                }
                if (has("git")) {
                    sh(
                            here,
                            "git init -q repo && cd repo && git config user.email a@example.org && git config"
                                    + " user.name A && for i in 1 2 3 4 5 6 7 8 9; do mkdir -p d$i; echo $i > d$i/f; done"
                                    + " && git add . && git commit -qm one && git checkout -qb two && git rm -qr d1 d2 &&"
                                    + " echo changed > d3/f && git add . && git commit -qm two && git checkout -q -");
                }
                FolderShot end = FolderShot.awaitAlike(here, there, kept);
                assertTrue(end.things().size() > 1_000, "only " + end.things().size() + " things");
                end.things().keySet().forEach(name -> assertFalse(name.contains("conflict"), name));
                // What is in step stays so: nothing was a matter of the moment.
                assertEquals(end, FolderShot.awaitAlike(there, here, kept), "seed " + seed);
                assertEquals(
                        "vim was here",
                        has("vim")
                                ? Files.readString(there.resolve("a/b/c/d/e")).strip()
                                : "vim was here");
                assertEquals(0, one.stop());
                assertEquals(0, two.stop());
            }
        }
    }

    /// One of the ways in which editors write.
    private void edit(Path here, int n) throws IOException {
        Path file = here.resolve("d" + n % 23 + "/f" + n);
        switch (random.nextInt(6)) {
            case 0 -> {
                Path fresh = file.resolveSibling(".f" + n + ".swp");
                Files.write(fresh, bytes(random.nextInt(30_000)));
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            case 1 -> Files.write(file, bytes(random.nextInt(30_000)));
            case 2 -> Files.write(file, bytes(100), StandardOpenOption.APPEND);
            default -> {
                // Most files are left alone for a while.
            }
        }
    }

    @Test
    void aFileMadeAnywhereAppearsEverywhereAndGoesEverywhere() throws Exception {
        Path kept = made(folder.resolve("kept"));
        try (Server server = Server.start(folder.resolve("data"), "--folder", "public:docs=" + kept)) {
            Person ana = person("ana", server.address());
            Person rui = person("rui", server.address());
            Path here = made(ana.file("docs"));
            Path there = made(rui.file("other"));
            try (Syncing _ = ana.syncs("docs", "public:docs").phase("in_step");
                    Syncing _ = rui.syncs("other", "public:docs").phase("in_step")) {
                Files.writeString(here.resolve("from ana"), "1");
                Files.writeString(there.resolve("from rui"), "2");
                Files.writeString(kept.resolve("from the server"), "3");
                awaitNames(List.of("from ana", "from rui", "from the server"), here, there, kept);
                Files.delete(kept.resolve("from ana"));
                Files.move(here.resolve("from rui"), here.resolve("renamed"));
                awaitNames(List.of("from the server", "renamed"), here, there, kept);
                Run listed = ana.does("ls", "public:docs").ok();
                assertTrue(listed.out().contains("renamed"), listed.out());
            }
        }
    }

    private static void awaitNames(List<String> names, Path... folders) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        for (Path one : folders) {
            while (!List.copyOf(FolderShot.of(one).things().keySet()).equals(names)) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(
                            one + " has " + FolderShot.of(one).things().keySet() + " and not " + names);
                }
                FolderShot.breathe();
            }
        }
    }

    @Test
    void aConflictKeepsBothVersionsEverywhereAndIsListed() throws Exception {
        try (Server server = Server.start(folder.resolve("data"))) {
            Person ana = person("ana", server.address());
            Path here = made(ana.file("here"));
            Path there = made(ana.file("there"));
            Files.writeString(here.resolve("plan.txt"), "agreed");
            ana.does("sync", "here", "public:", "--once").ok();
            ana.does("sync", "there", "public:", "--once").ok();
            Files.writeString(here.resolve("plan.txt"), "what one wrote");
            Files.writeString(there.resolve("plan.txt"), "what the other wrote");
            ana.does("sync", "here", "--once").ok();
            ana.does("sync", "there", "--once").ok();
            ana.does("sync", "here", "--once").ok();
            FolderShot end = FolderShot.awaitAlike(here, there);
            assertEquals(2, end.things().size(), end.toString());
            List<String> contents = new ArrayList<>();
            try (var files = Files.list(here)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    contents.add(Files.readString(file));
                }
            }
            assertTrue(contents.containsAll(List.of("what one wrote", "what the other wrote")), "" + contents);
            Run listed = ana.does("sync", "--conflicts", "here").ok();
            assertTrue(listed.out().matches("(?s).*plan \\(conflict .+ \\d{4}-.*\\)\\.txt\n.*"), listed.out());
        }
    }

    @Test
    void wrongFoldersAreRefusedWithASentence() throws Exception {
        try (Server server = Server.start(folder.resolve("data"))) {
            Person ana = person("ana", server.address());
            Person rui = person("rui", server.address());
            Path here = made(ana.file("here"));
            made(here.resolve("inner"));
            Files.writeString(ana.file("file"), "");
            assertTrue(ana.does("sync", "absent", "--once").ended(1).err().contains("there is no folder"));
            assertTrue(ana.does("sync", "file", "--once").ended(1).err().contains("is not a folder"));
            assertTrue(ana.does("sync", "here", "nowhere:", "--once")
                    .ended(4)
                    .err()
                    .contains("nowhere"));
            assertFalse(Files.exists(here.resolve(".acervo-sync")), "marked for nothing");
            assertTrue(ana.does("sync", "here", "--up", "--down").ended(2).err().contains("--down"));
            assertTrue(ana.does("sync").ended(2).err().contains("sync.conf"));
            ana.does("sync", "here", "home:a", "--once").ok();
            assertTrue(ana.does("sync", "here/inner", "--once").ended(4).err().contains("in step already"));
            assertTrue(ana.does("sync", ".", "--once").ended(4).err().contains("in step already"));
            assertTrue(
                    ana.does("sync", "here", "home:b", "--once").ended(4).err().contains("--forget"));
            assertTrue(
                    rui.does("sync", here.toString(), "--once").ended(1).err().contains("another machine"));
            try (Syncing _ = ana.syncs("here").phase("in_step")) {
                assertTrue(ana.does("sync", "here", "--once").ended(4).err().contains("another process"));
            }
            sh(folder, "cp -a '" + here + "' '" + ana.file("copy") + "'");
            assertTrue(ana.does("sync", "copy", "--once").ended(4).err().contains("is a copy of"));
            Files.move(here, ana.file("moved"));
            ana.does("sync", "moved", "--once").ok();
            assertTrue(ana.does("sync", "--status").ok().out().contains("moved"));
            server.stop();
            assertEquals(
                    5,
                    ana.with("ACERVO_RETRY_SECONDS", "0")
                            .does("sync", "moved", "--once")
                            .exit());
        }
    }

    @Test
    void aDryRunSaysWhatWouldBeDoneAndDoesNothing() throws Exception {
        try (Server server = Server.start(folder.resolve("data"))) {
            Person ana = person("ana", server.address());
            Path here = made(ana.file("here"));
            Files.writeString(here.resolve("local"), "x");
            Files.writeString(ana.file("remote"), "y");
            ana.does("put", "remote").ok();
            Run plan = ana.does("sync", "here", "--dry-run").ok();
            assertTrue(plan.out().contains("send local") && plan.out().contains("fetch remote"), plan.out());
            assertEquals(
                    List.of("local"), List.copyOf(FolderShot.of(here).things().keySet()));
            assertFalse(Files.exists(here.resolve(".acervo-sync")), "marked by a dry run");
            assertEquals(1, ana.does("ls").ok().out().lines().count());
        }
    }

    @Test
    void oneWayLeavesTheOtherSideAlone() throws Exception {
        try (Server server = Server.start(folder.resolve("data"))) {
            Person ana = person("ana", server.address());
            Path up = made(ana.file("up"));
            Path down = made(ana.file("down"));
            Files.writeString(up.resolve("a"), "1");
            ana.does("sync", "up", "public:", "--up", "--once").ok();
            ana.does("sync", "down", "public:", "--down", "--once").ok();
            Files.writeString(down.resolve("own"), "stays here");
            ana.does("sync", "down", "--down", "--once").ended(3);
            assertEquals(1, ana.does("ls", "public:").ok().out().lines().count());
            Files.delete(up.resolve("a"));
            ana.does("sync", "up", "--up", "--once").ended(3);
            assertEquals(1, ana.does("ls", "public:").ok().out().lines().count());
            ana.does("sync", "up", "--up", "--delete", "--once").ok();
            assertEquals(0, ana.does("ls", "public:").ok().out().lines().count());
        }
    }

    @Test
    void severalFoldersAreKeptByOneProcessFromAFile() throws Exception {
        try (Server server = Server.start(folder.resolve("data"))) {
            Person ana = person("ana", server.address());
            made(ana.file("one"));
            made(ana.file("two"));
            Files.writeString(ana.file("one/a"), "1");
            Files.writeString(
                    ana.file("sync.conf"),
                    "# mine\n[one]\nspace = home:first\n\n[two]\nspace = public:\nmode = down\n");
            try (Syncing sync = ana.syncs("--config", "sync.conf")) {
                for (String name : List.of("one", "two")) {
                    sync.await(
                            0,
                            event -> event.contains("/" + name + "\"") && event.contains("\"in_step\""),
                            name + " is in step");
                }
                assertTrue(ana.does("ls", "-r", "home:").ok().out().contains("first/a"));
                Run status = ana.does("sync", "--status", "--json").ok();
                assertEquals(2, status.out().split("\"running\":true", -1).length - 1, status.out());
                assertEquals(0, sync.stop());
            }
            Files.writeString(ana.file("sync.conf"), "[one]\nspase = home:\n");
            assertTrue(ana.does("sync", "--config", "sync.conf").ended(2).err().contains("line 2"));
        }
    }
}
