package acervo.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A file of this machine as it stood when it was looked at; what tells whether it is still the same.
///
/// @param size in bytes
/// @param modifiedNanos since 1970
/// @param key device and inode, where the system tells: only to be compared, or shown
public record LocalFile(Path path, Type type, long size, long modifiedNanos, boolean executable, Object key) {
    /// What stands at a local path.
    public enum Type {
        FILE,
        FOLDER,
        LINK,
        OTHER
    }

    /// Looks at a path.
    ///
    /// @param follow whether a symbolic link stands for what it points to
    public static LocalFile look(Path path, boolean follow) throws IOException {
        LinkOption[] options = follow ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
        try {
            PosixFileAttributes posix = Files.readAttributes(path, PosixFileAttributes.class, options);
            return of(path, posix, posix);
        } catch (UnsupportedOperationException _) {
            return of(path, Files.readAttributes(path, BasicFileAttributes.class, options), null);
        }
    }

    private static LocalFile of(Path path, BasicFileAttributes seen, @Nullable PosixFileAttributes posix) {
        Type type = seen.isRegularFile()
                ? Type.FILE
                : seen.isDirectory() ? Type.FOLDER : seen.isSymbolicLink() ? Type.LINK : Type.OTHER;
        boolean executable =
                posix != null && type == Type.FILE && posix.permissions().contains(PosixFilePermission.OWNER_EXECUTE);
        return new LocalFile(
                path,
                type,
                seen.size(),
                seen.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                executable,
                seen.fileKey() == null ? "" : seen.fileKey());
    }

    /// Whether the path still shows the same file with the same content, as far as one can tell without reading it.
    boolean isUnchanged() throws IOException {
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        return now.size() == size
                && now.lastModifiedTime().to(TimeUnit.NANOSECONDS) == modifiedNanos
                && (now.fileKey() == null || now.fileKey().equals(key));
    }

    long modifiedMillis() {
        return Math.floorDiv(modifiedNanos, 1_000_000L);
    }
}
