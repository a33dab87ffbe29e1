package acervo.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.FileEntry;
import acervo.model.Interest;
import acervo.model.Outcome;
import acervo.model.PathPattern;
import acervo.model.Reason;
import acervo.model.RequestId;
import acervo.model.Role;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Interests and notices, one rule at a time.
final class InterestRulesTest extends RulesCase {
    private static final SpaceName PUBLIC = SpaceName.PUBLIC;

    private static Command.Want wanting(SpaceName space, String pattern, boolean keep, long seen) {
        return new Command.Want(space, PathPattern.parse(pattern), DAY, keep, seen);
    }

    private Outcome.Wanted want(ClientId client, SpaceName space, String pattern) {
        return wanted(send(
                client, wanting(space, pattern, false, access(client, space).sequence())));
    }

    private static Outcome.Wanted wanted(Outcome outcome) {
        return assertInstanceOf(Outcome.Wanted.class, outcome);
    }

    /// What waits for a client, as `interest path`.
    private List<String> notices(ClientId client) {
        List<String> notices = new ArrayList<>();
        try (Cursor<Row.NoticeKey, Row.Notice> rows = state.scan(Tables.NOTICES, Tables.of(client))) {
            while (rows.next()) {
                notices.add(rows.value().interest() + " " + rows.value().entry().path());
            }
        }
        assertEquals(notices.size(), inbox(client).notices());
        return notices;
    }

    private Row.Inbox inbox(ClientId client) {
        Row.Inbox inbox = state.get(Tables.INBOXES, client);
        return inbox == null ? Row.Inbox.NONE : inbox;
    }

    private void unwant(int found, ClientId client, long... numbers) {
        List<Long> list = new ArrayList<>();
        for (long number : numbers) {
            list.add(number);
        }
        assertEquals(new Outcome.Trimmed(found), send(client, new Command.Unwant(list)));
    }

    private void acknowledge(int found, ClientId client, Long... numbers) {
        assertEquals(new Outcome.Trimmed(found), send(client, new Command.Acknowledge(List.of(numbers), 0)));
    }

    @Test
    void aDepositMeetsAnInterestOnce() {
        assertEquals(1, want(RUI, PUBLIC, "a/b").interest());
        put(ANA, PUBLIC, "a/c", 1);
        assertEquals(List.of(), notices(RUI));
        FileEntry entry = put(ANA, PUBLIC, "a/b", 2);
        assertEquals(List.of("1 a/b"), notices(RUI));
        assertEquals(
                new Row.Notice(1, access(RUI, PUBLIC).id(), entry),
                state.get(Tables.NOTICES, new Row.NoticeKey(RUI, 1)));
        put(ANA, PUBLIC, "a/b", 3);
        assertEquals(List.of("1 a/b"), notices(RUI));
        assertEquals(0, state.count(Tables.INTERESTS));
        assertEquals(0, state.count(Tables.WAITERS));
        assertEquals(0, state.count(Tables.INTEREST_TIMES));
        assertEquals(0, access(RUI, PUBLIC).interests());
    }

    @Test
    void whatIsThereIsToldAndNeedsNoInterest() {
        FileEntry entry = put(ANA, PUBLIC, "a", 1);
        assertEquals(new Outcome.Wanted(0, 1, List.of(entry)), send(RUI, wanting(PUBLIC, "a", false, 0)));
        assertEquals(0, state.count(Tables.INBOXES));
        assertEquals(new Outcome.Wanted(1, 1, List.of(entry)), send(RUI, wanting(PUBLIC, "a", true, 0)));
        assertEquals(new Outcome.Wanted(2, 1, List.of()), send(RUI, wanting(PUBLIC, "a", false, 1)));
    }

    @Test
    void aGlobFindsWhatCameSinceItsAskerLooked() {
        put(ANA, PUBLIC, "old.pdf", 1);
        FileEntry between = put(ANA, PUBLIC, "new.pdf", 2);
        assertEquals(new Outcome.Wanted(0, 2, List.of(between)), send(RUI, wanting(PUBLIC, "*.pdf", false, 1)));
        assertEquals(1, wanted(send(RUI, wanting(PUBLIC, "*.pdf", false, 2))).interest());
    }

