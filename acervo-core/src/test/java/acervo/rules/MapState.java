package acervo.rules;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A state in maps, for tests of the rules alone.
final class MapState implements CatalogState {
    private record Entry<K, V>(K key, V value) {}

    private final Map<Table<?, ?>, NavigableMap<byte[], Entry<?, ?>>> tables = new HashMap<>();

    void write(Decision decision) {
        for (Edit edit : decision.edits()) {
            switch (edit) {
                case Edit.Put<?, ?> put -> put(put);
                case Edit.Drop<?, ?> drop -> drop(drop);
            }
        }
    }

    private <K, V> void put(Edit.Put<K, V> put) {
        rows(put.table()).put(put.table().key(put.key()), new Entry<>(put.key(), put.value()));
    }

    private <K, V> void drop(Edit.Drop<K, V> drop) {
        rows(drop.table()).remove(drop.table().key(drop.key()));
    }

    private NavigableMap<byte[], Entry<?, ?>> rows(Table<?, ?> table) {
        return tables.computeIfAbsent(table, t -> new TreeMap<>(Arrays::compareUnsigned));
    }

    int count(Table<?, ?> table) {
        return rows(table).size();
    }

    @Override
    @SuppressWarnings("unchecked") // a table's map holds its rows
    public <K, V> @Nullable V get(Table<K, V> table, K key) {
        Entry<?, ?> entry = rows(table).get(table.key(key));
        return entry == null ? null : (V) entry.value();
    }

    @Override
    public <K, V> Cursor<K, V> scan(Table<K, V> table, byte[] prefix) {
        byte[] from = table.prefix(prefix);
        NavigableMap<byte[], Entry<?, ?>> part = new TreeMap<>(Arrays::compareUnsigned);
        rows(table).tailMap(from, true).forEach((key, entry) -> {
            if (Arrays.equals(Arrays.copyOf(key, from.length), from)) {
                part.put(key, entry);
            }
        });
        return new Walk<>(part);
    }

    private static final class Walk<K, V> implements Cursor<K, V> {
        private final NavigableMap<byte[], Entry<?, ?>> part;
        private Iterator<Entry<?, ?>> rest;
        private @Nullable Entry<?, ?> at;

        Walk(NavigableMap<byte[], Entry<?, ?>> part) {
            this.part = part;
            this.rest = part.values().iterator();
        }

        @Override
        public boolean next() {
            at = rest.hasNext() ? rest.next() : null;
            return at != null;
        }

        @Override
        @SuppressWarnings("unchecked") // a table's map holds its rows
        public K key() {
            return (K) Objects.requireNonNull(at).key();
        }

        @Override
        @SuppressWarnings("unchecked") // a table's map holds its rows
        public V value() {
            return (V) Objects.requireNonNull(at).value();
        }

        @Override
        public void seek(byte[] key) {
            rest = part.tailMap(key, true).values().iterator();
        }

        @Override
        public void close() {}
    }
}
