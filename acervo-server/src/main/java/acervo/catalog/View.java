package acervo.catalog;

import acervo.rules.CatalogState;
import acervo.rules.Cursor;
import acervo.rules.Table;

/// The rows as they were at one moment. For one thread; close it soon, and every cursor before it.
interface View extends CatalogState, AutoCloseable {
    /// The rows whose keys start with `prefix`, from the last to the first. [Cursor#seek] then leads to the last
    /// row whose key is not
    /// greater.
    <K, V> Cursor<K, V> scanBack(Table<K, V> table, byte[] prefix);

    @Override
    void close();
}
