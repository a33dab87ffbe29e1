package acervo.catalog;

import acervo.rules.Cursor;
import acervo.rules.Edit;
import acervo.rules.Table;
import acervo.rules.Tables;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/// Rows in sorted maps, as the same bytes that the disk would have.
final class MemoryRows implements RowStore {
    private final Map<Table<?, ?>, NavigableMap<byte[], byte[]>> tables = new HashMap<>();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private Position applied = Position.NONE;

    MemoryRows() {
        for (Table<?, ?> table : Tables.ALL) {
            tables.put(table, new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    private NavigableMap<byte[], byte[]> rows(Table<?, ?> table) {
        NavigableMap<byte[], byte[]> rows = tables.get(table);
        if (rows == null) {
            throw new IllegalArgumentException("no table " + table);
        }
        return rows;
    }

    @Override
    public <K, V> @Nullable V get(Table<K, V> table, K key) {
        lock.readLock().lock();
        try {
            byte[] row = rows(table).get(table.key(key));
            return row == null ? null : table.row(key, row);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public <K, V> Cursor<K, V> scan(Table<K, V> table, byte[] prefix) {
        lock.readLock().lock();
        return new Walk<>(table, part(table, prefix), lock.readLock()::unlock);
    }

    /// The rows whose keys start with a prefix.
    private NavigableMap<byte[], byte[]> part(Table<?, ?> table, byte[] prefix) {
        byte[] from = table.prefix(prefix);
        return rows(table).subMap(from, true, end(from), false);
    }

    /// The least key that is greater than every one that starts with `prefix`.
    static byte[] end(byte[] prefix) {
        int last = prefix.length - 1;
        while (prefix[last] == (byte) 0xFF) {
            last--; // a table's code, the first byte, is never 0xFF
        }
        byte[] end = Arrays.copyOf(prefix, last + 1);
        end[last]++;
        return end;
    }

    @Override
    public void write(List<Edit> edits, Position at) {
        lock.writeLock().lock();
        try {
            for (Edit edit : edits) {
                switch (edit) {
                    case Edit.Put<?, ?> put -> put(put);
                    case Edit.Drop<?, ?> drop -> drop(drop);
                }
            }
            applied = at;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private <K, V> void put(Edit.Put<K, V> put) {
        rows(put.table()).put(put.table().key(put.key()), put.table().row(put.value()));
    }

    private <K, V> void drop(Edit.Drop<K, V> drop) {
        rows(drop.table()).remove(drop.table().key(drop.key()));
    }

    @Override
    public Position applied() {
        lock.readLock().lock();
        try {
            return applied;
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public View view() {
        lock.readLock().lock();
        return new Held();
    }

    @Override
    public void close() {}

    /// Nothing is written while it is open.
    private final class Held implements View {
        @Override
        public <K, V> @Nullable V get(Table<K, V> table, K key) {
            return MemoryRows.this.get(table, key);
        }

        @Override
        public <K, V> Cursor<K, V> scan(Table<K, V> table, byte[] prefix) {
            return new Walk<>(table, part(table, prefix), () -> {});
        }

        @Override
        public <K, V> Cursor<K, V> scanBack(Table<K, V> table, byte[] prefix) {
            return new Walk<>(table, part(table, prefix).descendingMap(), () -> {});
        }

        @Override
        public void close() {
            lock.readLock().unlock();
        }
    }

    private static final class Walk<K, V> implements Cursor<K, V> {
        private final Table<K, V> table;
        private final NavigableMap<byte[], byte[]> part;
        private final Runnable close;
        private Iterator<Map.Entry<byte[], byte[]>> rest;
        private Map.@Nullable Entry<byte[], byte[]> at;

        Walk(Table<K, V> table, NavigableMap<byte[], byte[]> part, Runnable close) {
            this.table = table;
            this.part = part;
            this.close = close;
            this.rest = part.entrySet().iterator();
        }

        @Override
        public boolean next() {
            at = rest.hasNext() ? rest.next() : null;
            return at != null;
        }

        private Map.Entry<byte[], byte[]> at() {
            Map.Entry<byte[], byte[]> entry = at;
            if (entry == null) {
                throw new NoSuchElementException("the cursor stands on no row");
            }
            return entry;
        }

        @Override
        public K key() {
            return table.key(at().getKey());
        }

        @Override
        public V value() {
            return table.row(key(), at().getValue());
        }

        @Override
        public void seek(byte[] key) {
            // tailMap would refuse a key outside of the part.
            Map.Entry<byte[], byte[]> first = part.firstEntry();
            if (first == null) {
                return;
            }
            boolean before = compare(key, first.getKey()) <= 0;
            Map.Entry<byte[], byte[]> last = part.lastEntry();
            boolean beyond = compare(key, last.getKey()) > 0;
            NavigableMap<byte[], byte[]> left =
                    before ? part : beyond ? new TreeMap<>(part.comparator()) : part.tailMap(key, true);
            rest = left.entrySet().iterator();
        }

        private int compare(byte[] a, byte[] b) {
            return part.comparator().compare(a, b);
        }

        @Override
        public void close() {
            close.run();
        }
    }
}
