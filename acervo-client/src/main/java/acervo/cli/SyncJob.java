package acervo.cli;

import acervo.client.ServerAddress;
import acervo.sync.folder.FolderBook;
import acervo.sync.folder.SyncedFolder;
import acervo.sync.plan.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// One folder that is to be kept in step, and which way.
record SyncJob(SyncedFolder folder, Mode mode) {
    /// What the command line says: `DIR [space:path]`.
    static SyncJob of(Arguments args, Session s) throws IOException {
        Optional<FolderBook.Target> target =
                args.words().size() > 1 ? Optional.of(target(args.words().get(1))) : Optional.empty();
        Mode mode = SyncFolder.mode(args.flag("--up"), args.flag("--down"), args.flag("--delete"));
        Path folder = s.io().path(args.words().getFirst());
        return of(folder, s.server(), s.isServerNamed(), target, mode, s);
    }

    static SyncJob of(
            Path folder, ServerAddress server, boolean named, Optional<FolderBook.Target> target, Mode mode, Session s)
            throws IOException {
        String what = target.map(FolderBook.Target::toString).orElse("home:");
        s.doing("sync", s.out().errorName(folder.toString()), what);
        return new SyncJob(SyncFolder.book(s).look(folder, server, named, target, SyncFolder.home()), mode);
    }

    static FolderBook.Target target(String text) {
        Address to = Address.parse(text);
        return new FolderBook.Target(to.space(), to.path());
    }
}
