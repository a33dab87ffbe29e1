package acervo.interest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.catalog.Catalog;
import acervo.catalog.CatalogUnavailableException;
import acervo.catalog.Catalogs;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.Content;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.NodeId;
import acervo.model.Notice;
import acervo.model.PathPattern;
import acervo.model.RequestId;
import acervo.model.Role;
import acervo.model.SecretHash;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// One who waits on two machines, one who deposits, and a server that is killed, in every order that a seed makes of
/// them: before, after, at the same moment, with answers lost and connections broken. Each arrival is told exactly
/// once. One thread does everything, so that the same seed is the same run.
final class InterleavingTest {
    private static final int RUNS = 10_000;
    private static final long BEGIN = 1_000_000;
    private static final long MILLIS = 1_000;
    private static final NodeId NODE = new NodeId(new UUID(1, 1));
    private static final ClientId ANA = new ClientId(new UUID(2, 1));
    private static final ClientId RUI = new ClientId(new UUID(2, 2));
    private static final SpaceName TEAM = new SpaceName("team");

    @Test
    void everyArrivalIsToldExactlyOnceInEveryOrder() {
        String given = System.getProperty("acervo.seed", "");
        long first = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("-Dacervo.seed=" + first);
        Map<String, Integer> seen = new TreeMap<>();
        for (int run = 0; run < (given.isEmpty() ? RUNS : 1); run++) {
            long seed = first + run;
            try {
                seen.merge(new Run(new Random(seed)).play(), 1, Integer::sum);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with -Dacervo.seed=" + seed, e);
            }
        }
        System.out.println(seen);
        if (given.isEmpty()) {
            // Each of the ways in which it may go was taken often.
            for (String way : List.of("there", "notice", "cancelled", "over", "unreadable")) {
                assertTrue(seen.getOrDefault(way, 0) > RUNS / 100, () -> way + ": " + seen);
            }
        }
    }

    /// A machine of the one who waits: it knows what it printed, and what it acknowledged.
    private static final class Machine {
        private final Set<Long> told = new HashSet<>();
        private final List<Long> unacknowledged = new ArrayList<>();
        private final Queue<Runnable> room = new ArrayDeque<>();
        private long last;
        private @Nullable Delivery<News.OfInterests> stream;
    }

    private static final class Run {
        private final Random random;
        private final Instant[] now = {Instant.ofEpochMilli(BEGIN)};
        private final Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return now[0];
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
        private final Catalog stored = Catalogs.memory(NODE, clock);
        private final Catalog catalog = hooked(stored);
        private final List<Runnable> work = new ArrayList<>();
        private final List<Runnable> steps = new ArrayList<>();
        private final List<Machine> machines = List.of(new Machine(), new Machine());
        private final List<FileEntry> there = new ArrayList<>();
        private final Set<Long> notices = new HashSet<>();
        private final List<Notice> told = new ArrayList<>();
        private final boolean keep;
        private final boolean glob;
        private final RequestId wish = new RequestId(new UUID(3, 1));
        private Interests interests;
        private long interest = -1;
        private int generation;
        private int requests;
        private int depth;
        private boolean quiet;
        private boolean cancelled;
        private boolean revoked;
        private int arrivals;

        /// When the wish was made last.
        private long wantedMillis;

        Run(Random random) {
            this.random = random;
            this.keep = random.nextInt(3) == 0;
            this.glob = random.nextBoolean();
            quiet = true;
            stored.submit(new Command.AddNode(NODE), Stamp.SERVER, request());
            for (ClientId client : List.of(ANA, RUI)) {
                stored.submit(new Command.RegisterClient(client, SecretHash.of(new byte[] {1})), client, request());
            }
            stored.submit(new Command.CreateSpace(TEAM), RUI, request());
            stored.submit(new Command.Grant(TEAM, ANA, Role.READER), RUI, request());
            quiet = false;
            interests = started();
        }

        private RequestId request() {
            return new RequestId(new UUID(4, ++requests));
        }

        private Interests started() {
            int mine = ++generation;
            // What a dead server had still to do is never done.
            return new Interests(
                    catalog,
                    clock,
                    new Rounds(task -> work.add(() -> {
                        if (mine == generation) {
                            task.run();
                        }
                    })));
        }

