package acervo.share;

import acervo.model.FilePath;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;

/// One look at a file.
///
/// @param key the system's own name of it: device and number
/// @param size bytes
/// @param changed when its bytes, name or flags last changed, by the system's word
record Seen(FilePath path, String key, long size, FileTime modified, FileTime changed, boolean executable) {
    /// Whether nothing can have happened to its bytes between two looks.
    boolean same(Seen other) {
        return stamp().equals(other.stamp());
    }

    /// What changes when its bytes do.
    Stamp stamp() {
        return new Stamp(key, size, modified, changed);
    }

    /// Microseconds since 1970 of the last change: grows with each change of the file, and programs that know only
    /// numbers of 53 bits can hold it.
    long version() {
        return Math.max(1, changed.to(TimeUnit.MICROSECONDS));
    }

    /// See [Seen#stamp].
    record Stamp(String key, long size, FileTime modified, FileTime changed) {}
}
