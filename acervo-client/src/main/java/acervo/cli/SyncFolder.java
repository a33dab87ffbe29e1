package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.RetryPolicy;
import acervo.client.ServerAddress;
import acervo.model.FilePath;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.Role;
import acervo.model.SpaceName;
import acervo.sync.Settings;
import acervo.sync.Status;
import acervo.sync.Sync;
import acervo.sync.SyncListener;
import acervo.sync.Threads;
import acervo.sync.folder.Control;
import acervo.sync.folder.FolderBook;
import acervo.sync.folder.FolderException;
import acervo.sync.folder.KeptFolder;
import acervo.sync.folder.SyncedFolder;
import acervo.sync.plan.Brakes;
import acervo.sync.plan.Mode;
import acervo.sync.plan.Names;
import acervo.wire.v1.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// `acervo sync`: keeps folders and spaces in step, and tells how it stands with them.
final class SyncFolder implements Verb {
    private static final FolderBook.Target HOME = new FolderBook.Target(SpaceName.HOME, FilePath.ROOT);
    /// The engine tries again by itself, and says meanwhile that there is no server.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration SILENCE = Duration.ofMinutes(1);

    @Override
    public Grammar grammar() {
        return Grammar.of("sync")
                .flag("--up")
                .flag("--down")
                .flag("--delete")
                .flag("--once")
                .flag("-n", "--dry-run")
                .flag("--status")
                .flag("--conflicts")
                .flag("--confirm")
                .flag("--put-back")
                .flag("--forget")
                .value("--config")
                .words(0, 2);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        only(args, "--once", "--dry-run", "--status", "--conflicts", "--confirm", "--put-back", "--forget");
        if (args.flag("--status") || args.flag("--conflicts")) {
            return ask(args, s);
        }
        if (args.flag("--forget")) {
            return forget(args, s);
        }
        List<SyncJob> jobs = jobs(args, s);
        if (args.flag("--confirm") || args.flag("--put-back")) {
            return decide(jobs, args.flag("--confirm"), s);
        }
        if (args.flag("--dry-run")) {
            return new SyncOnce(s).dryRun(jobs);
        }
        return args.flag("--once") ? new SyncOnce(s).run(jobs, Optional.empty()) : new SyncLive(s).run(jobs);
    }

    private static void only(Arguments args, String... flags) {
        List<String> given = Stream.of(flags).filter(args::flag).toList();
        if (given.size() > 1) {
            throw new UsageException("usage.sync.one", given.get(0), given.get(1));
        }
    }

    /// What is to be kept in step: the folder that was named, or those of the configuration.
    private static List<SyncJob> jobs(Arguments args, Session s) throws IOException {
        if (!args.words().isEmpty()) {
            if (args.value("--config").isPresent()) {
                throw new UsageException("usage.sync.config");
            }
            return List.of(SyncJob.of(args, s));
        }
        Path config = args.value("--config")
                .map(s.io()::path)
                .orElse(s.folders().config().resolve("sync.conf"));
        if (args.value("--config").isEmpty() && !Files.exists(config)) {
            throw new UsageException("usage.sync.folder", config);
        }
        if (args.flag("--up") || args.flag("--down") || args.flag("--delete")) {
            throw new UsageException("usage.sync.modes");
        }
        return SyncConfig.read(config, s);
    }

    static Mode mode(boolean up, boolean down, boolean delete) {
        if (up && down) {
            throw new UsageException("usage.sync.one", "--up", "--down");
        }
        if (!up && !down) {
            if (delete) {
                throw new UsageException("usage.sync.delete");
            }
            return Mode.BOTH;
        }
        return new Mode(up ? Mode.Direction.UP : Mode.Direction.DOWN, delete);
    }

    static FolderBook.Target home() {
        return HOME;
    }

    /// Who speaks for a folder: patient for a short while, since the engine is.
    static AcervoClient client(ServerAddress server, Session s) throws IOException {
        return s.connect(server, policy(s));
    }

    static RetryPolicy policy(Session s) {
        RetryPolicy usual = s.io().policy();
        Duration patience = usual.patience().compareTo(PATIENCE) < 0 ? usual.patience() : PATIENCE;
        return new RetryPolicy(patience, SILENCE, usual.nanoClock(), usual.pause());
    }

    /// Asks the server about a folder that was never kept in step, so that a person hears at once what is wrong.
    static void check(AcervoClient client, SyncedFolder folder, Mode mode, Session s) {
        s.doing("sync", folder.path(), folder.address());
        for (Space one : client.spaces().getSpacesList()) {
            if (one.getName().equals(folder.space().text())) {
                if (one.getOnDisk()) {
                    throw new UsageException("usage.sync.shared", folder.space());
                }
                int role = one.getRoleValue();
                boolean writes = Role.of(role).mayWrite();
                if (!writes && mode.direction() != Mode.Direction.DOWN) {
                    throw new RefusedException(Reason.FORBIDDEN, folder.space().text(), "write");
                }
                return;
            }
        }
        throw new RefusedException(Reason.NO_SUCH_SPACE, folder.space().text());
    }

