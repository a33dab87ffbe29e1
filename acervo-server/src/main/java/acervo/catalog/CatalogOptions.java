package acervo.catalog;

import java.time.InstantSource;

/// How a catalog on disk is kept.
///
/// @param clock stamps the commands
/// @param segmentBytes a file of the log is closed at this size, 1 MiB or more
/// @param checkpointBytes a checkpoint is taken, and the log purged, after so many bytes of entries
/// @param checkpointEntries and after so many entries, whatever their size
/// @param flushBytes the state is flushed after so many bytes of entries: what a start has to replay at most
/// @param ballastBytes room kept aside, so that removing works when the disk is full
/// @param retryMillis how often a catalog that ran out of room looks whether there is room again
public record CatalogOptions(
        InstantSource clock,
        long segmentBytes,
        long checkpointBytes,
        long checkpointEntries,
        long flushBytes,
        long ballastBytes,
        long retryMillis) {
    private static final long MB = 1 << 20;

    public CatalogOptions {
        if (segmentBytes < MB
                || checkpointBytes < 1
                || checkpointEntries < 1
                || flushBytes < 1
                || ballastBytes < 0
                || retryMillis < 1) {
            throw new IllegalArgumentException("options of a catalog that can't be");
        }
    }

    /// What suits a disk of that size: on a large one, segments of 64 MiB; on a tiny one, everything smaller.
    ///
    /// @param diskBytes all room of the disk, used or not
    public static CatalogOptions forDisk(InstantSource clock, long diskBytes) {
        long segment = clamp(diskBytes / 32, MB, 64 * MB);
        return new CatalogOptions(
                clock, segment, 2 * segment, 200_000, 4 * MB, clamp(diskBytes / 16, MB, 16 * MB), 1_000);
    }

    private static long clamp(long value, long least, long most) {
        return Math.max(least, Math.min(most, value));
    }

    /// Files of the log grow in steps of this size.
    long preallocatedBytes() {
        return clamp(segmentBytes / 16, 256 << 10, 4 * MB);
    }
}
