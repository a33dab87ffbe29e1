package acervo.catalog;

import acervo.rules.Cursor;
import acervo.rules.Edit;
import acervo.rules.Family;
import acervo.rules.Table;
import acervo.wire.Reader;
import acervo.wire.Writer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.SstFileReader;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Rows in RocksDB, without its write-ahead log: what is not flushed yet comes back from the catalog's own log. The
/// position is in the
/// same batch as the rows and all families are flushed together, so that a crash leaves the state of one position, a
/// little
/// older perhaps.
///
/// Closing waits for readers; reading a closed store throws [CatalogUnavailableException] instead of touching freed
/// memory.
final class RocksRows implements RowStore {
    private static final Logger LOG = LoggerFactory.getLogger(RocksRows.class);

    /// In the family of small rows; no table has this code.
    private static final byte[] POSITION = {0};

    private static final int POSITION_FORMAT = 1;

    private final Path folder;

    /// Held for reading while the database is used, and for writing to close it.
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

    private volatile Position applied;

    private final RowCache cache = new RowCache();

    /// Null when closed.
    private volatile @Nullable Opened opened;

    /// Opens or makes the database in `folder`.
    ///
    /// @throws CatalogUnavailableException when it can't be opened: no room, damage, or another process has it open
    static RocksRows open(Path folder) {
        Opened opened = Opened.open(folder);
        try {
            return new RocksRows(folder, opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /// Whether it says that files of the database are not what was written, rather than that they can't be had now.
    static boolean isDamage(@Nullable Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof RocksDBException e && e.getStatus() != null) {
                Status status = e.getStatus();
                String text = String.valueOf(e.getMessage());
                return status.getCode() == Status.Code.Corruption
                        || status.getCode() == Status.Code.IOError
                                && (text.contains("No such file") || text.contains("Input/output error"));
            }
        }
        return false;
    }

    private RocksRows(Path folder, Opened opened) {
        this.folder = folder;
        this.opened = opened;
        this.applied = opened.position();
    }

    /// Everything that is RocksDB's and has to be given back.
    private record Opened(
            RocksTuning tuning,
            DBOptions options,
            RocksDB db,
            Map<Family, ColumnFamilyHandle> handles,
            ReadOptions reading,
            WriteOptions writing,
            WriteBatch batch,
            Path suspect) {

        static Opened open(Path folder) {
            RocksDB.loadLibrary();
            RocksTuning tuning = new RocksTuning();
            DBOptions options = tuning.database();
            List<ColumnFamilyDescriptor> families = new ArrayList<>();
            for (Family family : Family.values()) {
                families.add(
                        new ColumnFamilyDescriptor(family.text().getBytes(StandardCharsets.US_ASCII), tuning.family()));
            }
            List<ColumnFamilyHandle> opened = new ArrayList<>();
            try {
                Files.createDirectories(folder);
                RocksDB db = RocksDB.open(options, folder.toString(), families, opened);
                Map<Family, ColumnFamilyHandle> handles = new EnumMap<>(Family.class);
                Iterator<ColumnFamilyHandle> next = opened.iterator();
                for (Family family : Family.values()) {
                    handles.put(family, next.next());
                }
                return new Opened(
                        tuning,
                        options,
                        db,
                        handles,
                        new ReadOptions(),
                        new WriteOptions().setDisableWAL(true),
                        new WriteBatch(64 << 10),
                        StateFolder.suspect(folder));
            } catch (RocksDBException | IOException e) {
                tuning.close();
                throw new CatalogUnavailableException("the catalog's state in " + folder + " can't be opened", e);
            }
        }

        Position position() {
            try {
                byte[] row = db.get(handle(Family.META), reading, POSITION);
                if (row == null) {
                    return Position.NONE;
                }
                Reader from = new Reader(row).format(POSITION_FORMAT);
                Position position = new Position(from.varint(), from.varint());
                from.done();
                return position;
            } catch (RocksDBException e) {
                throw trouble("read", e);
            }
        }

        /// What to throw when something can't be done. Damage is written down for the next start.
        CatalogUnavailableException trouble(String what, RocksDBException e) {
            if (isDamage(e)) {
                try {
                    Files.createFile(suspect);
                    LOG.error("The catalog's state is damaged; it is restored when the server is started again", e);
                } catch (FileAlreadyExistsException _) {
                    // Told before.
                } catch (IOException unwritten) {
                    LOG.error("The catalog's state is damaged, and that can't be written down", unwritten);
                }
            }
            return new CatalogUnavailableException("the catalog's state can't be " + what, e);
        }

        ColumnFamilyHandle handle(Family family) {
            return Objects.requireNonNull(handles.get(family));
        }

        ColumnFamilyHandle handle(Table<?, ?> table) {
            return handle(table.family());
        }

        void close() {
            handles.values().forEach(ColumnFamilyHandle::close);
            db.close(); // flushes what is not, unless it can't
            batch.close();
            reading.close();
            writing.close();
            tuning.close();
        }
    }

    /// Takes the database for use; [#leave] gives it back.
    private Opened enter() {
        gate.readLock().lock();
        Opened now = opened;
        if (now == null) {
            gate.readLock().unlock();
            throw new CatalogUnavailableException("the catalog is closed", null);
        }
        return now;
    }

    private void leave() {
        gate.readLock().unlock();
    }

    @Override
    public <K, V> @Nullable V get(Table<K, V> table, K key) {
        V known = opened == null ? null : cache.get(table, key);
        if (known != null) {
            return known;
        }
        Opened now = enter();
        try {
            long stamp = cache.stamp(table, key);
            V row = get(now, now.reading(), table, key);
            if (row != null) {
                cache.put(table, key, row, stamp);
            }
            return row;
        } finally {
            leave();
        }
    }

    private static <K, V> @Nullable V get(Opened now, ReadOptions options, Table<K, V> table, K key) {
        try {
            byte[] row = now.db().get(now.handle(table), options, table.key(key));
            return row == null ? null : table.row(key, row);
        } catch (RocksDBException e) {
            throw now.trouble("read", e);
        }
    }

    @Override
    public <K, V> Cursor<K, V> scan(Table<K, V> table, byte[] prefix) {
        return new Walk<>(enter(), table, table.prefix(prefix), null, false, this::leave);
    }

    @Override
    public void write(List<Edit> edits, Position at) {
        Opened now = enter();
        WriteBatch batch = now.batch();
        try {
            batch.clear();
            for (Edit edit : edits) {
                switch (edit) {
                    case Edit.Put<?, ?> put -> put(now, put);
                    case Edit.Drop<?, ?> drop -> drop(now, drop);
                }
            }
            Writer position =
                    new Writer(24).u8(POSITION_FORMAT).varint(at.term()).varint(at.index());
            batch.put(now.handle(Family.META), POSITION, position.toBytes());
            cache.begin(edits);
            now.db().write(now.writing(), batch);
            applied = at;
        } catch (RocksDBException e) {
            throw now.trouble("written", e);
        } finally {
            cache.end();
            leave();
        }
    }

    private static <K, V> void put(Opened now, Edit.Put<K, V> put) throws RocksDBException {
        Table<K, V> table = put.table();
        now.batch().put(now.handle(table), table.key(put.key()), table.row(put.value()));
    }

    private static <K, V> void drop(Opened now, Edit.Drop<K, V> drop) throws RocksDBException {
        now.batch().delete(now.handle(drop.table()), drop.table().key(drop.key()));
    }

    @Override
    public Position applied() {
        return applied;
    }

    @Override
    public View view() {
        return new Frozen(enter());
    }

    /// Brings everything written so far to disk, forced.
    void flush() {
        flush(true);
    }

    /// Begins to bring everything written so far to disk.
    void flushSoon() {
        flush(false);
    }

    private void flush(boolean wait) {
        Opened now = enter();
        try (FlushOptions options = new FlushOptions().setWaitForFlush(wait).setAllowWriteStall(true)) {
            now.db().flush(options, List.copyOf(now.handles().values()));
        } catch (RocksDBException e) {
            throw now.trouble("flushed", e);
        } finally {
            leave();
        }
    }

    /// Reads everything that is on disk and compares its checksums.
    ///
    /// @throws CatalogUnavailableException when there is damage, see [#isDamage]
    void verify() {
        Opened now = enter();
        try {
            now.db().verifyChecksum();
        } catch (RocksDBException e) {
            throw now.trouble("read", e);
        } finally {
            leave();
        }
    }

    /// Reads one of the database's tables, or of its copies', and compares its checksums.
    ///
    /// @throws CatalogUnavailableException when there is damage, see [#isDamage]
    void verify(Path table) {
        Opened now = enter();
        try (Options options = new Options();
                SstFileReader reader = new SstFileReader(options)) {
            reader.open(table.toString());
            reader.verifyChecksum();
        } catch (RocksDBException e) {
            throw now.trouble("read", e);
        } finally {
            leave();
        }
    }

    /// Makes a copy of the whole state in `copy`, which must not be there, out of links to the same files. The
    /// caller has flushed,
    /// and forces the folder above.
    void checkpoint(Path copy) {
        Opened now = enter();
        try (Checkpoint checkpoint = Checkpoint.create(now.db())) {
            checkpoint.createCheckpoint(copy.toString());
        } catch (RocksDBException e) {
            throw now.trouble("copied to " + copy, e);
        } finally {
            leave();
        }
    }

    /// A number that the database tells about itself, for instance `rocksdb.cur-size-all-mem-tables`, over all
    /// families.
    long property(String name) {
        Opened now = enter();
        try {
            return now.db().getAggregatedLongProperty(name);
        } catch (RocksDBException e) {
            throw now.trouble("read", e);
        } finally {
            leave();
        }
    }

    /// Closes and opens the database again, which forgets an error of the disk and what was not flushed. Readers
    /// wait.
    void reopen() {
        gate.writeLock().lock();
        try {
            close();
            cache.clear();
            Opened next = Opened.open(folder);
            opened = next;
            applied = next.position();
        } finally {
            gate.writeLock().unlock();
        }
    }

    /// Flushes as far as that works and closes.
    @Override
    public void close() {
        gate.writeLock().lock();
        try {
            Opened now = opened;
            opened = null;
            if (now != null) {
                now.close();
            }
        } finally {
            gate.writeLock().unlock();
        }
    }

    private final class Frozen implements View {
        private final Opened now;
        private final Snapshot snapshot;
        private final ReadOptions options;

        Frozen(Opened now) {
            this.now = now;
            this.snapshot = now.db().getSnapshot();
            this.options = new ReadOptions().setSnapshot(snapshot);
        }

        @Override
        public <K, V> @Nullable V get(Table<K, V> table, K key) {
            return RocksRows.get(now, options, table, key);
        }

        @Override
        public <K, V> Cursor<K, V> scan(Table<K, V> table, byte[] prefix) {
            return new Walk<>(now, table, table.prefix(prefix), snapshot, false, () -> {});
        }

        @Override
        public <K, V> Cursor<K, V> scanBack(Table<K, V> table, byte[] prefix) {
            return new Walk<>(now, table, table.prefix(prefix), snapshot, true, () -> {});
        }

        @Override
        public void close() {
            options.close();
            now.db().releaseSnapshot(snapshot);
            leave();
        }
    }

    /// A walk between two bounds. The bounds live as long as it: RocksDB keeps pointers to them.
    private static final class Walk<K, V> implements Cursor<K, V> {
        private final Opened now;
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

        Walk(Opened now, Table<K, V> table, byte[] from, @Nullable Snapshot snapshot, boolean back, Runnable leave) {
            this.now = now;
            this.table = table;
            this.back = back;
            this.leave = leave;
            this.lower = new Slice(from);
            this.upper = new Slice(MemoryRows.end(from));
            this.options = new ReadOptions().setIterateLowerBound(lower).setIterateUpperBound(upper);
            if (snapshot != null) {
                options.setSnapshot(snapshot);
            }
            this.rows = now.db().newIterator(now.handle(table), options);
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
                throw now.trouble("read", e);
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
