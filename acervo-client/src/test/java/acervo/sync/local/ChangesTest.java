package acervo.sync.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.sync.ChangedException;
import acervo.sync.LocalAnswer;
import acervo.sync.LocalBytes;
import acervo.sync.LocalChange;
import acervo.sync.RootLostException;
import acervo.sync.Stage;
import acervo.sync.plan.LocalNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Changes that we make ourselves: whole, durable, only where the disk is as expected, and not told by the watch.
final class ChangesTest extends LiveTest {
    private LocalNode seen(String path, String text) throws Exception {
        live.write(path, text);
        live.awaitSame();
        return live.seen.get(path);
    }

    private static LocalNode done(LocalAnswer answer) {
        return Objects.requireNonNull(
                assertInstanceOf(LocalAnswer.Done.class, answer).now());
    }

    private static void changed(LocalAnswer answer) {
        assertInstanceOf(LocalAnswer.Changed.class, answer, answer::toString);
    }

    private static String failed(LocalAnswer answer) {
        return assertInstanceOf(LocalAnswer.Failed.class, answer).what();
    }

    /// Nothing that was done until now is told by the watch: what comes after it is.
    private void assertNotTold(String... paths) throws Exception {
        live.write("after", "all that happened before is known by now");
        live.seen.awaitPath("after");
        for (String path : paths) {
            assertFalse(live.seen.told().stream().anyMatch(one -> one.endsWith(" " + path)), live.seen::toString);
        }
    }

