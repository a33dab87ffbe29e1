package acervo.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.sync.plan.Brakes;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.Mode;
import acervo.sync.plan.Mode.Direction;
import acervo.sync.plan.Names;
import acervo.sync.plan.RemoteNode;
import acervo.sync.plan.SyncedNode;
import acervo.sync.plan.Trees;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Machines, people and a server; first everything happens to them, then nothing more, and all must be well.
final class SimWorld {
    private static final int EVENTS = 60;
    private static final int PATIENCE = 20_000;

    private final Simulation sim;
    private final SimPerson people;

    private SimWorld(long seed) {
        sim = new Simulation(seed);
        people = new SimPerson(sim);
    }

    /// One to three machines, all of which send and fetch.
    static SimWorld bothWays(long seed) {
        SimWorld world = new SimWorld(seed);
        Brakes brakes = world.brakes();
        int count = 1 + world.sim.random.nextInt(3);
        for (int i = 0; i < count; i++) {
            world.add(Mode.BOTH, brakes);
        }
        return world;
    }

    /// One machine that only sends, or none (two would undo each other's renames for ever), and others that only
    /// fetch, or do both.
    static SimWorld oneWay(long seed) {
        SimWorld world = new SimWorld(seed);
        Random random = world.sim.random;
        Brakes brakes = world.brakes();
        boolean sends = random.nextInt(3) > 0;
        if (sends) {
            world.add(new Mode(Direction.UP, random.nextBoolean()), brakes);
        }
        int count = random.nextInt(3) + (sends ? 0 : 1);
        for (int i = 0; i < count; i++) {
            boolean fetches = i == 0 && !sends || random.nextBoolean();
            world.add(fetches ? new Mode(Direction.DOWN, random.nextBoolean()) : Mode.BOTH, brakes);
        }
        return world;
    }

    private Brakes brakes() {
        return sim.random.nextInt(4) == 0 ? new Brakes(2, 30, 8, 0) : Brakes.OFF;
    }

    private void add(Mode mode, Brakes brakes) {
        String name = "m" + sim.clients.size();
        sim.trace(name + " is kept in step " + mode);
        sim.clients.add(new SimClient(sim, name, new Settings(mode, Names.EXACT, brakes, name, false)));
    }

    String run() {
        sim.clients.forEach(SimClient::boot);
        for (int i = 0; i < EVENTS; i++) {
            happens();
            for (int steps = sim.random.nextInt(40); steps > 0; steps--) {
                if (!sim.step() && sim.random.nextInt(3) == 0) {
                    sim.skip();
                }
            }
        }
        settle();
        return agree();
    }

    private void happens() {
        SimClient one = sim.clients.get(sim.random.nextInt(sim.clients.size()));
        switch (sim.random.nextInt(20)) {
            case 0 -> one.crash();
            case 1, 2 -> one.boot();
            case 3 -> {
                one.mounted = !one.mounted;
                SimClient.Life life = one.life();
                if (life != null && sim.random.nextBoolean()) {
                    life.scan();
                }
            }
            case 4 -> one.online = !one.online;
            case 5 -> sim.server.backup();
            case 6 -> {
                if (sim.random.nextInt(3) == 0) {
                    restore();
                }
            }
            case 7, 8, 9, 10 -> people.actsOnSpace();
            default -> people.actsOnDisk(one);
        }
    }

    /// What only the server had since the backup is lost with it, whoever keeps a folder in step.
    private void restore() {
        if (sim.server.restore()) {
            sim.trace("the server is restored");
            Set<BlobId> left = onDisks();
            sim.server.rows().forEach(row -> left.add(row.content().blob()));
            sim.owed.retainAll(left);
        }
    }

    private Set<BlobId> onDisks() {
        Set<BlobId> all = new HashSet<>();
        sim.clients.forEach(client ->
                client.disk.values().forEach(thing -> all.add(thing.content().blob())));
        return all;
    }

    /// No more faults, no more people: all machines run, and time passes until nothing more happens.
    private void settle() {
        sim.trace("calm");
        sim.calm();
        for (SimClient client : sim.clients) {
            client.mounted = true;
            client.online = true;
            client.boot();
        }
        for (SimClient client : sim.clients) {
            life(client).scan();
        }
        for (int i = 0; i < PATIENCE; i++) {
            if (!sim.step()) {
                if (sim.clients.stream().allMatch(this::isAtRest)) {
                    return;
                }
                assertTrue(sim.skip(), "not at rest, and nothing will happen any more");
            }
        }
        throw new AssertionError("does not come to rest: "
                + sim.clients.stream()
                        .map(client -> client.name + " " + life(client).engine.status())
                        .toList());
    }

