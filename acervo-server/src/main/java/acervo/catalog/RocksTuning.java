package acervo.catalog;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;

/// How RocksDB is told to work in little memory: about 16 MB for what is not flushed, 16 MB for what is read, filters
/// and indexes
/// among it, and a bounded number of open files. Its defaults would take hundreds.
final class RocksTuning implements AutoCloseable {
    private static final long MB = 1 << 20;
    private static final long UNFLUSHED = 16 * MB;
    private static final long CACHED = 16 * MB;
    /// More would make parts so small that one file's index fills one.
    private static final int SHARD_BITS = 2;

    private static final int OPEN_FILES = 128;

    private final List<AutoCloseable> made = new ArrayList<>();
    private final Cache cache = keep(new LRUCache(CACHED, SHARD_BITS, false, 0.5));
    private final BloomFilter bloom = keep(new BloomFilter(10));

    private <T extends AutoCloseable> T keep(T resource) {
        made.add(resource);
        return resource;
    }

    DBOptions database() {
        DBOptions options = keep(new DBOptions());
        options.setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                // Without it the families come back from a crash at different positions: the log is disabled.
                .setAtomicFlush(true)
                .setDbWriteBufferSize(UNFLUSHED)
                .setMaxOpenFiles(OPEN_FILES)
                .setMaxBackgroundJobs(2)
                .setSkipStatsUpdateOnDbOpen(true)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(MB)
                .setKeepLogFileNum(2)
                .setMaxManifestFileSize(4 * MB)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setBytesPerSync(MB);
        return options;
    }

    ColumnFamilyOptions family() {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFilterPolicy(bloom)
                // In pieces, of which the cache keeps those that are used. A file's whole filter is hundreds of
                // kilobytes:
                // past half a million files, nearly every question would read one again.
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setPartitionFilters(true)
                .setMetadataBlockSize(4 << 10)
                .setPinTopLevelIndexAndFilter(true)
                .setBlockSize(8 << 10)
                .setFormatVersion(5);
        ColumnFamilyOptions options = keep(new ColumnFamilyOptions());
        options.setTableFormatConfig(table)
                .setWriteBufferSize(UNFLUSHED / 2)
                .setMaxWriteBufferNumber(2)
                // Families with few rows must not take a megabyte each.
                .setArenaBlockSize(128 << 10)
                // Most rows that are asked for are not there: a new file's, a new request's.
                .setMemtableWholeKeyFiltering(true)
                .setMemtablePrefixBloomSizeRatio(0.05)
                .setTargetFileSizeBase(16 * MB)
                .setMaxBytesForLevelBase(64 * MB)
                .setCompressionType(CompressionType.LZ4_COMPRESSION);
        return options;
    }

    @Override
    public void close() {
        for (AutoCloseable resource : made.reversed()) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException("a native option can't be released", e);
            }
        }
    }
}