        /// The catalog, with other things happening just before and after a change, and answers that are lost.
        private Catalog hooked(Catalog to) {
            return (Catalog) Proxy.newProxyInstance(
                    Catalog.class.getClassLoader(), new Class<?>[] {Catalog.class}, (_, method, arguments) -> {
                        boolean change = method.getName().equals("submit") && !quiet;
                        if (change) {
                            meanwhile();
                            fail();
                        }
                        if (change && arguments[0] instanceof Command.Want) {
                            wantedMillis = now[0].toEpochMilli();
                        }
                        try {
                            Object answer = method.invoke(to, arguments);
                            if (change) {
                                fail();
                                meanwhile();
                            }
                            return answer;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        private void fail() {
            if (random.nextInt(8) == 0) {
                throw new CatalogUnavailableException("the answer is lost", null);
            }
        }

        /// Something else, in the middle of something.
        private void meanwhile() {
            if (depth < 3 && random.nextInt(3) == 0) {
                depth++;
                try {
                    step();
                } finally {
                    depth--;
                }
            }
        }

        String play() {
            String pattern = glob ? random.nextBoolean() ? "in/*" : "**" : "in/f";
            steps.add(() -> want(pattern));
            int puts = 1 + random.nextInt(3);
            for (int i = 0; i < puts; i++) {
                Command.PutFiles put = put(i);
                RequestId request = request();
                steps.add(() -> deposit(put, request));
            }
            for (Machine machine : machines) {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    steps.add(() -> connect(machine));
                    steps.add(() -> acknowledge(machine));
                }
            }
            switch (random.nextInt(8)) {
                case 0 -> {
                    RequestId cancel = request();
                    steps.add(() -> unwant(cancel));
                }
                case 1 -> steps.add(() -> now[0] = now[0].plusMillis(MILLIS));
                case 2 ->
                    steps.add(() -> {
                        quiet = true;
                        stored.submit(new Command.Grant(TEAM, ANA, Role.NONE), RUI, request());
                        quiet = false;
                        revoked = true;
                    });
                default -> {
                    for (int i = random.nextInt(3); i > 0; i--) {
                        steps.add(this::kill);
                    }
                }
            }
            while (!steps.isEmpty() || !work.isEmpty()) {
                step();
            }
            quiet = true;
            settle();
            return check();
        }

        /// One thing that can happen now.
        private void step() {
            int rooms = machines.stream().mapToInt(m -> m.room.size()).sum();
            int choices = steps.size() + work.size() + rooms;
            if (choices == 0) {
                return;
            }
            int choice = random.nextInt(choices);
            if (choice < steps.size()) {
                steps.remove(choice).run();
            } else if (choice < steps.size() + work.size()) {
                work.remove(choice - steps.size()).run();
            } else {
                machines.stream()
                        .filter(m -> !m.room.isEmpty())
                        .findFirst()
                        .ifPresent(m -> m.room.remove().run());
            }
        }

        private Command.PutFiles put(int n) {
            Content content = new Content(Kind.FILE, new BlobId(n, 1, 1, 1), 1, 0, false);
            Command.Put item = new Command.Put(new FilePath("in/f"), content, 0, Condition.ANY);
            return new Command.PutFiles(TEAM, List.of(NODE), List.of(item));
        }

        private void deposit(Command.PutFiles put, RequestId request) {
            try {
                catalog.submit(put, RUI, request);
                arrivals++;
            } catch (CatalogUnavailableException e) {
                steps.add(() -> deposit(put, request));
            }
        }

        private void want(String pattern) {
            try {
                Wanted wanted = interests.want(ANA, wish, new Wish(TEAM, PathPattern.parse(pattern), MILLIS, keep, 0));
                interest = wanted.interest();
                there.addAll(wanted.there());
            } catch (CatalogUnavailableException e) {
                steps.add(() -> want(pattern));
            } catch (acervo.model.RefusedException e) {
                assertTrue(revoked, e::toString);
                interest = 0;
            }
        }

        private void unwant(RequestId request) {
            if (interest < 0) {
                steps.add(() -> unwant(request));
                return;
            }
            if (interest == 0) {
                return;
            }
            try {
                int before = notices.size();
                cancelled = interests.unwant(ANA, request, List.of(interest)) > 0;
                assertTrue(!cancelled || keep || before == 0, "a word came before, so that it can't be cancelled");
            } catch (CatalogUnavailableException e) {
                steps.add(() -> unwant(request));
            }
        }

        private void connect(Machine machine) {
            if (machine.stream != null) {
                machine.stream.close();
                machine.room.clear();
            }
            int[] mine = {generation};
            Outlet<News.OfInterests> outlet = new Outlet<>() {
                @Override
                public void send(News.OfInterests news, Runnable room) {
                    if (mine[0] == generation && machine.stream != null) {
                        news.notices().forEach(notice -> hear(machine, notice));
                        machine.room.add(room);
                    }
                }

                @Override
                public void end(Optional<RuntimeException> trouble) {
                    trouble.ifPresent(t -> {
                        throw new AssertionError(t);
                    });
                }
            };
            machine.stream = interests.notices(ANA, machine.last, Set.of(), true, outlet);
            machine.stream.start();
        }

        private void hear(Machine machine, Notice notice) {
            assertTrue(machine.told.add(notice.number()), () -> "told twice: " + notice);
            assertTrue(!revoked, "told of what may not be read");
            assertTrue(!cancelled, "told of what was cancelled");
            machine.last = notice.number();
            machine.unacknowledged.add(notice.number());
            if (notices.add(notice.number())) {
                told.add(notice);
            }
        }

        private void acknowledge(Machine machine) {
            List<Long> numbers = List.copyOf(machine.unacknowledged);
            try {
                // Nobody runs the other streams while this thread waits for them: they may miss a word here.
                catalog.submit(new Command.Acknowledge(numbers, 0), ANA, request());
                machine.unacknowledged.removeAll(numbers);
            } catch (CatalogUnavailableException e) {
                steps.add(() -> acknowledge(machine));
            }
        }

        /// `kill -9`: what was acknowledged is there, and nothing else of the server.
        private void kill() {
            for (Machine machine : machines) {
                machine.stream = null;
                machine.room.clear();
            }
            work.clear();
            interests = started();
            machines.forEach(machine -> steps.add(() -> connect(machine)));
        }

        /// Everybody comes back, and hears all that there is.
        private void settle() {
            for (Machine machine : machines) {
                connect(machine);
                while (!work.isEmpty() || !machine.room.isEmpty()) {
                    while (!work.isEmpty()) {
                        work.removeFirst().run();
                    }
                    while (!machine.room.isEmpty()) {
                        machine.room.remove().run();
                    }
                }
            }
        }

        private String check() {
            Set<Long> versions = new HashSet<>();
            there.forEach(entry -> assertTrue(versions.add(entry.version().number()), "there twice"));
            for (Notice notice : told) {
                assertTrue(revoked || interest == notice.interest());
                boolean late = notice.entry().storedMillis() >= BEGIN + MILLIS;
                assertTrue(!late || wantedMillis >= BEGIN + MILLIS, () -> "told after its time: " + notice);
                assertTrue(versions.add(notice.entry().version().number()), () -> "told twice: " + notice);
            }
            boolean over = now[0].toEpochMilli() > BEGIN;
            if (!revoked && !cancelled && !over) {
                // One that was there when the wish was made hides what was there before it.
                assertTrue(arrivals > 0);
                assertTrue(keep ? !versions.isEmpty() : versions.size() == 1, () -> "told of " + versions);
                if (keep) {
                    long latest = stored.space(ANA, TEAM).orElseThrow().latest();
                    long from = there.isEmpty() ? 0 : there.getFirst().version().number();
                    long earliest =
                            versions.stream().mapToLong(Long::longValue).min().orElse(0);
                    assertTrue(from == 0 || from == earliest);
                    assertEquals(latest - earliest + 1, versions.size(), "one is missing in " + versions);
                }
            }
            return revoked
                    ? "unreadable"
                    : cancelled ? "cancelled" : over ? "over" : there.isEmpty() ? "notice" : "there";
        }
    }
}
