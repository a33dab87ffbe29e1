package acervo.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Content;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.NodeId;
import acervo.model.Outcome;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RequestId;
import acervo.model.Role;
import acervo.model.SecretHash;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.model.Version;
import acervo.wire.MalformedException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Golden bytes of every table: a row that was written once is read the same for ever.
final class TablesTest {
    private static final SpaceId SPACE = new SpaceId(7);
    private static final ClientId CLIENT = new ClientId(new UUID(1, 2));
    private static final RequestId REQUEST = new RequestId(new UUID(3, 4));
    private static final BlobId BLOB = new BlobId(1, 2, 3, 4);
    private static final FilePath PATH = new FilePath("a/é");
    private static final FileEntry ENTRY =
            new FileEntry(PATH, 9, new Version(300), new Content(Kind.FILE, BLOB, 5, -1, true), 2, 1000, CLIENT);

    private static final String SPACE_HEX = "0000000000000007";
    private static final String CLIENT_HEX = "00000000000000010000000000000002";
    private static final String REQUEST_HEX = "00000000000000030000000000000004";
    private static final String BLOB_HEX = "0000000000000001000000000000000200000000000000030000000000000004";
    private static final String ENTRY_HEX = "09" + "ac02" + "81" + BLOB_HEX + "05" + "01" + "02" + "e807" + CLIENT_HEX;
    private static final String PATH_HEX = "04612fc3a9";

    private static <K, V> void golden(Table<K, V> table, K key, V row, String keyHex, String rowHex) {
        HexFormat hex = HexFormat.of();
        assertEquals(keyHex, hex.formatHex(table.key(key)), table::toString);
        assertEquals(rowHex, hex.formatHex(table.row(row)), table::toString);
        K readKey = table.key(hex.parseHex(keyHex));
        assertEquals(key, readKey, table::toString);
        assertEquals(row, table.row(readKey, hex.parseHex(rowHex)), table::toString);
        byte[] newer = table.row(row);
        newer[0] = 2;
        assertThrows(MalformedException.class, () -> table.row(key, newer), table::toString);
        byte[] longer = Arrays.copyOf(table.row(row), table.row(row).length + 1);
        assertThrows(MalformedException.class, () -> table.row(key, longer), table::toString);
    }

    @Test
    void meta() {
        golden(
                Tables.TOTALS,
                Row.Only.KEY,
                new Row.Totals(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 300),
                "54",
                "01" + "0102030405060708090a0b" + "ac02");
        golden(
                Tables.CLIENTS,
                CLIENT,
                new Row.Client(new SecretHash(BLOB), SPACE, 1000),
                "43" + CLIENT_HEX,
                "01" + BLOB_HEX + SPACE_HEX + "e807");
        golden(
                Tables.SPACES,
                SPACE,
                new Row.Space(
                        SPACE, Row.SpaceKind.SHARED, new SpaceName("art"), CLIENT, 1000, true, 1, 2, 3, 4, 5, 6, 0, 0),
                "53" + SPACE_HEX,
                "01" + "83" + "03617274" + CLIENT_HEX + "e807" + "010203040506");
        golden(
                Tables.SPACES,
                SPACE,
                new Row.Space(
                        SPACE,
                        Row.SpaceKind.SHARED,
                        new SpaceName("art"),
                        CLIENT,
                        1000,
                        false,
                        1,
                        2,
                        3,
                        4,
                        5,
                        6,
                        300,
                        7),
                "53" + SPACE_HEX,
                "01" + "43" + "03617274" + CLIENT_HEX + "e807" + "010203040506" + "ac0207");
        golden(Tables.NAMES, new SpaceName("art"), SPACE, "4e" + "617274", "01" + SPACE_HEX);
        golden(
                Tables.MEMBERS,
                new Row.MemberKey(SPACE, CLIENT),
                Role.OWNER,
                "4d" + SPACE_HEX + CLIENT_HEX,
                "01" + "03");
        golden(
                Tables.MEMBERSHIPS,
                new Row.MembershipKey(CLIENT, SPACE),
                Role.READER,
                "6d" + CLIENT_HEX + SPACE_HEX,
                "01" + "01");
        golden(
                Tables.NODES,
                1,
                new Row.Node(new NodeId(new UUID(1, 2)), 1000),
                "44" + "00000001",
                "01" + CLIENT_HEX + "e807");
        golden(Tables.DRAINS, new Row.DrainKey(SPACE, 9), Row.Here.HERE, "52" + SPACE_HEX + "0000000000000009", "01");
    }

