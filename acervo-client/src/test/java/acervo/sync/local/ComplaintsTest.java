package acervo.sync.local;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.sync.LocalAnswer;
import acervo.sync.LocalChange;
import acervo.sync.RootLostException;
import acervo.sync.Stage;
import acervo.sync.plan.LocalNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What users of other systems lost, by the numbers of the list in the notes of the field, as far as it is the disk's
/// part.
final class ComplaintsTest extends LiveTest {
    private void lose(String where, Runnable back) throws Exception {
        live.seen.await("the folder is lost: " + where, seen -> seen.lost() != null);
        assertThrowsLost();
        int scans = live.seen.scans();
        back.run();
        live.seen.await("it is back", seen -> seen.scans() > scans);
        live.awaitSame();
    }

    private void assertThrowsLost() {
        LocalNode node = requireNonNull(live.seen.at("a"));
        org.junit.jupiter.api.Assertions.assertThrows(
                RootLostException.class, () -> live.apply(new LocalChange.Remove(node)));
    }

    private void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void complaint1TheDiskIsUnmountedAndAnEmptyFolderIsInItsPlace() throws Exception {
        live.write("a", "a");
        live.awaitSame();
        live.seen.forget();
        Path away = temp.resolve("away");
        Files.move(live.folder, away);
        Files.createDirectory(live.folder);
        lose("empty", () -> {
            live.folder.toFile().delete();
            move(away, live.folder);
        });
        assertEquals(List.of(), live.seen.told());
    }

