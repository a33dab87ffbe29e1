package acervo.client;

import acervo.model.BlobId;
import acervo.model.RequestId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Remembers, in one small file each, the uploads that are under way, so that the same `put` goes on where it was cut:
/// after a broken connection, a killed client, a restarted server. An upload is found again by who sends which local
/// file
/// where; it is given up when the local file is not the same any more.
final class UploadJournal {
    /// One day more than the server keeps an upload without progress.
    private static final Duration KEPT = Duration.ofDays(8);

    private final Path folder;

    UploadJournal(Path folder) {
        this.folder = folder;
    }

    /// Finds or starts the entry of an upload. Another process that sends the same file to the same place at this
    /// moment has
    /// the entry for itself; this one then works without.
    ///
    /// @param who names the server and the client
    Entry open(String who, DepositTarget target, LocalFile file) throws IOException {
        StateFile.makeFolders(folder);
        forgetOld();
        String source = file.path().toAbsolutePath().normalize().toString();
        byte[] key = (who + '\0' + target.file() + '\0' + source).getBytes(StandardCharsets.UTF_8);
        String name = BlobId.of(HashLane.sha256().digest(key)).toString().substring(0, 32);
        FileChannel lockFile =
                FileChannel.open(folder.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException _) {
            // Another thread of this process: the same as another process.
        }
        if (lock == null) {
            lockFile.close();
            return new Entry(null, null, Map.of());
        }
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("server", who);
        wanted.put("to", target.file().toString());
        wanted.put("replicas", String.valueOf(target.replicas()));
        wanted.put("condition", target.condition().toString());
        wanted.put("source", source);
        wanted.put("size", String.valueOf(file.size()));
        wanted.put("modified", String.valueOf(file.modifiedNanos()));
        wanted.put("key", file.key().toString());
        wanted.put("executable", String.valueOf(file.executable()));
        return new Entry(folder.resolve(name), lockFile, wanted);
    }

    private void forgetOld() throws IOException {
        Instant oldest = Instant.now().minus(KEPT);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path one : all) {
                if (Files.getLastModifiedTime(one).toInstant().isBefore(oldest)) {
                    Files.deleteIfExists(one);
                }
            }
        }
    }

    /// One upload's place in the journal, held by this process until closed.
    static final class Entry implements AutoCloseable {
        private final @Nullable Path file;
        private final @Nullable FileChannel lock;
        private final Map<String, String> wanted;

        private Entry(@Nullable Path file, @Nullable FileChannel lock, Map<String, String> wanted) {
            this.file = file;
            this.lock = lock;
            this.wanted = wanted;
        }

        /// The id of the upload that was cut, if it was of the same file in the same state.
        Optional<RequestId> previous() throws IOException {
            Optional<Map<String, String>> values = file == null ? Optional.empty() : StateFile.read(file);
            String id = values.map(v -> v.get("upload")).orElse(null);
            if (id == null || !values.orElseThrow().entrySet().containsAll(wanted.entrySet())) {
                return Optional.empty();
            }
            try {
                return Optional.of(RequestId.parse(id));
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }

        /// The id of an upload that is of no use any more: the local file changed since.
        Optional<String> abandoned() throws IOException {
            return file == null ? Optional.empty() : StateFile.read(file).map(v -> v.get("upload"));
        }

        /// Writes down the upload's id; to be called before the server hears of it.
        void remember(RequestId id) throws IOException {
            if (file != null) {
                Map<String, String> values = new LinkedHashMap<>(wanted);
                values.put("upload", id.toString());
                StateFile.write(file, "An upload that is under way; the same put goes on with it.", values);
            }
        }

        /// The upload is over.
        void forget() throws IOException {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        }

        @Override
        public void close() throws IOException {
            if (lock != null && file != null) {
                if (!Files.exists(file)) {
                    Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".lock"));
                }
                lock.close();
            }
        }
    }
}
