package acervo.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
import acervo.model.PathPattern;
import acervo.model.RequestId;
import acervo.model.Role;
import acervo.model.SecretHash;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Many interleavings of everything that has to do with interests, compared with a model that a child could check:
/// a list of wishes, a list of arrivals, and every wish is held against every arrival.
final class InterestModelTest {
    private static final int RUNS = 10_000;
    private static final int STEPS = 40;
    private static final List<NodeId> NODES = List.of(new NodeId(new UUID(1, 1)), new NodeId(new UUID(1, 2)));
    private static final List<ClientId> CLIENTS =
            List.of(new ClientId(new UUID(2, 1)), new ClientId(new UUID(2, 2)), new ClientId(new UUID(2, 3)));
    private static final SpaceName TEAM = new SpaceName("team");
    private static final List<SpaceName> SPACES =
            List.of(SpaceName.PUBLIC, SpaceName.PUBLIC, TEAM, TEAM, SpaceName.HOME);
    private static final List<String> PATHS = List.of("a", "b", "r/a", "r/b", "r/s/a");
    private static final List<String> PATTERNS =
            List.of("a", "b", "r/a", "r/s/a", "*", "r/*", "r/**", "**/a", "[ab]", "r/?/a", "**");

    @Test
    void everyArrivalIsToldOnceToWhoMayKnowAndToNobodyElse() {
        String given = System.getProperty("acervo.seed", "");
        long first = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("-Dacervo.seed=" + first);
        int met = 0;
        for (int run = 0; run < (given.isEmpty() ? RUNS : 1); run++) {
            long seed = first + run;
            try {
                met += new Run(new Random(seed)).play();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with -Dacervo.seed=" + seed, e);
            }
        }
        assertTrue(!given.isEmpty() || met > RUNS, "only " + met + " notices");
    }

    private record Wish(ClientId client, long number, SpaceId space, PathPattern pattern, boolean keep, long expires) {}

    /// What a client is told: an interest and what arrived.
    private record Word(long interest, SpaceId space, FilePath path, long version) {}

    private static final class Run {
        private final Random random;
        private final MapState state = new MapState();
        private final List<Wish> wishes = new ArrayList<>();
        private final Map<ClientId, TreeMap<Long, Word>> inboxes = new HashMap<>();
        private long now = 1_000_000;
        private long requests;
        private int told;

        Run(Random random) {
            this.random = random;
            CLIENTS.forEach(client -> inboxes.put(client, new TreeMap<>()));
        }

        int play() {
            for (NodeId node : NODES) {
                send(Stamp.SERVER, new Command.AddNode(node));
            }
            for (ClientId client : CLIENTS) {
                send(client, new Command.RegisterClient(client, SecretHash.of(new byte[] {1})));
            }
            send(CLIENTS.getFirst(), new Command.CreateSpace(TEAM));
            for (int i = 0; i < STEPS; i++) {
                step();
                compare();
            }
            return told;
        }

        private Outcome send(ClientId author, Command command) {
            Decision decision =
                    Rules.decide(state, command, new Stamp(now, author, new RequestId(new UUID(7, ++requests))));
            state.write(decision);
            return decision.outcome();
        }

        private <T> T one(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        private void step() {
            now += random.nextInt(20);
            ClientId client = one(CLIENTS);
            SpaceName space = one(SPACES);
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3, 4 -> want(client, space);
                case 5, 6, 7, 8, 9 -> change(client, space, put(space));
                case 10, 11 ->
                    change(
                            client,
                            space,
                            new Command.MoveFiles(
                                    space,
                                    List.of(new Command.Move(path(), path(), Condition.ANY, random.nextBoolean()))));
                case 12 ->
                    change(
                            client,
                            space,
                            new Command.RemoveFiles(space, false, List.of(new Command.Remove(path(), Condition.ANY))));
                case 13 ->
                    change(client, space, new Command.SetReplicas(space, 1 + random.nextInt(2), List.of(path())));
                case 14 -> unwant(client);
                case 15, 16 -> acknowledge(client);
                case 17 -> send(Stamp.SERVER, new Command.ExpireInterests(random.nextInt(4)));
                case 18 ->
                    send(
                            CLIENTS.getFirst(),
                            new Command.Grant(TEAM, one(CLIENTS.subList(1, 3)), Role.of(random.nextInt(3))));
                default -> replaceTeam();
            }
        }

