package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.Credentials;
import acervo.client.Secret;
import acervo.client.ServerAddress;
import acervo.client.StateFile;
import acervo.model.ClientId;
import acervo.model.FilePath;
import acervo.model.Role;
import acervo.model.ServerProgram;
import acervo.model.SpaceName;
import acervo.sync.Threads;
import acervo.sync.folder.FolderBook;
import acervo.sync.folder.SyncedFolder;
import acervo.sync.plan.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `serve --folder SPACE=DIR`: keeps spaces and plain folders of the server's machine in step, in the server's process,
/// as a client of its own port. Who it is to the server, and the state of the folders, lie in the data folder.
final class ServeFolders implements ServerProgram.Companion {
    private static final String COMMENT = "Who the folders of acervo serve --folder are to this server.";

    private final String host;
    private final Path state;
    private final List<Asked> asked;
    private final Session s;
    private final List<SyncKeeper> keepers = new ArrayList<>();
    private @Nullable AcervoClient client;
    private @Nullable Threads threads;

    /// One `SPACE=DIR`, and the folder as it was before the server started.
    private record Asked(FolderBook.Target target, Path folder) {}

    private ServeFolders(String host, Path state, List<Asked> asked, Session session) {
        this.host = host;
        this.state = state;
        this.asked = asked;
        this.s = session;
    }

    /// What the command line asks for; looks at the folders at once, before any server starts.
    ///
    /// @param data the server's
    static Optional<ServerProgram.Companion> of(Arguments args, String listenHost, Path data, Session s)
            throws IOException {
        List<String> options = args.values("--folder");
        if (options.isEmpty()) {
            return Optional.empty();
        }
        if (args.flag("--ephemeral")) {
            throw new UsageException("usage.folder.ephemeral");
        }
        List<Asked> asked = new ArrayList<>();
        for (String option : options) {
            int equals = option.indexOf('=');
            if (equals < 1 || equals == option.length() - 1) {
                throw new UsageException("usage.serve.folder", option);
            }
            String space = option.substring(0, equals);
            FolderBook.Target target = Address.hasColon(space)
                    ? SyncJob.target(space)
                    : new FolderBook.Target(new SpaceName(space), FilePath.ROOT);
            if (target.space().equals(SpaceName.HOME)) {
                throw new UsageException("usage.serve.home", option);
            }
            asked.add(new Asked(target, s.io().path(option.substring(equals + 1))));
        }
        ServeFolders folders = new ServeFolders(loopback(listenHost), data.resolve("folders"), asked, s);
        for (Asked one : asked) {
            if (one.folder().toAbsolutePath().normalize().startsWith(data) || data.startsWith(one.folder())) {
                throw new UsageException("usage.serve.data", one.folder(), data);
            }
            folders.look(one, ServerAddress.DEFAULT);
        }
        return Optional.of(folders);
    }

    /// Where a server that listens on `host` answers to its own machine.
    private static String loopback(String host) {
        return switch (host) {
            case "0.0.0.0", "*" -> "127.0.0.1";
            case "::" -> "::1";
            default -> host;
        };
    }

    private FolderBook book() {
        return new FolderBook(state);
    }

    private SyncedFolder look(Asked one, ServerAddress server) throws IOException {
        return book().look(one.folder(), server, true, Optional.of(one.target()), one.target());
    }

    @Override
    public void start(int port) throws IOException {
        ServerAddress server = new ServerAddress(host, port);
        AcervoClient self = identity(server);
        client = self;
        Threads started = new Threads();
        threads = started;
        for (Asked one : asked) {
            sayWhoNeedsAccess(one, self);
            SyncedFolder folder = book().take(look(one, server));
            SyncKeeper keeper = new SyncKeeper(s, folder, Mode.BOTH, false, false);
            keeper.open(book().home(folder), self, started, () -> {});
            keepers.add(keeper);
        }
        keepers.forEach(SyncKeeper::start);
    }

    /// The server's own client: made at the first start, the same from then on whatever port is taken.
    private AcervoClient identity(ServerAddress server) throws IOException {
        Path file = state.resolve("identity");
        Optional<Map<String, String>> there = StateFile.read(file);
        Credentials who = there.isPresent() ? parse(file, there.get()) : Credentials.random();
        if (there.isEmpty()) {
            Map<String, String> values = new LinkedHashMap<>();
            values.put("id", who.id().toString());
            values.put("secret", who.secret().hex());
            StateFile.write(file, COMMENT, values);
        }
        AcervoClient self = new AcervoClient(server, who, state.resolve("uploads"), SyncFolder.policy(s));
        // Again does no harm, and a catalog that was restored may not know it.
        self.register(who);
        return self;
    }

    private static Credentials parse(Path file, Map<String, String> values) throws IOException {
        try {
            return new Credentials(
                    ClientId.parse(values.getOrDefault("id", "")), Secret.parse(values.getOrDefault("secret", "")));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /// A shared space has to be opened to the folder by its owner; until then it waits.
    private void sayWhoNeedsAccess(Asked one, AcervoClient self) throws IOException {
        boolean writes = self.spaces().getSpacesList().stream()
                .anyMatch(space -> space.getName().equals(one.target().space().text())
                        && Role.of(space.getRoleValue()).mayWrite());
        if (!writes) {
            s.out()
                    .error("acervo: "
                            + s.texts()
                                    .get(
                                            "serve.folder.access",
                                            one.folder(),
                                            one.target().space(),
                                            self.whoAmI().getClientId()));
        }
    }

    @Override
    public void close() {
        keepers.forEach(SyncKeeper::close);
        if (threads != null) {
            threads.close();
        }
        if (client != null) {
            client.close();
        }
    }
}
