package acervo.cli;

import acervo.client.ServerAddress;
import acervo.model.RefusedException;
import acervo.sync.folder.FolderBook;
import acervo.sync.plan.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads the file that names several folders: `[FOLDER]`, and below it `space = SPACE:PATH`, `mode = both|up|down`,
/// `delete = yes|no` and `server = HOST:PORT`, all of which may be left out. Lines that begin with `#` or `;` are
/// comments.
final class SyncConfig {
    private final Path file;
    private final Session session;
    private final List<SyncJob> jobs = new ArrayList<>();

    private Optional<Path> folder = Optional.empty();
    private Optional<FolderBook.Target> target = Optional.empty();
    private Optional<ServerAddress> server = Optional.empty();
    private boolean up;
    private boolean down;
    private boolean delete;

    private SyncConfig(Path file, Session session) {
        this.file = file;
        this.session = session;
    }

    /// @throws UsageException when a line can't be understood, or two name one folder
    static List<SyncJob> read(Path file, Session session) throws IOException {
        SyncConfig config = new SyncConfig(file, session);
        int number = 0;
        // What is no UTF-8 is told of by its line.
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        for (String line : text.lines().toList()) {
            number++;
            config.line(line.strip(), number);
        }
        config.end();
        if (config.jobs.isEmpty()) {
            throw new UsageException("usage.sync.config.empty", file);
        }
        return config.jobs;
    }

    private void line(String line, int number) throws IOException {
        if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
            return;
        }
        if (line.startsWith("[") && line.endsWith("]")) {
            end();
            String name = line.substring(1, line.length() - 1).strip();
            check(!name.isEmpty(), number, line);
            folder = Optional.of(understood(() -> path(name), number, line));
            return;
        }
        int equals = line.indexOf('=');
        if (equals < 1 || folder.isEmpty()) {
            throw new UsageException("usage.sync.config.line", file, number, line);
        }
        String value = line.substring(equals + 1).strip();
        switch (line.substring(0, equals).strip()) {
            case "space" -> target = Optional.of(understood(() -> SyncJob.target(value), number, line));
            case "server" -> server = Optional.of(understood(() -> Session.address(value), number, line));
            case "mode" -> {
                up = value.equals("up");
                down = value.equals("down");
                check(up || down || value.equals("both"), number, line);
            }
            case "delete" -> {
                delete = value.equals("yes");
                check(delete || value.equals("no"), number, line);
            }
            default -> check(false, number, line);
        }
    }

    private void check(boolean right, int number, String line) {
        if (!right) {
            throw new UsageException("usage.sync.config.line", file, number, line);
        }
    }

    private <T> T understood(Supplier<T> value, int number, String line) {
        try {
            return value.get();
        } catch (RefusedException | UsageException | InvalidPathException _) {
            throw new UsageException("usage.sync.config.line", file, number, line);
        }
    }

    /// `~` is the home folder; what is relative is so to the file.
    private Path path(String text) {
        String home = session.io().variable("HOME");
        if (text.equals("~")) {
            return Path.of(home);
        }
        Path base = file.toAbsolutePath().getParent();
        return text.startsWith("~/")
                ? Path.of(home, text.substring(2))
                : base == null ? Path.of(text) : base.resolve(text);
    }

    /// A section is complete.
    private void end() throws IOException {
        if (folder.isEmpty()) {
            return;
        }
        Mode mode = SyncFolder.mode(up, down, delete);
        SyncJob job = SyncJob.of(
                folder.get(),
                server.isPresent() ? server.get() : session.server(),
                server.isPresent() || session.isServerNamed(),
                target,
                mode,
                session);
        for (SyncJob other : jobs) {
            Path one = job.folder().path();
            Path two = other.folder().path();
            if (one.startsWith(two) || two.startsWith(one)) {
                throw new UsageException("usage.sync.config.nested", one, two);
            }
        }
        jobs.add(job);
        folder = Optional.empty();
        target = Optional.empty();
        server = Optional.empty();
        up = false;
        down = false;
        delete = false;
    }
}
