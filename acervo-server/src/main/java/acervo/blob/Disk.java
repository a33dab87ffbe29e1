package acervo.blob;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// All that the store asks of a disk, so narrow that a test can put a disk in its place that fails, fills up or
/// loses power at the n-th operation.
///
/// What the store may count on after a power cut, and no more: a [DiskFile#force]d file has the bytes that it
/// had then; a name is there, or gone, once its folder was forced after the change; a rename is seen whole or
/// not at all. What was not forced may be there, be missing, or be garbage, in any order. Any thread may call;
/// an [IOException] leaves the outcome open.
interface Disk {
    /// How a file is opened.
    enum Mode {
        READ,
        /// Reads what the medium holds rather than what the system's cache does, wherever the file system can.
        READ_MEDIUM,
        /// Reads and writes a file that is there.
        WRITE,
        /// Reads and writes a new file; one that is there is emptied.
        CREATE
    }

    /// Opens a file.
    ///
    /// @throws java.nio.file.NoSuchFileException when it is absent
    DiskFile open(Path file, Mode mode) throws IOException;

    /// Renames in one step, over a file of that name if there is one.
    void rename(Path from, Path to) throws IOException;

    /// Takes a name away; false when it is absent.
    boolean unlink(Path file) throws IOException;

    /// Makes one folder, open to its owner only; false when it is there already.
    boolean createFolder(Path folder) throws IOException;

    /// Makes the names in a folder durable.
    void forceFolder(Path folder) throws IOException;

    /// The names in a folder, in no order; none when it is absent.
    List<String> list(Path folder) throws IOException;

    /// Facts by which a changed file is known.
    ///
    /// @throws java.nio.file.NoSuchFileException when it is absent
    Stamp stamp(Path file) throws IOException;

    /// Room, asked from the system each time.
    Space space() throws IOException;

    /// @param inode its number
    /// @param changed time of the last change to bytes or names, in nanoseconds
    /// @param size bytes
    /// @param modifiedMillis time of the last change to the bytes, milliseconds since 1970
    record Stamp(long inode, long changed, long size, long modifiedMillis) {}

    /// @param free bytes that this process may still write
    /// @param total bytes of the file system
    record Space(long free, long total) {}
}
