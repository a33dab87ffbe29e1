package acervo.blob;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Rows that a crash takes back to some moment between two batches since the last flush, and no further: all
/// that RocksDB without its log promises.
final class MemoryRows implements Rows.Home {
    private final Random random;
    private NavigableMap<byte[], byte[]> durable = new TreeMap<>(Arrays::compareUnsigned);
    private NavigableMap<byte[], byte[]> live = new TreeMap<>(Arrays::compareUnsigned);
    private int erased;
    private final List<List<Rows.Edit>> unflushed = new ArrayList<>();

    MemoryRows(Random random) {
        this.random = random;
    }

    /// How often the rows were thrown away.
    synchronized int erased() {
        return erased;
    }

    synchronized void crash() {
        int survivors = random.nextInt(unflushed.size() + 1);
        for (List<Rows.Edit> batch : unflushed.subList(0, survivors)) {
            apply(batch, durable);
        }
        unflushed.clear();
        live = copy(durable);
    }

    @Override
    public synchronized Rows open() {
        return new View();
    }

    @Override
    public synchronized void erase() {
        durable.clear();
        live.clear();
        unflushed.clear();
        erased++;
    }

    private static NavigableMap<byte[], byte[]> copy(NavigableMap<byte[], byte[]> rows) {
        NavigableMap<byte[], byte[]> copy = new TreeMap<>(Arrays::compareUnsigned);
        copy.putAll(rows);
        return copy;
    }

    private static void apply(List<Rows.Edit> batch, NavigableMap<byte[], byte[]> to) {
        for (Rows.Edit edit : batch) {
            byte[] value = edit.value();
            if (value == null) {
                to.remove(edit.key());
            } else {
                to.put(edit.key(), value);
            }
        }
    }

    private final class View implements Rows {
        @Override
        public byte @Nullable [] get(byte[] key) {
            synchronized (MemoryRows.this) {
                return live.get(key);
            }
        }

        @Override
        public List<byte @Nullable []> getAll(List<byte[]> keys) {
            List<byte @Nullable []> values = new ArrayList<>();
            keys.forEach(key -> values.add(get(key)));
            return values;
        }

        @Override
        public void write(List<Edit> edits) {
            synchronized (MemoryRows.this) {
                List<Edit> batch = List.copyOf(edits);
                apply(batch, live);
                unflushed.add(batch);
            }
        }

        @Override
        public void scan(byte[] from, Visitor visitor) {
            List<Map.Entry<byte[], byte[]>> rows;
            synchronized (MemoryRows.this) {
                rows = new ArrayList<>(live.tailMap(from).entrySet());
            }
            for (Map.Entry<byte[], byte[]> row : rows) {
                if (!visitor.row(row.getKey(), row.getValue())) {
                    return;
                }
            }
        }

        @Override
        public void flush(boolean wait) {
            synchronized (MemoryRows.this) {
                durable = copy(live);
                unflushed.clear();
            }
        }

        @Override
        public void close() {}
    }
}
