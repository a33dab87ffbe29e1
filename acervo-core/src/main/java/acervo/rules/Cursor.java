package acervo.rules;

/// Walks over rows of one table in the order of their keys' bytes. Starts before the first row. For one thread; close
/// it.
public interface Cursor<K, V> extends AutoCloseable {
    /// Moves to the next row.
    ///
    /// @return false when there is none
    boolean next();

    /// The key of the row it stands on. Only after [#next] has returned true.
    K key();

    /// The row it stands on. Only after [#next] has returned true.
    V value();

    /// Jumps, so that [#next] moves to the first row whose key is not less than `key`.
    void seek(byte[] key);

    @Override
    void close();
}
