package acervo.sync.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.Kind;
import acervo.sync.plan.LocalNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Everything that people and their programs do to files, seen through the watch.
final class WatchingTest extends LiveTest {
    private long idOf(String path) throws InterruptedException {
        live.awaitSame();
        return live.seen.get(path).id();
    }

    @Test
    void aClosedFileIsSeenWithItsBytesTimeAndBit() throws Exception {
        live.write("run", "#!/bin/sh\n");
        Files.setPosixFilePermissions(live.at("run"), PosixFilePermissions.fromString("rwxr-xr-x"));
        live.awaitSame();
        assertTrue(live.seen.get("run").content().executable());
    }

    @Test
    void appendingAndTruncatingKeepTheId() throws Exception {
        live.write("a", "one");
        long id = idOf("a");
        Files.writeString(live.at("a"), " two", StandardOpenOption.APPEND);
        assertEquals(id, idOf("a"));
        Files.writeString(live.at("a"), "", StandardOpenOption.TRUNCATE_EXISTING);
        assertEquals(id, idOf("a"));
        assertEquals(0, live.seen.get("a").content().size());
    }

    @Test
    void bytesOfTheSameSizeAndTimeAreStillSeenToDiffer() throws Exception {
        live.write("a", "one");
        FileTime time = FileTime.fromMillis(1_500_000_000_000L);
        Files.setLastModifiedTime(live.at("a"), time);
        live.awaitSame();
        live.write("a", "two");
        Files.setLastModifiedTime(live.at("a"), time);
        live.awaitSame();
        assertEquals(
                LiveFolder.hash(LiveFolder.bytes("two")),
                live.seen.get("a").content().blob());
    }

    @Test
    void aRenamedFileIsReadAgainThoughItsSizeAndTimeAreTheSame() throws Exception {
        FileTime time = FileTime.fromMillis(1_500_000_000_000L);
        live.write("a", "one");
        Files.setLastModifiedTime(live.at("a"), time);
        long id = idOf("a");
        live.disk.close();
        live.index.close();
        live.write("a", "two");
        Files.setLastModifiedTime(live.at("a"), time);
        Files.move(live.at("a"), live.at("b"));
        live.reopen();
        live.start();
        assertEquals(id, idOf("b"));
    }

    @Test
    void aRenamedFileKeepsItsId() throws Exception {
        live.write("a", "one");
        long id = idOf("a");
        Files.createDirectory(live.at("sub"));
        Files.move(live.at("a"), live.at("sub/b"));
        assertEquals(id, idOf("sub/b"));
        assertEquals(
                List.of(), live.seen.told().stream().filter("gone a"::equals).toList());
    }

    @Test
    void filesOfARenamedFolderKeepTheirIds() throws Exception {
        Files.createDirectories(live.at("old/deep/er"));
        live.write("old/a", "a");
        live.write("old/deep/er/b", "b");
        long a = idOf("old/a");
        long b = live.seen.get("old/deep/er/b").id();
        live.seen.forget();
        Files.move(live.at("old"), live.at("new"));
        assertEquals(a, idOf("new/a"));
        assertEquals(b, live.seen.get("new/deep/er/b").id());
        assertFalse(live.seen.told().contains("gone old/a"), live.seen::toString);
        // And the watches have gone with them.
        live.write("new/deep/er/b", "changed");
        live.write("new/deep/er/c", "c");
        assertEquals(b, idOf("new/deep/er/b"));
    }

    @Test
    void twoFilesThatChangePlacesKeepTheirIds() throws Exception {
        live.write("a", "of a");
        live.write("b", "of b");
        long a = idOf("a");
        long b = idOf("b");
        Files.move(live.at("a"), live.at("c"));
        Files.move(live.at("b"), live.at("a"));
        Files.move(live.at("c"), live.at("b"));
        assertEquals(b, idOf("a"));
        assertEquals(a, idOf("b"));
    }

    @Test
    void rotatedLogsEndAsTheyAreOnDisk() throws Exception {
        for (int i = 0; i < 4; i++) {
            if (Files.exists(live.at("log.1"))) {
                Files.move(live.at("log.1"), live.at("log.2"), StandardCopyOption.REPLACE_EXISTING);
            }
            if (Files.exists(live.at("log"))) {
                Files.move(live.at("log"), live.at("log.1"));
            }
            live.write("log", "of turn " + i);
            live.awaitSame();
        }
    }

    @Test
    void aFolderTreeMadeAtOnceIsSeenWhole() throws Exception {
        for (int i = 0; i < 30; i++) {
            Path deep = Files.createDirectories(live.at("t" + i + "/a/b/c"));
            Files.writeString(deep.resolve("f"), "f" + i);
            Files.writeString(live.at("t" + i + "/a/g"), "g" + i);
        }
        live.awaitSame();
    }

