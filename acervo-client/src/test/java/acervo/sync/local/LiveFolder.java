package acervo.sync.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Version;
import acervo.sync.Index;
import acervo.sync.LocalAnswer;
import acervo.sync.LocalChange;
import acervo.sync.RootLostException;
import acervo.sync.Stage;
import acervo.sync.index.FileIndex;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.RemoteNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A folder that is kept, with what is seen of it, on the real disk.
final class LiveFolder implements AutoCloseable {
    static final UUID MARKER = new UUID(7, 7);
    /// No scan but the first one helps the watch.
    static final Pace WATCHED =
            new Pace(Duration.ofDays(1), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(50));

    final Path folder;
    final Path indexFolder;
    Seen seen = new Seen();
    FileIndex index;
    DiskFolder disk;

    /// Begins in a folder of the test, with what is in `folder` there already; not started.
    LiveFolder(Path temp) throws IOException {
        folder = Files.createDirectories(temp.resolve("folder"));
        indexFolder = Files.createDirectories(temp.resolve("index"));
        if (DiskFolder.markerOf(folder) == null) {
            DiskFolder.mark(folder, MARKER);
        }
        index = FileIndex.open(indexFolder).orElseThrow();
        index.load(new Index.Trees(_ -> {}, _ -> {}, _ -> {}));
        disk = DiskFolder.open(folder, MARKER, index, WATCHED);
    }

    /// Begins in a folder of the test, and has seen all that is there.
    static LiveFolder started(Path temp) throws IOException, InterruptedException {
        LiveFolder live = new LiveFolder(temp);
        live.start();
        return live;
    }

    void start() throws InterruptedException {
        disk.start(seen);
        seen.await("the first scan is complete", now -> now.scans() > 0);
    }

    /// Stops, and starts again from what the index has.
    void restart() throws IOException, InterruptedException {
        disk.close();
        index.close();
        reopen();
        start();
    }

    void reopen() throws IOException {
        seen = new Seen();
        index = FileIndex.open(indexFolder).orElseThrow();
        index.load(new Index.Trees(seen::known, _ -> {}, _ -> {}));
        disk = DiskFolder.open(folder, MARKER, index, WATCHED);
    }

    Path at(String path) {
        return folder.resolve(path);
    }

    void write(String path, String text) throws IOException {
        Files.writeString(at(path), text);
    }

    /// Waits until what was seen is what is on the disk, and checks that nothing that was told was wrong.
    void awaitSame() throws InterruptedException {
        seen.await("all that is on disk is seen", _ -> differences().isEmpty(), new Object() {
            @Override
            public String toString() {
                return differences() + "\n" + seen;
            }
        });
        assertEquals(
                List.of(),
                seen.told().stream()
                        .filter(one -> one.contains("TWO") || one.contains("unknown"))
                        .toList());
    }

    /// Paths at which something else was seen than what is there.
    private List<String> differences() {
        Map<String, Content> there = onDisk();
        Map<String, Content> saw = new TreeMap<>();
        seen.all().forEach(node -> saw.put(node.path().text(), node.content()));
        return Stream.concat(there.keySet().stream(), saw.keySet().stream())
                .distinct()
                .filter(path -> !Objects.equals(there.get(path), saw.get(path)))
                .map(path -> path + " is " + there.get(path) + ", seen is " + saw.get(path))
                .toList();
    }

    /// What is on the disk, by Java's own means.
    Map<String, Content> onDisk() {
        Map<String, Content> all = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) walk::iterator) {
                String name = folder.relativize(path).toString();
                if (!name.isEmpty() && !name.startsWith(".acervo-")) {
                    all.put(name, content(path));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // Something went away meanwhile.
            return Map.of("changing", new Content(Kind.FILE, BlobId.EMPTY, 0, 0, false));
        }
        return all;
    }

    private static Content content(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            byte[] target = Files.readSymbolicLink(path).toString().getBytes(StandardCharsets.UTF_8);
            return new Content(Kind.LINK, hash(target), target.length, 0, false);
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return new Content(Kind.FOLDER, BlobId.EMPTY, 0, 0, false);
        }
        byte[] bytes = Files.readAllBytes(path);
        long nanos = Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
        boolean executable = Files.getPosixFilePermissions(path).contains(PosixFilePermission.OWNER_EXECUTE);
        return new Content(Kind.FILE, hash(bytes), bytes.length, Math.floorDiv(nanos, 1_000_000L), executable);
    }

    static BlobId hash(byte[] bytes) {
        return BlobId.of(Reading.sha256().digest(bytes));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Content file(String text, long modifiedMillis, boolean executable) {
        return new Content(Kind.FILE, hash(bytes(text)), bytes(text).length, modifiedMillis, executable);
    }

    static Content file(String text) {
        return file(text, 1_600_000_000_123L, false);
    }

    /// A version on its way in, with all its bytes.
    Stage stage(String path, String text, @Nullable LocalNode replaced) throws IOException {
        Stage stage = emptyStage(path, text, replaced);
        stage.write(ByteBuffer.wrap(bytes(text)).position((int) stage.position()));
        return stage;
    }

    Stage emptyStage(String path, String text, @Nullable LocalNode replaced) {
        return disk.stage(new RemoteNode(77, new FilePath(path), new Version(5), file(text)), replaced);
    }

    LocalAnswer place(String path, String text, @Nullable LocalNode replaced) throws IOException, RootLostException {
        try (Stage stage = stage(path, text, replaced)) {
            return apply(new LocalChange.Place(stage, new FilePath(path), file(text), replaced));
        }
    }

    LocalAnswer apply(LocalChange change) throws RootLostException {
        return disk.apply(List.of(change)).getFirst();
    }

    @Override
    public void close() {
        disk.close();
        index.close();
    }
}
