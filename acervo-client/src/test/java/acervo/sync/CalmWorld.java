package acervo.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.Kind;
import acervo.sync.SimClient.Thing;
import java.util.List;

/// A world for tests of whole engines in which nothing goes wrong but what a test does.
abstract class CalmWorld {
    final Simulation sim = new Simulation(1);
    private long contents = 1_000;

    CalmWorld() {
        sim.calm();
    }

    SimClient client(String name, Settings settings) {
        SimClient client = new SimClient(sim, name, settings);
        sim.clients.add(client);
        return client;
    }

    SimClient client(String name) {
        return client(name, Settings.of(name));
    }

    Content bytes(long millis) {
        return new Content(Kind.FILE, new BlobId(contents++, 1, 7, 7), 10, millis, false);
    }

    static void write(SimClient at, String path, Content content) {
        Thing there = at.disk.get(path);
        at.disk.put(path, new Thing(there == null ? at.nextInode() : there.inode(), content));
        at.touched(List.of(path));
    }

    static void remove(SimClient at, List<String> paths) {
        paths.forEach(at.disk::remove);
        at.touched(paths);
    }

    static Engine engine(SimClient client) {
        SimClient.Life life = client.life();
        if (life == null) {
            throw new AssertionError(client.name + " does not run");
        }
        return life.engine;
    }

    /// Lets all happen that happens without waiting for more than some minutes.
    void rest() {
        long until = sim.millis() + 200_000;
        while (sim.millis() < until) {
            if (!sim.step() && !sim.skip()) {
                return;
            }
        }
    }

    static Status status(SimClient client) {
        return engine(client).status();
    }

    List<String> inSpace() {
        return sim.server.rows().stream().map(row -> row.path().text()).sorted().toList();
    }

    SimClient.Life fill(SimClient client, int files) {
        for (int i = 0; i < files; i++) {
            client.disk.put("f" + i, new Thing(client.nextInode(), bytes(i)));
        }
        client.boot();
        rest();
        assertEquals(files, inSpace().size());
        SimClient.Life life = client.life();
        if (life == null) {
            throw new AssertionError();
        }
        return life;
    }
}
