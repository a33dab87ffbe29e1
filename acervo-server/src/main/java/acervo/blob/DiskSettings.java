package acervo.blob;

/// How a store on disk is set up.
///
/// @param reserveBytes what must stay free; negative for the usual: 5% of the file system, at least 64 MiB (or
///     a quarter of a smaller one)
/// @param segmentBytes a segment ends before it would grow beyond that many bytes
/// @param packedBytes blobs up to that length share segments, 0 to [BlobStore#SMALL]
/// @param compacts whether a thread compacts segments as blobs are removed
public record DiskSettings(long reserveBytes, long segmentBytes, int packedBytes, boolean compacts) {
    public DiskSettings {
        if (packedBytes < 0 || packedBytes > BlobStore.SMALL) {
            throw new IllegalArgumentException("packedBytes is " + packedBytes);
        }
    }

    /// What the server uses.
    public static DiskSettings usual() {
        return new DiskSettings(-1, 128L << 20, BlobStore.SMALL, true);
    }

    /// The same with another reserve, in bytes.
    public DiskSettings withReserve(long bytes) {
        return new DiskSettings(bytes, segmentBytes, packedBytes, compacts);
    }
}
