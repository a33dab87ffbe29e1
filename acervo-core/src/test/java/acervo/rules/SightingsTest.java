package acervo.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Command.Sighting;
import acervo.model.FilePath;
import acervo.model.Outcome;
import acervo.model.PathPattern;
import acervo.model.Reason;
import acervo.model.Role;
import acervo.model.SpaceName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Folders of the server's machine that are shared, one rule at a time.
final class SightingsTest extends RulesCase {
    private static final SpaceName DISK = new SpaceName("disk");

    private void share(SpaceName... names) {
        assertEquals(Outcome.DONE, own(new Command.ShareFolders(Arrays.asList(names))));
    }

    private static Sighting there(String path, long id, long size) {
        return new Sighting.There(new FilePath(path), id, size, 5, false, 6);
    }

    private static Sighting gone(String path) {
        return new Sighting.Gone(new FilePath(path));
    }

    private void sight(int known, Sighting... items) {
        assertEquals(new Outcome.Trimmed(known), own(new Command.Sight(DISK, Arrays.asList(items))));
    }

    private Outcome.Wanted want(ClientId client, String pattern, boolean keep) {
        long seen = access(client, DISK).sequence();
        PathPattern parsed = PathPattern.parse(pattern);
        return assertInstanceOf(
                Outcome.Wanted.class,
                send(client, new Command.Want(DISK, parsed, DAY, keep, parsed.isGlob() ? seen : 0)));
    }

    private List<String> notices(ClientId client) {
        List<String> notices = new ArrayList<>();
        try (Cursor<Row.NoticeKey, Row.Notice> rows = state.scan(Tables.NOTICES, Tables.of(client))) {
            while (rows.next()) {
                notices.add(rows.value().entry().path().text());
            }
        }
        return notices;
    }

    private List<String> feed() {
        List<String> rows = new ArrayList<>();
        try (Cursor<Row.VersionKey, Row.Fed> feed = state.scan(Tables.FEED, new byte[0])) {
            while (feed.next()) {
                rows.add(feed.key().version() + " " + feed.value().path()
                        + (feed.value().absent() ? " gone" : ""));
            }
        }
        return rows;
    }

    @Test
    void everyClientReadsItWhileItIsSharedAndNobodyWrites() {
        assertRefused(Reason.NO_SUCH_SPACE, send(RUI, new Command.Want(DISK, PathPattern.parse("a"), DAY, false, 0)));
        share(DISK);
        Access access = Access.of(state, RUI, DISK);
        assertNotNull(access);
        assertEquals(Role.READER, access.role());
        assertRefused(Reason.FORBIDDEN, send(RUI, new Command.RemoveFiles(DISK, false, List.of())));
        assertRefused(Reason.FORBIDDEN, send(RUI, new Command.RemoveSpace(DISK, true)));
        assertRefused(Reason.FORBIDDEN, send(RUI, new Command.Grant(DISK, RUI, Role.OWNER)));
        assertRefused(Reason.SPACE_EXISTS, send(RUI, new Command.CreateSpace(DISK)));
        assertRefused(Reason.FORBIDDEN, send(RUI, new Command.ShareFolders(List.of())));
        assertRefused(Reason.FORBIDDEN, send(RUI, new Command.Sight(DISK, List.of())));
    }

    @Test
    void whatIsSeenIsKnownAndFedAndCountedOnce() {
        share(DISK);
        sight(2, there("a/b", 1, 10), there("c", 2, 20));
        sight(2, there("a/b", 1, 10), gone("nothing"));
        assertEquals(List.of("1 a/b", "2 c"), feed());
        sight(1, there("a/b", 1, 11));
        sight(1, gone("c"));
        assertEquals(List.of("3 a/b", "4 c gone"), feed());
        Row.Space space = access(RUI, DISK);
        assertEquals(1, space.files());
        assertEquals(11, space.bytes());
        Row.Totals totals = state.get(Tables.TOTALS, Row.Only.KEY);
        assertNotNull(totals);
        assertEquals(0, totals.files());
        assertEquals(0, state.count(Tables.BLOBS));
    }

    @Test
    void whoWantsAFileIsToldWhenItIsSeenAndNotAgain() {
        share(DISK);
        sight(1, there("old.txt", 1, 10));
        assertEquals(0, want(RUI, "old.txt", false).interest());
        want(RUI, "new.txt", false);
        want(EVA, "*.txt", true);
        sight(2, there("old.txt", 1, 10), there("new.txt", 2, 10));
        // Told again, as after an answer that was lost.
        sight(2, there("old.txt", 1, 10), there("new.txt", 2, 10));
        assertEquals(List.of("new.txt"), notices(RUI));
        assertEquals(List.of("new.txt"), notices(EVA));
        // Other rights are no news, and other bytes are.
        sight(1, new Sighting.There(new FilePath("new.txt"), 2, 10, 5, true, 7));
        assertEquals(List.of("new.txt"), notices(EVA));
        sight(1, there("new.txt", 3, 10));
        assertEquals(List.of("new.txt", "new.txt"), notices(EVA));
        assertEquals(List.of("new.txt"), notices(RUI));
    }

    @Test
    void aFolderThatIsSharedNoMoreIsHiddenWithAllThatIsKnownOfIt() {
        share(DISK, new SpaceName("other"));
        sight(1, there("a", 1, 10));
        want(RUI, "b", false);
        share(new SpaceName("other"));
        assertNull(Access.of(state, RUI, DISK));
        assertRefused(Reason.NO_SUCH_SPACE, own(new Command.Sight(DISK, List.of(there("b", 2, 1)))));
        share(DISK);
        assertNull(Access.of(state, RUI, new SpaceName("other")));
        sight(2, there("a", 1, 10), there("b", 2, 1));
        assertEquals(List.of("1 a", "2 b"), feed());
        assertEquals(List.of("b"), notices(RUI));
    }

    @Test
    void theNameOfAFolderThatIsSharedNoMoreIsFree() {
        share(DISK);
        sight(1, there("a/b", 1, 10));
        want(RUI, "b", false);
        share();
        done(ANA, new Command.CreateSpace(DISK));
        assertRefused(Reason.SPACE_EXISTS, own(new Command.ShareFolders(List.of(DISK))));
        while (!new Outcome.Trimmed(0).equals(own(new Command.Drain(1)))) {
            // One row at a time.
        }
        assertEquals(0, state.count(Tables.FILES));
        assertEquals(0, state.count(Tables.FOLDERS));
        assertEquals(0, state.count(Tables.INTERESTS));
        assertEquals(List.of(), feed());
        assertRefused(Reason.SPACE_NAME_RESERVED, own(new Command.ShareFolders(List.of(SpaceName.PUBLIC))));
    }

    @Test
    void whatIsInTheWayIsToBeGoneFirst() {
        share(DISK);
        sight(1, there("a", 1, 10));
        sight(0, there("a/b", 2, 10));
        sight(2, gone("a"), there("a/b", 2, 10));
        sight(0, there("a", 3, 10));
        sight(2, gone("a/b"), there("a", 3, 10));
    }
}