        private FilePath path() {
            return new FilePath(one(PATHS));
        }

        private Command put(SpaceName space) {
            List<Command.Put> items = new ArrayList<>();
            for (int i = random.nextInt(2); i >= 0; i--) {
                int n = random.nextInt(3);
                Content content = random.nextInt(6) == 0
                        ? new Content(Kind.FOLDER, BlobId.EMPTY, 0, 0, false)
                        : new Content(
                                random.nextInt(4) == 0 ? Kind.LINK : Kind.FILE,
                                new BlobId(n, 1, 1, 1),
                                n,
                                random.nextInt(2),
                                false);
                items.add(new Command.Put(path(), content, 0, Condition.ANY));
            }
            return new Command.PutFiles(space, List.of(NODES.getFirst()), items);
        }

        private void replaceTeam() {
            if (random.nextInt(3) == 0) {
                Access access = Access.of(state, CLIENTS.getFirst(), TEAM);
                send(CLIENTS.getFirst(), new Command.RemoveSpace(TEAM, true));
                send(CLIENTS.getFirst(), new Command.CreateSpace(TEAM));
                SpaceId gone = Objects.requireNonNull(access).space().id();
                if (random.nextBoolean()) {
                    send(Stamp.SERVER, new Command.Drain(10_000));
                    wishes.removeIf(wish -> wish.space().equals(gone));
                }
            }
        }

        private void want(ClientId client, SpaceName name) {
            PathPattern pattern = PathPattern.parse(one(PATTERNS));
            Access access = Access.of(state, client, name);
            long sequence = access == null ? 0 : access.space().sequence();
            long seen = random.nextInt(3) == 0 ? random.nextLong(sequence + 1) : sequence;
            boolean keep = random.nextInt(3) == 0;
            long millis = 1L + random.nextInt(200);
            Outcome outcome = send(client, new Command.Want(name, pattern, millis, keep, seen));
            if (access == null) {
                assertInstanceOf(Outcome.Refused.class, outcome);
                return;
            }
            SpaceId space = access.space().id();
            Outcome.Wanted wanted = assertInstanceOf(Outcome.Wanted.class, outcome);
            Set<FileEntry> there = new HashSet<>();
            try (Cursor<Row.PathKey, FileEntry> files = state.scan(Tables.FILES, Tables.in(space))) {
                while (files.next()) {
                    FileEntry entry = files.value();
                    if (pattern.matches(entry.path())
                            && entry.version().number() > seen
                            && entry.content().kind() != Kind.FOLDER) {
                        there.add(entry);
                    }
                }
            }
            assertEquals(there, new HashSet<>(wanted.there()));
            assertEquals(there.isEmpty() || keep, wanted.interest() > 0);
            if (wanted.interest() > 0) {
                wishes.add(new Wish(client, wanted.interest(), space, pattern, keep, now + millis));
            }
        }

        /// Carries out a change of files; what it made of which file is taken as told, and held against every
        /// wish.
        private void change(ClientId author, SpaceName name, Command command) {
            Access access = Access.of(state, author, name);
            Map<FilePath, FileEntry> before = files(access);
            if (!(send(author, command) instanceof Outcome.Files(var results)) || access == null) {
                return;
            }
            for (Outcome.Result result : results) {
                if (result instanceof Outcome.Result.Now(FileEntry entry, boolean changed) && changed) {
                    FileEntry old = before.get(entry.path());
                    boolean moved = command instanceof Command.MoveFiles;
                    boolean same = old != null
                            && old.content().kind() == entry.content().kind()
                            && old.content().blob().equals(entry.content().blob());
                    if (entry.content().kind() != Kind.FOLDER && (moved || !same)) {
                        arrived(access.space().id(), entry);
                    }
                    before.put(entry.path(), entry);
                }
            }
        }