    private List<String> inStage() throws IOException {
        try (var files = Files.list(live.at(DiskStage.FOLDER))) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    @Test
    void aPlacedFileHasItsBytesTimeAndBitAndIsNotTold() throws Exception {
        done(live.apply(new LocalChange.MakeFolder(new FilePath("d"))));
        Content content = LiveFolder.file("#!/bin/sh", -1, true);
        try (Stage stage = live.stage("d/run", "#!/bin/sh", null)) {
            LocalNode now = done(live.apply(new LocalChange.Place(stage, new FilePath("d/run"), content, null)));
            assertEquals(content, now.content());
        }
        assertEquals(content, live.onDisk().get("d/run"));
        assertEquals(List.of(), inStage());
        assertNotTold("d", "d/run");
    }

    @Test
    void aReplacedFileKeepsIdAndPermissions() throws Exception {
        Files.createFile(
                live.at("a"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        LocalNode before = seen("a", "before");
        live.seen.forget();
        LocalNode now = done(live.place("a", "after", before));
        assertEquals(before.id(), now.id());
        assertEquals("after", Files.readString(live.at("a")));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(live.at("a"))));
        assertEquals(List.of(), inStage());
        assertNotTold("a");
    }

    @Test
    void whatWasChangedMeanwhileIsNotReplacedRemovedMovedOrSet() throws Exception {
        LocalNode before = seen("a", "before");
        try (Stage stage = live.stage("a", "of the server", before)) {
            live.write("a", "of the user");
            changed(live.apply(
                    new LocalChange.Place(stage, new FilePath("a"), LiveFolder.file("of the server"), before)));
        }
        changed(live.apply(new LocalChange.Remove(before)));
        changed(live.apply(new LocalChange.Move(before, new FilePath("b"))));
        changed(live.apply(new LocalChange.SetMetadata(before, 0, true)));
        assertEquals("of the user", Files.readString(live.at("a")));
        live.awaitSame();
    }

    @Test
    void whatNobodyHasSeenYetIsNotReplaced() throws Exception {
        live.disk.close();
        live.write("a", "of the user");
        changed(live.place("a", "of the server", null));
        assertEquals("of the user", Files.readString(live.at("a")));
    }

    @Test
    void aStageThatCouldNotBePlacedCanBePlacedLater() throws Exception {
        LocalNode before = seen("a", "before");
        Content content = LiveFolder.file("of the server");
        try (Stage stage = live.stage("a", "of the server", before)) {
            live.write("a", "of the user");
            changed(live.apply(new LocalChange.Place(stage, new FilePath("a"), content, before)));
            live.awaitSame();
            done(live.apply(new LocalChange.Place(stage, new FilePath("a"), content, live.seen.get("a"))));
        }
        assertEquals("of the server", Files.readString(live.at("a")));
    }

    @Test
    void aLinkIsPlacedAsALinkAndReplacedByAFile() throws Exception {
        byte[] target = LiveFolder.bytes("../elsewhere");
        Content link = new Content(Kind.LINK, LiveFolder.hash(target), target.length, 0, false);
        LocalNode now;
        try (Stage stage = live.stage("l", "../elsewhere", null)) {
            now = done(live.apply(new LocalChange.Place(stage, new FilePath("l"), link, null)));
        }
        assertEquals(Path.of("../elsewhere"), Files.readSymbolicLink(live.at("l")));
        try (LocalBytes bytes = live.disk.open(now)) {
            ByteBuffer into = ByteBuffer.allocate(100);
            assertEquals(target.length, bytes.read(into, 0));
            assertTrue(bytes.unchanged());
        }
        done(live.place("l", "a file", now));
        assertEquals("a file", Files.readString(live.at("l")));
        assertEquals(List.of(), inStage());
        assertNotTold("l");
    }

    @Test
    void nothingIsWrittenThroughALinkThatTookAFoldersPlace() throws Exception {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.createDirectory(live.at("d"));
        LocalNode file = seen("d/f", "inside");
        Files.writeString(outside.resolve("f"), "inside");
        live.disk.close();
        Files.move(live.at("d"), temp.resolve("away"));
        Files.createSymbolicLink(live.at("d"), outside);
        changed(live.place("d/f", "of the server", file));
        changed(live.place("d/g", "of the server", null));
        changed(live.apply(new LocalChange.Remove(file)));
        assertThrows(ChangedException.class, () -> live.disk.open(file).close());
        try (var files = Files.list(outside)) {
            assertEquals(1, files.count());
        }
        assertEquals("inside", Files.readString(outside.resolve("f")));
    }

    @Test
    void aFolderIsRemovedOnlyWhenNothingIsInIt() throws Exception {
        Files.createDirectory(live.at("d"));
        live.write(".acervoignore", "*.o\n");
        live.awaitSame();
        LocalNode folder = live.seen.get("d");
        live.write("d/ignored.o", "never observed");
        assertTrue(failed(live.apply(new LocalChange.Remove(folder))).contains("not kept in step"));
        assertTrue(Files.exists(live.at("d/ignored.o")));
        Files.delete(live.at("d/ignored.o"));
        assertInstanceOf(LocalAnswer.Done.class, live.apply(new LocalChange.Remove(folder)));
        assertFalse(Files.exists(live.at("d")));
        assertNotTold("d/ignored.o");
    }

    @Test
    void removingAndMovingAreNotTold() throws Exception {
        LocalNode gone = seen("gone", "gone");
        LocalNode node = seen("from", "moved");
        done(live.apply(new LocalChange.MakeFolder(new FilePath("d"))));
        live.seen.forget();
        assertInstanceOf(LocalAnswer.Done.class, live.apply(new LocalChange.Remove(gone)));
        LocalNode now = done(live.apply(new LocalChange.Move(node, new FilePath("d/to"))));
        assertEquals(node.id(), now.id());
        assertEquals("moved", Files.readString(live.at("d/to")));
        assertNotTold("gone", "from", "d/to");
    }

    @Test
    void nothingIsMovedOverAnotherFile() throws Exception {
        LocalNode node = seen("a", "a");
        seen("b", "b");
        changed(live.apply(new LocalChange.Move(node, new FilePath("b"))));
        assertEquals("b", Files.readString(live.at("b")));
    }

    @Test
    void timeAndBitAreSetToTheMillisecondAndNotTold() throws Exception {
        LocalNode node = seen("a", "a");
        live.seen.forget();
        LocalNode now = done(live.apply(new LocalChange.SetMetadata(node, 1_111_111_111_111L, true)));
        assertEquals(LiveFolder.file("a", 1_111_111_111_111L, true), now.content());
        assertEquals(now.content(), live.onDisk().get("a"));
        assertNotTold("a");
    }

    @Test
    void oneChangeThatFailsStopsNoOther() throws Exception {
        LocalNode a = seen("a", "a");
        LocalNode b = seen("b", "b");
        live.write("a", "changed");
        List<LocalAnswer> answers = live.disk.apply(List.of(new LocalChange.Remove(a), new LocalChange.Remove(b)));
        changed(answers.getFirst());
        assertInstanceOf(LocalAnswer.Done.class, answers.getLast());
    }

    @Test
    void aBrokenTransferGoesOnWhereItWas() throws Exception {
        try (Stage stage = live.emptyStage("a", "what arrives in two parts", null)) {
            stage.write(ByteBuffer.wrap(LiveFolder.bytes("what arrives ")));
        }
        try (Stage stage = live.emptyStage("a", "what arrives in two parts", null)) {
            assertEquals(13, stage.position());
            stage.write(ByteBuffer.allocateDirect(12)
                    .put(LiveFolder.bytes("in two parts"))
                    .flip());
            done(live.apply(new LocalChange.Place(
                    stage, new FilePath("a"), LiveFolder.file("what arrives in two parts"), null)));
        }
        assertEquals("what arrives in two parts", Files.readString(live.at("a")));
    }

    @Test
    void aFileThatChangesWhileItIsReadIsToldToHaveChanged() throws Exception {
        LocalNode node = seen("a", "before");
        try (LocalBytes bytes = live.disk.open(node)) {
            ByteBuffer into = ByteBuffer.allocate(6);
            assertEquals(6, bytes.read(into, 0));
            assertArrayEquals(LiveFolder.bytes("before"), into.array());
            assertTrue(bytes.unchanged());
            live.write("a", "after!");
            assertFalse(bytes.unchanged());
        }
        assertThrows(ChangedException.class, () -> live.disk.open(node).close());
        // Also when another file took its place, and the open one did not change.
        live.awaitSame();
        try (LocalBytes bytes = live.disk.open(live.seen.get("a"))) {
            live.write("b", "after!");
            Files.move(live.at("b"), live.at("a"), StandardCopyOption.REPLACE_EXISTING);
            assertFalse(bytes.unchanged());
        }
    }

    @Test
    void aFileWhoseFolderWasRenamedWhileItIsReadIsToldToHaveChanged() throws Exception {
        Files.createDirectory(live.at("d"));
        LocalNode node = seen("d/a", "a");
        try (LocalBytes bytes = live.disk.open(node)) {
            assertTrue(bytes.unchanged());
            Files.move(live.at("d"), live.at("e"));
            assertFalse(bytes.unchanged());
        }
    }

    /// What each step of replacing and removing leaves behind when the power fails right after it: the file that
    /// was there, the server's, or someone's newer one; and none of them is lost but what the server has.
    @Test
    void afterACrashBetweenAnyTwoStepsNothingOfTheUserIsLost() throws Exception {
        LocalNode node = seen("a", "known");
        Path aside = live.at(DiskStage.FOLDER).resolve("aside-" + node.id());
        Files.createDirectories(aside.getParent());
        List<String> ends = new ArrayList<>();
        for (String state : List.of(
                "a=known aside=new", "a=new aside=known", "a=new aside=user", "a= aside=known", "a= aside=user")) {
            live.disk.close();
            live.index.close();
            Path known = temp.resolve("known");
            Files.move(live.at("a"), known, StandardCopyOption.REPLACE_EXISTING);
            for (String part : state.split(" ", -1)) {
                String text = part.substring(part.indexOf('=') + 1);
                Path path = part.startsWith("a=") ? live.at("a") : aside;
                if (text.equals("known")) {
                    Files.move(known, path);
                } else if (!text.isEmpty()) {
                    Files.writeString(path, text);
                }
            }
            Files.deleteIfExists(known);
            live.reopen();
            live.start();
            live.awaitSame();
            assertEquals(List.of(), inStage());
            ends.add(Files.readString(live.at("a")));
            assertEquals(node.id(), live.seen.get("a").id());
            // As it was, for the next state.
            live.write("a", "known");
            live.awaitSame();
        }
        assertEquals(List.of("known", "new", "user", "known", "user"), ends);
    }

    @Test
    void whatWasDoneIsKnownAfterACrash() throws Exception {
        LocalNode placed = done(live.place("a", "of the server", null));
        live.disk.close();
        // Nothing more is written, as in a crash.
        Path copy = Files.createDirectory(temp.resolve("copy"));
        Files.copy(live.indexFolder.resolve("index"), copy.resolve("index"));
        Seen known = new Seen();
        try (var index = acervo.sync.index.FileIndex.open(copy).orElseThrow()) {
            index.load(new acervo.sync.Index.Trees(known::known, _ -> {}, _ -> {}));
        }
        assertEquals(placed, known.get("a"));
    }

    @Test
    void whatTheEngineCommitsIsWrittenDownWithoutBeingAsked() throws Exception {
        Path file = live.indexFolder.resolve("index");
        live.index.force();
        long before = Files.size(file);
        live.index.commit(List.of(), new acervo.sync.Index.Position(3, 4), false);
        assertEquals(before, Files.size(file));
        live.seen.await("the index has it", _ -> file.toFile().length() > before);
    }

    @Test
    void anotherDiskThatIsMountedInsideIsReportedAndLeftAlone() throws Exception {
        Files.createDirectory(live.at("mount"));
        LocalNode inside = seen("mount/f", "under the mount");
        live.disk.close();
        live.index.close();
        Process mount = new ProcessBuilder(
                        "mount", "-t", "tmpfs", "none", live.at("mount").toString())
                .redirectErrorStream(true)
                .start();
        mount.getInputStream().readAllBytes();
        org.junit.jupiter.api.Assumptions.assumeTrue(mount.waitFor() == 0, "nobody may mount a disk here");
        try {
            Files.writeString(live.at("mount/other"), "on another disk");
            live.reopen();
            live.start();
            assertTrue(live.seen.trouble("mount").contains("another disk"), live.seen::toString);
            assertEquals(inside, live.seen.get("mount/f"), "the removal of what is under the mount was told");
            assertTrue(failed(live.apply(new LocalChange.Remove(inside))).contains("another disk"));
            assertEquals(List.of(), live.seen.told());
        } finally {
            assertEquals(
                    0,
                    new ProcessBuilder("umount", live.at("mount").toString())
                            .start()
                            .waitFor());
        }
    }

    @Test
    void nothingIsDoneWhenTheFolderIsLost() throws Exception {
        LocalNode node = seen("a", "a");
        Files.delete(live.at(".acervo-sync"));
        assertThrows(RootLostException.class, () -> live.apply(new LocalChange.Remove(node)));
        assertTrue(Files.exists(live.at("a")));
    }
}