    @Test
    void files() {
        Row.PathKey key = new Row.PathKey(SPACE, PATH);
        golden(Tables.FILES, key, ENTRY, "66" + SPACE_HEX + "6100c3a9", "01" + ENTRY_HEX);
        golden(Tables.FOLDERS, key, 300L, "64" + SPACE_HEX + "6100c3a9", "01" + "ac02");
    }

    @Test
    void changes() {
        golden(
                Tables.FEED,
                new Row.VersionKey(SPACE, 300),
                new Row.Fed(9, PATH, true, 1000, CLIENT),
                "46" + SPACE_HEX + "000000000000012c",
                "01" + "01" + "09" + PATH_HEX + "e807" + CLIENT_HEX);
        golden(
                Tables.HISTORY,
                new Row.PastKey(SPACE, 9, 300),
                new Row.Past(ENTRY, 1000, 301, true),
                "48" + SPACE_HEX + "0000000000000009" + "000000000000012c",
                "01" + "01" + "e807" + "ad02" + PATH_HEX + ENTRY_HEX);
        golden(
                Tables.DEPARTED,
                new Row.DepartedKey(SPACE, PATH, 301),
                9L,
                "50" + SPACE_HEX + "6100c3a9" + "01" + "000000000000012d",
                "01" + "09");
        golden(
                Tables.EXPIRIES,
                new Row.ExpiryKey(1000, SPACE, 9, 300),
                new Row.Expiry(true),
                "45" + "00000000000003e8" + SPACE_HEX + "0000000000000009" + "000000000000012c",
                "01" + "01");
    }

    @Test
    void blobs() {
        golden(
                Tables.BLOBS,
                BLOB,
                new Row.Blob(300, 1000, 0, List.of(new Row.Want(1, 2), new Row.Want(3, 1)), List.of(1, 2)),
                "42" + BLOB_HEX,
                "01" + "ac02" + "00" + "02" + "0102" + "0301" + "02" + "0102" + "e807");
        assertEquals(
                new Row.Blob(300, 0, 0, List.of(new Row.Want(1, 2)), List.of(1)),
                Tables.BLOBS.row(BLOB, HexFormat.of().parseHex("01" + "ac02" + "00" + "01" + "0102" + "01" + "01")),
                "a row from before the time was kept");
        golden(
                Tables.ORPHANS,
                new Row.OrphanKey(1000, BLOB),
                Row.Here.HERE,
                "4f" + "00000000000003e8" + BLOB_HEX,
                "01");
    }