        private Map<FilePath, FileEntry> files(@org.jspecify.annotations.Nullable Access access) {
            Map<FilePath, FileEntry> all = new HashMap<>();
            if (access != null) {
                try (Cursor<Row.PathKey, FileEntry> files =
                        state.scan(Tables.FILES, Tables.in(access.space().id()))) {
                    while (files.next()) {
                        all.put(files.key().path(), files.value());
                    }
                }
            }
            return all;
        }

        private void arrived(SpaceId space, FileEntry entry) {
            for (Wish wish : List.copyOf(wishes)) {
                if (wish.space().equals(space)
                        && wish.pattern().matches(entry.path())
                        && wish.expires() > now
                        && Access.of(state, wish.client(), space) != null) {
                    pending.add(Map.entry(
                            wish.client(),
                            new Word(
                                    wish.number(),
                                    space,
                                    entry.path(),
                                    entry.version().number())));
                    if (!wish.keep()) {
                        wishes.remove(wish);
                    }
                }
            }
        }

        /// What must have been told by the last command, in any order.
        private final List<Map.Entry<ClientId, Word>> pending = new ArrayList<>();

        private void unwant(ClientId client) {
            long number = 1L + random.nextInt(6);
            Outcome outcome = send(client, new Command.Unwant(List.of(number)));
            // One whose time is over counts for as long as it has its row: nobody can tell the difference.
            boolean there = wishes.removeIf(wish -> {
                boolean it = wish.client().equals(client) && wish.number() == number;
                if (it && wish.keep() && outcome.equals(new Outcome.Trimmed(1))) {
                    inboxes.get(client).values().removeIf(word -> word.interest() == number);
                }
                return it;
            });
            assertTrue(there || outcome.equals(new Outcome.Trimmed(0)));
        }

        private void acknowledge(ClientId client) {
            TreeMap<Long, Word> inbox = inboxes.get(client);
            List<Long> numbers = new ArrayList<>();
            for (Map.Entry<Long, Word> word : inbox.entrySet()) {
                // Only what may be read was delivered and can be acknowledged.
                if (random.nextBoolean()
                        && Access.of(state, client, word.getValue().space()) != null) {
                    numbers.add(word.getKey());
                }
            }
            assertEquals(new Outcome.Trimmed(numbers.size()), send(client, new Command.Acknowledge(numbers, 0)));
            long last = numbers.isEmpty() ? 0 : numbers.getLast();
            numbers.forEach(inbox::remove);
            inbox.entrySet()
                    .removeIf(word -> word.getKey() < last
                            && Access.of(state, client, word.getValue().space()) == null);
        }

        private void compare() {
            Map<ClientId, Set<Word>> fresh = new HashMap<>();
            pending.forEach(word -> assertTrue(
                    fresh.computeIfAbsent(word.getKey(), c -> new HashSet<>()).add(word.getValue())));
            pending.clear();
            for (ClientId client : CLIENTS) {
                TreeMap<Long, Word> expected = inboxes.get(client);
                TreeMap<Long, Word> found = new TreeMap<>();
                try (Cursor<Row.NoticeKey, Row.Notice> rows = state.scan(Tables.NOTICES, Tables.of(client))) {
                    while (rows.next()) {
                        Row.Notice row = rows.value();
                        found.put(
                                rows.key().number(),
                                new Word(
                                        row.interest(),
                                        row.space(),
                                        row.entry().path(),
                                        row.entry().version().number()));
                    }
                }
                Set<Word> news = new HashSet<>();
                for (long number : new TreeSet<>(found.keySet())) {
                    if (!expected.containsKey(number)) {
                        assertTrue(expected.isEmpty() || number > expected.lastKey());
                        assertTrue(news.add(found.get(number)), "told twice");
                    }
                }
                assertEquals(fresh.getOrDefault(client, Set.of()), news);
                told += news.size();
                for (Map.Entry<Long, Word> word : found.entrySet()) {
                    expected.putIfAbsent(word.getKey(), word.getValue());
                }
                assertEquals(expected, found);
            }
        }
    }
}