    private static SimClient.Life life(SimClient client) {
        SimClient.Life life = client.life();
        if (life == null) {
            throw new AssertionError(client.name + " does not run");
        }
        return life;
    }

    private boolean isAtRest(SimClient client) {
        Engine engine = life(client).engine;
        Throwable failure = engine.failure();
        if (failure != null) {
            throw new AssertionError(client.name + " broke: " + failure, failure);
        }
        Status status = engine.status();
        return status.phase() == Status.Phase.IN_STEP
                && status.open().stream().allMatch(open -> maybeLeft(client, open.why()))
                && engine.cursor() == sim.server.sequence();
    }

    /// Both ways, nothing is left alone in the end.
    private static boolean maybeLeft(SimClient client, Status.Why why) {
        return !client.sendsAndFetches() && (why == Status.Why.ONE_WAY || why == Status.Why.IN_THE_WAY);
    }

    private String agree() {
        TreeMap<String, String> space = new TreeMap<>();
        Set<BlobId> current = new HashSet<>();
        sim.server.rows().forEach(row -> {
            current.add(row.content().blob());
            space.put(row.path().text(), shown(row.content()));
            for (String at = SimClient.parent(row.path().text()); !at.isEmpty(); at = SimClient.parent(at)) {
                space.putIfAbsent(at, "folder");
            }
        });
        for (SimClient client : sim.clients) {
            TreeMap<String, String> disk = new TreeMap<>();
            client.disk.forEach((path, thing) -> disk.put(path, shown(thing.content())));
            if (client.sendsAndFetches()) {
                assertEquals(space, disk, client.name + " differs");
            } else {
                differsWhereItSays(client, space, disk);
                client.disk
                        .values()
                        .forEach(thing -> current.add(thing.content().blob()));
            }
        }
        Set<BlobId> lost =
                sim.owed.stream().filter(blob -> !current.contains(blob)).collect(Collectors.toSet());
        assertEquals(Set.of(), lost, "lost");
        return space.toString();
    }

    /// One way, whatever file differs is one that a person is told of; and the receiving side has the folders of
    /// the
    /// other one.
    private void differsWhereItSays(SimClient client, Map<String, String> space, Map<String, String> disk) {
        Set<String> told = new HashSet<>();
        life(client).engine.status().open().forEach(open -> told.add(open.path()));
        Trees trees = new Trees();
        client.index.open(null).load(new Index.Trees(trees::put, trees::put, trees::put));
        boolean fetches = client.settings.mode().direction() == Direction.DOWN;
        Set<String> paths = new TreeSet<>(space.keySet());
        paths.addAll(disk.keySet());
        for (String path : paths) {
            String here = disk.getOrDefault(path, "nothing");
            String there = space.getOrDefault(path, "nothing");
            String sent = fetches ? there : here;
            String received = fetches ? here : there;
            boolean more = sent.equals("nothing") && received.equals("folder");
            if (!here.equals(there) && !more && Collections.disjoint(told, names(trees, new FilePath(path)))) {
                throw new AssertionError(client.name + " does not say that " + path + " is " + here
                        + ", and in the space " + there + ", but tells of " + told);
            }
        }
    }

    /// What a person may know it by: a file that was renamed is told of by one name only.
    private static Set<String> names(Trees trees, FilePath path) {
        Set<String> names = new HashSet<>(Set.of(FilePath.printable(path.text())));
        for (SyncedNode known : trees.synceds()) {
            LocalNode local = trees.local(known.localId());
            RemoteNode row = trees.remote(known.remoteId());
            if (local != null
                    && row != null
                    && (local.path().equals(path) || row.path().equals(path))) {
                names.add(FilePath.printable(local.path().text()));
                names.add(FilePath.printable(row.path().text()));
            }
        }
        return names;
    }

    private static String shown(Content content) {
        if (content.kind() == Kind.FOLDER) {
            return "folder";
        }
        return content.kind() + " " + content.blob() + " " + content.modifiedMillis() + " " + content.executable();
    }
}