    static Settings settings(Mode mode, boolean dryRun) {
        return new Settings(mode, Names.EXACT, Brakes.USUAL, Machine.name(), dryRun);
    }

    /// Says how it stands: asks the process that keeps a folder, or looks for itself.
    private static int ask(Arguments args, Session s) throws IOException {
        FolderBook book = book(s);
        List<SyncedFolder> folders = args.words().isEmpty()
                ? book.all()
                : List.of(book.find(s.io().path(args.words().getFirst())));
        boolean conflicts = args.flag("--conflicts");
        String question = (conflicts ? "conflicts" : "status")
                + (s.out().isJson() ? " json" : " text ")
                + (s.out().isJson() ? "" : s.texts().language());
        int worst = Exit.DONE;
        List<String> documents = new ArrayList<>();
        for (SyncedFolder folder : folders) {
            Optional<String> said = Control.ask(book.home(folder), question);
            String answer = said.isPresent() ? said.get() : look(folder, book, conflicts, s);
            int newline = answer.indexOf('\n');
            if (newline < 0) {
                throw new IOException(s.texts().get("sync.silent", folder.path()));
            }
            worst = Math.max(worst, Integer.parseInt(answer.substring(0, newline)));
            documents.add(answer.substring(newline + 1));
        }
        if (s.out().isJson()) {
            s.out().document().open().name("folders").openList();
            documents.forEach(one -> s.out().document().json(one));
            s.out().document().closeList().close();
        } else if (folders.isEmpty()) {
            s.out().line(s.texts().get("sync.none"));
        } else {
            documents.forEach(s.out()::raw);
        }
        return worst;
    }

    /// Nobody keeps it now: what would be done is what is not in step.
    private static String look(SyncedFolder folder, FolderBook book, boolean conflicts, Session s) throws IOException {
        try (AcervoClient client = client(folder.server(), s);
                Threads threads = new Threads()) {
            Sync sync = KeptFolder.open(
                    folder, book.home(folder), client, threads, settings(Mode.BOTH, true), SyncListener.NONE);
            Status status = sync.once();
            SyncShown shown = new SyncShown(folder, Mode.BOTH, false);
            return s.out().isJson()
                    ? shown.jsonAnswer(status, conflicts)
                    : shown.textAnswer(status, conflicts, s.texts());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    static FolderBook book(Session s) {
        return new FolderBook(s.folders().state().resolve("sync"));
    }

    private static int forget(Arguments args, Session s) throws IOException {
        if (args.words().size() != 1) {
            throw new UsageException("usage.too.few");
        }
        FolderBook book = book(s);
        SyncedFolder folder = book.find(s.io().path(args.words().getFirst()));
        if (Control.ask(book.home(folder), "status json").isPresent()) {
            throw new FolderException(FolderException.Kind.KEPT, folder.path());
        }
        book.forget(folder);
        if (s.out().isJson()) {
            s.out()
                    .document()
                    .open()
                    .field("folder", folder.path().toString())
                    .field("forgotten", true)
                    .close();
        } else {
            s.out()
                    .line(s.texts()
                            .get("sync.forgotten", s.out().name(folder.path().toString()), folder.address()));
        }
        return Exit.DONE;
    }

    /// A person decides about a mass removal that is held.
    private static int decide(List<SyncJob> jobs, boolean agree, Session s) throws IOException {
        List<SyncJob> idle = new ArrayList<>();
        for (SyncJob job : jobs) {
            Optional<String> said = Control.ask(book(s).home(job.folder()), agree ? "confirm" : "putback");
            if (said.isEmpty()) {
                idle.add(job);
            } else if (s.out().isJson()) {
                s.out()
                        .document()
                        .open()
                        .field("folder", job.folder().path().toString())
                        .field("told", true)
                        .close();
            } else {
                s.out()
                        .line(s.texts()
                                .get(
                                        agree ? "sync.agreed" : "sync.put.back",
                                        job.folder().path()));
            }
        }
        return idle.isEmpty() ? Exit.DONE : new SyncOnce(s).run(idle, Optional.of(agree));
    }

    /// The order of exit codes does not say which is worse; for several folders the largest is told.
    static int exit(Status status) {
        return switch (status.phase()) {
            case STARTING, WORKING -> Exit.PARTLY;
            case IN_STEP -> status.openCount() == 0 ? Exit.DONE : Exit.PARTLY;
            case BRAKED, REFUSED -> Exit.REFUSED;
            case OFFLINE -> Exit.UNREACHABLE;
            case ROOT_LOST, BROKEN, CLOSED -> Exit.FAILED;
        };
    }
}
