package acervo.blob;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sorted rows of bytes that are written in batches; what [BlobIndex] stands on.
///
/// After a crash the rows are those of some earlier moment between two batches, no older than the last
/// [#flush]. All methods throw [StoreFailedException] when the disk fails. Any thread, but one writer at a
/// time.
interface Rows extends AutoCloseable {
    byte @Nullable [] get(byte[] key);

    /// The values of several keys, in order, null where there is none; cheaper than one by one.
    List<byte @Nullable []> getAll(List<byte[]> keys);

    /// Writes all edits or none.
    void write(List<Edit> edits);

    /// Visits rows in unsigned order of their keys from that key on, until the visitor says false.
    void scan(byte[] from, Visitor visitor);

    /// Makes everything written so far durable.
    ///
    /// @param wait whether to return only then
    void flush(boolean wait);

    @Override
    void close();

    /// Where rows are kept.
    interface Home {
        /// @throws StoreFailedException when they can't be read
        Rows open();

        /// Throws all rows away; none may be open.
        void erase();
    }

    /// @param value null takes the row away
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Edit(byte[] key, byte @Nullable [] value) {}

    /// Sees one row after the other.
    @FunctionalInterface
    interface Visitor {
        boolean row(byte[] key, byte[] value);
    }
}