    @Test
    void aGlobsAskerWhoLookedTooLongAgoLooksAgainAndTheRequestIsStillGood() {
        for (int i = 0; i <= Interests.WINDOW; i++) {
            put(ANA, PUBLIC, "f" + i, i);
        }
        Stamp stamp = stamp(RUI);
        assertRefused(Reason.LOOK_AGAIN, decide(stamp, wanting(PUBLIC, "*.pdf", false, 0)));
        Outcome first = decide(stamp, wanting(PUBLIC, "*.pdf", false, 1));
        assertEquals(1, wanted(first).interest());
        assertEquals(first, decide(stamp, wanting(PUBLIC, "*.pdf", false, 500)));
        assertRefused(Reason.LOOK_AGAIN, send(RUI, wanting(PUBLIC, "a", false, 100_000)));
    }

    @Test
    void aRetryMakesOneInterest() {
        RequestId request = new RequestId(new UUID(5, 5));
        Stamp stamp = new Stamp(now, RUI, request);
        Outcome first = decide(stamp, wanting(PUBLIC, "a", false, 0));
        put(ANA, PUBLIC, "a", 1);
        assertEquals(first, decide(stamp, wanting(PUBLIC, "a", false, 0)));
        assertEquals(List.of("1 a"), notices(RUI));
    }

    @Test
    void globsAreMetInTheirFolderAndBelowIt() {
        want(RUI, PUBLIC, "r/*.pdf");
        want(RUI, PUBLIC, "**/x.pdf");
        want(RUI, PUBLIC, "r/2026/**");
        put(ANA, PUBLIC, "r/y.txt", 1);
        put(ANA, PUBLIC, "r/a/y.pdf", 2);
        assertEquals(List.of(), notices(RUI));
        put(ANA, PUBLIC, "r/2026/01/x.pdf", 3);
        put(ANA, PUBLIC, "r/z.pdf", 4);
        assertEquals(List.of("3 r/2026/01/x.pdf", "2 r/2026/01/x.pdf", "1 r/z.pdf"), notices(RUI));
    }

    @Test
    void otherBytesMeetAnInterestAndOtherFactsDoNot() {
        done(ANA, new Command.CreateSpace(TEAM));
        own(new Command.AddNode(SECOND));
        put(ANA, HOME, "a", 1);
        want(ANA, HOME, "a");
        send(ANA, new Command.SetReplicas(HOME, 2, List.of(path("a"))));
        send(
                ANA,
                new Command.PutFiles(
                        HOME,
                        List.of(NODE),
                        List.of(new Command.Put(
                                path("a"),
                                new acervo.model.Content(acervo.model.Kind.FILE, blob(1), 11, 9_999, true),
                                0,
                                Condition.ANY))));
        assertEquals(List.of(), notices(ANA));
        put(ANA, HOME, "a", 2);
        assertEquals(List.of("1 a"), notices(ANA));
    }

    @Test
    void aRenameMeetsWhereItLeadsTo() {
        put(ANA, HOME, "x/a", 1);
        want(ANA, HOME, "y/a");
        want(ANA, HOME, "x/a");
        want(ANA, HOME, "y/*");
        now(moving("x/a", "y/a", false));
        assertEquals(List.of("1 y/a", "3 y/a"), notices(ANA));
    }

    @Test
    void foldersMeetNothing() {
        want(ANA, HOME, "a");
        want(ANA, HOME, "*");
        send(ANA, folder("a"));
        assertEquals(List.of(), notices(ANA));
        assertEquals(3, want(ANA, HOME, "a").interest());
    }

    @Test
    void aKeptInterestIsMetByEveryChangeUntilItIsCancelled() {
        assertEquals(1, wanted(send(RUI, wanting(PUBLIC, "*", true, 0))).interest());
        put(ANA, PUBLIC, "a", 1);
        put(ANA, PUBLIC, "a", 2);
        put(ANA, PUBLIC, "b", 2);
        assertEquals(List.of("1 a", "1 a", "1 b"), notices(RUI));
        unwant(1, RUI, 1);
        assertEquals(List.of(), notices(RUI));
        put(ANA, PUBLIC, "c", 2);
        assertEquals(List.of(), notices(RUI));
    }

