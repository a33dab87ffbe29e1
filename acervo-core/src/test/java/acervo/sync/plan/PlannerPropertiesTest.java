package acervo.sync.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.Kind;
import acervo.sync.plan.Mode.Direction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// One random tree, perturbed twice; planned and carried out in random orders, with failures and a feed that lags,
/// until
/// nothing is left to do. `-Dacervo.seed=N` repeats a run, `-Dacervo.cases=N` makes it longer.
final class PlannerPropertiesTest {
    private static final Names STRICT = new Names(true, true, true);

    @Test
    void randomTreesComeToAgreeAndLoseNothing() {
        String given = System.getProperty("acervo.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        int cases = Integer.getInteger("acervo.cases", given.isEmpty() ? 10_000 : 1);
        System.out.println("PlannerPropertiesTest: -Dacervo.seed=" + seed);
        for (int i = 0; i < cases; i++) {
            long one = seed + i;
            try {
                new Case(one).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dacervo.seed=" + one + ": " + e.getMessage(), e);
            }
        }
    }

    /// One case; all that happens in it follows from its seed.
    static final class Case {
        private static final List<String> NAMES = List.of("a", "b", "c", "A", "CON.txt", "\u00e9", "e\u0301", "d.txt");

        private final Random random;
        private final World world = new World();
        private final Names names;
        private final Mode mode;
        private final int contents;
        private final Set<String> paths = new HashSet<>();

        Case(long seed) {
            random = new Random(seed * 0x9E3779B97F4A7C15L);
            names = random.nextInt(4) == 0 ? STRICT : Names.EXACT;
            mode = switch (random.nextInt(8)) {
                case 0 -> new Mode(Direction.UP, random.nextBoolean());
                case 1 -> new Mode(Direction.DOWN, random.nextBoolean());
                default -> Mode.BOTH;
            };
            contents = random.nextBoolean() ? 3 : 1_000_000;
        }

        private Occasion occasion(Brakes brakes) {
            return new Occasion(mode, names, brakes, "ana", 1_790_000_000_000L, Set.of());
        }

        void run() {
            begin();
            int changes = random.nextInt(7);
            for (int i = 0; i < changes; i++) {
                changeDisk();
            }
            changes = random.nextInt(7);
            for (int i = 0; i < changes; i++) {
                changeSpace();
            }
            if (random.nextInt(10) == 0) {
                world.trees.forgetSynced();
            }
            world.scan();
            world.feed();
            paths();
            Set<BlobId> mustLive = mustLive();
            trace(() -> mode + " " + names + "\n  disk " + world.disk.values() + "\n  space " + world.space.values()
                    + "\n  synced " + world.trees.synceds());
            brakes();
            Plan last = settle(random.nextInt(3) == 0 ? 3 : 0);
            Set<BlobId> alive = new HashSet<>();
            world.disk.values().forEach(n -> alive.add(n.content().blob()));
            world.space.values().forEach(n -> alive.add(n.content().blob()));
            for (BlobId blob : mustLive) {
                assertTrue(alive.contains(blob), () -> "lost " + blob);
            }
            agree(last);
        }

        /// For who repeats one seed.
        private static void trace(Supplier<String> text) {
            if (Boolean.getBoolean("acervo.trace")) {
                System.out.println(text.get());
            }
        }

        private Plan settle(int badRounds) {
            int limit = 4 * paths.size() + badRounds * 2 + 1;
            for (int round = 0; round < limit; round++) {
                Plan plan = Planner.plan(world.trees, occasion(Brakes.OFF));
                assertEquals(plan, Planner.plan(world.trees, occasion(Brakes.OFF)), "not the same plan again");
                permitted(plan);
                trace(() -> "plan " + plan.steps() + "\n  " + plan.reports());
                if (plan.isEmpty() && world.trees.cursor() == world.version) {
                    return plan;
                }
                world.carryOut(plan, random, round < badRounds ? 40 : 0);
                if (round >= badRounds || random.nextBoolean()) {
                    world.feed();
                }
            }
            throw new AssertionError(
                    "still not at rest after " + limit + " rounds: " + Planner.plan(world.trees, occasion(Brakes.OFF)));
        }

        private void permitted(Plan plan) {
            for (Plan.Step step : plan.steps()) {
                Act act = Act.of(step.operation(), null);
                boolean note =
                        step.operation() instanceof Operation.AdoptSame || step.operation() instanceof Operation.Forget;
                boolean local = act.side() == Act.Side.LOCAL;
                assertTrue(
                        note || (local ? mode.changesLocal() : mode.changesRemote()),
                        () -> mode + " does " + step.operation());
                if (local && act.takes() != null) {
                    assertTrue(holds(act.takes()), () -> "no disk holds " + act.takes());
                }
            }
        }

        private boolean holds(String path) {
            return Stream.of(path.split("/")).allMatch(names::holds);
        }

        private void brakes() {
            Plan plan = Planner.plan(world.trees, occasion(new Brakes(0, 0, 0, 0)));
            boolean tripped = plan.brake().isPresent();
            assertTrue(!tripped || plan.isEmpty(), "the brake was on and something is done");
            if (!tripped) {
                for (Plan.Step step : plan.steps()) {
                    boolean removes = switch (step.operation()) {
                        case Operation.RemoveLocal(LocalNode n) -> n.content().kind() != Kind.FOLDER;
                        case Operation.RemoveRemote(RemoteNode n) -> n.content().kind() != Kind.FOLDER;
                        default -> false;
                    };
                    assertTrue(!removes || plan.steps().size() > 1, "removed with the brake on");
                }
            }
        }

        // How it is in the end.

        private void agree(Plan last) {
            Map<String, String> disk = new TreeMap<>();
            Map<String, String> space = new TreeMap<>();
            world.disk.values().forEach(n -> disk.put(n.path().text(), shown(n.content())));
            world.space.values().forEach(n -> {
                space.put(n.path().text(), shown(n.content()));
                for (String at = Paths.parent(n.path().text()); !at.isEmpty(); at = Paths.parent(at)) {
                    space.putIfAbsent(at, "folder");
                }
            });
            if (mode.direction() == Direction.BOTH && last.reports().isEmpty()) {
                assertEquals(space, disk, "the two sides differ");
                assertTrue(world.trees.inStep(), "not noted as in step");
                Map<String, String> synced = new TreeMap<>();
                world.trees.synceds().forEach(n -> synced.put(n.path().text(), shown(n.content())));
                assertEquals(space, synced, "synced differs");
            }
            for (String path : disk.keySet()) {
                assertFalse(path.contains("(moving "), () -> "left aside: " + path);
            }
            if (names.exact() && mode.direction() == Direction.BOTH) {
                assertEquals(List.of(), last.reports(), "nothing is in anyone's way here");
            }
            assertEquals(Set.copyOf(world.disk.values()), Set.copyOf(world.trees.locals()));
            assertEquals(Set.copyOf(world.space.values()), Set.copyOf(world.trees.remotes()));
        }

        private static String shown(Content content) {
            return switch (content.kind()) {
                case FOLDER -> "folder";
                case LINK -> "link " + content.blob();
                case FILE -> "file " + content.blob() + " " + content.modifiedMillis() + " " + content.executable();
            };
        }

        /// All live content, but for what was in step and went or was replaced on one side.
        private Set<BlobId> mustLive() {
            Set<BlobId> must = new HashSet<>();
            world.disk.values().forEach(n -> must.add(n.content().blob()));
            world.space.values().forEach(n -> must.add(n.content().blob()));
            for (SyncedNode s : world.trees.synceds()) {
                if (mayGo(s)) {
                    must.remove(s.content().blob());
                }
            }
            // What someone wrote since always lives.
            Set<BlobId> base = new HashSet<>();
            world.trees.synceds().forEach(s -> base.add(s.content().blob()));
            world.disk.values().stream()
                    .map(n -> n.content().blob())
                    .filter(b -> !base.contains(b))
                    .forEach(must::add);
            world.space.values().stream()
                    .map(n -> n.content().blob())
                    .filter(b -> !base.contains(b))
                    .forEach(must::add);
            return must;
        }

        /// Whether the content that was in step was replaced on one side, or removed on one and left alone on
        /// the other.
        private boolean mayGo(SyncedNode s) {
            // Removed and made again at the same path is an edit.
            LocalNode l =
                    world.disk.getOrDefault(s.localId(), world.onDisk(s.path().text()));
            RemoteNode r =
                    world.space.getOrDefault(s.remoteId(), world.row(s.path().text()));
            if (l == null && r == null) {
                return true;
            }
            boolean edited = l != null && !l.content().blob().equals(s.content().blob())
                    || r != null && !r.content().blob().equals(s.content().blob());
            boolean moved = l != null && !l.path().equals(s.path())
                    || r != null && !r.path().equals(s.path());
            return edited || (l == null || r == null) && !moved;
        }

        private void paths() {
            world.disk.values().forEach(n -> paths.add(n.path().text()));
            world.space.values().forEach(n -> paths.add(n.path().text()));
            world.trees.synceds().forEach(n -> paths.add(n.path().text()));
        }

        // How it begins, and what happens to it.

        private Content content() {
            Kind kind = random.nextInt(5) == 0 ? Kind.LINK : Kind.FILE;
            BlobId blob = new BlobId(random.nextInt(contents), kind.code(), 7, 7);
            boolean plain = kind == Kind.LINK;
            return new Content(kind, blob, 10, plain ? 0 : random.nextInt(3), !plain && random.nextInt(3) == 0);
        }

        private String path() {
            StringBuilder path = new StringBuilder();
            int depth = 1 + random.nextInt(3);
            for (int i = 0; i < depth; i++) {
                path.append(i == 0 ? "" : "/").append(NAMES.get(random.nextInt(NAMES.size())));
            }
            return path.toString();
        }

        private void begin() {
            int count = random.nextInt(8);
            for (int i = 0; i < count; i++) {
                String path = path();
                if (freeOnDisk(path)) {
                    boolean folder = random.nextInt(5) == 0;
                    Content content = folder ? World.FOLDER : content();
                    world.mkdirs(Paths.parent(path));
                    LocalNode l = world.write(++world.localIds, path, content);
                    RemoteNode r = world.store(++world.remoteIds, path, content);
                    if (!folder) {
                        world.trees.put(new SyncedNode(
                                l.id(), r.id(), l.path(), r.version().number(), content));
                    }
                }
            }
            for (LocalNode node : List.copyOf(world.disk.values())) {
                if (node.content().kind() == Kind.FOLDER) {
                    world.trees.put(new SyncedNode(0, 0, node.path(), 0, World.FOLDER));
                    if (world.row(node.path().text()) == null && random.nextBoolean()) {
                        world.store(++world.remoteIds, node.path().text(), World.FOLDER);
                    }
                }
            }
        }

        /// Whether a new thing can be there: nothing is, all above are folders, and the disk holds the name.
        private boolean freeOnDisk(String path) {
            if (world.onDisk(path) != null || !holds(path)) {
                return false;
            }
            for (String at = path; !at.isEmpty(); at = Paths.parent(at)) {
                String here = at;
                LocalNode there = world.onDisk(at);
                if (there != null && there.content().kind() != Kind.FOLDER) {
                    return false;
                }
                if (world.disk.values().stream()
                        .anyMatch(n -> !n.path().text().equals(here)
                                && names.key(n.path().text()).equals(names.key(here)))) {
                    return false;
                }
            }
            return true;
        }

        private boolean freeInSpace(String path, boolean folder) {
            if (world.row(path) != null || !folder && world.spaceHasBelow(path)) {
                return false;
            }
            for (String at = Paths.parent(path); !at.isEmpty(); at = Paths.parent(at)) {
                RemoteNode there = world.row(at);
                if (there != null && there.content().kind() != Kind.FOLDER) {
                    return false;
                }
            }
            return true;
        }

        private <T> @Nullable T any(List<T> of) {
            return of.isEmpty() ? null : of.get(random.nextInt(of.size()));
        }

        private void changeDisk() {
            LocalNode any = any(List.copyOf(world.disk.values()));
            LocalNode file = any(world.disk.values().stream()
                    .filter(n -> n.content().kind() != Kind.FOLDER)
                    .toList());
            String path = path();
            switch (random.nextInt(9)) {
                case 0, 1 -> {
                    if (freeOnDisk(path)) {
                        world.mkdirs(Paths.parent(path));
                        world.write(++world.localIds, path, random.nextInt(4) == 0 ? World.FOLDER : content());
                    }
                }
                case 2 -> {
                    if (file != null) {
                        world.write(file.id(), file.path().text(), content());
                    }
                }
                case 3 -> {
                    if (any != null) {
                        removeOnDisk(any.path().text());
                    }
                }
                case 4 -> {
                    if (any != null) {
                        renameOnDisk(any.path().text(), path);
                    }
                }
                case 5 -> {
                    if (file != null) { // an atomic save that the index did not recognise
                        world.disk.remove(file.id());
                        world.write(++world.localIds, file.path().text(), content());
                    }
                }
                case 6 -> { // a type switch
                    if (any != null) {
                        removeOnDisk(any.path().text());
                        boolean folder = any.content().kind() == Kind.FOLDER;
                        world.write(++world.localIds, any.path().text(), folder ? content() : World.FOLDER);
                        String below = any.path().text() + "/" + NAMES.get(random.nextInt(NAMES.size()));
                        if (!folder && freeOnDisk(below)) {
                            world.write(++world.localIds, below, content());
                        }
                    }
                }
                case 7 -> {
                    LocalNode other = any(world.disk.values().stream()
                            .filter(n -> n.content().kind() != Kind.FOLDER)
                            .toList());
                    if (file != null && other != null) { // they change places
                        world.write(file.id(), other.path().text(), file.content());
                        if (other.id() != file.id()) {
                            world.write(other.id(), file.path().text(), other.content());
                        }
                    }
                }
                default -> { // a file goes into a folder of its own name, or comes out of it
                    if (file != null && Paths.depth(file.path().text()) < 4) {
                        String at = file.path().text();
                        world.disk.remove(file.id());
                        String inner = at + "/a";
                        if (freeOnDisk(inner)) {
                            world.mkdirs(at);
                            world.write(file.id(), inner, file.content());
                        } else {
                            world.write(file.id(), at, file.content());
                        }
                    }
                }
            }
        }

        private void removeOnDisk(String path) {
            world.disk.values().removeIf(n -> isAtOrBelow(n.path().text(), path));
        }

        private void renameOnDisk(String from, String to) {
            if (isAtOrBelow(to, from)) {
                return;
            }
            List<LocalNode> moved = world.disk.values().stream()
                    .filter(n -> isAtOrBelow(n.path().text(), from))
                    .toList();
            moved.forEach(n -> world.disk.remove(n.id()));
            LocalNode there = world.onDisk(to);
            boolean onto = there != null && there.content().kind() != Kind.FOLDER && moved.size() == 1;
            if (onto && there != null) {
                world.disk.remove(there.id());
            }
            boolean free = freeOnDisk(to);
            if (free) {
                world.mkdirs(Paths.parent(to));
            } else if (onto && there != null) {
                world.write(there.id(), to, there.content());
            }
            for (LocalNode n : moved) {
                world.write(
                        n.id(),
                        free
                                ? to + n.path().text().substring(from.length())
                                : n.path().text(),
                        n.content());
            }
        }

        private static boolean isAtOrBelow(String path, String folder) {
            return path.equals(folder) || path.startsWith(folder + "/");
        }

        private void changeSpace() {
            RemoteNode any = any(List.copyOf(world.space.values()));
            RemoteNode file = any(world.space.values().stream()
                    .filter(n -> n.content().kind() != Kind.FOLDER)
                    .toList());
            String path = path();
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    boolean folder = random.nextInt(4) == 0;
                    if (freeInSpace(path, folder)) {
                        world.store(++world.remoteIds, path, folder ? World.FOLDER : content());
                    }
                }
                case 2 -> {
                    if (file != null) {
                        world.store(file.id(), file.path().text(), content());
                    }
                }
                case 3 -> {
                    if (any != null) {
                        removeInSpace(
                                random.nextBoolean()
                                        ? any.path().text()
                                        : Paths.parent(any.path().text()));
                    }
                }
                case 4 -> {
                    if (any != null) {
                        String up = Paths.parent(any.path().text());
                        renameInSpace(
                                random.nextBoolean() || up.isEmpty()
                                        ? any.path().text()
                                        : up,
                                path);
                    }
                }
                case 5 -> {
                    if (file != null) {
                        world.space.remove(file.id());
                        world.version++;
                        world.store(++world.remoteIds, file.path().text(), content());
                    }
                }
                case 6 -> {
                    if (any != null) {
                        removeInSpace(any.path().text());
                        boolean folder = any.content().kind() == Kind.FOLDER;
                        if (folder) {
                            world.store(++world.remoteIds, any.path().text(), content());
                        } else {
                            String below = any.path().text() + "/" + NAMES.get(random.nextInt(NAMES.size()));
                            world.store(++world.remoteIds, below, content());
                        }
                    }
                }
                default -> {
                    RemoteNode other = any(world.space.values().stream()
                            .filter(n -> n.content().kind() != Kind.FOLDER)
                            .toList());
                    if (file != null && other != null && other.id() != file.id()) {
                        world.store(file.id(), other.path().text(), file.content());
                        world.store(other.id(), file.path().text(), other.content());
                    }
                }
            }
        }

        private void removeInSpace(String path) {
            if (!path.isEmpty()
                    && world.space.values().removeIf(n -> isAtOrBelow(n.path().text(), path))) {
                world.version++;
            }
        }

        private void renameInSpace(String from, String to) {
            if (isAtOrBelow(to, from) || isAtOrBelow(from, to)) {
                return;
            }
            List<RemoteNode> moved = new ArrayList<>(world.space.values().stream()
                    .filter(n -> isAtOrBelow(n.path().text(), from))
                    .toList());
            if (moved.stream()
                    .allMatch(n -> freeInSpace(
                            to + n.path().text().substring(from.length()),
                            n.content().kind() == Kind.FOLDER))) {
                moved.forEach(n -> world.store(n.id(), to + n.path().text().substring(from.length()), n.content()));
            }
        }
    }
}
