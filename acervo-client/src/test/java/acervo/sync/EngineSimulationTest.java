package acervo.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.Kind;
import acervo.sync.plan.Brakes;
import acervo.sync.plan.Mode;
import acervo.sync.plan.Names;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole engines in a world of which a seed decides everything: people who write on several disks and in the space,
/// late and lost messages, power cuts between any two durable steps, a folder that is not mounted, a server that is
/// restored from a backup. `-Dacervo.seed=N` repeats one, `-Dacervo.seeds=N` runs so many, `-Dacervo.trace=true` tells.
final class EngineSimulationTest {
    private static final int EVENTS = 60;
    private static final int PATIENCE = 20_000;

    @Test
    void nothingIsLostAndAllComeToAgree() {
        String given = System.getProperty("acervo.seed", "");
        long first = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        int seeds = Integer.getInteger("acervo.seeds", given.isEmpty() ? 500 : 1);
        System.out.println("EngineSimulationTest: -Dacervo.seed=" + first + " and " + (seeds - 1) + " more");
        for (int i = 0; i < seeds; i++) {
            long seed = first + i;
            try {
                new World(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dacervo.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /// Seeds that once went wrong: bytes that were nowhere between the two halves of a rename; a space that was
    /// restored to the state in which it was empty; a name to step aside to that was taken; a crash between the two
    /// pages of a feed that say who took a path and what became of who had it.
    @ParameterizedTest
    @ValueSource(longs = {3069697, 3138453, 3221491, 5057525})
    void whatOnceWentWrongDoesSoNoMore(long seed) {
        new World(seed).run();
    }

    @Test
    void theSameSeedGivesTheSameEnd() {
        for (long seed = 1; seed <= 20; seed++) {
            assertEquals(new World(seed).run(), new World(seed).run(), "seed " + seed);
        }
    }

    static final class World {
        private final Simulation sim;
        private final SimPerson people;

        World(long seed) {
            sim = new Simulation(seed);
            people = new SimPerson(sim);
            Brakes brakes = sim.random.nextInt(4) == 0 ? new Brakes(2, 30, 8, 0) : Brakes.OFF;
            int count = 1 + sim.random.nextInt(3);
            for (int i = 0; i < count; i++) {
                String name = "m" + i;
                sim.clients.add(new SimClient(sim, name, new Settings(Mode.BOTH, Names.EXACT, brakes, name, false)));
            }
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
            sim.clients.forEach(client -> client.disk
                    .values()
                    .forEach(thing -> all.add(thing.content().blob())));
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
                            .map(client ->
                                    client.name + " " + life(client).engine.status())
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
                    && status.open().isEmpty()
                    && engine.cursor() == sim.server.sequence();
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
                assertEquals(space, disk, client.name + " differs");
            }
            Set<BlobId> lost =
                    sim.owed.stream().filter(blob -> !current.contains(blob)).collect(Collectors.toSet());
            assertEquals(Set.of(), lost, "lost");
            return space.toString();
        }

        private static String shown(Content content) {
            if (content.kind() == Kind.FOLDER) {
                return "folder";
            }
            return content.kind() + " " + content.blob() + " " + content.modifiedMillis() + " " + content.executable();
        }
    }
}