    @Test
    void cancellingWhatIsMetFindsNothingAndKeepsTheNotice() {
        want(RUI, PUBLIC, "a");
        put(ANA, PUBLIC, "a", 1);
        unwant(0, RUI, 1);
        assertEquals(List.of("1 a"), notices(RUI));
        unwant(0, ANA, 1);
    }

    @Test
    void anAcknowledgedNoticeIsGoneAndNumbersAreNotUsedAgain() {
        want(RUI, PUBLIC, "a");
        put(ANA, PUBLIC, "a", 1);
        acknowledge(0, ANA, 1L);
        acknowledge(1, RUI, 1L, 7L);
        acknowledge(0, RUI, 1L);
        assertEquals(List.of(), notices(RUI));
        assertEquals(2, want(RUI, PUBLIC, "b").interest());
        put(ANA, PUBLIC, "b", 1);
        acknowledge(0, RUI, 1L);
        assertEquals(List.of("2 b"), notices(RUI));
        acknowledge(1, RUI, 2L);
    }

    @Test
    void nothingIsMetWhenItsTimeIsOver() {
        want(RUI, PUBLIC, "a");
        want(RUI, PUBLIC, "b");
        now += DAY - 1;
        put(ANA, PUBLIC, "a", 1);
        now += 1;
        put(ANA, PUBLIC, "b", 1);
        assertEquals(List.of("1 a"), notices(RUI));
        assertEquals(1, state.count(Tables.INTERESTS));
        assertRefused(Reason.FORBIDDEN, send(RUI, new Command.ExpireInterests(10)));
        assertEquals(new Outcome.Trimmed(1), own(new Command.ExpireInterests(10)));
        assertEquals(new Outcome.Trimmed(0), own(new Command.ExpireInterests(10)));
        assertEquals(0, state.count(Tables.INTERESTS) + state.count(Tables.WAITERS));
        assertEquals(0, access(RUI, PUBLIC).interests());
        assertEquals(0, inbox(RUI).interests());
    }

    @Test
    void expiringGoesInSteps() {
        for (int i = 0; i < 5; i++) {
            want(RUI, PUBLIC, "f" + i);
        }
        now += DAY;
        assertEquals(new Outcome.Trimmed(3), own(new Command.ExpireInterests(3)));
        assertEquals(new Outcome.Trimmed(2), own(new Command.ExpireInterests(3)));
    }

    @Test
    void whatOneMayNotReadMeetsNothing() {
        done(ANA, new Command.CreateSpace(TEAM));
        assertRefused(Reason.NO_SUCH_SPACE, send(RUI, wanting(TEAM, "a", false, 0)));
        done(ANA, new Command.Grant(TEAM, RUI, Role.READER));
        want(RUI, TEAM, "a");
        done(ANA, new Command.Grant(TEAM, RUI, Role.NONE));
        put(ANA, TEAM, "a", 1);
        assertEquals(List.of(), notices(RUI));
        done(ANA, new Command.Grant(TEAM, RUI, Role.READER));
        put(ANA, TEAM, "a", 2);
        assertEquals(List.of("1 a"), notices(RUI));
        want(ANA, HOME, "a");
        put(RUI, HOME, "a", 2);
        assertEquals(List.of(), notices(ANA));
    }

    @Test
    void aRemovedSpaceTakesItsInterestsAlong() {
        done(ANA, new Command.CreateSpace(TEAM));
        want(ANA, TEAM, "a");
        want(ANA, TEAM, "b/*");
        want(ANA, PUBLIC, "a");
        done(ANA, new Command.RemoveSpace(TEAM, true));
        done(ANA, new Command.CreateSpace(TEAM));
        put(ANA, TEAM, "a", 1);
        assertEquals(List.of(), notices(ANA));
        while (!own(new Command.Drain(1)).equals(new Outcome.Trimmed(0))) {
            assertTrue(inbox(ANA).interests() > 0);
        }
        assertEquals(1, state.count(Tables.INTERESTS));
        assertEquals(1, state.count(Tables.WAITERS));
        assertEquals(1, inbox(ANA).interests());
    }

