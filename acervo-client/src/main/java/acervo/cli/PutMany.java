package acervo.cli;

import acervo.client.Deposited;
import acervo.client.Deposits;
import acervo.client.FolderWalk;
import acervo.client.LocalFile;
import acervo.client.LocalTrouble;
import acervo.client.LocalTroubleException;
import acervo.client.RemoteFile;
import acervo.model.FilePath;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Several files, or folders: trouble with one lets the others go on, and shows in the exit code.
final class PutMany implements Deposits.Listener, FolderWalk.Visitor {
    private final Session session;
    private final Address to;
    private final boolean recursive;

    private final Deposits deposits;
    private long done;
    private long bytes;
    private long folders;
    private long problems;
    private long refusals;

    PutMany(Session session, Address to, int replicas, boolean recursive) throws IOException {
        this.session = session;
        this.to = to;
        this.recursive = recursive;
        session.doing("put", session.texts().get("several.files.unknown"), to);
        this.deposits = session.client().deposits(to.space(), replicas, this, session.progress(to.toString()));
    }

    int run(List<String> sources, Optional<String> as) throws IOException {
        long started = System.nanoTime();
        Out out = session.out();
        if (out.isJson()) {
            out.document()
                    .open()
                    .field("space", to.space().text())
                    .name("files")
                    .openList();
        }
        try (Deposits all = deposits) {
            for (String source : sources) {
                add(session.io().path(source), as, sources.size() > 1);
            }
            all.finish();
        }
        session.endProgress();
        if (out.isJson()) {
            out.document().closeList().field("deposited", done).field("bytes", bytes);
            session.writeProblems();
            out.document().close();
        } else if (recursive) {
            summary(System.nanoTime() - started);
        }
        return problems + refusals == 0
                ? Exit.DONE
                : done > 0 ? Exit.PARTLY : problems > 0 ? Exit.FAILED : Exit.REFUSED;
    }

    private void summary(long nanos) {
        Texts t = session.texts();
        double seconds = Math.max(nanos / 1e9, 0.001);
        session.out()
                .line(t.get(
                        "put.summary",
                        Shown.count(done - folders, t),
                        Shown.size(bytes, t),
                        session.out().name(to.toString()),
                        Shown.size((long) (bytes / seconds), t)));
        if (problems + refusals > 0) {
            session.out().error("acervo: " + t.get("put.problems", Shown.count(problems + refusals, t)));
        }
    }

    private void add(Path source, Optional<String> as, boolean several) {
        try {
            LocalFile file = Put.look(source);
            String name = as.orElse(Put.name(source));
            if (!FolderWalk.isText(source)) {
                trouble(new LocalTrouble(LocalTrouble.Kind.NAME_NOT_TEXT, source.toString(), ""));
                return;
            }
            // A folder that is given a name of its own takes it, whatever is there: the same command twice does the
            // same.
            FilePath target = several && !to.folder() ? to.path().resolve(name) : to.forName(name);
            switch (file.type()) {
                case FILE -> deposits.add(file, target);
                case FOLDER -> folder(source, target);
                case LINK, OTHER -> trouble(new LocalTrouble(LocalTrouble.Kind.SPECIAL, source.toString(), ""));
            }
        } catch (LocalTroubleException e) {
            trouble(e.trouble());
        } catch (RefusedException e) {
            refused(source, e);
        }
    }

    private void folder(Path source, FilePath target) {
        if (recursive) {
            FolderWalk.walk(source, target, this);
        } else {
            trouble(new LocalTrouble(LocalTrouble.Kind.FOLDER, source.toString(), ""));
        }
    }

    @Override
    public void found(LocalFile file, FilePath path) {
        deposits.add(file, path);
    }

    @Override
    public void trouble(LocalTrouble trouble) {
        synchronized (this) {
            problems++;
            session.problem(trouble);
        }
    }

    @Override
    public void refused(Path path, RefusedException e) {
        synchronized (this) {
            refusals++;
            session.problem(path.toString(), e.refusal());
        }
    }

    @Override
    public void deposited(LocalFile file, Deposited one) {
        done++;
        bytes += one.size();
        folders += file.type() == LocalFile.Type.FOLDER ? 1 : 0;
        if (session.out().isJson()) {
            Put.write(session.out().document(), one);
            session.out().spill();
        } else if (!recursive || session.verbose()) {
            session.out().line(Put.line(file.path().toString(), one, session));
        }
    }

    @Override
    public void refused(LocalFile file, RemoteFile path, Refusal refusal) {
        refusals++;
        session.problem(path.toString(), refusal);
    }

    @Override
    public void failed(LocalTrouble trouble) {
        problems++;
        session.problem(trouble);
    }
}
