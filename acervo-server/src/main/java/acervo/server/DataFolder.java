package acervo.server;

import acervo.model.NodeId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.UUID;
import java.util.stream.Stream;

/// The folder that a server keeps everything in:
///
/// ```
/// format            "acervo 1": the version of what is in the other ones
/// lock              held by the server that runs
/// node              the UUID of this machine
/// operator.secret   64 hexadecimal digits; whoever can read it may do what an operator may
/// blobs/            bytes (acervo.blob)
/// catalog/          what exists (acervo.catalog)
/// depot/            records of resumable uploads (acervo.depot)
/// ```
///
/// The folder is for its owner only (mode 700), and so is the secret (600).
final class DataFolder implements AutoCloseable {
    /// The newest format that this program knows.
    static final int FORMAT = 1;

    private static final String FORMAT_NAME = "acervo ";
    private static final int SECRET_BYTES = 32;

    private final Path root;
    private final FileChannel lockFile;
    private final NodeId node;
    private final byte[] operatorSecret;
    private final boolean passing;

    private DataFolder(Path root, FileChannel lockFile, NodeId node, byte[] operatorSecret, boolean passing) {
        this.root = root;
        this.lockFile = lockFile;
        this.node = node;
        this.operatorSecret = operatorSecret;
        this.passing = passing;
    }

    /// Opens the folder, making it when it is absent.
    ///
    /// @throws StartException when it can't be used: it says why
    static DataFolder open(Path folder) throws StartException {
        Path root = folder.toAbsolutePath().normalize();
        FileChannel lockFile = null;
        try {
            boolean known = Files.exists(root.resolve("format"));
            if (!known) {
                make(root);
            }
            lockFile = lock(root);
            checkFormat(root);
            NodeId node = NodeId.parse(kept(root, "node", UUID.randomUUID().toString()));
            byte[] random = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(random);
            String secret = kept(root, "operator.secret", HexFormat.of().formatHex(random));
            DataFolder opened = new DataFolder(root, lockFile, node, secret.getBytes(StandardCharsets.UTF_8), false);
            lockFile = null;
            return opened;
        } catch (IllegalArgumentException e) {
            throw new StartException("folder.damaged", root, "the file node holds no UUID");
        } catch (IOException e) {
            throw new StartException("folder.unwritable", root, reason(e));
        } finally {
            close(lockFile);
        }
    }

    /// A folder for a server that keeps nothing: it goes with the server.
    static DataFolder passing() throws StartException {
        try {
            Path made = Files.createTempDirectory("acervo-");
            Files.delete(made);
            DataFolder folder = open(made);
            return new DataFolder(folder.root, folder.lockFile, folder.node, folder.operatorSecret, true);
        } catch (IOException e) {
            throw new StartException("folder.unwritable", System.getProperty("java.io.tmpdir"), reason(e));
        }
    }

    private static void make(Path root) throws IOException, StartException {
        if (Files.isDirectory(root)) {
            try (Stream<Path> inside = Files.list(root)) {
                // An earlier start may have been killed right here.
                if (inside.anyMatch(file -> !file.endsWith("lock") && !file.endsWith("format.new"))) {
                    throw new StartException("folder.foreign", root);
                }
            }
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
            return;
        }
        Path parent = root.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(
                    root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException _) {
            throw new StartException("folder.unwritable", root, "it is a file");
        }
    }

    private static FileChannel lock(Path root) throws IOException, StartException {
        FileChannel file = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException _) {
            lock = null;
        }
        if (lock == null) {
            file.close();
            throw new StartException("folder.locked", root);
        }
        return file;
    }

    private static void checkFormat(Path root) throws IOException, StartException {
        String text = kept(root, "format", FORMAT_NAME + FORMAT);
        int format;
        try {
            format = text.startsWith(FORMAT_NAME) ? Integer.parseInt(text.substring(FORMAT_NAME.length())) : 0;
        } catch (NumberFormatException _) {
            format = 0;
        }
        if (format < 1) {
            throw new StartException("folder.damaged", root, "the file format says: " + text);
        }
        if (format > FORMAT) {
            throw new StartException("folder.newer", root, format, FORMAT);
        }
    }

    /// The line that a small file holds; when there is none, it is made with `otherwise`, whole or not at all.
    private static String kept(Path root, String name, String otherwise) throws IOException {
        Path file = root.resolve(name);
        if (!Files.exists(file)) {
            Path next = root.resolve(name + ".new");
            Files.deleteIfExists(next);
            Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (FileChannel out = FileChannel.open(next, StandardOpenOption.WRITE)) {
                out.write(StandardCharsets.UTF_8.encode(otherwise + "\n"));
                out.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel folder = FileChannel.open(root, StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
        return Files.readString(file).strip();
    }

    private static String reason(IOException e) {
        String said = e instanceof FileSystemException trouble ? trouble.getReason() : e.getMessage();
        return said == null ? e.getClass().getSimpleName() : said;
    }

    private static void close(@org.jspecify.annotations.Nullable FileChannel file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            System.getLogger("acervo.server").log(System.Logger.Level.DEBUG, "closing the lock", e);
        }
    }

    Path root() {
        return root;
    }

    Path blobs() {
        return root.resolve("blobs");
    }

    Path catalog() {
        return root.resolve("catalog");
    }

    Path depot() {
        return root.resolve("depot");
    }

    NodeId node() {
        return node;
    }

    /// What an operator must say, as text.
    byte[] operatorSecret() {
        return operatorSecret.clone();
    }

    /// Lets another server have it.
    @Override
    public void close() {
        close(lockFile);
        if (passing) {
            remove();
        }
    }

    private void remove() {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            System.getLogger("acervo.server").log(System.Logger.Level.WARNING, "removing " + root, e);
        }
    }
}
