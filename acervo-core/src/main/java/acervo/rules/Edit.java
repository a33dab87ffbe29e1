package acervo.rules;

/// One row to write or to drop. The edits of a decision are written in one step, all or none; no two of them are about
/// the same row.
public sealed interface Edit {
    /// Writes a row, over the one that is there.
    record Put<K, V>(Table<K, V> table, K key, V value) implements Edit {}

    /// Drops a row that is there.
    record Drop<K, V>(Table<K, V> table, K key) implements Edit {}
}