    @Test
    void removedFilesAndFoldersAreGone() throws Exception {
        Files.createDirectories(live.at("a/b"));
        live.write("a/b/c", "c");
        live.awaitSame();
        Files.delete(live.at("a/b/c"));
        Files.delete(live.at("a/b"));
        Files.delete(live.at("a"));
        live.awaitSame();
        assertEquals(List.of(), live.seen.all());
    }

    @Test
    void aFileThatBecomesAFolderAndBackIsSeen() throws Exception {
        live.write("a", "file");
        long id = idOf("a");
        Files.move(live.at("a"), live.at("a.old"));
        Files.createDirectory(live.at("a"));
        live.write("a/inside", "inside");
        assertEquals(id, idOf("a.old"));
        Files.delete(live.at("a/inside"));
        Files.delete(live.at("a"));
        live.write("a", "file again");
        live.awaitSame();
        assertEquals(Kind.FILE, live.seen.get("a").content().kind());
    }

    @Test
    void anEmptyFolderInThePlaceOfARenamedFileIsSeen() throws Exception {
        live.write("a", "file");
        long id = idOf("a");
        Files.move(live.at("a"), live.at("b"));
        Files.createDirectory(live.at("a"));
        assertEquals(id, idOf("b"));
        assertEquals(Kind.FOLDER, live.seen.get("a").content().kind());
    }

    @Test
    void anEmptyFolderInThePlaceOfAFileThatWasRenamedWhileNobodyLookedIsSeen() throws Exception {
        live.write("a", "file");
        long id = idOf("a");
        live.disk.close();
        live.index.close();
        Files.move(live.at("a"), live.at("b"));
        Files.createDirectory(live.at("a"));
        live.reopen();
        live.start();
        live.awaitSame();
        assertEquals(id, live.seen.get("b").id());
    }

    @Test
    void aFileMovedOutOfAFolderThatBecomesAFileKeepsItsId() throws Exception {
        Files.createDirectory(live.at("d"));
        live.write("d/x", "x of d");
        long id = idOf("d/x");
        Files.move(live.at("d/x"), live.at("x"));
        Files.delete(live.at("d"));
        live.write("d", "a file now");
        assertEquals(id, idOf("x"));
    }

    @Test
    void aSecondNameOfAFileIsAFileOfItsOwn() throws Exception {
        live.write("a", "one");
        long id = idOf("a");
        Files.createLink(live.at("b"), live.at("a"));
        assertEquals(id, idOf("a"));
        assertNotEquals(id, live.seen.get("b").id());
    }

    @Test
    void aCopyThatTakesThePlaceOfARemovedFileKeepsItsId() throws Exception {
        live.write("a", "moved over file systems");
        long id = idOf("a");
        Files.copy(live.at("a"), live.at("b"));
        Files.delete(live.at("a"));
        live.awaitSame();
        // Which of them it is depends on what was seen first; both are right.
        assertTrue(live.seen.all().size() == 1 && live.seen.get("b").id() >= id);
    }

