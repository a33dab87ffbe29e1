package acervo.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.NodeId;
import acervo.model.PathPattern;
import acervo.model.RequestId;
import acervo.model.Role;
import acervo.model.SecretHash;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import acervo.model.Stamped;
import acervo.model.Version;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Golden bytes of the log's entries: an entry that was written once is read the same for ever.
final class EntryFormatTest {
    private static final Stamp STAMP =
            new Stamp(1_700_000_000_000L, new ClientId(new UUID(1, 2)), new RequestId(new UUID(3, 4)));
    private static final String STAMPED =
            "80d095ffbc31" + "0000000000000001" + "0000000000000002" + "0000000000000003" + "0000000000000004";
    private static final SpaceName TEAM = new SpaceName("team");
    private static final NodeId NODE = new NodeId(new UUID(5, 6));
    private static final BlobId BLOB = new BlobId(1, 2, 3, 4);
    private static final String BLOB_HEX = "0000000000000001000000000000000200000000000000030000000000000004";

    private static void golden(String fields, Command command) {
        byte[] expected = HexFormat.of().parseHex("0101" + STAMPED + fields);
        List<Stamped> entry = List.of(new Stamped(STAMP, command));
        assertEquals(HexFormat.of().formatHex(expected), HexFormat.of().formatHex(EntryFormat.write(entry)));
        assertEquals(entry, EntryFormat.read(expected));
    }

    @Test
    void registerClient() {
        golden(
                "01" + "00000000000000070000000000000008" + BLOB_HEX,
                new Command.RegisterClient(new ClientId(new UUID(7, 8)), new SecretHash(BLOB)));
    }

    @Test
    void addNode() {
        golden("02" + "00000000000000050000000000000006", new Command.AddNode(NODE));
    }

    @Test
    void spaces() {
        golden("03" + "047465616d", new Command.CreateSpace(TEAM));
        golden("04" + "047465616d" + "01", new Command.RemoveSpace(TEAM, true));
        golden(
                "05" + "047465616d" + "00000000000000070000000000000008" + "02",
                new Command.Grant(TEAM, new ClientId(new UUID(7, 8)), Role.WRITER));
    }

    @Test
    void putFiles() {
        golden(
                "06" + "047465616d" + "01" + "00000000000000050000000000000006" + "02"
                        // a/é, an executable file of 300 bytes from 1 ms before 1970, 3 copies, only when absent
                        + "04612fc3a9" + "81" + BLOB_HEX + "ac02" + "01" + "06" + "01"
                        // a link, replicas kept, at version 5
                        + "0162" + "03" + BLOB_HEX + "00" + "02" + "00" + "0305",
                new Command.PutFiles(
                        TEAM,
                        List.of(NODE),
                        List.of(
                                new Command.Put(
                                        new FilePath("a/é"),
                                        new Content(Kind.FILE, BLOB, 300, -1, true),
                                        3,
                                        Condition.ABSENT),
                                new Command.Put(
                                        new FilePath("b"),
                                        new Content(Kind.LINK, BLOB, 0, 1, false),
                                        0,
                                        new Condition.At(new Version(5))))));
    }

    @Test
    void removeMoveAndReplicas() {
        golden(
                "07" + "047465616d" + "01" + "01" + "0161" + "02",
                new Command.RemoveFiles(TEAM, true, List.of(new Command.Remove(new FilePath("a"), Condition.PRESENT))));
        golden(
                "08" + "047465616d" + "01" + "0161" + "0162" + "00" + "01",
                new Command.MoveFiles(
                        TEAM, List.of(new Command.Move(new FilePath("a"), new FilePath("b"), Condition.ANY, true))));
        golden(
                "09" + "047465616d" + "04" + "01" + "0161",
                new Command.SetReplicas(TEAM, 2, List.of(new FilePath("a"))));
    }

    @Test
    void housekeeping() {
        golden("0a" + "02" + "c801", new Command.TrimHistory(1, 100));
        golden("0b" + "02" + "01" + BLOB_HEX, new Command.ForgetBlobs(1, List.of(BLOB)));
        golden("0c" + "c801", new Command.Drain(100));
    }

    @Test
    void interests() {
        golden(
                "0d" + "047465616d" + "03612f2a" + "d00f" + "01" + "ac02",
                new Command.Want(TEAM, PathPattern.parse("a/*"), 1000, true, 300));
        golden("0e" + "02" + "01" + "ac02", new Command.Unwant(List.of(1L, 300L)));
        golden("0f" + "01" + "ac02" + "05", new Command.Acknowledge(List.of(300L), 5));
        golden("10" + "c801", new Command.ExpireInterests(100));
    }

    @Test
    void sharedFolders() {
        golden("11" + "01" + "047465616d", new Command.ShareFolders(List.of(TEAM)));
        golden(
                "12" + "047465616d" + "03"
                        // a/é, file 300 of 10 bytes from 1 ms before 1970, executable, seen changed at 5
                        + "04612fc3a9" + "02" + "ac02" + "0a" + "01" + "05"
                        // b, not executable
                        + "0162" + "01" + "01" + "00" + "02" + "06"
                        // c, gone
                        + "0163" + "00",
                new Command.Sight(
                        TEAM,
                        List.of(
                                new Command.Sighting.There(new FilePath("a/é"), 300, 10, -1, true, 5),
                                new Command.Sighting.There(new FilePath("b"), 1, 0, 1, false, 6),
                                new Command.Sighting.Gone(new FilePath("c")))));
    }

    @Test
    void everyCutAndEveryUnknownTagIsNoticed() {
        byte[] entry = EntryFormat.write(List.of(new Stamped(STAMP, new Command.RemoveSpace(TEAM, true))));
        for (int length = 0; length < entry.length; length++) {
            byte[] cut = Arrays.copyOf(entry, length);
            assertThrows(MalformedException.class, () -> EntryFormat.read(cut));
        }
        assertThrows(MalformedException.class, () -> EntryFormat.read(Arrays.copyOf(entry, entry.length + 1)));
        byte[] newer = entry.clone();
        newer[0] = 2;
        assertThrows(MalformedException.class, () -> EntryFormat.read(newer));
        byte[] unknown = HexFormat.of().parseHex("0101" + STAMPED + "7f");
        assertThrows(MalformedException.class, () -> EntryFormat.read(unknown));
    }
}
