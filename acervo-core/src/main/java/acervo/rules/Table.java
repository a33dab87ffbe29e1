package acervo.rules;

import acervo.wire.Reader;
import acervo.wire.Writer;

/// One kind of row: where it is kept and what its bytes are. Two tables are the same only when they are the same
/// object.
///
/// @param <K> what a row is found by; its bytes are in the order in which rows are walked
/// @param <V> what a row holds; its first byte is its format
public final class Table<K, V> {
    /// Turns keys into bytes and back.
    interface KeyFormat<K> {
        void write(Writer to, K key);

        K read(Reader from);
    }

    /// Turns rows into bytes and back; some of a row may be in its key.
    interface RowFormat<K, V> {
        void write(Writer to, V value);

        V read(Reader from, K key);
    }

    private final String name;
    private final int number;
    private final Family family;
    private final int code;
    private final KeyFormat<K> keys;
    private final RowFormat<K, V> rows;

    Table(String name, int number, Family family, int code, KeyFormat<K> keys, RowFormat<K, V> rows) {
        this.name = name;
        this.number = number;
        this.family = family;
        this.code = code;
        this.keys = keys;
        this.rows = rows;
    }

    /// Its place in [Tables#ALL].
    int number() {
        return number;
    }

    /// The tables with which it shares a column family.
    public Family family() {
        return family;
    }

    /// The first byte of each of its keys within the family: ASCII, never 0 or 127.
    public int code() {
        return code;
    }

    /// A key's bytes, [#code] first.
    public byte[] key(K key) {
        Writer to = new Writer(48).u8(code);
        keys.write(to, key);
        return to.toBytes();
    }

    /// The bytes that all keys starting with `prefix` start with, [#code] first.
    public byte[] prefix(byte[] prefix) {
        return new Writer(prefix.length + 1).u8(code).raw(prefix).toBytes();
    }

    /// @param bytes as [#key] made them
    public K key(byte[] bytes) {
        Reader from = new Reader(bytes).format(code);
        K key = keys.read(from);
        from.done();
        return key;
    }

    /// A row's bytes.
    public byte[] row(V value) {
        Writer to = new Writer(128).u8(Tables.FORMAT);
        rows.write(to, value);
        return to.toBytes();
    }

    /// @param bytes as [#row] made them
    public V row(K key, byte[] bytes) {
        Reader from = new Reader(bytes).format(Tables.FORMAT);
        V value = rows.read(from, key);
        from.done();
        return value;
    }

    @Override
    public String toString() {
        return name;
    }
}
