package acervo.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A state with changes on top that are not written yet, so that a later command of an entry, and a later item of a
/// command, sees what
/// the earlier ones left. Keeps what it has read, too. For one thread.
final class Draft implements CatalogState {
    /// A row as the base has it, when somebody asked for it, and as it is now; null for none.
    private static final class Slot<V> {
        private boolean known;
        private @Nullable V base;
        private @Nullable V now;

        static <V> Slot<V> read(@Nullable V base) {
            Slot<V> slot = new Slot<>();
            slot.known = true;
            slot.base = base;
            slot.now = base;
            return slot;
        }

        boolean changed() {
            return !known || !Objects.equals(base, now);
        }
    }

    private final CatalogState base;

    /// By table, in the order in which rows were first touched: the same in every run.
    private final List<Map<Object, Slot<?>>> touched;

    Draft(CatalogState base) {
        this.base = base;
        this.touched = new ArrayList<>(Tables.ALL.size());
        for (int i = 0; i < Tables.ALL.size(); i++) {
            touched.add(new LinkedHashMap<>());
        }
    }

    @Override
    public <K, V> @Nullable V get(Table<K, V> table, K key) {
        Slot<V> slot = slot(table, key);
        if (slot == null) {
            slot = Slot.read(base.get(table, key));
            touched.get(table.number()).put(key, slot);
        }
        return slot.now;
    }

    <K, V> boolean has(Table<K, V> table, K key) {
        return get(table, key) != null;
    }

    /// Writes a row without reading the one that is there.
    <K, V> void put(Table<K, V> table, K key, V value) {
        touch(table, key).now = value;
    }

    /// Drops a row, whether it is there or not.
    <K, V> void drop(Table<K, V> table, K key) {
        touch(table, key).now = null;
    }

    private <K, V> Slot<V> touch(Table<K, V> table, K key) {
        Slot<V> slot = slot(table, key);
        if (slot == null) {
            slot = new Slot<>();
            touched.get(table.number()).put(key, slot);
        }
        return slot;
    }

    @SuppressWarnings("unchecked") // a table's slots hold its rows
    private <K, V> @Nullable Slot<V> slot(Table<K, V> table, K key) {
        return (Slot<V>) touched.get(table.number()).get(key);
    }

    /// What has to be written to turn the base into this.
    List<Edit> edits() {
        List<Edit> edits = new ArrayList<>();
        for (Table<?, ?> table : Tables.ALL) {
            edits(table, edits);
        }
        return edits;
    }

    @SuppressWarnings("unchecked") // a table's slots hold its keys and rows
    private <K, V> void edits(Table<K, V> table, List<Edit> edits) {
        for (Map.Entry<Object, Slot<?>> entry : touched.get(table.number()).entrySet()) {
            Slot<V> slot = (Slot<V>) entry.getValue();
            if (slot.changed()) {
                K key = (K) entry.getKey();
                V now = slot.now;
                edits.add(now == null ? new Edit.Drop<>(table, key) : new Edit.Put<>(table, key, now));
            }
        }
    }

    @Override
    @SuppressWarnings("unchecked") // a table's slots hold its keys and rows
    public <K, V> Cursor<K, V> scan(Table<K, V> table, byte[] prefix) {
        byte[] start = table.prefix(prefix);
        TreeMap<byte[], Changed<K, V>> changes = new TreeMap<>(Arrays::compareUnsigned);
        for (Map.Entry<Object, Slot<?>> entry : touched.get(table.number()).entrySet()) {
            Slot<V> slot = (Slot<V>) entry.getValue();
            if (slot.changed()) {
                K key = (K) entry.getKey();
                byte[] bytes = table.key(key);
                if (bytes.length >= start.length
                        && Arrays.mismatch(bytes, 0, start.length, start, 0, start.length) < 0) {
                    changes.put(bytes, new Changed<>(key, slot.now));
                }
            }
        }
        return new Merged<>(table, base.scan(table, prefix), changes);
    }

    private record Changed<K, V>(K key, @Nullable V now) {}

    /// The base's rows and the changed ones in one order. It shows the draft as it was when the walk began.
    private static final class Merged<K, V> implements Cursor<K, V> {
        private final Table<K, V> table;
        private final Cursor<K, V> base;
        private final NavigableMap<byte[], Changed<K, V>> all;
        private NavigableMap<byte[], Changed<K, V>> changes;
        private byte @Nullable [] baseKey;
        private boolean started;
        private @Nullable K key;
        private @Nullable V value;

        Merged(Table<K, V> table, Cursor<K, V> base, NavigableMap<byte[], Changed<K, V>> changes) {
            this.table = table;
            this.base = base;
            this.all = changes;
            this.changes = new TreeMap<>(changes);
        }

        @Override
        public boolean next() {
            if (!started) {
                started = true;
                nextOfBase();
            }
            while (true) {
                byte[] changed = changes.isEmpty() ? null : changes.firstKey();
                byte[] old = baseKey;
                if (changed == null && old == null) {
                    return false;
                }
                int order = changed == null ? 1 : old == null ? -1 : Arrays.compareUnsigned(changed, old);
                if (order > 0) {
                    key = base.key();
                    value = base.value();
                    nextOfBase();
                    return true;
                }
                if (order == 0) {
                    nextOfBase();
                }
                Changed<K, V> change = changes.pollFirstEntry().getValue();
                if (change.now() != null) {
                    key = change.key();
                    value = change.now();
                    return true;
                }
            }
        }

        private void nextOfBase() {
            baseKey = base.next() ? table.key(base.key()) : null;
        }

        @Override
        public K key() {
            return there(key);
        }

        @Override
        public V value() {
            return there(value);
        }

        private static <T> T there(@Nullable T value) {
            if (value == null) {
                throw new NoSuchElementException("the cursor stands on no row");
            }
            return value;
        }

        @Override
        public void seek(byte[] to) {
            base.seek(to);
            changes = new TreeMap<>(all.tailMap(to, true));
            started = false;
        }

        @Override
        public void close() {
            base.close();
        }
    }
}
