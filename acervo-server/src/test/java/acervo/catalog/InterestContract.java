package acervo.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.catalog.Catalog.Inbox;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.FilePath;
import acervo.model.Interest;
import acervo.model.Notice;
import acervo.model.Outcome;
import acervo.model.PathPattern;
import acervo.model.Role;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What every catalog does about interests and notices, and about those who listen.
abstract class InterestContract extends CatalogContract {
    private static final SpaceName TEAM = new SpaceName("team");
    private static final long HOUR = 3_600_000;

    private long want(ClientId client, SpaceName space, String pattern, boolean keep) {
        SpaceId id = catalog.space(client, space).orElseThrow().id();
        long latest = catalog.space(client, space).orElseThrow().latest();
        assertEquals(id, catalog.space(client, space).orElseThrow().id());
        Outcome outcome = catalog.submit(
                new Command.Want(space, PathPattern.parse(pattern), HOUR, keep, latest), client, request());
        return assertInstanceOf(Outcome.Wanted.class, outcome).interest();
    }

    private void put(ClientId author, SpaceName space, String path, int n) {
        assertInstanceOf(Outcome.Files.class, catalog.submit(putting(space, path, n), author, request()));
    }

    private static List<String> told(Inbox inbox) {
        return inbox.notices().stream()
                .map(notice -> notice.number() + " " + notice.interest() + " " + notice.space() + ":"
                        + notice.entry().path())
                .toList();
    }

    @Test
    void interestsAreToldInTheOrderOfTheirNumbers() {
        for (String pattern : List.of("a", "b/*", "c")) {
            want(ANA, SpaceName.PUBLIC, pattern, pattern.equals("c"));
        }
        want(RUI, SpaceName.HOME, "x", false);
        List<Interest> all = catalog.interests(ANA, 0, 10);
        assertEquals(
                List.of("a", "b/*", "c"),
                all.stream().map(i -> i.pattern().text()).toList());
        assertEquals(List.of(1L, 2L, 3L), all.stream().map(Interest::number).toList());
        assertEquals(all.subList(1, 2), catalog.interests(ANA, 1, 1));
        assertEquals(List.of(), catalog.interests(ANA, 3, 10));
        Interest third = all.getLast();
        assertEquals(SpaceName.PUBLIC, third.space());
        assertTrue(third.keep());
        assertEquals(HOUR, third.expiresMillis() - third.createdMillis());
        assertEquals(Optional.of(third), catalog.interest(ANA, 3));
        assertEquals(Optional.empty(), catalog.interest(RUI, 3));
        assertEquals(SpaceName.HOME, catalog.interests(RUI, 0, 10).getFirst().space());
    }

    @Test
    void noticesAreReadByCursorUntilTheyAreAcknowledged() {
        want(RUI, SpaceName.PUBLIC, "**", true);
        for (int i = 1; i <= 5; i++) {
            put(ANA, SpaceName.PUBLIC, "f" + i, i);
        }
        assertEquals(new Inbox(List.of(), 0, false, 0), catalog.notices(ANA, 0, 10));
        Inbox two = catalog.notices(RUI, 0, 2);
        assertEquals(List.of("1 1 public:f1", "2 1 public:f2"), told(two));
        assertEquals(2, two.last());
        assertTrue(two.more());
        Inbox rest = catalog.notices(RUI, two.last(), 3);
        assertEquals(List.of("3 1 public:f3", "4 1 public:f4", "5 1 public:f5"), told(rest));
        assertFalse(rest.more());
        assertEquals(new Inbox(List.of(), 5, false, 0), catalog.notices(RUI, 5, 3));
        assertEquals(new Inbox(List.of(), 50, false, 0), catalog.notices(RUI, 50, 3));
        catalog.submit(new Command.Acknowledge(List.of(1L, 3L, 5L), 0), RUI, request());
        assertEquals(List.of("2 1 public:f2", "4 1 public:f4"), told(catalog.notices(RUI, 0, 10)));
        Notice notice = catalog.notices(RUI, 0, 1).notices().getFirst();
        assertEquals(
                catalog.file(catalog.space(RUI, SpaceName.PUBLIC).orElseThrow().id(), new FilePath("f2")),
                Optional.of(notice.entry()));
    }

