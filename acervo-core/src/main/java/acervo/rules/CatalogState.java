package acervo.rules;

import org.jspecify.annotations.Nullable;

/// What the rules see of the catalog: rows by key, and rows in order.
public interface CatalogState {
    /// The row with that key, or null.
    <K, V> @Nullable V get(Table<K, V> table, K key);

    /// The rows whose keys start with `prefix` (all of the table when it is empty), in order.
    <K, V> Cursor<K, V> scan(Table<K, V> table, byte[] prefix);
}
