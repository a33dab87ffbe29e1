package acervo.catalog;

import acervo.rules.Cursor;
import acervo.rules.Edit;
import acervo.rules.Family;
import acervo.rules.Table;
import acervo.wire.Reader;
import acervo.wire.Writer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// Rows in RocksDB, without its write-ahead log: what is not flushed yet comes back from the catalog's own log. The
/// position is in the
/// same batch as the rows and all families are flushed together, so that a crash leaves the state of one position, a
/// little
/// older perhaps.
///
/// Closing waits for readers; reading a closed store throws [CatalogUnavailableException] instead of touching freed
/// memory.
final class RocksRows implements RowStore {
    /// In the family of small rows; no table has this code.
    private static final byte[] POSITION = {0};

    private static final int POSITION_FORMAT = 1;

    private final RocksTuning tuning;
    private final RocksDB db;
    private final Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
    private final List<ColumnFamilyHandle> handles = new ArrayList<>();
    private final ReadOptions reading = new ReadOptions();
    private final WriteOptions writing = new WriteOptions().setDisableWAL(true);
    private final WriteBatch batch = new WriteBatch(64 << 10);

    /// Held for reading while the database is used, and for writing to close it.
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

    private boolean closed;
    private volatile Position applied;

    /// Opens or makes the database in `folder`.
    ///
    /// @throws CatalogUnavailableException when it can't be opened: no room, damage, or another process has it open
    static RocksRows open(Path folder) {
        RocksDB.loadLibrary();
        RocksTuning tuning = new RocksTuning();
        try {
            Files.createDirectories(folder);
            return new RocksRows(folder, tuning);
        } catch (RocksDBException | IOException e) {
            tuning.close();
            throw new CatalogUnavailableException("the catalog's state in " + folder + " can't be opened", e);
        }
    }

    private RocksRows(Path folder, RocksTuning tuning) throws RocksDBException {
        this.tuning = tuning;
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        for (Family family : Family.values()) {
            ColumnFamilyOptions options = tuning.family();
            descriptors.add(new ColumnFamilyDescriptor(family.text().getBytes(StandardCharsets.US_ASCII), options));
        }
        DBOptions options = tuning.database();
        db = RocksDB.open(options, folder.toString(), descriptors, handles);
        for (Family family : Family.values()) {
            families.put(family, handles.get(family.ordinal()));
        }
        applied = readPosition();
    }

    private Position readPosition() throws RocksDBException {
        byte[] row = db.get(family(Family.META), reading, POSITION);
        if (row == null) {
            return Position.NONE;
        }
        Reader from = new Reader(row).format(POSITION_FORMAT);
        Position position = new Position(from.varint(), from.varint());
        from.done();
        return position;
    }

    private ColumnFamilyHandle family(Family family) {
        return Objects.requireNonNull(families.get(family));
    }

    private ColumnFamilyHandle family(Table<?, ?> table) {
        return family(table.family());
    }

    private void enter() {
        gate.readLock().lock();
        if (closed) {
            gate.readLock().unlock();
            throw new CatalogUnavailableException("the catalog is closed", null);
        }
    }

    private void leave() {
        gate.readLock().unlock();
    }

    @Override
    public <K, V> @Nullable V get(Table<K, V> table, K key) {
        return get(table, key, reading);
    }

    private <K, V> @Nullable V get(Table<K, V> table, K key, ReadOptions options) {
        byte[] row;
        enter();
        try {
            row = db.get(family(table), options, table.key(key));
        } catch (RocksDBException e) {
            throw unreadable(e);
        } finally {
            leave();
        }
        return row == null ? null : table.row(key, row);
    }

    private static CatalogUnavailableException unreadable(RocksDBException e) {
        return new CatalogUnavailableException("the catalog's state can't be read", e);
    }

    @Override
    public <K, V> Cursor<K, V> scan(Table<K, V> table, byte[] prefix) {
        enter();
        return new Walk<>(table, table.prefix(prefix), null, false, this::leave);
    }

    @Override
    public void write(List<Edit> edits, Position at) {
        enter();
        try {
            batch.clear();
            for (Edit edit : edits) {
                switch (edit) {
                    case Edit.Put<?, ?> put -> put(put);
                    case Edit.Drop<?, ?> drop -> drop(drop);
                }
            }
            batch.put(
                    family(Family.META),
                    POSITION,
                    new Writer(16)
                            .u8(POSITION_FORMAT)
                            .varint(at.term())
                            .varint(at.index())
                            .toBytes());
            db.write(writing, batch);
            applied = at;
        } catch (RocksDBException e) {
            throw new CatalogUnavailableException("the catalog's state can't be written", e);
        } finally {
            leave();
        }
    }

