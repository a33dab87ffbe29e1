package acervo.share;

import acervo.blob.StoredBlob;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Content;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.SpaceName;
import acervo.model.Version;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A folder of this machine that clients read as a space. Any thread; every method may block on the disk and throws
/// [RefusedException]: NO_SUCH_FILE for what is not there, for links and for anything else that is neither a file nor a
/// folder, ARGUMENT_INVALID for what the server may not read, UNAVAILABLE when the folder itself can't be read now.
///
/// Links are not followed and not shown, wherever they lead.
public final class SharedFolder {
    /// Stands in a listing for the digest of a file that nobody has asked for yet.
    public static final BlobId NOT_HASHED = BlobId.NOT_HASHED;

    /// The author of all that is in shared folders: no client.
    public static final ClientId NOBODY = new ClientId(new UUID(0, 0));

    /// Two changes within so long may leave the same times behind: what changed less long ago is waited for.
    private static final long FINE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /// The same where the system keeps times in whole seconds, or in two of them.
    private static final long COARSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2_020);

    private static final int ATTEMPTS = 5;

    private final SpaceName name;
    private final Path root;
    private final Clock clock;
    private final Digests digests = new Digests();

    /// @param root the folder; a link to it is followed
    public SharedFolder(SpaceName name, Path root, Clock clock) {
        this.name = name;
        this.root = root;
        this.clock = clock;
    }

    public SpaceName name() {
        return name;
    }

    Path root() {
        return root;
    }

    /// What stands at a path; empty for a folder.
    Optional<Seen> look(FilePath path) {
        return reading(
                path,
                () -> path.isRoot()
                        ? inside(path, _ -> Optional.empty())
                        : inside(path.parent(), at -> {
                            Path last = Path.of(path.name());
                            return look(at, last, path);
                        }));
    }

    /// A file, with its digest if it is known; empty for a folder.
    ///
    /// @throws RefusedException NO_SUCH_FILE
    public Optional<FileEntry> file(FilePath path) {
        return look(path).map(seen -> entry(seen, digests.known(seen).orElse(NOT_HASHED)));
    }

    /// A page of a folder, as the catalog has them: its files and sub-folders in the order of paths, or all files
    /// below
    /// it and all folders with nothing in them.
    ///
    /// @param after the last path of the page before, or null
    public Listing list(FilePath folder, boolean recursive, @Nullable FilePath after, int limit) {
        return reading(folder, () -> {
            Walk walk = new Walk(this, recursive, after, limit);
            inside(folder, at -> {
                walk.folder(at, folder);
                return folder;
            });
            return walk.listing();
        });
    }

    /// Lines of a listing.
    ///
    /// @param more whether it goes on
    public record Listing(List<Line> lines, boolean more) {
        public Listing {
            lines = List.copyOf(lines);
        }
    }

    /// A file, or a folder without an entry.
    public record Line(FilePath path, Optional<FileEntry> entry) {}

    /// Opens a file for reading. Reads it once if its digest is not known.
    ///
    /// @throws RefusedException ARGUMENT_INVALID for a folder; UNAVAILABLE when it does not stand still
    public Opened open(FilePath path) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Opened> opened = reading(path, () -> tryOpen(path));
            if (opened.isPresent()) {
                return opened.get();
            }
        }
        throw new RefusedException(Reason.UNAVAILABLE, path + " changes while it is read: try again");
    }

    /// A file that is open, and what it is.
    public record Opened(FileEntry entry, StoredBlob bytes) {}

    private Optional<Opened> tryOpen(FilePath path) throws IOException {
        Seen seen = file(look(path), path);
        settle(seen);
        FileChannel file = inside(path.parent(), at -> (FileChannel)
                at.newByteChannel(Path.of(path.name()), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
        boolean taken = false;
        try {
            Optional<BlobId> known = digests.known(seen);
            BlobId digest = known.isPresent() ? known.get() : digests.compute(seen, file);
            // What was opened is what was looked at, and it did not change while it was read.
            if (!look(path).map(seen::same).orElse(false)) {
                return Optional.empty();
            }
            digests.keep(seen, digest);
            taken = true;
            return Optional.of(new Opened(
                    entry(seen, digest), new SharedBlob(this, seen, digest, root.resolve(path.text()), file)));
        } finally {
            if (!taken) {
                file.close();
            }
        }
    }

    /// Waits until one more change of the file would show in its times.
    private void settle(Seen seen) {
        long changed = seen.changed().to(TimeUnit.NANOSECONDS);
        long window = showing(changed);
        long old = TimeUnit.MILLISECONDS.toNanos(clock.millis()) - changed;
        long wait = old < 0 ? 0 : window - old;
        long end = System.nanoTime() + wait;
        for (long left = wait; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /// For how long after a change, in nanoseconds, another one may leave the same times behind.
    ///
    /// @param changedNanos when the first one was, by the system's word
    static long showing(long changedNanos) {
        return changedNanos % TimeUnit.SECONDS.toNanos(1) == 0 ? COARSE_NANOS : FINE_NANOS;
    }

    private static Seen file(Optional<Seen> seen, FilePath path) {
        return seen.orElseThrow(
                () -> new RefusedException(Reason.ARGUMENT_INVALID, path + " is a folder: list it instead"));
    }

    FileEntry entry(Seen seen) {
        return entry(seen, digests.known(seen).orElse(NOT_HASHED));
    }

    private static FileEntry entry(Seen seen, BlobId digest) {
        Content content =
                new Content(Kind.FILE, digest, seen.size(), seen.modified().toMillis(), seen.executable());
        long id = seen.key().hashCode() & 0xFFFF_FFFFL;
        return new FileEntry(
                seen.path(),
                id,
                new Version(seen.version()),
                content,
                1,
                seen.changed().toMillis(),
                NOBODY);
    }

    /// A folder with nothing in it, as an entry of its own.
    static FileEntry emptyFolder(FilePath path) {
        Content content = new Content(Kind.FOLDER, BlobId.EMPTY, 0, 0, false);
        return new FileEntry(path, 0, new Version(1), content, 1, 0, NOBODY);
    }

    /// One step of work on an open folder.
    @FunctionalInterface
    interface Work<T> {
        T in(SecureDirectoryStream<Path> folder) throws IOException;
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    RefusedException unreadable(FilePath path) {
        return new RefusedException(
                Reason.ARGUMENT_INVALID, "the server may not read " + path + " in its shared folder " + name);
    }

    private <T> T reading(FilePath path, Reading<T> reading) {
        try {
            return reading.read();
        } catch (AccessDeniedException _) {
            throw unreadable(path);
        } catch (RootException e) {
            throw new RefusedException(
                    Reason.UNAVAILABLE,
                    "the shared folder " + name + " can't be read now (" + e.getMessage()
                            + "): tell whoever runs the server");
        } catch (IOException _) {
            // Gone, or a link, or not what it was when its folder was read.
            throw new RefusedException(Reason.NO_SUCH_FILE, path);
        }
    }

    private <T> T inside(FilePath folder, Work<T> work) throws IOException {
        List<String> names = folder.isRoot() ? List.of() : List.of(folder.text().split("/", -1));
        try (SecureDirectoryStream<Path> top = top()) {
            return descend(top, names, work);
        }
    }

    private static <T> T descend(SecureDirectoryStream<Path> at, List<String> names, Work<T> work) throws IOException {
        if (names.isEmpty()) {
            return work.in(at);
        }
        return below(at, Path.of(names.getFirst()), folder -> descend(folder, names.subList(1, names.size()), work));
    }

    /// Works in a folder that stands in another one, without following a link.
    static <T> T below(SecureDirectoryStream<Path> at, Path name, Work<T> work) throws IOException {
        // Looked at first: to open a pipe would wait for somebody to write to it.
        if (!attributes(at, name).isDirectory()) {
            throw new NotDirectoryException(name.toString());
        }
        try (SecureDirectoryStream<Path> folder = at.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            return work.in(folder);
        }
    }

    @SuppressWarnings("StreamResourceLeak") // It is what is handed out; the caller closes it.
    private SecureDirectoryStream<Path> top() throws RootException {
        try {
            DirectoryStream<Path> stream = Files.newDirectoryStream(root);
            if (stream instanceof SecureDirectoryStream<Path> secure) {
                return secure;
            }
            stream.close();
            throw new RootException("this system has no safe way to read it");
        } catch (RootException e) {
            throw e;
        } catch (IOException e) {
            throw new RootException(e.getClass().getSimpleName().replace("Exception", ""));
        }
    }

    static PosixFileAttributes attributes(SecureDirectoryStream<Path> at, Path name) throws IOException {
        PosixFileAttributeView view =
                at.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        return view.readAttributes();
    }

    /// Looks at a name in a folder; empty for a folder.
    ///
    /// @throws IOException also for links and special files
    Optional<Seen> look(SecureDirectoryStream<Path> at, Path name, FilePath path) throws IOException {
        PosixFileAttributes seen = attributes(at, name);
        if (seen.isDirectory()) {
            return Optional.empty();
        }
        if (!seen.isRegularFile()) {
            throw new NotDirectoryException(path.text());
        }
        // Only by the whole path can Java be asked for it. It opens nothing and tells nothing that is handed out but a
        // time.
        FileTime changed =
                (FileTime) Files.getAttribute(root.resolve(path.text()), "unix:ctime", LinkOption.NOFOLLOW_LINKS);
        return Optional.of(new Seen(
                path,
                String.valueOf(seen.fileKey()),
                seen.size(),
                seen.lastModifiedTime(),
                changed,
                seen.permissions().contains(PosixFilePermission.OWNER_EXECUTE)));
    }

    /// The folder itself can't be read.
    private static final class RootException extends IOException {
        private static final long serialVersionUID = 1;

        RootException(String seen) {
            super(seen);
        }
    }
}