    @Test
    void linksAreSeenAsLinksAndNotFollowed() throws Exception {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "not for the space");
        Files.createSymbolicLink(live.at("out"), outside);
        Files.createSymbolicLink(live.at("nowhere"), Path.of("not/there"));
        live.awaitSame();
        assertEquals(2, live.seen.all().size());
        assertEquals(Kind.LINK, live.seen.get("out").content().kind());
    }

    @Test
    void aFolderReplacedByALinkIsNotLookedInto() throws Exception {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("f"), "not for the space");
        Files.createDirectory(live.at("d"));
        live.write("d/f", "inside");
        live.awaitSame();
        Files.delete(live.at("d/f"));
        Files.delete(live.at("d"));
        Files.createSymbolicLink(live.at("d"), outside);
        Files.writeString(outside.resolve("f"), "still not");
        live.awaitSame();
        assertEquals(Kind.LINK, live.seen.get("d").content().kind());
    }

    @Test
    void whatCannotBeKeptIsReportedAndTheRestIsSeen() throws Exception {
        run("mkfifo", live.at("pipe").toString());
        run("sh", "-c", "printf x > \"$1/$(printf 'bad\\377name')\"", "sh", live.folder.toString());
        live.write("CON", "kept for a device");
        Files.createDirectory(live.at("AUX"));
        live.write("AUX/inside", "in a folder that nobody could hold");
        live.write("good", "good");
        live.seen.awaitPath("good");
        live.seen.await(
                "all is reported",
                seen -> seen.trouble("pipe").contains("named pipe")
                        && seen.trouble("bad\\xffname").contains("not UTF-8")
                        && seen.trouble("CON").contains("device")
                        && seen.trouble("AUX").contains("device"));
        assertEquals(1, live.seen.all().size());
        // What is put right is reported no more.
        Files.delete(live.at("pipe"));
        Files.move(live.at("CON"), live.at("con.txt"));
        live.seen.awaitPath("con.txt");
        live.seen.await(
                "the reports are taken back",
                seen -> seen.trouble("pipe").isEmpty() && seen.trouble("CON").isEmpty());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertEquals(0, process.waitFor());
    }

    @Test
    void ignoredFilesAreNotSeenUntilTheIgnoreFileChanges() throws Exception {
        live.write(".acervoignore", "*.o\nbuild/\n");
        live.seen.awaitPath(".acervoignore");
        Files.createDirectory(live.at("build"));
        live.write("build/x", "x");
        live.write("a.o", "o");
        live.write("a.c", "c");
        live.seen.awaitPath("a.c");
        assertEquals(2, live.seen.all().size(), live.seen::toString);
        live.write(".acervoignore", "*.c\n");
        live.seen.awaitPath("build/x");
        live.awaitSame();
        // What is known stays known, as with git: a.c too.
        assertEquals(5, live.seen.all().size(), live.seen::toString);
        live.write("build/y", "the folder is watched now");
        live.awaitSame();
    }

    @Test
    void aFileNamedLikeAnIgnoredFolderIsSeen() throws Exception {
        live.write(".acervoignore", "build/\n");
        live.seen.awaitPath(".acervoignore");
        live.write("build", "a file");
        live.awaitSame();
    }

    @Test
    void aChangedTimeOrBitIsSeen() throws Exception {
        live.write("a", "one");
        live.awaitSame();
        Files.setLastModifiedTime(live.at("a"), FileTime.fromMillis(1_234_567_890_123L));
        live.awaitSame();
        assertEquals(1_234_567_890_123L, live.seen.get("a").content().modifiedMillis());
        Files.setPosixFilePermissions(live.at("a"), PosixFilePermissions.fromString("rwx------"));
        live.awaitSame();
        assertTrue(live.seen.get("a").content().executable());
    }

    @Test
    void afterARestartOnlyWhatChangedIsTold() throws Exception {
        Files.createDirectories(live.at("d/e"));
        live.write("d/e/same", "same");
        live.write("changed", "before");
        live.write("moved", "moved while nobody looked");
        live.write("removed", "removed");
        live.awaitSame();
        long moved = live.seen.get("moved").id();
        live.disk.close();
        live.index.close();
        live.write("changed", "after");
        live.write("new", "new");
        Files.delete(live.at("removed"));
        Files.move(live.at("moved"), live.at("d/moved"));
        live.reopen();
        live.start();
        live.awaitSame();
        assertEquals(moved, live.seen.get("d/moved").id());
        assertEquals(
                List.of("gone removed", "present changed", "present d/moved", "present new"),
                live.seen.told().stream().sorted().toList());
    }

    @Test
    void idsAreNeverGivenTwice() throws Exception {
        live.write("a", "a");
        long a = idOf("a");
        Files.delete(live.at("a"));
        live.awaitSame();
        live.restart();
        live.write("b", "b");
        assertTrue(idOf("b") > a);
    }

    @Test
    void manyProgramsAtOnceEndAsTheyAreOnDisk() throws Exception {
        long seed = Long.getLong("acervo.seed", System.nanoTime());
        System.out.println("acervo.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 300; i++) {
                step(random);
            }
            live.awaitSame();
        }
        List<LocalNode> before = live.seen.all();
        live.restart();
        live.awaitSame();
        assertEquals(before, live.seen.all());
    }

    private void step(Random random) throws IOException {
        Path one = live.at(name(random));
        Path other = live.at(name(random));
        try {
            switch (random.nextInt(9)) {
                case 0, 1 -> Files.writeString(one, "text " + random.nextInt(20));
                case 2 -> {
                    Path fresh = one.resolveSibling(one.getFileName() + "~new");
                    Files.writeString(fresh, "saved " + random.nextInt(20));
                    Files.move(fresh, one, StandardCopyOption.REPLACE_EXISTING);
                }
                case 3 -> Files.createDirectories(one);
                case 4 -> Files.move(one, other);
                case 5 -> Files.move(one, other, StandardCopyOption.REPLACE_EXISTING);
                case 6 -> Files.deleteIfExists(one);
                case 7 -> Files.createSymbolicLink(one, Path.of("to" + random.nextInt(3)));
                default -> {
                    try (OutputStream out = Files.newOutputStream(one, StandardOpenOption.APPEND)) {
                        out.write('+');
                    }
                }
            }
        } catch (IOException _) {
            // It could not be done as things stand; that is part of it.
        }
    }

    private static String name(Random random) {
        StringBuilder path = new StringBuilder();
        for (int depth = random.nextInt(3); depth >= 0; depth--) {
            path.append(path.isEmpty() ? "" : "/").append((char) ('a' + random.nextInt(4)));
        }
        return path.toString();
    }
}