    @Test
    void complaint1TheDiskIsGoneAndComesBackChanged() throws Exception {
        live.write("a", "a");
        live.awaitSame();
        live.seen.forget();
        Path away = temp.resolve("away");
        Files.move(live.folder, away);
        lose("absent", () -> {
            try {
                Files.writeString(away.resolve("b"), "b");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            move(away, live.folder);
        });
        live.write("c", "watched again");
        live.awaitSame();
        assertEquals(
                List.of("present b", "present c"),
                live.seen.told().stream().sorted().toList());
    }

    @Test
    void complaint1TheMarkerIsRemovedTogetherWithTheFiles() throws Exception {
        live.write("a", "a");
        live.awaitSame();
        Files.move(live.at(".acervo-sync"), temp.resolve("marker"));
        Files.delete(live.at("a"));
        live.seen.await("the folder is lost", seen -> seen.lost() != null);
        assertEquals(1, live.seen.all().size(), "the removal of files was told though the marker was gone");
    }

    @Test
    void complaint16AMarkerMadeByHandOrOfAnotherFolderDoesNotCount() throws Exception {
        live.write("a", "a");
        live.awaitSame();
        Files.delete(live.at(".acervo-sync"));
        live.seen.await("the folder is lost", seen -> seen.lost() != null);
        assertTrue(requireNonNull(live.seen.lost()).contains("made by hand does not count"));
        live.write(".acervo-sync", "");
        assertThrowsLost();
        Files.delete(live.at(".acervo-sync"));
        DiskFolder.mark(live.folder, new UUID(8, 8));
        assertThrowsLost();
        Files.delete(live.at(".acervo-sync"));
        DiskFolder.mark(live.folder, LiveFolder.MARKER);
        live.seen.await("it is back", seen -> seen.lost() == null);
        live.awaitSame();
    }

    @Test
    void complaint2BytesThatACrashHasTornNeverGetAName() throws Exception {
        try (Stage stage = live.emptyStage("a", "what the server has", null)) {
            stage.write(ByteBuffer.wrap(LiveFolder.bytes("what the ")));
        }
        // The power fails, and the file is as long as it was to be, but of zeros.
        Path part;
        try (var parts = Files.list(live.at(".acervo-in"))) {
            part = parts.findFirst().orElseThrow();
        }
        Files.write(part, new byte[15]);
        try (Stage stage = live.emptyStage("a", "what the server has", null)) {
            assertEquals(15, stage.position());
            stage.write(ByteBuffer.wrap(LiveFolder.bytes(" has")));
            LocalAnswer answer = live.apply(new LocalChange.Place(
                    stage, new acervo.model.FilePath("a"), LiveFolder.file("what the server has"), null));
            assertInstanceOf(LocalAnswer.Failed.class, answer);
        }
        // What was wrong is not taken up again.
        assertInstanceOf(LocalAnswer.Done.class, live.place("a", "what the server has", null));
        assertEquals("what the server has", Files.readString(live.at("a")));
    }

    @Test
    void complaint2WhatIsInStepIsOnDiskBeforeTheIndexSaysSo() throws Exception {
        boolean[] forced = {false};
        live.index.dataFirst(() -> {
            forced[0] = true;
            return true;
        });
        live.write("a", "a");
        live.awaitSame();
        live.index.commit(List.of(), acervo.sync.Index.Position.START, true);
        assertTrue(forced[0], "the index was written before the data that it speaks of");
    }

    @Test
    void complaint4AnOldTimeIsNoReasonNotToSeeNewBytes() throws Exception {
        live.write("a", "new");
        live.awaitSame();
        live.write("b", "old");
        Files.setLastModifiedTime(live.at("b"), FileTime.fromMillis(0));
        Files.move(live.at("b"), live.at("a"), StandardCopyOption.REPLACE_EXISTING);
        live.awaitSame();
        assertEquals(0, live.seen.get("a").content().modifiedMillis());
        // Of exactly the old size and time, again.
        live.write("c", "OLD");
        Files.setLastModifiedTime(live.at("c"), FileTime.fromMillis(0));
        Files.move(live.at("c"), live.at("a"), StandardCopyOption.REPLACE_EXISTING);
        live.awaitSame();
    }

    @Test
    void complaint5TheSameBytesWrittenAgainAreNoNewContent() throws Exception {
        FileTime time = FileTime.fromMillis(1_000);
        live.write("a", "same");
        Files.setLastModifiedTime(live.at("a"), time);
        live.awaitSame();
        live.seen.forget();
        live.write("b", "same");
        Files.setLastModifiedTime(live.at("b"), time);
        Files.move(live.at("b"), live.at("a"), StandardCopyOption.REPLACE_EXISTING);
        live.write("later", "so that all before is seen");
        live.awaitSame();
        assertEquals(
                List.of(), live.seen.told().stream().filter("present a"::equals).toList());
    }

    @Test
    void complaint6AHalfWrittenFileIsNotSeenBeforeItIsClosed() throws Exception {
        try (OutputStream out = Files.newOutputStream(live.at("a"))) {
            out.write(LiveFolder.bytes("half"));
            live.seen.await("it is said why it waits", seen -> seen.trouble("a").contains("writing"));
            assertNull(live.seen.at("a"));
            out.write(LiveFolder.bytes(" and half"));
        }
        live.awaitSame();
        assertEquals("", live.seen.trouble("a"));
        assertEquals(List.of("present a"), live.seen.told());
    }

    @Test
    void complaint8AnEditorsSaveIsOneChangeOfTheSameFile() throws Exception {
        live.write("a", "before");
        live.awaitSame();
        long id = live.seen.get("a").id();
        live.seen.forget();
        live.write("a.tmp", "after");
        Files.move(live.at("a.tmp"), live.at("a"), StandardCopyOption.REPLACE_EXISTING);
        live.awaitSame();
        assertEquals(id, live.seen.get("a").id());
        assertEquals(List.of("present a"), live.seen.told());
    }

    @Test
    void complaint8AsVimSaves() throws Exception {
        live.write("a", "before");
        live.awaitSame();
        long id = live.seen.get("a").id();
        live.seen.forget();
        live.write("4913", "");
        Files.delete(live.at("4913"));
        Files.move(live.at("a"), live.at("a~"));
        live.write("a", "after");
        Files.delete(live.at("a~"));
        live.awaitSame();
        assertEquals(id, live.seen.get("a").id());
        assertEquals(List.of("present a"), live.seen.told().stream().distinct().toList());
    }

    @Test
    void complaint11AFolderOfTenThousandIsRenamedWithoutReadingAFile() throws Exception {
        Files.createDirectory(live.at("old"));
        for (int i = 0; i < 10_000; i++) {
            live.write("old/" + i, String.valueOf(i));
        }
        live.seen.await("all are seen", seen -> seen.all().size() == 10_001);
        List<Long> ids = IntStream.range(0, 10_000)
                .mapToObj(i -> live.seen.get("old/" + i).id())
                .toList();
        live.seen.forget();
        Files.move(live.at("old"), live.at("new"));
        live.seen.await("the old folder is gone", seen -> seen.at("old") == null);
        assertEquals(
                ids,
                IntStream.range(0, 10_000)
                        .mapToObj(i -> live.seen.get("new/" + i).id())
                        .toList());
        assertEquals(10_002, live.seen.told().size());
    }
}