    @Test
    void noticesThatMayNotBeReadGoWithTheNextAcknowledgement() {
        done(ANA, new Command.CreateSpace(TEAM));
        done(ANA, new Command.Grant(TEAM, RUI, Role.READER));
        want(RUI, TEAM, "a");
        want(RUI, PUBLIC, "a");
        put(ANA, TEAM, "a", 1);
        put(ANA, PUBLIC, "a", 1);
        done(ANA, new Command.Grant(TEAM, RUI, Role.NONE));
        acknowledge(1, RUI, 2L);
        assertEquals(List.of(), notices(RUI));
    }

    @Test
    void aClientMayHaveSoManyInterestsAndNoMore() {
        for (int i = 0; i < Interest.MOST; i++) {
            state.write(Rules.decide(state, wanting(PUBLIC, "f" + i, true, 0), stamp(RUI)));
        }
        assertRefused(Reason.INTERESTS_FULL, send(RUI, wanting(PUBLIC, "one more", false, 0)));
        unwant(1, RUI, 77);
        want(RUI, PUBLIC, "one more");
        want(ANA, PUBLIC, "f1");
    }

    @Test
    void whatAnInboxHasNoRoomForIsCountedAndTheInterestStays() {
        send(RUI, wanting(PUBLIC, "**", true, 0));
        for (int i = 0; i < Interest.MOST; i++) {
            state.write(Rules.decide(state, putting(PUBLIC, "f" + i, i), stamp(ANA)));
        }
        want(RUI, PUBLIC, "last");
        put(ANA, PUBLIC, "last", 1);
        assertEquals(Interest.MOST, notices(RUI).size());
        assertEquals(2, inbox(RUI).missed());
        assertEquals(2, inbox(RUI).interests());
        assertEquals(new Outcome.Trimmed(1), send(RUI, new Command.Acknowledge(List.of(1L), 1)));
        assertEquals(1, inbox(RUI).missed());
        assertEquals(new Outcome.Trimmed(0), send(RUI, new Command.Acknowledge(List.of(), 5)));
        assertEquals(0, inbox(RUI).missed());
        put(ANA, PUBLIC, "last", 2);
        assertEquals(Interest.MOST, notices(RUI).size());
    }

    @Test
    void anInterestHoldsNoLongerThanAYear() {
        assertRefused(
                Reason.ARGUMENT_INVALID,
                send(RUI, new Command.Want(PUBLIC, PathPattern.parse("a"), Interest.MOST_MILLIS + 1, false, 0)));
        assertRefused(
                Reason.ARGUMENT_INVALID, send(RUI, new Command.Want(PUBLIC, PathPattern.parse("a"), 0, false, 0)));
        assertRefused(Reason.UNAUTHENTICATED, send(NOBODY, wanting(PUBLIC, "a", false, 0)));
    }

    @Test
    void whereNobodyWaitsNothingIsLookedAt() {
        put(ANA, HOME, "a/b/c", 1);
        want(RUI, PUBLIC, "**");
        CountingState counted = new CountingState(state);
        Rules.decide(counted, putting("a/b/d", 2, Condition.ANY), stamp(ANA));
        assertEquals(0, counted.inboxLooks);
        Rules.decide(counted, putting(PUBLIC, "a/b/d", 2), stamp(ANA));
        assertTrue(counted.inboxLooks > 0);
    }

    /// Counts what is asked of the interests' tables.
    private static final class CountingState implements CatalogState {
        private final CatalogState base;
        private int inboxLooks;

        CountingState(CatalogState base) {
            this.base = base;
        }

        @Override
        public <K, V> @org.jspecify.annotations.Nullable V get(Table<K, V> table, K key) {
            inboxLooks += table.family() == Family.INBOXES ? 1 : 0;
            return base.get(table, key);
        }

        @Override
        public <K, V> Cursor<K, V> scan(Table<K, V> table, byte[] prefix) {
            inboxLooks += table.family() == Family.INBOXES ? 1 : 0;
            return base.scan(table, prefix);
        }
    }
}
