package acervo.sync.folder;

import acervo.client.Randomness;
import acervo.client.ServerAddress;
import acervo.client.StateFile;
import acervo.model.FilePath;
import acervo.model.RefusedException;
import acervo.model.SpaceName;
import acervo.sync.folder.FolderException.Kind;
import acervo.sync.local.DiskFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which folders are kept in step with what: one folder of state for each, with a file `folder` that tells it. Any
/// thread, any process: changes are made under a lock.
public final class FolderBook {
    private static final String FACTS = "folder";
    private static final String COMMENT =
            "A folder that Acervo keeps in step. To end that: acervo sync --forget FOLDER";

    private final Path state;

    /// @param state where everything is kept; made when needed
    public FolderBook(Path state) {
        this.state = state;
    }

    /// What a folder is to be kept in step with.
    public record Target(SpaceName space, FilePath root) {
        @Override
        public String toString() {
            return space + ":" + root;
        }
    }

    /// Where the state of a folder lies: its index, and the socket of the process that keeps it.
    public Path home(SyncedFolder folder) {
        return home(folder.id());
    }

    /// Short, because the name of a socket has room for a hundred characters only.
    private Path home(UUID id) {
        return state.resolve(id.toString().replace("-", "").substring(0, 16));
    }

    /// All that are known, by path.
    public List<SyncedFolder> all() throws IOException {
        List<SyncedFolder> all = new ArrayList<>();
        try (DirectoryStream<Path> homes = Files.newDirectoryStream(state)) {
            for (Path home : homes) {
                Optional<Map<String, String>> facts =
                        Files.isDirectory(home) ? StateFile.read(home.resolve(FACTS)) : Optional.empty();
                if (facts.isPresent()) {
                    all.add(parse(home.resolve(FACTS), facts.get()));
                }
            }
        } catch (NoSuchFileException _) {
            // Nothing was kept in step yet.
        }
        all.sort(Comparator.comparing(SyncedFolder::path));
        return all;
    }

    /// The one that a person means by a path.
    ///
    /// @throws FolderException NOT_KEPT when it is not known
    public SyncedFolder find(Path folder) throws IOException {
        Path real = real(folder);
        for (SyncedFolder one : all()) {
            if (one.path().equals(real)) {
                return one;
            }
        }
        throw new FolderException(Kind.NOT_KEPT, folder);
    }

    /// What would be kept in step: the one that is known, or a new one, which is not written down.
    ///
    /// @param target empty: as it is known, or `usual`
    /// @param moved whether `server` was said, so that it takes the place of the one that is known
    public SyncedFolder look(Path folder, ServerAddress server, boolean moved, Optional<Target> target, Target usual)
            throws IOException {
        if (!DiskFolder.isPossible()) {
            throw new FolderException(Kind.SYSTEM, folder);
        }
        Path real = real(folder);
        List<SyncedFolder> all = all();
        Optional<SyncedFolder> there =
                all.stream().filter(one -> one.path().equals(real)).findFirst();
        if (!Files.exists(real)) {
            throw new FolderException(there.isPresent() ? Kind.MARKER_LOST : Kind.ABSENT, folder);
        }
        if (!Files.isDirectory(real)) {
            throw new FolderException(Kind.NOT_A_FOLDER, folder);
        }
        UUID marker = DiskFolder.markerOf(real);
        SyncedFolder known = there.isPresent() ? known(there.get(), marker, folder) : marked(all, real, marker, folder);
        if (known == null) {
            refuseNested(all, real);
            Target goal = target.orElse(usual);
            return new SyncedFolder(Randomness.uuid(), real, server, goal.space(), goal.root(), false);
        }
        if (target.isPresent() && !target.get().equals(new Target(known.space(), known.root()))) {
            throw new FolderException(Kind.OTHER_SPACE, folder, known.address());
        }
        return moved ? known.on(server) : known;
    }

