package acervo.blob;

import acervo.model.BlobId;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/// Where things lie below the store's folder.
///
/// ```
/// blobs/ab/cd/<64 hex>        the bytes of a large blob, and nothing else: readable without this program
/// blobs/ab/cd/<64 hex>.crc    its block sums, see SideFile
/// segments/<16 hex>.seg       small blobs, see SegmentRecord
/// staging/<uuid>              a large blob in the making
/// staging/<uuid>.crc          its block sums so far
/// quarantine/<64 hex>-<n>     a damaged copy, with .crc where it had one, and .txt saying what was seen
/// index/                      RocksDB, derived from all of the above: see BlobIndex
/// ```
record Layout(Path root) {
    static final String SIDE = ".crc";
    private static final String SEGMENT = ".seg";

    Path blobs() {
        return root.resolve("blobs");
    }

    /// `blobs/ab` of a blob that begins with ab.
    Path outerShard(BlobId id) {
        return blobs().resolve(HexFormat.of().toHexDigits(id.word0() >>> 56, 2));
    }

    /// `blobs/ab/cd` of a blob that begins with abcd.
    Path shard(BlobId id) {
        return outerShard(id).resolve(HexFormat.of().toHexDigits(id.word0() >>> 48, 2));
    }

    /// The first two bytes of a blob's name: which of the 65,536 shards is its own.
    static int shardNumber(BlobId id) {
        return (int) (id.word0() >>> 48);
    }

    Path blob(BlobId id) {
        return shard(id).resolve(id.toString());
    }

    Path segments() {
        return root.resolve("segments");
    }

    Path segment(long number) {
        return segments().resolve(HexFormat.of().toHexDigits(number) + SEGMENT);
    }

    static Optional<Long> segmentNumber(String name) {
        if (name.length() != 16 + SEGMENT.length() || !name.endsWith(SEGMENT)) {
            return Optional.empty();
        }
        try {
            return Optional.of(HexFormat.fromHexDigitsToLong(name, 0, 16));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    static Optional<BlobId> blobId(String name) {
        try {
            return Optional.of(BlobId.parse(name));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    Path staging() {
        return root.resolve("staging");
    }

    Path stage(StageId id) {
        return staging().resolve(id.toString());
    }

    static Optional<StageId> stageId(String name) {
        try {
            StageId id = new StageId(UUID.fromString(name));
            return id.toString().equals(name) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    Path quarantine() {
        return root.resolve("quarantine");
    }

    Path index() {
        return root.resolve("index");
    }

    /// The file of block sums beside a file of bytes.
    static Path side(Path bytes) {
        return bytes.resolveSibling(bytes.getFileName() + SIDE);
    }
}