    @Test
    void whatMayNotBeReadNowIsNotTold() {
        catalog.submit(new Command.CreateSpace(TEAM), ANA, request());
        catalog.submit(new Command.Grant(TEAM, RUI, Role.READER), ANA, request());
        want(RUI, TEAM, "**", true);
        put(ANA, TEAM, "a", 1);
        put(ANA, TEAM, "b", 1);
        assertEquals(2, catalog.notices(RUI, 0, 10).notices().size());
        catalog.submit(new Command.Grant(TEAM, RUI, Role.NONE), ANA, request());
        Inbox hidden = catalog.notices(RUI, 0, 1);
        assertEquals(List.of(), hidden.notices());
        assertEquals(1, hidden.last());
        assertTrue(hidden.more());
        catalog.submit(new Command.Grant(TEAM, RUI, Role.READER), ANA, request());
        assertEquals(2, catalog.notices(RUI, 0, 10).notices().size());
        catalog.submit(new Command.RemoveSpace(TEAM, true), ANA, request());
        assertEquals(List.of(), catalog.notices(RUI, 0, 10).notices());
    }

    @Test
    void interestsWhoseTimeIsOverAreLetGoOf() {
        want(RUI, SpaceName.PUBLIC, "a", false);
        long expires = catalog.interests(RUI, 0, 1).getFirst().expiresMillis();
        assertFalse(catalog.interestsAreDue(expires - 1));
        assertTrue(catalog.interestsAreDue(expires));
        assertEquals(new Outcome.Trimmed(0), catalog.submit(new Command.ExpireInterests(10), Stamp.SERVER, request()));
        assertEquals(new Outcome.Trimmed(1), catalog.submit(new Command.Unwant(List.of(1L)), RUI, request()));
        assertFalse(catalog.interestsAreDue(Long.MAX_VALUE));
        assertEquals(Optional.empty(), catalog.interest(RUI, 1));
    }

    @Test
    void listenersAreToldWhichSpacesAndClientsChanged() {
        List<String> told = new ArrayList<>();
        catalog.submit(new Command.CreateSpace(TEAM), ANA, request());
        SpaceId team = catalog.space(ANA, TEAM).orElseThrow().id();
        catalog.listen((spaces, clients) -> {
            throw new IllegalStateException("a listener that fails keeps nobody else from hearing");
        });
        catalog.listen((spaces, clients) -> told.add(Set.copyOf(spaces) + " " + Set.copyOf(clients)));
        catalog.submit(new Command.Grant(TEAM, RUI, Role.READER), ANA, request());
        expect(told, Set.of(team) + " []");
        want(RUI, TEAM, "a", false);
        expect(told, "[] " + Set.of(RUI));
        put(ANA, TEAM, "b", 1);
        expect(told, Set.of(team) + " []");
        put(ANA, TEAM, "a", 1);
        expect(told, Set.of(team) + " " + Set.of(RUI));
        put(ANA, TEAM, "a", 1);
        expect(told);
        catalog.submit(new Command.Acknowledge(List.of(1L), 0), RUI, request());
        expect(told, "[] " + Set.of(RUI));
        catalog.submit(
                new Command.RemoveFiles(TEAM, false, List.of(new Command.Remove(new FilePath("a"), Condition.ANY))),
                ANA,
                request());
        expect(told, Set.of(team) + " []");
        catalog.submit(new Command.RemoveSpace(TEAM, true), ANA, request());
        assertEquals(Set.of(team) + " []", told.getFirst());
    }

    private static void expect(List<String> told, String... expected) {
        assertEquals(List.of(expected), told);
        told.clear();
    }
}
