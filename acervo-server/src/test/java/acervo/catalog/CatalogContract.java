package acervo.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.catalog.Catalog.Item;
import acervo.catalog.Catalog.Page;
import acervo.catalog.Catalog.SpaceView;
import acervo.model.BlobId;
import acervo.model.Change;
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
import acervo.model.RequestId;
import acervo.model.Role;
import acervo.model.SecretHash;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import acervo.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every catalog does, wherever it keeps its rows.
abstract class CatalogContract {
    static final NodeId NODE = new NodeId(new UUID(1, 1));
    static final ClientId ANA = new ClientId(new UUID(2, 1));
    static final ClientId RUI = new ClientId(new UUID(2, 2));

    Catalog catalog = absent();
    private long requests;

    /// An empty catalog whose node is [#NODE].
    abstract Catalog open();

    private static Catalog absent() {
        return new MemoryCatalog(NODE, () -> java.time.Instant.EPOCH);
    }

    @BeforeEach
    void registerTwoClients() {
        catalog = open();
        done(new Command.RegisterClient(ANA, secret(1)), ANA);
        done(new Command.RegisterClient(RUI, secret(2)), RUI);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    @Test
    void knowsItsNodeFromTheStart() {
        assertEquals(List.of(NODE), catalog.nodes());
        assertTrue(catalog.status().writable());
        assertTrue(catalog.status().epoch() != 0);
    }

    @Test
    void tellsSecretsOfRegisteredClientsOnly() {
        assertEquals(Optional.of(secret(1)), catalog.secret(ANA));
        assertEquals(Optional.empty(), catalog.secret(new ClientId(new UUID(9, 9))));
    }

    @Test
    void homeIsTheCallersOwn() {
        SpaceView ana = space(ANA, SpaceName.HOME);
        SpaceView rui = space(RUI, SpaceName.HOME);
        assertTrue(!ana.id().equals(rui.id()));
        put(ANA, SpaceName.HOME, "a", 1);
        assertEquals(1, names(ana.id(), FilePath.ROOT).size());
        assertEquals(0, names(rui.id(), FilePath.ROOT).size());
    }

    @Test
    void homeAndPublicComeFirstThenSharedSpacesByName() {
        done(new Command.CreateSpace(new SpaceName("zoo")), ANA);
        done(new Command.CreateSpace(new SpaceName("art")), RUI);
        done(new Command.Grant(new SpaceName("art"), ANA, Role.READER), RUI);
        assertEquals(
                List.of("home", "public", "art", "zoo"),
                catalog.spaces(ANA).stream().map(s -> s.name().text()).toList());
        assertEquals(
                List.of("home", "public", "art"),
                catalog.spaces(RUI).stream().map(s -> s.name().text()).toList());
    }

    @Test
    void listsFilesAndSubFoldersOfOneFolder() {
        for (String path : List.of("a", "b-1", "b/x/1", "b/y", "b/x/2", "c/d/e", "b.txt")) {
            put(ANA, SpaceName.HOME, path, 1);
        }
        SpaceId home = space(ANA, SpaceName.HOME).id();
        assertEquals(List.of("a", "b/", "b-1", "b.txt", "c/"), names(home, FilePath.ROOT));
        assertEquals(List.of("b/x/", "b/y"), names(home, new FilePath("b")));
        assertEquals(List.of("b/x/1", "b/x/2"), names(home, new FilePath("b/x")));
        assertEquals(List.of(), names(home, new FilePath("a")));
        assertEquals(List.of(), names(home, new FilePath("nothing")));
    }

    @Test
    void aFolderMadeOnPurposeIsListedOnceWithWhatIsInIt() {
        putFolder(ANA, "docs");
        put(ANA, SpaceName.HOME, "docs/a", 1);
        put(ANA, SpaceName.HOME, "docs-2", 1);
        SpaceId home = space(ANA, SpaceName.HOME).id();
        Page page = catalog.list(home, FilePath.ROOT, false, null, 10);
        assertEquals(2, page.items().size());
        assertEquals(
                "docs",
                assertInstanceOf(Item.Entry.class, page.items().getFirst())
                        .path()
                        .text());
    }

    @Test
    void pagesMeetWithoutGapOrOverlap() {
        putFolder(ANA, "b");
        for (String path : List.of("a", "b/1", "b/2", "b-", "c/1", "c/2", "c!", "d")) {
            put(ANA, SpaceName.HOME, path, 1);
        }
        SpaceId home = space(ANA, SpaceName.HOME).id();
        for (boolean recursive : new boolean[] {false, true}) {
            List<Item> whole =
                    catalog.list(home, FilePath.ROOT, recursive, null, 100).items();
            for (int limit = 1; limit <= whole.size(); limit++) {
                List<Item> together = new ArrayList<>();
                FilePath after = null;
                boolean more = true;
                while (more) {
                    Page page = catalog.list(home, FilePath.ROOT, recursive, after, limit);
                    together.addAll(page.items());
                    more = page.more();
                    after = page.items().getLast().path();
                }
                assertEquals(whole, together);
            }
            List<FilePath> paths = whole.stream().map(Item::path).toList();
            assertEquals(paths.stream().sorted().toList(), paths);
            assertEquals(
                    recursive
                            ? List.of("a", "b", "b/1", "b/2", "b-", "c/1", "c/2", "c!", "d")
                            : List.of("a", "b", "b-", "c", "c!", "d"),
                    paths.stream().map(FilePath::text).toList());
        }
    }

    @Test
    void recursiveListsHaveEveryFileBelow() {
        for (String path : List.of("a/b/c", "a/d", "a-", "b")) {
            put(ANA, SpaceName.HOME, path, 1);
        }
        SpaceId home = space(ANA, SpaceName.HOME).id();
        assertEquals(
                List.of("a/b/c", "a/d"),
                catalog.list(home, new FilePath("a"), true, null, 10).items().stream()
                        .map(i -> i.path().text())
                        .toList());
    }

    @Test
    void theFeedHasOneRowPerFileTheLatest() {
        put(ANA, SpaceName.HOME, "a", 1);
        put(ANA, SpaceName.HOME, "b", 2);
        put(ANA, SpaceName.HOME, "a", 3);
        remove(ANA, SpaceName.HOME, "b", false);
        SpaceId home = space(ANA, SpaceName.HOME).id();
        List<Change> feed = catalog.feed(home, 0, 100);
        assertEquals(2, feed.size());
        assertEquals(new Version(3), feed.get(0).version());
        assertEquals(
                "b", assertInstanceOf(Change.Absent.class, feed.get(1)).path().text());
        assertEquals(feed.subList(1, 2), catalog.feed(home, 3, 100));
        assertEquals(List.of(), catalog.feed(home, 4, 100));
        assertEquals(4, space(ANA, SpaceName.HOME).latest());
    }

    @Test
    void historyFollowsARenameAndOutlivesARemoval() {
        put(ANA, SpaceName.HOME, "a", 1);
        put(ANA, SpaceName.HOME, "a", 2);
        move(ANA, "a", "b");
        SpaceId home = space(ANA, SpaceName.HOME).id();
        assertEquals(List.of(blob(1)), history(home, "b"));
        assertEquals(List.of(), history(home, "a"));
        remove(ANA, SpaceName.HOME, "b", false);
        assertEquals(List.of(blob(2), blob(1)), history(home, "b"));
        put(ANA, SpaceName.HOME, "b", 3);
        put(ANA, SpaceName.HOME, "b", 4);
        assertEquals(List.of(blob(3), blob(2), blob(1)), history(home, "b"));
        assertEquals(
                List.of(blob(3), blob(2)),
                catalog.history(home, new FilePath("b"), 2).stream()
                        .map(e -> e.content().blob())
                        .toList());
    }

    @Test
    void trimmingHistoryFreesBlobsAndSaysHowFarTheFeedIsComplete() {
        put(ANA, SpaceName.HOME, "a", 1);
        put(ANA, SpaceName.HOME, "a", 2);
        remove(ANA, SpaceName.HOME, "a", false);
        SpaceId home = space(ANA, SpaceName.HOME).id();
        assertEquals(0, catalog.feedStart(home));
        assertEquals(new Outcome.Trimmed(1), own(new Command.TrimHistory(Long.MAX_VALUE, 1)));
        assertEquals(List.of(blob(1)), catalog.orphans(Long.MAX_VALUE, 10));
        assertEquals(new Outcome.Trimmed(2), own(new Command.TrimHistory(Long.MAX_VALUE, 10)));
        assertEquals(Set.of(blob(1), blob(2)), Set.copyOf(catalog.orphans(Long.MAX_VALUE, 10)));
        assertEquals(List.of(), catalog.feed(home, 0, 10));
        assertEquals(3, catalog.feedStart(home));
        assertEquals(new Outcome.Trimmed(0), own(new Command.TrimHistory(Long.MAX_VALUE, 10)));
    }

    @Test
    void onlyOrphansAreForgotten() {
        put(ANA, SpaceName.HOME, "a", 1);
        put(ANA, SpaceName.HOME, "b", 2);
        remove(ANA, SpaceName.HOME, "b", true);
        assertEquals(2, catalog.status().blobs());
        assertEquals(1, catalog.status().orphans());
        Outcome outcome = own(new Command.ForgetBlobs(Long.MAX_VALUE, List.of(blob(1), blob(2), blob(3))));
        assertEquals(new Outcome.Forgotten(List.of(blob(2), blob(3))), outcome);
        assertEquals(Optional.empty(), catalog.blob(blob(2)));
        assertEquals(1, catalog.status().blobs());
        assertEquals(0, catalog.status().orphans());
    }

    @Test
    void countsReferencesAcrossSpacesAndTellsWhoRefers() {
        put(ANA, SpaceName.HOME, "a", 1);
        put(RUI, SpaceName.HOME, "b", 1);
        put(RUI, SpaceName.PUBLIC, "c", 1);
        assertEquals(3, catalog.blob(blob(1)).orElseThrow().references());
        assertEquals(List.of(NODE), catalog.blob(blob(1)).orElseThrow().holders());
        List<Catalog.FileRef> refs = catalog.referring(Set.of(blob(1)), 10);
        assertEquals(3, refs.size());
        assertEquals(
                Set.of(Optional.of(ANA), Optional.of(RUI), Optional.empty()),
                Set.copyOf(refs.stream().map(Catalog.FileRef::owner).toList()));
        assertEquals(1, catalog.blobs(null, 10).size());
        assertEquals(List.of(), catalog.blobs(blob(1), 10));
    }

    @Test
    void aRepeatedRequestTakesEffectOnce() {
        RequestId request = new RequestId(new UUID(5, 5));
        Command put = putting(SpaceName.HOME, "a", 1);
        assertEquals(Optional.empty(), catalog.outcome(ANA, request));
        Outcome first = catalog.submit(put, ANA, request);
        assertEquals(Optional.of(first), catalog.outcome(ANA, request));
        put(ANA, SpaceName.HOME, "a", 2);
        assertEquals(first, catalog.submit(put, ANA, request));
        assertEquals(2, space(ANA, SpaceName.HOME).latest());
        Outcome.Refused refused =
                assertInstanceOf(Outcome.Refused.class, catalog.submit(putting(SpaceName.HOME, "b", 1), ANA, request));
        assertEquals(Reason.REQUEST_REUSED, refused.refusal().reason());
    }

    @Test
    void aRemovedSpaceIsGoneAtOnceAndItsFilesSoonAfter() {
        SpaceName name = new SpaceName("team");
        done(new Command.CreateSpace(name), ANA);
        for (int i = 0; i < 3_000; i += 1_000) {
            List<Command.Put> items = new ArrayList<>();
            for (int j = i; j < i + 1_000; j++) {
                items.add(new Command.Put(new FilePath("f/" + j), content(j % 7), 0, Condition.ANY));
            }
            catalog.submit(new Command.PutFiles(name, List.of(NODE), items), ANA, request());
        }
        assertEquals(3_000, catalog.status().files());
        done(new Command.RemoveSpace(name, true), ANA);
        assertEquals(Optional.empty(), catalog.space(ANA, name));
        assertEquals(0, catalog.status().files());
        awaitOrphans(7);
    }

    /// Draining goes on by itself; every look is a round trip through the log.
    private void awaitOrphans(long count) {
        for (int i = 0; i < 10_000 && catalog.status().orphans() < count; i++) {
            own(new Command.TrimHistory(0, 1));
        }
        assertEquals(count, catalog.status().orphans());
    }

    @Test
    void aClosedCatalogTakesNothing() {
        catalog.close();
        assertThrows(CatalogUnavailableException.class, () -> put(ANA, SpaceName.HOME, "a", 1));
    }

    @Test
    void limitsAreChecked() {
        SpaceId home = space(ANA, SpaceName.HOME).id();
        assertThrows(IllegalArgumentException.class, () -> catalog.list(home, FilePath.ROOT, false, null, 0));
        assertThrows(IllegalArgumentException.class, () -> catalog.feed(home, 0, 10_001));
    }

    // What the tests are written with.

    static SecretHash secret(int n) {
        return SecretHash.of(new byte[] {(byte) n});
    }

    static BlobId blob(int n) {
        return new BlobId(n, 1, 1, 1);
    }

    static Content content(int n) {
        return new Content(Kind.FILE, blob(n), 10 + n, 1_000, false);
    }

    final RequestId request() {
        return new RequestId(new UUID(7, ++requests));
    }

    private SpaceView space(ClientId caller, SpaceName name) {
        return catalog.space(caller, name).orElseThrow();
    }

    private void done(Command command, ClientId author) {
        assertEquals(Outcome.DONE, catalog.submit(command, author, request()));
    }

    private Outcome own(Command command) {
        return catalog.submit(command, Stamp.SERVER, request());
    }

    static Command putting(SpaceName space, String path, int n) {
        return new Command.PutFiles(
                space, List.of(NODE), List.of(new Command.Put(new FilePath(path), content(n), 0, Condition.ANY)));
    }

    private FileEntry put(ClientId author, SpaceName space, String path, int n) {
        return now(catalog.submit(putting(space, path, n), author, request()));
    }

    private void putFolder(ClientId author, String path) {
        Content folder = new Content(Kind.FOLDER, BlobId.EMPTY, 0, 0, false);
        now(catalog.submit(
                new Command.PutFiles(
                        SpaceName.HOME,
                        List.of(NODE),
                        List.of(new Command.Put(new FilePath(path), folder, 0, Condition.ANY))),
                author,
                request()));
    }

    private static FileEntry now(Outcome outcome) {
        Outcome.Files files = assertInstanceOf(Outcome.Files.class, outcome);
        return assertInstanceOf(Result.Now.class, files.results().getFirst()).entry();
    }

    private void move(ClientId author, String from, String to) {
        now(catalog.submit(
                new Command.MoveFiles(
                        SpaceName.HOME,
                        List.of(new Command.Move(new FilePath(from), new FilePath(to), Condition.ANY, false))),
                author,
                request()));
    }

    private void remove(ClientId author, SpaceName space, String path, boolean forever) {
        Outcome outcome = catalog.submit(
                new Command.RemoveFiles(space, forever, List.of(new Command.Remove(new FilePath(path), Condition.ANY))),
                author,
                request());
        assertInstanceOf(
                Result.Gone.class,
                assertInstanceOf(Outcome.Files.class, outcome).results().getFirst());
    }

    private List<String> names(SpaceId space, FilePath folder) {
        return names(catalog, space, folder, null);
    }

    static List<String> names(Catalog catalog, SpaceId space, FilePath folder, @Nullable FilePath after) {
        return catalog.list(space, folder, false, after, 1_000).items().stream()
                .map(item -> switch (item) {
                    case Item.Entry(FileEntry entry) -> entry.path().text();
                    case Item.Folder(FilePath path) -> path.text() + "/";
                })
                .toList();
    }

    private List<BlobId> history(SpaceId space, String path) {
        return catalog.history(space, new FilePath(path), 100).stream()
                .map(entry -> entry.content().blob())
                .toList();
    }
}
