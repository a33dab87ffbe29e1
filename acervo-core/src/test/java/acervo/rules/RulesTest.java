package acervo.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.Content;
import acervo.model.FileEntry;
import acervo.model.Kind;
import acervo.model.Outcome;
import acervo.model.Outcome.Result;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.Version;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Files, their history and their blobs, one rule at a time. (Random commands against a slow count are in the server's
/// `ReplayTest`.)
final class RulesTest extends RulesCase {

    // Deposits.

    @Test
    void theSameContentAgainIsNoChange() {
        FileEntry first = put(ANA, HOME, "a", 1);
        Result again = one(send(ANA, putting(HOME, "a", 1)));
        assertEquals(new Result.Now(first, false), again);
        assertEquals(1, access(ANA, HOME).sequence());
    }

    @Test
    void otherTimesFlagsOrCountsAreAChangeWithoutHistory() {
        own(new Command.AddNode(SECOND));
        put(ANA, HOME, "a", 1);
        List<Command.Put> puts = List.of(
                new Command.Put(path("a"), new Content(Kind.FILE, blob(1), 11, 2_000, false), 0, Condition.ANY),
                new Command.Put(path("a"), new Content(Kind.FILE, blob(1), 11, 2_000, true), 0, Condition.ANY),
                new Command.Put(path("a"), new Content(Kind.FILE, blob(1), 11, 2_000, true), 2, Condition.ANY),
                new Command.Put(path("a"), new Content(Kind.FILE, blob(1), 11, 2_000, true), 0, Condition.ANY));
        Outcome.Files files = files(send(ANA, new Command.PutFiles(HOME, List.of(NODE), puts)));
        assertEquals(
                List.of(true, true, true, false),
                files.results().stream().map(r -> ((Result.Now) r).changed()).toList());
        assertEquals(2, now("a").replicas());
        assertEquals(0, state.count(Tables.HISTORY));
        assertEquals(1, blobRow(1).references());
        assertEquals(2, blobRow(1).replicas());
    }

    @Test
    void aReplacedVersionGoesToTheHistoryAndKeepsItsBlob() {
        FileEntry first = put(ANA, HOME, "a", 1);
        FileEntry second = put(ANA, HOME, "a", 2);
        assertEquals(first.id(), second.id());
        assertEquals(1, state.count(Tables.HISTORY));
        assertEquals(1, blobRow(1).references());
        assertEquals(0, blobRow(1).orphanSince());
    }

    @Test
    void fileAndFolderKeepOutOfEachOthersWay() {
        put(ANA, HOME, "a", 1);
        put(ANA, HOME, "f/g", 1);
        assertNo(Reason.PATH_IN_THE_WAY, send(ANA, putting(HOME, "a/b", 1)));
        assertNo(Reason.PATH_IN_THE_WAY, send(ANA, putting(HOME, "a/b/c", 1)));
        assertNo(Reason.PATH_IN_THE_WAY, send(ANA, putting(HOME, "f", 1)));
        assertNo(Reason.PATH_IN_THE_WAY, send(ANA, putting(HOME, "f/g/h", 1)));
        assertNo(Reason.PATH_IN_THE_WAY, send(ANA, folder("a")));
        assertNo(Reason.PATH_IN_THE_WAY, send(ANA, folder("a/b")));
        gone(removing(ANA, HOME, "f/g"));
        put(ANA, HOME, "f", 1);
    }

    @Test
    void aFolderMadeOnPurposeHoldsFilesAndOutlivesThem() {
        now(send(ANA, folder("d")));
        put(ANA, HOME, "d/a", 1);
        assertNo(Reason.PATH_IN_THE_WAY, send(ANA, putting(HOME, "d", 1)));
        gone(removing(ANA, HOME, "d/a"));
        assertNo(Reason.PATH_IN_THE_WAY, send(ANA, putting(HOME, "d", 1)));
        gone(removing(ANA, HOME, "d"));
        put(ANA, HOME, "d", 1);
        assertEquals(0, state.count(Tables.FOLDERS));
    }

    @Test
    void conditionsAreDecidedInTheSameStep() {
        assertNo(Reason.NO_SUCH_FILE, send(ANA, putting("a", 1, Condition.PRESENT)));
        assertNo(Reason.NO_SUCH_FILE, send(ANA, putting("a", 1, new Condition.At(new Version(1)))));
        FileEntry entry = now(send(ANA, putting("a", 1, Condition.ABSENT)));
        assertNo(Reason.FILE_EXISTS, send(ANA, putting("a", 2, Condition.ABSENT)));
        Refusal changed =
                assertNo(Reason.VERSION_CHANGED, send(ANA, putting("a", 2, new Condition.At(new Version(9)))));
        assertEquals(List.of("a", entry.version().toString()), changed.arguments());
        now(send(ANA, putting("a", 2, new Condition.At(entry.version()))));
        now(send(ANA, putting("a", 3, Condition.PRESENT)));
    }

    @Test
    void itemsSeeWhatEarlierItemsLeft() {
        Outcome.Files files = files(send(
                ANA,
                new Command.PutFiles(
                        HOME,
                        List.of(NODE),
                        List.of(
                                new Command.Put(path("a"), content(1), 0, Condition.ABSENT),
                                new Command.Put(path("a"), content(2), 0, Condition.ABSENT),
                                new Command.Put(path("a/b"), content(3), 0, Condition.ANY),
                                new Command.Put(path("c"), content(4), 0, Condition.ANY)))));
        assertInstanceOf(Result.Now.class, files.results().get(0));
        assertEquals(
                Reason.FILE_EXISTS,
                ((Result.No) files.results().get(1)).refusal().reason());
        assertEquals(
                Reason.PATH_IN_THE_WAY,
                ((Result.No) files.results().get(2)).refusal().reason());
        assertInstanceOf(Result.Now.class, files.results().get(3));
        assertEquals(2, access(ANA, HOME).files());
    }

    @Test
    void aCountAboveTheNodesIsRefusedWithBothNumbers() {
        Command put = new Command.PutFiles(
                HOME, List.of(NODE), List.of(new Command.Put(path("a"), content(1), 3, Condition.ANY)));
        assertEquals(
                List.of("3", "1"),
                assertNo(Reason.NOT_ENOUGH_NODES, send(ANA, put)).arguments());
        put(ANA, HOME, "a", 1);
        Outcome.Refused refused = assertInstanceOf(
                Outcome.Refused.class, send(ANA, new Command.SetReplicas(HOME, 2, List.of(path("a")))));
        assertEquals(new Refusal(Reason.NOT_ENOUGH_NODES, 2, 1), refused.refusal());
        own(new Command.AddNode(SECOND));
        FileEntry entry = now(send(ANA, new Command.SetReplicas(HOME, 2, List.of(path("a")))));
        assertEquals(2, entry.replicas());
        assertEquals(2, blobRow(1).replicas());
        assertRefused(Reason.ARGUMENT_INVALID, send(ANA, new Command.SetReplicas(HOME, 0, List.of(path("a")))));
    }

    @Test
    void theLargestCountOfAnyReferenceWins() {
        own(new Command.AddNode(SECOND));
        put(ANA, HOME, "a", 1);
        put(RUI, HOME, "b", 1);
        now(send(ANA, new Command.SetReplicas(HOME, 2, List.of(path("a")))));
        assertEquals(2, blobRow(1).replicas());
        now(send(ANA, new Command.SetReplicas(HOME, 1, List.of(path("a")))));
        assertEquals(1, blobRow(1).replicas());
        assertEquals(2, blobRow(1).references());
    }

    @Test
    void bytesOfUnknownNodesOrOfAnotherLengthAreRefused() {
        Command unknown = new Command.PutFiles(
                HOME, List.of(SECOND), List.of(new Command.Put(path("a"), content(1), 0, Condition.ANY)));
        assertRefused(Reason.ARGUMENT_INVALID, send(ANA, unknown));
        Command nowhere = new Command.PutFiles(
                HOME, List.of(), List.of(new Command.Put(path("a"), content(1), 0, Condition.ANY)));
        assertNo(Reason.ARGUMENT_INVALID, send(ANA, nowhere));
        put(ANA, HOME, "a", 1);
        Content longer = new Content(Kind.FILE, blob(1), 99, 0, false);
        Command other = new Command.PutFiles(
                HOME, List.of(NODE), List.of(new Command.Put(path("b"), longer, 0, Condition.ANY)));
        assertNo(Reason.LENGTH_MISMATCH, send(ANA, other));
    }

    @Test
    void theSpaceItselfIsNoFile() {
        assertNo(Reason.PATH_INVALID, send(ANA, putting(HOME, "", 1)));
        assertNo(Reason.PATH_INVALID, removing(ANA, HOME, ""));
        put(ANA, HOME, "a", 1);
        assertNo(Reason.PATH_INVALID, moving("a", "", true));
    }

    // Renames.

    @Test
    void aRenameKeepsTheIdAndMovesNoReference() {
        FileEntry before = put(ANA, HOME, "a", 1);
        FileEntry after = now(moving("a", "b/c", false));
        assertEquals(before.id(), after.id());
        assertTrue(after.version().compareTo(before.version()) > 0);
        assertEquals(1, blobRow(1).references());
        assertNull(state.get(Tables.FILES, new Row.PathKey(home(), path("a"))));
        assertEquals(1, state.count(Tables.FEED));
    }

    @Test
    void aRenameOntoItselfChangesNothing() {
        FileEntry before = put(ANA, HOME, "a", 1);
        assertEquals(new Result.Now(before, false), one(moving("a", "a", false)));
    }

    @Test
    void aRenameOntoAFileNeedsToBeTold() {
        put(ANA, HOME, "a", 1);
        put(ANA, HOME, "b", 2);
        assertNo(Reason.FILE_EXISTS, moving("a", "b", false));
        now(moving("a", "b", true));
        assertEquals(1, access(ANA, HOME).files());
        assertEquals(11, access(ANA, HOME).bytes());
        assertEquals(1, state.count(Tables.HISTORY));
        assertEquals(1, state.count(Tables.DEPARTED));
        assertEquals(2, state.count(Tables.FEED));
    }

    @Test
    void aFileIsNotInItsOwnWay() {
        put(ANA, HOME, "a", 1);
        now(moving("a", "a/b", false));
        now(moving("a/b", "a", false));
        assertEquals(0, state.count(Tables.FOLDERS));
    }

    @Test
    void aRefusedRenameLeavesEverythingAsItWas() {
        put(ANA, HOME, "d/a", 1);
        put(ANA, HOME, "f/x", 2);
        Decision decision =
                Rules.decide(state, new Command.MoveFiles(HOME, List.of(move("d/a", "f", true))), stamp(ANA));
        assertNo(Reason.PATH_IN_THE_WAY, decision.outcome());
        assertTrue(decision.edits().stream()
                .noneMatch(edit -> edit instanceof Edit.Put<?, ?> p && p.table() == Tables.FILES
                        || edit instanceof Edit.Put<?, ?> q && q.table() == Tables.FOLDERS
                        || edit instanceof Edit.Drop<?, ?>));
    }

    @Test
    void twoFilesSwapInOneCommand() {
        long a = put(ANA, HOME, "a", 1).id();
        long b = put(ANA, HOME, "b", 2).id();
        files(send(
                ANA,
                new Command.MoveFiles(
                        HOME, List.of(move("a", "t", false), move("b", "a", false), move("t", "b", false)))));
        assertEquals(b, now("a").id());
        assertEquals(a, now("b").id());
    }

    // Removal, history, blobs.

    @Test
    void aRemovedFileStaysInTheHistoryUntilTrimmed() {
        put(ANA, HOME, "a", 1);
        gone(removing(ANA, HOME, "a"));
        assertEquals(1, blobRow(1).references());
        now += DAY;
        assertEquals(new Outcome.Trimmed(2), own(new Command.TrimHistory(now, 100)));
        assertEquals(0, blobRow(1).references());
        assertEquals(now, blobRow(1).orphanSince());
        assertEquals(0, state.count(Tables.DEPARTED) + state.count(Tables.EXPIRIES) + state.count(Tables.FEED));
    }

    @Test
    void removedForEverMeansItsHistoryToo() {
        put(ANA, HOME, "a", 1);
        put(ANA, HOME, "a", 2);
        gone(send(ANA, removingForEver("a")));
        assertEquals(2, totals().orphans());
        assertEquals(0, state.count(Tables.HISTORY));
        put(ANA, HOME, "a", 3);
        gone(removing(ANA, HOME, "a"));
        gone(send(ANA, removingForEver("a")));
        assertEquals(3, totals().orphans());
        assertNo(Reason.NO_SUCH_FILE, send(ANA, removingForEver("a")));
    }

    @Test
    void aLongHistoryGoesInSteps() {
        int versions = History.AT_ONCE + 500;
        for (int i = 0; i < versions; i += 2_000) {
            List<Command.Put> puts = new ArrayList<>();
            for (int j = i; j < Math.min(versions, i + 2_000); j++) {
                puts.add(new Command.Put(path("a"), content(j % 2 + 1), 0, Condition.ANY));
            }
            files(send(ANA, new Command.PutFiles(HOME, List.of(NODE), puts)));
        }
        gone(send(ANA, removingForEver("a")));
        assertEquals(499, state.count(Tables.HISTORY));
        assertEquals(1, totals().drains());
        while (totals().drains() > 0) {
            own(new Command.Drain(100));
        }
        assertEquals(0, state.count(Tables.HISTORY));
        assertEquals(2, totals().orphans());
    }

    @Test
    void anOrphanThatIsWantedAgainIsNotForgotten() {
        put(ANA, HOME, "a", 1);
        gone(send(ANA, removingForEver("a")));
        now += DAY;
        put(ANA, HOME, "b", 1);
        assertEquals(new Outcome.Forgotten(List.of()), own(new Command.ForgetBlobs(Long.MAX_VALUE, List.of(blob(1)))));
        gone(send(ANA, removingForEver("b")));
        assertEquals(new Outcome.Forgotten(List.of()), own(new Command.ForgetBlobs(now, List.of(blob(1)))));
        assertEquals(new Outcome.Forgotten(List.of(blob(1))), own(new Command.ForgetBlobs(now + 1, List.of(blob(1)))));
        assertEquals(0, totals().blobs());
    }

    @Test
    void aSpaceWithFilesIsRemovedOnlyWhenToldTo() {
        done(ANA, new Command.CreateSpace(TEAM));
        put(ANA, TEAM, "a", 1);
        Outcome.Refused refused =
                assertInstanceOf(Outcome.Refused.class, send(ANA, new Command.RemoveSpace(TEAM, false)));
        assertEquals(new Refusal(Reason.SPACE_NOT_EMPTY, TEAM, 1), refused.refusal());
        done(ANA, new Command.RemoveSpace(TEAM, true));
        assertNull(Access.of(state, ANA, TEAM));
        int steps = 0;
        while (totals().drains() > 0) {
            own(new Command.Drain(1));
            steps++;
        }
        assertEquals(3, steps, "the file, the member, the space itself");
        assertEquals(1, totals().orphans());
        assertEquals(0, state.count(Tables.MEMBERS) + state.count(Tables.MEMBERSHIPS));
        assertEquals(new Outcome.Trimmed(0), own(new Command.Drain(10)));
    }
}
