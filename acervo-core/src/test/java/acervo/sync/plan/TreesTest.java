package acervo.sync.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TreesTest {
    private static final FilePath PATH = new FilePath("d/f");

    private final Trees trees = new Trees();

    private static RemoteNode row(long id, FilePath path, long version) {
        return new RemoteNode(
                id, path, new Version(version), new Content(Kind.FILE, new BlobId(id, version, 7, 7), 10, 0, false));
    }

    @Test
    void whatTookAPathIsFoundThereWhicheverOfTheTwoWasReadFirst() {
        RemoteNode before = row(4, PATH, 6);
        RemoteNode since = row(2, PATH, 10);
        trees.put(since);
        trees.put(before); // as an index hands out what was noted when half of a feed was read
        trees.removeRemote(4);
        assertEquals(since, trees.remoteAt(PATH));
        trees.put(before);
        trees.put(row(4, new FilePath("d/elsewhere"), 11));
        assertEquals(since, trees.remoteAt(PATH));
        trees.put(before);
        trees.removeRemote(2);
        assertEquals(before, trees.remoteAt(PATH));
        trees.removeRemote(4);
        assertNull(trees.remoteAt(PATH));
    }

    @Test
    void whateverComesAndGoesEachPathHasOneOfThoseThatAreThere() {
        long seed = Long.getLong("acervo.seed", System.nanoTime());
        System.out.println("TreesTest: -Dacervo.seed=" + seed);
        Random random = new Random(seed);
        for (int version = 1; version < 5_000; version++) {
            long id = 1 + random.nextLong(5);
            if (random.nextInt(3) == 0) {
                trees.removeRemote(id);
            } else {
                trees.put(row(id, new FilePath("f" + random.nextInt(3)), version));
            }
            for (int i = 0; i < 3; i++) {
                FilePath path = new FilePath("f" + i);
                List<RemoteNode> there = new ArrayList<>(trees.remotes());
                there.removeIf(row -> !row.path().equals(path));
                RemoteNode found = trees.remoteAt(path);
                assertEquals(!there.isEmpty(), found != null && there.contains(found), "seed " + seed);
            }
        }
    }
}
