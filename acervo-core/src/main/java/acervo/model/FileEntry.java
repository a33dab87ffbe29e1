package acervo.model;

/// A path's current version.
///
/// @param id stays the same through renames and overwrites; unique within its space
/// @param replicas how many copies its owner wants in total, 1 or more
/// @param storedMillis the leader's clock when this version was accepted, milliseconds since 1970
/// @param author who deposited this version
public record FileEntry(
        FilePath path, long id, Version version, Content content, int replicas, long storedMillis, ClientId author) {
    public FileEntry {
        if (replicas < 1) {
            throw new IllegalArgumentException("a file has at least one replica, not " + replicas);
        }
    }
}
