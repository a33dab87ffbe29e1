package acervo.sync.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import acervo.model.BlobId;
import acervo.model.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The rows against a plain map, in random order.
final class RowsTest {
    @Test
    void rowsFindWhatAMapFinds() {
        long seed = Long.getLong("acervo.seed", System.nanoTime());
        System.out.println("acervo.seed=" + seed);
        Random random = new Random(seed);
        Rows rows = new Rows();
        Map<String, Long> model = new HashMap<>();
        Map<Long, String> byInode = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            String path = path(random);
            if (random.nextInt(5) < 3) {
                Long old = model.get(path);
                if (old != null) {
                    byInode.remove(old);
                }
                long id = i + 1L;
                rows.put(path, id, new Facts(Kind.FILE, false, id, 0, id, id), new BlobId(id, 0, 0, 0));
                model.put(path, id);
                byInode.put(id, path);
            } else {
                Row row = rows.find(path);
                assertEquals(model.get(path), row == null ? null : Long.valueOf(row.id()));
                if (row != null) {
                    rows.remove(row);
                    byInode.remove(Objects.requireNonNull(model.remove(path)));
                    assertNull(rows.find(path));
                }
            }
        }
        assertEquals(model.size(), rows.size());
        assertEquals(model, rows.below(rows.root()).stream().collect(Collectors.toMap(Row::path, Row::id)));
        byInode.forEach((inode, path) -> assertEquals(
                path, Objects.requireNonNull(rows.byInode(inode, _ -> true)).path()));
        rows.below(rows.root()).forEach(rows::remove);
        assertEquals(0, rows.size());
        assertEquals(0, rows.root().insideCount, "empty ways must not stay");
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder("n" + random.nextInt(12));
        while (random.nextInt(3) > 0) {
            path.append('/').append("n").append(random.nextInt(12));
            if (path.length() > 10) {
                break;
            }
        }
        return path.toString();
    }
}