    private <K, V> void put(Edit.Put<K, V> put) throws RocksDBException {
        Table<K, V> table = put.table();
        batch.put(family(table), table.key(put.key()), table.row(put.value()));
    }

    private <K, V> void drop(Edit.Drop<K, V> drop) throws RocksDBException {
        batch.delete(family(drop.table()), drop.table().key(drop.key()));
    }

    @Override
    public Position applied() {
        return applied;
    }

    @Override
    public View view() {
        enter();
        return new Frozen();
    }

    /// Brings everything written so far to disk, forced.
    void flush() {
        enter();
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true).setAllowWriteStall(true)) {
            db.flush(options, handles);
        } catch (RocksDBException e) {
            throw new CatalogUnavailableException("the catalog's state can't be flushed", e);
        } finally {
            leave();
        }
    }

    /// Makes a copy of the whole state in `folder`, which must not be there, out of links to the same files. The
    /// caller has flushed, and
    /// forces the folder above.
    void checkpoint(Path folder) {
        enter();
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(folder.toString());
        } catch (RocksDBException e) {
            throw new CatalogUnavailableException("the catalog's state can't be copied to " + folder, e);
        } finally {
            leave();
        }
    }

    /// A number that the database tells about itself, for instance `rocksdb.cur-size-all-mem-tables`.
    long property(String name) {
        enter();
        try {
            return db.getAggregatedLongProperty(name);
        } catch (RocksDBException e) {
            throw unreadable(e);
        } finally {
            leave();
        }
    }

    /// Flushes as far as that works and closes.
    @Override
    public void close() {
        gate.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            handles.forEach(ColumnFamilyHandle::close);
            db.close(); // flushes what is not, unless it can't
            batch.close();
            reading.close();
            writing.close();
            tuning.close();
        } finally {
            gate.writeLock().unlock();
        }
    }

    private final class Frozen implements View {
        private final Snapshot snapshot = db.getSnapshot();
        private final ReadOptions options = new ReadOptions().setSnapshot(snapshot);

        @Override
        public <K, V> @Nullable V get(Table<K, V> table, K key) {
            return RocksRows.this.get(table, key, options);
        }

        @Override
        public <K, V> Cursor<K, V> scan(Table<K, V> table, byte[] prefix) {
            return new Walk<>(table, table.prefix(prefix), snapshot, false, () -> {});
        }

        @Override
        public <K, V> Cursor<K, V> scanBack(Table<K, V> table, byte[] prefix) {
            return new Walk<>(table, table.prefix(prefix), snapshot, true, () -> {});
        }

        @Override
        public void close() {
            options.close();
            db.releaseSnapshot(snapshot);
            leave();
        }
    }

    /// A walk between two bounds. The bounds live as long as it: RocksDB keeps pointers to them.
    private final class Walk<K, V> implements Cursor<K, V> {
        private final Table<K, V> table;
        private final boolean back;
        private final Runnable leave;
        private final Slice lower;
        private final Slice upper;
        private final ReadOptions options;
        private final RocksIterator rows;
        private boolean started;
        private boolean moved;
        private @Nullable K key;

        Walk(Table<K, V> table, byte[] from, @Nullable Snapshot snapshot, boolean back, Runnable leave) {
            this.table = table;
            this.back = back;
            this.leave = leave;
            this.lower = new Slice(from);
            this.upper = new Slice(MemoryRows.end(from));
            this.options = new ReadOptions().setIterateLowerBound(lower).setIterateUpperBound(upper);
            if (snapshot != null) {
                options.setSnapshot(snapshot);
            }
            this.rows = db.newIterator(family(table), options);
        }

        @Override
        public boolean next() {
            key = null;
            if (moved) {
                moved = false;
            } else if (!started) {
                if (back) {
                    rows.seekToLast();
                } else {
                    rows.seekToFirst();
                }
            } else if (rows.isValid()) {
                if (back) {
                    rows.prev();
                } else {
                    rows.next();
                }
            }
            started = true;
            if (rows.isValid()) {
                return true;
            }
            try {
                rows.status(); // the end, or an error?
            } catch (RocksDBException e) {
                throw unreadable(e);
            }
            return false;
        }

        @Override
        public K key() {
            check();
            K known = key;
            if (known == null) {
                known = table.key(rows.key());
                key = known;
            }
            return known;
        }

        @Override
        public V value() {
            return table.row(key(), rows.value());
        }

        private void check() {
            if (!started || moved || !rows.isValid()) {
                throw new NoSuchElementException("the cursor stands on no row");
            }
        }

        @Override
        public void seek(byte[] to) {
            if (back) {
                rows.seekForPrev(to);
            } else {
                rows.seek(to);
            }
            moved = true;
        }

        @Override
        public void close() {
            rows.close();
            options.close();
            lower.close();
            upper.close();
            leave.run();
        }
    }
}
