package acervo.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.Content;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.NodeId;
import acervo.model.Outcome;
import acervo.model.Outcome.Result;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RequestId;
import acervo.model.Role;
import acervo.model.SecretHash;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import acervo.model.Stamped;
import acervo.model.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One rule at a time. (Random commands against a slow count are in the server's `ReplayTest`.)
final class RulesTest {
    private static final NodeId NODE = new NodeId(new UUID(1, 1));
    private static final NodeId SECOND = new NodeId(new UUID(1, 2));
    private static final ClientId ANA = new ClientId(new UUID(2, 1));
    private static final ClientId RUI = new ClientId(new UUID(2, 2));
    private static final ClientId EVA = new ClientId(new UUID(2, 3));
    private static final ClientId NOBODY = new ClientId(new UUID(9, 9));
    private static final SpaceName HOME = SpaceName.HOME;
    private static final SpaceName TEAM = new SpaceName("team");
    private static final long DAY = 24L * 60 * 60 * 1000;

    private final MapState state = new MapState();
    private long now = 1_000_000;
    private long requests;

    @BeforeEach
    void begin() {
        assertEquals(Outcome.DONE, own(new Command.AddNode(NODE)));
        for (ClientId client : List.of(ANA, RUI, EVA)) {
            assertEquals(Outcome.DONE, send(client, new Command.RegisterClient(client, secret(1))));
        }
    }

    // Who may do what.

    @Test
    void anUnregisteredClientMayNothing() {
        assertRefused(Reason.UNAUTHENTICATED, send(NOBODY, putting(SpaceName.PUBLIC, "a", 1)));
        assertRefused(Reason.UNAUTHENTICATED, send(Stamp.SERVER, putting(SpaceName.PUBLIC, "a", 1)));
    }

    @Test
    void everyClientWritesInPublicAndInItsOwnHomeOnly() {
        put(ANA, SpaceName.PUBLIC, "a", 1);
        put(RUI, SpaceName.PUBLIC, "a", 2);
        put(ANA, HOME, "x", 1);
        assertNo(Reason.NO_SUCH_FILE, removing(RUI, HOME, "x"));
    }

    @Test
    void aSpaceOneMayNotReadLooksLikeNone() {
        done(ANA, new Command.CreateSpace(TEAM));
        SpaceName none = new SpaceName("none");
        for (Command there : List.of(
                putting(TEAM, "a", 1),
                new Command.RemoveSpace(TEAM, true),
                new Command.Grant(TEAM, RUI, Role.OWNER),
                new Command.Grant(TEAM, RUI, Role.NONE))) {
            assertEquals(new Outcome.Refused(new Refusal(Reason.NO_SUCH_SPACE, TEAM)), send(RUI, there));
        }
        assertEquals(new Outcome.Refused(new Refusal(Reason.NO_SUCH_SPACE, none)), send(RUI, putting(none, "a", 1)));
    }

    @Test
    void readersReadWritersWriteOwnersGrant() {
        done(ANA, new Command.CreateSpace(TEAM));
        done(ANA, new Command.Grant(TEAM, RUI, Role.READER));
        assertRefused(Reason.FORBIDDEN, send(RUI, putting(TEAM, "a", 1)));
        assertRefused(Reason.FORBIDDEN, send(RUI, new Command.Grant(TEAM, RUI, Role.WRITER)));
        done(ANA, new Command.Grant(TEAM, RUI, Role.WRITER));
        put(RUI, TEAM, "a", 1);
        assertRefused(Reason.FORBIDDEN, send(RUI, new Command.Grant(TEAM, EVA, Role.READER)));
        assertRefused(Reason.FORBIDDEN, send(RUI, new Command.RemoveSpace(TEAM, true)));
        assertRefused(Reason.NO_SUCH_CLIENT, send(ANA, new Command.Grant(TEAM, NOBODY, Role.READER)));
        done(RUI, new Command.Grant(TEAM, RUI, Role.NONE));
        assertRefused(Reason.NO_SUCH_SPACE, send(RUI, putting(TEAM, "b", 1)));
    }

    @Test
    void aSpaceNeverLosesItsLastOwner() {
        done(ANA, new Command.CreateSpace(TEAM));
        assertRefused(Reason.FORBIDDEN, send(ANA, new Command.Grant(TEAM, ANA, Role.NONE)));
        assertRefused(Reason.FORBIDDEN, send(ANA, new Command.Grant(TEAM, ANA, Role.WRITER)));
        done(ANA, new Command.Grant(TEAM, RUI, Role.OWNER));
        done(ANA, new Command.Grant(TEAM, ANA, Role.NONE));
        assertRefused(Reason.FORBIDDEN, send(RUI, new Command.Grant(TEAM, RUI, Role.READER)));
    }

    @Test
    void nobodyGrantsInHomeOrPublic() {
        assertRefused(Reason.FORBIDDEN, send(ANA, new Command.Grant(HOME, RUI, Role.READER)));
        assertRefused(Reason.FORBIDDEN, send(ANA, new Command.Grant(SpaceName.PUBLIC, RUI, Role.READER)));
        assertRefused(Reason.FORBIDDEN, send(ANA, new Command.RemoveSpace(HOME, true)));
        assertRefused(Reason.FORBIDDEN, send(ANA, new Command.RemoveSpace(SpaceName.PUBLIC, true)));
    }

    @Test
    void namesOfSpacesAreUniqueAndSomeAreReserved() {
        assertRefused(Reason.SPACE_NAME_RESERVED, send(ANA, new Command.CreateSpace(HOME)));
        assertRefused(Reason.SPACE_NAME_RESERVED, send(ANA, new Command.CreateSpace(SpaceName.PUBLIC)));
        done(ANA, new Command.CreateSpace(TEAM));
        assertRefused(Reason.SPACE_EXISTS, send(RUI, new Command.CreateSpace(TEAM)));
    }

    @Test
    void aSpacesNumberIsNeverUsedAgain() {
        done(ANA, new Command.CreateSpace(TEAM));
        SpaceId first = access(ANA, TEAM).id();
        done(ANA, new Command.RemoveSpace(TEAM, false));
        done(RUI, new Command.CreateSpace(TEAM));
        assertNotEquals(first, access(RUI, TEAM).id());
        assertNull(Access.of(state, ANA, TEAM));
    }

    @Test
    void housekeepingIsTheServersOwn() {
        for (Command command : List.of(
                new Command.AddNode(SECOND),
                new Command.TrimHistory(1, 1),
                new Command.ForgetBlobs(1, List.of()),
                new Command.Drain(1))) {
            assertRefused(Reason.FORBIDDEN, send(ANA, command));
        }
    }

    @Test
    void aClientRegistersItselfOnceAndWithOneSecret() {
        done(ANA, new Command.RegisterClient(ANA, secret(1)));
        assertRefused(Reason.CLIENT_EXISTS, send(ANA, new Command.RegisterClient(ANA, secret(2))));
        assertRefused(Reason.FORBIDDEN, send(ANA, new Command.RegisterClient(NOBODY, secret(1))));
        assertRefused(Reason.ARGUMENT_INVALID, own(new Command.RegisterClient(Stamp.SERVER, secret(1))));
        assertEquals(3, totals().clients());
    }

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
        assertTrue(steps > 3);
        assertEquals(1, totals().orphans());
        assertEquals(0, state.count(Tables.MEMBERS) + state.count(Tables.MEMBERSHIPS));
        assertEquals(new Outcome.Trimmed(0), own(new Command.Drain(10)));
    }

    // Requests and time.

    @Test
    void aRequestInOneEntryTwiceTakesEffectOnce() {
        RequestId request = new RequestId(new UUID(5, 5));
        Stamp stamp = new Stamp(now, ANA, request);
        Decision decision = Rules.decide(
                state, List.of(new Stamped(stamp, putting(HOME, "a", 1)), new Stamped(stamp, putting(HOME, "a", 1))));
        assertEquals(decision.outcomes().get(0), decision.outcomes().get(1));
        state.write(decision);
        assertEquals(1, access(ANA, HOME).sequence());
    }

    @Test
    void aRefusalIsKeptAsWell() {
        RequestId request = new RequestId(new UUID(5, 5));
        Outcome first =
                decide(new Stamp(now, ANA, request), new Command.MoveFiles(HOME, List.of(move("a", "b", false))));
        put(ANA, HOME, "a", 1);
        assertEquals(
                first,
                decide(new Stamp(now, ANA, request), new Command.MoveFiles(HOME, List.of(move("a", "b", false)))));
    }

    @Test
    void twoClientsMayUseTheSameRequestId() {
        RequestId request = new RequestId(new UUID(5, 5));
        now(decide(new Stamp(now, ANA, request), putting(HOME, "a", 1)));
        now(decide(new Stamp(now, RUI, request), putting(HOME, "b", 2)));
    }

    @Test
    void aRetryMayFindItsBytesOnOtherNodes() {
        own(new Command.AddNode(SECOND));
        RequestId request = new RequestId(new UUID(5, 5));
        Outcome first = decide(new Stamp(now, ANA, request), putting(HOME, "a", 1));
        Command again = new Command.PutFiles(
                HOME, List.of(SECOND), List.of(new Command.Put(path("a"), content(1), 0, Condition.ANY)));
        assertEquals(first, decide(new Stamp(now, ANA, request), again));
    }

    @Test
    void requestsAreForgottenAfterADay() {
        RequestId request = new RequestId(new UUID(5, 5));
        now(decide(new Stamp(now, ANA, request), putting(HOME, "a", 1)));
        now += DAY - 1;
        assertRefused(Reason.REQUEST_REUSED, decide(new Stamp(now, ANA, request), putting(HOME, "b", 2)));
        now += 1;
        now(decide(new Stamp(now, ANA, request), putting(HOME, "b", 2)));
        now += 2 * DAY;
        put(ANA, HOME, "c", 3);
        assertEquals(1, state.count(Tables.REQUESTS));
        assertEquals(1, state.count(Tables.REQUEST_TIMES));
    }

    @Test
    void timeNeverRunsBackwards() {
        FileEntry first = put(ANA, HOME, "a", 1);
        now -= DAY;
        FileEntry second = put(ANA, HOME, "b", 2);
        assertEquals(first.storedMillis(), second.storedMillis());
    }

    // What the tests are written with.

    private Stamp stamp(ClientId author) {
        return new Stamp(now, author, new RequestId(new UUID(7, ++requests)));
    }

    private Outcome decide(Stamp stamp, Command command) {
        Decision decision = Rules.decide(state, command, stamp);
        state.write(decision);
        return decision.outcome();
    }

    private Outcome send(ClientId author, Command command) {
        return decide(stamp(author), command);
    }

    private Outcome own(Command command) {
        return send(Stamp.SERVER, command);
    }

    private void done(ClientId author, Command command) {
        assertEquals(Outcome.DONE, send(author, command));
    }

    private static void assertRefused(Reason reason, Outcome outcome) {
        assertEquals(
                reason,
                assertInstanceOf(Outcome.Refused.class, outcome).refusal().reason());
    }

    private static Refusal assertNo(Reason reason, Outcome outcome) {
        Refusal refusal = assertInstanceOf(Result.No.class, one(outcome)).refusal();
        assertEquals(reason, refusal.reason());
        return refusal;
    }

    private static Outcome.Files files(Outcome outcome) {
        return assertInstanceOf(Outcome.Files.class, outcome);
    }

    private static Result one(Outcome outcome) {
        return files(outcome).results().getFirst();
    }

    private static FileEntry now(Outcome outcome) {
        Result.Now now = assertInstanceOf(Result.Now.class, one(outcome));
        assertTrue(now.changed());
        return now.entry();
    }

    private static void gone(Outcome outcome) {
        assertInstanceOf(Result.Gone.class, one(outcome));
    }

    private FileEntry now(String path) {
        FileEntry entry = state.get(Tables.FILES, new Row.PathKey(home(), path(path)));
        if (entry == null) {
            throw new AssertionError("there is no " + path);
        }
        return entry;
    }

    private Row.Space access(ClientId client, SpaceName name) {
        Access access = Access.of(state, client, name);
        if (access == null) {
            throw new AssertionError("no access to " + name);
        }
        return access.space();
    }

    private SpaceId home() {
        return access(ANA, HOME).id();
    }

    private Row.Blob blobRow(int n) {
        Row.Blob row = state.get(Tables.BLOBS, blob(n));
        if (row == null) {
            throw new AssertionError("there is no blob " + n);
        }
        return row;
    }

    private Row.Totals totals() {
        Row.Totals totals = state.get(Tables.TOTALS, Row.Only.KEY);
        return totals == null ? Row.Totals.NONE : totals;
    }

    private static FilePath path(String text) {
        return new FilePath(text);
    }

    private static BlobId blob(int n) {
        return new BlobId(n, 1, 1, 1);
    }

    private static SecretHash secret(int n) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) n);
        return SecretHash.of(secret);
    }

    private static Content content(int n) {
        return new Content(Kind.FILE, blob(n), 10 + n, 1_000, false);
    }

    private static Command putting(SpaceName space, String path, int n) {
        return new Command.PutFiles(
                space, List.of(NODE), List.of(new Command.Put(path(path), content(n), 0, Condition.ANY)));
    }

    private static Command putting(String path, int n, Condition condition) {
        return new Command.PutFiles(
                HOME, List.of(NODE), List.of(new Command.Put(path(path), content(n), 0, condition)));
    }

    private FileEntry put(ClientId author, SpaceName space, String path, int n) {
        return now(send(author, putting(space, path, n)));
    }

    private static Command folder(String path) {
        Content folder = new Content(Kind.FOLDER, BlobId.EMPTY, 0, 0, false);
        return new Command.PutFiles(HOME, List.of(), List.of(new Command.Put(path(path), folder, 0, Condition.ANY)));
    }

    private Outcome removing(ClientId author, SpaceName space, String path) {
        return send(
                author, new Command.RemoveFiles(space, false, List.of(new Command.Remove(path(path), Condition.ANY))));
    }

    private static Command removingForEver(String path) {
        return new Command.RemoveFiles(HOME, true, List.of(new Command.Remove(path(path), Condition.ANY)));
    }

    private static Command.Move move(String from, String to, boolean replace) {
        return new Command.Move(path(from), path(to), Condition.ANY, replace);
    }

    private Outcome moving(String from, String to, boolean replace) {
        return send(ANA, new Command.MoveFiles(HOME, List.of(move(from, to, replace))));
    }
}