    private static SyncedFolder known(SyncedFolder there, @Nullable UUID marker, Path folder) {
        if (marker == null && there.marked()) {
            throw new FolderException(Kind.MARKER_LOST, folder);
        }
        if (marker != null && !marker.equals(there.id())) {
            throw new FolderException(Kind.MARKER_OTHER, folder);
        }
        return there;
    }

    /// A folder at a path where none was known, by its marker: one that was renamed.
    private static @Nullable SyncedFolder marked(List<SyncedFolder> all, Path real, @Nullable UUID marker, Path folder)
            throws IOException {
        if (marker == null) {
            return null;
        }
        for (SyncedFolder one : all) {
            if (one.id().equals(marker)) {
                if (Files.isDirectory(one.path()) && marker.equals(DiskFolder.markerOf(one.path()))) {
                    throw new FolderException(Kind.COPY, folder, one.path());
                }
                return one.at(real);
            }
        }
        throw new FolderException(Kind.MARKER_UNKNOWN, folder);
    }

    private static void refuseNested(List<SyncedFolder> all, Path real) throws IOException {
        for (SyncedFolder one : all) {
            if (real.startsWith(one.path())) {
                throw new FolderException(Kind.INSIDE, real, one.path());
            }
            if (one.path().startsWith(real)) {
                throw new FolderException(Kind.AROUND, real, one.path());
            }
        }
        // One that someone else keeps, too.
        for (Path above = real.getParent(); above != null; above = above.getParent()) {
            if (Files.isReadable(above) && DiskFolder.markerOf(above) != null) {
                throw new FolderException(Kind.INSIDE, real, above);
            }
        }
    }

    /// Writes down what [#look] said, and marks the folder if it is new. From then on it is kept in step.
    public SyncedFolder take(SyncedFolder looked) throws IOException {
        try (FileChannel _ = lock()) {
            if (!looked.marked()) {
                refuseNested(
                        all().stream()
                                .filter(one -> !one.id().equals(looked.id()))
                                .toList(),
                        looked.path());
                save(looked);
                if (DiskFolder.markerOf(looked.path()) == null) {
                    DiskFolder.mark(looked.path(), looked.id());
                }
            }
            SyncedFolder taken = looked.withMarker();
            save(taken);
            return taken;
        }
    }

    /// A folder is not kept in step any more; what is in it stays as it is. Nobody keeps it now.
    public void forget(SyncedFolder folder) throws IOException {
        try (FileChannel _ = lock()) {
            if (Files.isDirectory(folder.path()) && folder.id().equals(DiskFolder.markerOf(folder.path()))) {
                Files.deleteIfExists(folder.path().resolve(".acervo-sync"));
            }
            // First, so that a half removed state is nobody's.
            Files.deleteIfExists(home(folder).resolve(FACTS));
            try (Stream<Path> rest = Files.walk(home(folder))) {
                for (Path one : rest.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(one);
                }
            }
        }
    }

    private FileChannel lock() throws IOException {
        StateFile.makeFolders(state);
        FileChannel channel =
                FileChannel.open(state.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.lock();
        return channel;
    }

    private void save(SyncedFolder folder) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("id", folder.id().toString());
        facts.put("path", folder.path().toString());
        facts.put("server", folder.server().toString());
        facts.put("space", folder.space().text());
        facts.put("root", folder.root().text());
        facts.put("marked", folder.marked() ? "yes" : "no");
        StateFile.write(home(folder).resolve(FACTS), COMMENT, facts);
    }

    private static SyncedFolder parse(Path file, Map<String, String> facts) throws IOException {
        try {
            return new SyncedFolder(
                    UUID.fromString(facts.getOrDefault("id", "")),
                    Path.of(facts.getOrDefault("path", "")),
                    ServerAddress.parse(facts.getOrDefault("server", "")),
                    new SpaceName(facts.getOrDefault("space", "")),
                    new FilePath(facts.getOrDefault("root", "")),
                    "yes".equals(facts.get("marked")));
        } catch (IllegalArgumentException | RefusedException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /// Without links as far as it is there: one folder has one name.
    private static Path real(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            return absolute.toRealPath();
        } catch (NoSuchFileException _) {
            return absolute;
        }
    }
}
