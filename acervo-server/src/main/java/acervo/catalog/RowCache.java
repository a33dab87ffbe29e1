package acervo.catalog;

import acervo.rules.Edit;
import acervo.rules.Row;
import acervo.rules.Table;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// Rows as they were read last, so that what is asked for all the time is neither fetched nor decoded again. Bounded:
/// a slot for each of some thousands of hashes has room for the two rows that came last. Any thread; never waits.
///
/// **What it answers was not changed by any write that had begun by then**, so that it is as new as the store:
///
/// - A slot counts the writes to rows that belong there; a row in it is good only while that count is what it was
///   before the row was read ([#stamp]).
/// - The one who writes calls [#begin], which counts, before the first row changes, and [#end] after the last. So no
///   row of a write can be had from here once any of them can be read from the store.
/// - A row that is read while a write is under way may be from before it, although the write is counted already. That
///   is why no stamp is given out then. The count must be read before that is looked at: the other way round a write
///   could begin in between, and the row from before it would be taken for one from after it.
final class RowCache {
    private static final int SLOTS = 1 << 15;
    private static final int WAYS = 2;

    /// Characters of a path that is kept. Longer ones are rare, and would cost more than all the rest of a row.
    private static final int LONGEST_PATH = 200;

    private static final long NONE = -1;

    private final @Nullable Entry[] entries = new @Nullable Entry[SLOTS * WAYS];
    private final AtomicLongArray changes = new AtomicLongArray(SLOTS);
    private volatile boolean writing;

    /// Never changes, so that it can be read without a lock from where it was put without one.
    private record Entry(Table<?, ?> table, Object key, Object row, long stamp) {}

    /// The row, or null when it is not here.
    <K, V> @Nullable V get(Table<K, V> table, K key) {
        int slot = slot(table, key);
        for (int way = slot * WAYS; way < (slot + 1) * WAYS; way++) {
            Entry entry = entries[way];
            if (entry != null && entry.table == table && entry.key.equals(key) && entry.stamp == changes.get(slot)) {
                @SuppressWarnings("unchecked") // The same table has the same type of rows.
                V row = (V) entry.row;
                return row;
            }
        }
        return null;
    }

    /// To be asked for before a row is read, for [#put].
    <K> long stamp(Table<K, ?> table, K key) {
        if (!takes(table, key)) {
            return NONE;
        }
        long stamp = changes.get(slot(table, key));
        return writing ? NONE : stamp;
    }

    /// Takes what was read.
    ///
    /// @param stamp from before it was read
    <K, V> void put(Table<K, V> table, K key, V row, long stamp) {
        if (stamp == NONE) {
            return;
        }
        int first = slot(table, key) * WAYS;
        Entry there = entries[first];
        if (there != null && there.stamp == stamp && !(there.table == table && there.key.equals(key))) {
            entries[first + 1] = there;
        }
        entries[first] = new Entry(table, key, row, stamp);
    }

    /// These rows are about to change. One thread at a time.
    void begin(List<Edit> edits) {
        writing = true;
        for (Edit edit : edits) {
            switch (edit) {
                case Edit.Put<?, ?> put -> changes.incrementAndGet(slot(put.table(), put.key()));
                case Edit.Drop<?, ?> drop -> changes.incrementAndGet(slot(drop.table(), drop.key()));
            }
        }
    }

    /// They have changed, or not: the store tells.
    void end() {
        writing = false;
    }

    /// Any row may be another one now. Nobody must read or write meanwhile.
    void clear() {
        for (int slot = 0; slot < SLOTS; slot++) {
            changes.incrementAndGet(slot);
        }
        Arrays.fill(entries, null);
    }

    private static boolean takes(Table<?, ?> table, Object key) {
        return switch (table.family()) {
            case META, BLOBS -> true;
            case FILES -> !(key instanceof Row.PathKey at) || at.path().text().length() <= LONGEST_PATH;
            // Read once or twice, if ever.
            case CHANGES, REQUESTS, INBOXES -> false;
        };
    }

    private static int slot(Table<?, ?> table, Object key) {
        int hash = (31 * key.hashCode() + table.code()) * 0x9e3779b9;
        return hash >>> (32 - Integer.numberOfTrailingZeros(SLOTS));
    }
}
