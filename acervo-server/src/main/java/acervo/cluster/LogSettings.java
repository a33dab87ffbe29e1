package acervo.cluster;

/// Sizes of the log.
///
/// @param segmentBytes a file of the log is closed at this size; only closed ones can be purged
/// @param preallocatedBytes a file grows by as much at a time, so that most forces write no metadata
/// @param entryBytes the largest entry
/// @param snapshotEntries a snapshot is taken after so many entries, whatever their size
public record LogSettings(long segmentBytes, long preallocatedBytes, int entryBytes, long snapshotEntries) {
    public LogSettings {
        if (preallocatedBytes < 4096 || segmentBytes < preallocatedBytes || entryBytes < 4096 || snapshotEntries < 1) {
            throw new IllegalArgumentException("sizes of a log that can't be");
        }
    }
}
