package acervo.sync.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.client.ServerAddress;
import acervo.model.FilePath;
import acervo.model.SpaceName;
import acervo.sync.folder.FolderBook.Target;
import acervo.sync.folder.FolderException.Kind;
import acervo.sync.local.DiskFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class FolderBookTest {
    private static final ServerAddress HERE = ServerAddress.parse("127.0.0.1:8080");
    private static final ServerAddress THERE = ServerAddress.parse("127.0.0.1:9090");
    private static final Target HOME = new Target(SpaceName.HOME, FilePath.ROOT);
    private static final Target DOCS = new Target(new SpaceName("public"), new FilePath("docs"));

    @TempDir
    Path temp;

    private FolderBook book;
    private Path docs;

    @BeforeEach
    void open() throws IOException {
        temp = temp.toRealPath();
        book = new FolderBook(temp.resolve("state"));
        docs = Files.createDirectories(temp.resolve("docs"));
    }

    private SyncedFolder look(Path folder) throws IOException {
        return book.look(folder, HERE, false, Optional.empty(), HOME);
    }

    private SyncedFolder keep(Path folder) throws IOException {
        return book.take(look(folder));
    }

    private static void refuses(Kind kind, Executable what) {
        assertEquals(kind, assertThrows(FolderException.class, what).kind());
    }

    @Test
    void lookingWritesNothingDown() throws IOException {
        SyncedFolder looked = look(docs);
        assertEquals(HOME.toString(), looked.address());
        assertEquals(List.of(), book.all());
        assertNull(DiskFolder.markerOf(docs));
        refuses(Kind.NOT_KEPT, () -> book.find(docs));
    }

    @Test
    void aFolderIsMarkedOnceAndKnownFromThenOn() throws IOException {
        SyncedFolder kept = book.take(book.look(docs, HERE, false, Optional.of(DOCS), HOME));
        assertTrue(kept.marked());
        assertEquals(kept.id(), DiskFolder.markerOf(docs));
        FolderBook again = new FolderBook(temp.resolve("state"));
        assertEquals(List.of(kept), again.all());
        assertEquals(kept, again.find(docs));
        assertEquals(kept, again.look(docs, THERE, false, Optional.empty(), HOME));
        assertEquals(kept, again.look(docs, HERE, false, Optional.of(DOCS), HOME));
        assertEquals(
                THERE, again.look(docs, THERE, true, Optional.empty(), HOME).server());
        refuses(Kind.OTHER_SPACE, () -> again.look(docs, HERE, false, Optional.of(HOME), HOME));
    }

    @Test
    void aLinkToAFolderIsThatFolder() throws IOException {
        SyncedFolder kept = keep(docs);
        Path link = Files.createSymbolicLink(temp.resolve("link"), docs);
        assertEquals(kept, look(link));
    }

    @Test
    void whatIsNoFolderIsNotKept() throws IOException {
        refuses(Kind.ABSENT, () -> look(temp.resolve("missing")));
        Path file = Files.createFile(temp.resolve("file"));
        refuses(Kind.NOT_A_FOLDER, () -> look(file));
    }

    @Test
    void aMarkerIsNeverMadeAgain() throws IOException { // Syncthing #5207: the marker was made anew, the data wiped
        keep(docs);
        Files.delete(docs.resolve(".acervo-sync"));
        refuses(Kind.MARKER_LOST, () -> look(docs));
        Files.delete(docs);
        refuses(Kind.MARKER_LOST, () -> look(docs));
        Files.createDirectory(docs); // an empty mount point
        refuses(Kind.MARKER_LOST, () -> look(docs));
        assertNull(DiskFolder.markerOf(docs));
    }

    @Test
    void anotherFoldersMarkerIsNotTaken() throws IOException {
        keep(docs);
        Files.delete(docs.resolve(".acervo-sync"));
        DiskFolder.mark(docs, UUID.randomUUID());
        refuses(Kind.MARKER_OTHER, () -> look(docs));
        Path unknown = Files.createDirectory(temp.resolve("unknown"));
        DiskFolder.mark(unknown, UUID.randomUUID());
        refuses(Kind.MARKER_UNKNOWN, () -> look(unknown));
    }

    @Test
    void aRenamedFolderIsKnownByItsMarkerAndACopyIsNot() throws IOException {
        SyncedFolder kept = keep(docs);
        Path renamed = Files.move(docs, temp.resolve("renamed"));
        SyncedFolder found = book.take(look(renamed));
        assertEquals(kept.id(), found.id());
        assertEquals(renamed, found.path());
        assertEquals(List.of(found), book.all());
        Path copy = Files.createDirectory(temp.resolve("copy"));
        DiskFolder.mark(copy, kept.id());
        refuses(Kind.COPY, () -> look(copy));
    }

    @Test
    void foldersDoNotLieInOneAnother() throws IOException {
        Path inside = Files.createDirectories(docs.resolve("a/b"));
        keep(docs);
        refuses(Kind.INSIDE, () -> look(inside));
        refuses(Kind.AROUND, () -> look(temp));
        // Of one that another person keeps, the marker alone tells.
        FolderBook other = new FolderBook(temp.resolve("other state"));
        refuses(Kind.INSIDE, () -> other.look(inside, HERE, false, Optional.empty(), HOME));
        Path beside = Files.createDirectory(temp.resolve("docs2"));
        assertTrue(keep(beside).marked());
    }

    @Test
    void twoWhoLookedAtTheSameTimeDoNotBothTakeFoldersInOneAnother() throws IOException {
        Path inside = Files.createDirectories(docs.resolve("a"));
        SyncedFolder one = look(docs);
        SyncedFolder two = look(inside);
        book.take(one);
        refuses(Kind.INSIDE, () -> book.take(two));
        assertNull(DiskFolder.markerOf(inside));
    }

    @Test
    void whatACrashLeftUnmarkedIsMarkedTheNextTime() throws IOException {
        SyncedFolder kept = keep(docs);
        Path facts = book.home(kept).resolve("folder");
        Files.writeString(facts, Files.readString(facts).replace("marked=yes", "marked=no"));
        Files.delete(docs.resolve(".acervo-sync"));
        SyncedFolder again = keep(docs);
        assertEquals(kept, again);
        assertEquals(kept.id(), DiskFolder.markerOf(docs));
    }

    @Test
    void whatIsForgottenStaysButForItsMarker() throws IOException {
        SyncedFolder kept = keep(docs);
        Path file = Files.createFile(docs.resolve("file"));
        Files.createFile(book.home(kept).resolve("index"));
        book.forget(kept);
        assertTrue(Files.exists(file));
        assertNull(DiskFolder.markerOf(docs));
        assertFalse(Files.exists(book.home(kept)));
        assertEquals(List.of(), book.all());
        assertTrue(keep(docs).marked());
    }

    @Test
    void anotherFoldersMarkerSurvivesForgetting() throws IOException {
        SyncedFolder kept = keep(docs);
        UUID other = UUID.randomUUID();
        Files.delete(docs.resolve(".acervo-sync"));
        DiskFolder.mark(docs, other);
        book.forget(kept);
        assertEquals(other, DiskFolder.markerOf(docs));
    }

    @Test
    void aDamagedEntryIsNamed() throws IOException {
        Path facts = book.home(keep(docs)).resolve("folder");
        Files.writeString(facts, "id=not an id\n");
        String said = assertThrows(IOException.class, book::all).getMessage();
        assertTrue(said.startsWith(facts.toString()), said);
    }
}
