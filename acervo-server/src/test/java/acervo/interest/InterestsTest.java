package acervo.interest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.catalog.Catalog;
import acervo.catalog.Catalogs;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.NodeId;
import acervo.model.Notice;
import acervo.model.PathPattern;
import acervo.model.RequestId;
import acervo.model.SecretHash;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class InterestsTest {
    private static final NodeId NODE = new NodeId(new UUID(1, 1));
    private static final ClientId ANA = new ClientId(new UUID(2, 1));
    private static final long HOUR = 3_600_000;

    private Catalog catalog;
    private Interests interests;

    @BeforeEach
    void start() {
        catalog = Catalogs.memory(NODE, Clock.systemUTC());
        catalog.submit(new Command.AddNode(NODE), Stamp.SERVER, request());
        catalog.submit(new Command.RegisterClient(ANA, SecretHash.of(new byte[] {1})), ANA, request());
        interests = new Interests(catalog, Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        catalog.close();
    }

    private static RequestId request() {
        return new RequestId(UUID.randomUUID());
    }

    private void put(int blob, String... paths) {
        Content content = new Content(Kind.FILE, new BlobId(blob, 1, 1, 1), 1, 0, false);
        List<Command.Put> items = new ArrayList<>();
        for (String path : paths) {
            items.add(new Command.Put(new FilePath(path), content, 0, Condition.ANY));
        }
        catalog.submit(new Command.PutFiles(SpaceName.HOME, List.of(NODE), items), ANA, request());
    }

    private static Wish wish(String pattern, boolean keep) {
        return new Wish(SpaceName.HOME, PathPattern.parse(pattern), HOUR, keep, 0);
    }

    private static List<String> paths(Wanted wanted) {
        return wanted.there().stream().map(entry -> entry.path().text()).toList();
    }

    /// A reader that takes one message at a time, when the test says so.
    private static final class Reader implements Outlet<News.OfInterests> {
        final BlockingQueue<News.OfInterests> heard = new LinkedBlockingQueue<>();
        final BlockingQueue<Runnable> rooms = new LinkedBlockingQueue<>();

        @Override
        public void send(News.OfInterests message, Runnable room) {
            heard.add(message);
            rooms.add(room);
        }

        @Override
        public void end(Optional<RuntimeException> trouble) {}

        List<Long> next() throws InterruptedException {
            News.OfInterests news = heard.poll(60, TimeUnit.SECONDS);
            assertTrue(news != null, "nothing was heard");
            return news.notices().stream().map(Notice::number).toList();
        }

        void room() throws InterruptedException {
            Runnable room = rooms.poll(60, TimeUnit.SECONDS);
            assertTrue(room != null, "nothing was sent");
            room.run();
        }
    }

    @Test
    void aMachineThatIsBusyReadsANoticeBeforeAnotherLetsGoOfIt() throws Exception {
        interests.want(ANA, request(), wish("*", true));
        Reader busy = new Reader();
        try (Delivery<News.OfInterests> stream = interests.notices(ANA, 0, Set.of(), true, busy)) {
            stream.start();
            assertEquals(List.of(), busy.next());
            put(1, "a");
            Thread other = Thread.ofVirtual().start(() -> interests.acknowledge(ANA, request(), List.of(1L), 0));
            // It waits, or it was wrong and has ended.
            while (other.getState() != Thread.State.TIMED_WAITING && other.isAlive()) {
                Thread.onSpinWait();
            }
            busy.room();
            assertEquals(List.of(1L), busy.next());
            other.join();
            assertEquals(List.of(), catalog.notices(ANA, 0, 10).notices());
        }
    }

    @Test
    void aReaderThatTakesNothingKeepsNobodyWaitingForEver() throws Exception {
        interests.want(ANA, request(), wish("*", true));
        Reader stuck = new Reader();
        try (Delivery<News.OfInterests> stream = interests.notices(ANA, 0, Set.of(), true, stuck)) {
            stream.start();
            stuck.next();
            put(1, "a");
            assertEquals(1, interests.acknowledge(ANA, request(), List.of(1L), 0));
            // What is not there keeps nobody waiting at all.
            assertEquals(0, interests.acknowledge(ANA, request(), List.of(Long.MAX_VALUE), 0));
        }
    }

    @Test
    void aWishWhoseAnswerWasLostFindsAgainWhatWasThere() {
        put(1, "in/a", "in/b");
        RequestId request = request();
        Wanted first = interests.want(ANA, request, wish("in/*", true));
        assertEquals(List.of("in/a", "in/b"), paths(first));
        put(2, "in/b", "in/c");
        Wanted again = interests.want(ANA, request, wish("in/*", true));
        assertEquals(first.interest(), again.interest());
        // What came since is told by notices, and only there.
        assertEquals(List.of("in/a"), paths(again));
        assertEquals(2, catalog.notices(ANA, 0, 10).notices().size());
        RequestId one = request();
        Wanted path = interests.want(ANA, one, wish("in/a", true));
        assertEquals(path, interests.want(ANA, one, wish("in/a", true)));
    }

    @Test
    void moreThanAThousandMatchesAreCutAndSaidSo() {
        for (int from = 0; from < 1_200; from += 400) {
            put(1, IntStream.range(from, from + 400).mapToObj(i -> "f" + i).toArray(String[]::new));
        }
        Wanted wanted = interests.want(ANA, request(), wish("f*", true));
        assertEquals(1_000, wanted.there().size());
        assertTrue(wanted.more());
        assertTrue(wanted.interest() > 0);
        // Also when they came after the version from which one looks.
        Wanted since = interests.want(ANA, request(), new Wish(SpaceName.HOME, PathPattern.parse("f*"), HOUR, true, 1));
        assertEquals(1_000, since.there().size());
        assertTrue(since.more() && since.interest() > 0);
    }

    @Test
    void aLookRegistersNothing() {
        Wanted look = interests.want(ANA, request(), new Wish(SpaceName.HOME, PathPattern.parse("a"), 0, false, 0));
        assertEquals(new Wanted(0, 0, 0, List.of(), false), look);
        assertEquals(List.of(), interests.interests(ANA));
        put(1, "a");
        Wanted there = interests.want(ANA, request(), new Wish(SpaceName.HOME, PathPattern.parse("a"), 0, false, 0));
        assertEquals(List.of("a"), paths(there));
        assertEquals(1, there.seen());
        assertEquals(
                List.of(),
                paths(interests.want(
                        ANA, request(), new Wish(SpaceName.HOME, PathPattern.parse("a"), 0, false, there.seen()))));
    }
}
