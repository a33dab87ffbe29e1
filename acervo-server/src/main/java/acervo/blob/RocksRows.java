package acervo.blob;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// Rows in RocksDB, without its log: the segments are the log. One column family, so that one memtable holds a
/// prefix of the batches and a flush can't tear them; memory is bounded to about 24 MiB whatever the number of
/// rows.
final class RocksRows implements Rows {
    private static final long MEMTABLE = 8 << 20;
    private static final long CACHE = 8 << 20;

    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final WriteOptions writing;
    private final RocksDB db;

    static {
        RocksDB.loadLibrary();
    }

    private RocksRows(Path folder) throws RocksDBException {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(own(new LRUCache(CACHE)))
                .setCacheIndexAndFilterBlocks(true)
                .setFilterPolicy(own(new BloomFilter(10)));
        Options options = own(new Options())
                .setCreateIfMissing(true)
                .setAtomicFlush(true)
                .setWriteBufferSize(MEMTABLE)
                .setMaxWriteBufferNumber(2)
                .setTableFormatConfig(table)
                // Hashes don't compress.
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setMaxOpenFiles(64)
                .setMaxBackgroundJobs(2)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setStatsDumpPeriodSec(0)
                // Whoever closes it in order flushes first; whoever doesn't has a reason.
                .setAvoidFlushDuringShutdown(true);
        writing = own(new WriteOptions()).setDisableWAL(true);
        db = own(RocksDB.open(options, folder.toString()));
    }

    /// Rows in that folder.
    record Folder(Path path) implements Home {
        @Override
        public Rows open() {
            try {
                return new RocksRows(path);
            } catch (RocksDBException e) {
                throw failed("opening the blob index", e);
            }
        }

        @Override
        public void erase() {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new StoreFailedException("erasing the blob index failed: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        try {
            return db.get(key);
        } catch (RocksDBException e) {
            throw failed("reading the blob index", e);
        }
    }

    @Override
    public List<byte @Nullable []> getAll(List<byte[]> keys) {
        try {
            // It does not take none.
            return keys.isEmpty() ? List.of() : db.multiGetAsList(keys);
        } catch (RocksDBException e) {
            throw failed("reading the blob index", e);
        }
    }

    @Override
    public void write(List<Edit> edits) {
        try (WriteBatch batch = new WriteBatch()) {
            for (Edit edit : edits) {
                byte[] value = edit.value();
                if (value == null) {
                    batch.delete(edit.key());
                } else {
                    batch.put(edit.key(), value);
                }
            }
            db.write(writing, batch);
        } catch (RocksDBException e) {
            throw failed("writing the blob index", e);
        }
    }

    @Override
    public void scan(byte[] from, Visitor visitor) {
        try (RocksIterator rows = db.newIterator()) {
            rows.seek(from);
            while (rows.isValid() && visitor.row(rows.key(), rows.value())) {
                rows.next();
            }
            rows.status();
        } catch (RocksDBException e) {
            throw failed("reading the blob index", e);
        }
    }

    @Override
    public void flush(boolean wait) {
        try (FlushOptions options = new FlushOptions().setWaitForFlush(wait).setAllowWriteStall(true)) {
            db.flush(options);
        } catch (RocksDBException e) {
            throw failed("flushing the blob index", e);
        }
    }

    @Override
    public void close() {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("closing the blob index", e);
            }
        }
    }

    private <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        return resource;
    }

    private static StoreFailedException failed(String doing, RocksDBException e) {
        return new StoreFailedException(doing + " failed: " + e.getMessage(), e);
    }
}
