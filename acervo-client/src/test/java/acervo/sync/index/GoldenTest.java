package acervo.sync.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Version;
import acervo.sync.Index;
import acervo.sync.Index.Edit;
import acervo.sync.Index.Position;
import acervo.sync.index.IndexFormat.Entry;
import acervo.sync.plan.RemoteNode;
import acervo.sync.plan.SyncedNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bytes of an index, made after docs/formats.md by another program. They never change: an index that was written
/// once is read for ever, or all that was agreed on is forgotten.
final class GoldenTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String HASH = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";
    private static final BlobId BLOB = BlobId.read(ByteBuffer.wrap(HEX.parseHex(HASH)));
    private static final FilePath PATH = new FilePath("a/é");

    private static final Facts FILE = new Facts(Kind.FILE, true, 1_000_000, 1_790_000_000_123_456_789L, -1, 77);
    private static final Facts FOLDER = new Facts(Kind.FOLDER, false, 0, 0, 0, 9);
    private static final RemoteNode LINK =
            new RemoteNode(7, new FilePath("l"), new Version(129), new Content(Kind.LINK, BLOB, 5, 0, false));
    private static final SyncedNode SYNCED =
            new SyncedNode(300, 6, PATH, 128, new Content(Kind.FILE, BLOB, 1_000_000, 1_790_000_000_123L, true));
    private static final SyncedNode SYNCED_FOLDER =
            new SyncedNode(0, 0, new FilePath("a"), 0, new Content(Kind.FOLDER, BlobId.EMPTY, 0, 0, false));

    private static final String SALT = "0102030405060708";
    private static final String HEAD = "41435653594e4331" + SALT + "00000000" + "59a3459b";
    private static final String FIRST = "0000006c" + "aeed4bd7"
            + "010501610200000009"
            + "01ac0204612fc3a905c0843daab4f6b485e1add731014d" + HASH
            + "0307016c8101030500" + HASH
            + "0bad02";
    private static final String SECOND = "00000042" + "7e75a8e6"
            + "05ac020604612fc3a9800105c0843df6b183c59868" + HASH
            + "050000016100020000"
            + "0a038201";

    @TempDir
    Path temp;

    private static Map<String, Entry> entries() {
        Map<String, Entry> all = new LinkedHashMap<>();
        all.put("01ac0204612fc3a905c0843daab4f6b485e1add731014d" + HASH, new Entry.Local(300, "a/é", FILE, BLOB));
        all.put("010501610200000009", new Entry.Local(5, "a", FOLDER, BlobId.EMPTY));
        all.put("02ac02", new Entry.LocalGone(300));
        all.put("0307016c8101030500" + HASH, new Entry.Engine(new Edit.Remote(7, LINK)));
        all.put("0408", new Entry.Engine(new Edit.Remote(8, null)));
        all.put("05ac020604612fc3a9800105c0843df6b183c59868" + HASH, new Entry.Engine(new Edit.Synced(SYNCED)));
        all.put("050000016100020000", new Entry.Engine(new Edit.Synced(SYNCED_FOLDER)));
        all.put("06ac0200", new Entry.Engine(new Edit.Unsynced(300, 0)));
        all.put("07036f6c64", new Entry.Engine(new Edit.UnsyncedFolder(new FilePath("old"))));
        all.put("08", new Entry.Engine(new Edit.NothingSynced()));
        all.put("09", new Entry.Engine(new Edit.NothingRemote()));
        all.put("0a038201", new Entry.At(new Position(3, 130)));
        all.put("0bad02", new Entry.LastId(301));
        return all;
    }

    private static String hex(Consumer<Bytes> write) {
        Bytes bytes = new Bytes();
        write.accept(bytes);
        return HEX.formatHex(bytes.toBuffer().array(), 0, bytes.length());
    }

    private static String hex(Entry entry) {
        return hex(to -> {
            switch (entry) {
                case Entry.Local(long id, String path, Facts facts, BlobId blob) ->
                    IndexFormat.local(to, id, path, facts, blob);
                case Entry.LocalGone(long id) -> IndexFormat.localGone(to, id);
                case Entry.Engine(Edit edit) -> IndexFormat.edit(to, edit);
                case Entry.At(Position position) -> IndexFormat.position(to, position);
                case Entry.LastId(long id) -> IndexFormat.lastId(to, id);
            }
        });
    }

    @Test
    void everyEntryIsWrittenAndReadAsDocumented() {
        entries().forEach((bytes, entry) -> {
            assertEquals(bytes, hex(entry));
            ByteBuffer from = ByteBuffer.wrap(HEX.parseHex(bytes));
            assertEquals(entry, IndexFormat.read(from));
            assertEquals(0, from.remaining(), bytes);
        });
    }

    @Test
    void groupsAreWrittenAsDocumented() throws IOException {
        Path file = temp.resolve("index");
        try (Journal journal = Journal.open(file, Long.parseLong(SALT, 16))) {
            for (String group : List.of(FIRST, SECOND)) {
                journal.append(ByteBuffer.wrap(HEX.parseHex(group.substring(16))), true);
            }
        }
        assertEquals(HEAD + FIRST + SECOND, HEX.formatHex(Files.readAllBytes(file)));
    }

    @Test
    void anIndexOfTheFirstDayIsRead() throws IOException {
        Files.write(temp.resolve("index"), HEX.parseHex(HEAD + FIRST + SECOND));
        try (FileIndex index = FileIndex.open(temp).orElseThrow()) {
            TreeSet<String> local = new TreeSet<>();
            TreeSet<String> remote = new TreeSet<>();
            TreeSet<String> synced = new TreeSet<>();
            Position position = index.load(new Index.Trees(
                    node -> local.add(node.id() + " " + node.path()),
                    node -> remote.add(node.toString()),
                    node -> synced.add(node.toString())));
            assertEquals(new Position(3, 130), position);
            assertEquals(new TreeSet<>(List.of("300 a/é", "5 a")), local);
            assertEquals(new TreeSet<>(List.of(LINK.toString())), remote);
            assertEquals(new TreeSet<>(List.of(SYNCED.toString(), SYNCED_FOLDER.toString())), synced);
            synchronized (index.lock()) {
                assertEquals(302, index.rows().nextId());
            }
        }
    }
}