    @Test
    void requests() {
        Row.RequestKey key = new Row.RequestKey(CLIENT, REQUEST);
        String keyHex = "51" + CLIENT_HEX + REQUEST_HEX;
        String head = "01" + "e807" + "0000000000000001" + "0000000000000002";
        golden(Tables.REQUESTS, key, new Row.Request(1000, 1, 2, Outcome.DONE), keyHex, head + "01");
        golden(
                Tables.REQUESTS,
                key,
                new Row.Request(1000, 1, 2, new Outcome.Refused(new Refusal(Reason.NO_SUCH_FILE, "a"))),
                keyHex,
                head + "00" + "0c" + "4e4f5f535543485f46494c45" + "01" + "0161");
        golden(
                Tables.REQUESTS,
                key,
                new Row.Request(
                        1000,
                        1,
                        2,
                        new Outcome.Files(List.of(
                                new Outcome.Result.Now(ENTRY, true),
                                new Outcome.Result.Gone(PATH, new Version(5)),
                                new Outcome.Result.No(PATH, new Refusal(Reason.NO_SUCH_FILE, "a"))))),
                keyHex,
                head + "02" + "03" + "01" + PATH_HEX + ENTRY_HEX + "02" + PATH_HEX + "05" + "03" + PATH_HEX + "0c"
                        + "4e4f5f535543485f46494c45" + "01" + "0161");
        golden(
                Tables.REQUESTS,
                key,
                new Row.Request(1000, 1, 2, new Outcome.Forgotten(List.of(BLOB))),
                keyHex,
                head + "03" + "01" + BLOB_HEX);
        golden(Tables.REQUESTS, key, new Row.Request(1000, 1, 2, new Outcome.Trimmed(5)), keyHex, head + "0405");
        golden(
                Tables.REQUESTS,
                key,
                new Row.Request(1000, 1, 2, new Outcome.Wanted(7, 300, List.of(ENTRY))),
                keyHex,
                head + "05" + "07" + "ac02" + "01" + PATH_HEX + ENTRY_HEX);
        golden(
                Tables.REQUEST_TIMES,
                new Row.RequestTimeKey(1000, CLIENT, REQUEST),
                Row.Here.HERE,
                "74" + "00000000000003e8" + CLIENT_HEX + REQUEST_HEX,
                "01");
    }

    @Test
    void inboxes() {
        golden(
                Tables.INTERESTS,
                new Row.InterestKey(CLIENT, 300),
                new Row.Interest(SPACE, "a/*", true, 1000, 2000),
                "49" + CLIENT_HEX + "000000000000012c",
                "01" + SPACE_HEX + "03612f2a" + "01" + "e807" + "d00f");
        golden(
                Tables.WAITERS,
                new Row.WaiterKey(SPACE, PATH, false, CLIENT, 300),
                new Row.Waiter("", 2000),
                "57" + SPACE_HEX + "6100c3a9" + "01" + "00" + CLIENT_HEX + "000000000000012c",
                "01" + "00" + "d00f");
        golden(
                Tables.WAITERS,
                new Row.WaiterKey(SPACE, FilePath.ROOT, true, CLIENT, 300),
                new Row.Waiter("*", 2000),
                "57" + SPACE_HEX + "01" + "01" + CLIENT_HEX + "000000000000012c",
                "01" + "012a" + "d00f");
        golden(
                Tables.INTEREST_TIMES,
                new Row.InterestTimeKey(1000, CLIENT, 300),
                Row.Here.HERE,
                "69" + "00000000000003e8" + CLIENT_HEX + "000000000000012c",
                "01");
        golden(
                Tables.NOTICES,
                new Row.NoticeKey(CLIENT, 300),
                new Row.Notice(5, SPACE, ENTRY),
                "6e" + CLIENT_HEX + "000000000000012c",
                "01" + "05" + SPACE_HEX + PATH_HEX + ENTRY_HEX);
        golden(
                Tables.INBOXES,
                CLIENT,
                new Row.Inbox(1, 300, 3, 4, 5),
                "58" + CLIENT_HEX,
                "01" + "01" + "ac02" + "030405");
    }

    @Test
    void noTwoTablesOfAFamilyShareACode() {
        Set<String> codes = new HashSet<>();
        for (Table<?, ?> table : Tables.ALL) {
            assertTrue(codes.add(table.family() + " " + table.code()), table::toString);
            assertTrue(table.code() > 0 && table.code() < 127, table::toString);
        }
    }

    @Test
    void keysOfPathsAreInTheOrderOfPaths() {
        List<FilePath> paths = List.of("a", "a/b", "a/b/c", "a!", "a-", "a-/b", "aa", "b").stream()
                .map(FilePath::new)
                .toList();
        for (int i = 1; i < paths.size(); i++) {
            assertTrue(paths.get(i - 1).compareTo(paths.get(i)) < 0, paths.get(i)::toString);
            assertTrue(Arrays.compareUnsigned(
                            Tables.FILES.key(new Row.PathKey(SPACE, paths.get(i - 1))),
                            Tables.FILES.key(new Row.PathKey(SPACE, paths.get(i))))
                    < 0);
        }
    }
}
