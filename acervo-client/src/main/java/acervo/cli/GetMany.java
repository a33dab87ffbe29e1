package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.LocalTrouble;
import acervo.client.Recovered;
import acervo.client.Recoveries;
import acervo.client.RemoteFile;
import acervo.model.FilePath;
import acervo.model.Refusal;
import acervo.wire.v1.File;
import acervo.wire.v1.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Several files, or folders: trouble with one lets the others go on, and shows in the exit code.
final class GetMany implements Recoveries.Listener {
    private final Session session;
    private final String where;
    private final boolean recursive;
    private final boolean several;
    private final AcervoClient client;
    private final Recoveries recoveries;
    private final Set<Path> made = new HashSet<>();

    private long done;
    private long bytes;
    private long folders;
    private long problems;
    private long refusals;

    GetMany(Session session, String where, boolean recursive, boolean force, boolean several) throws IOException {
        this.session = session;
        this.where = where;
        this.recursive = recursive;
        this.several = several;
        session.doing("get", session.texts().get("several.files.unknown"));
        this.client = session.client();
        this.recoveries = client.recoveries(force, this, session.progress(where.isEmpty() ? "get" : where));
    }

    int run(List<Address> sources) throws IOException {
        long started = System.nanoTime();
        Out out = session.out();
        if (out.isJson()) {
            out.document().open().name("files").openList();
        }
        try (Recoveries all = recoveries) {
            for (Address from : sources) {
                add(from);
            }
            all.finish();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        session.endProgress();
        if (out.isJson()) {
            out.document().closeList().field("recovered", done).field("bytes", bytes);
            session.writeProblems();
            out.document().close();
        } else if (recursive) {
            summary(System.nanoTime() - started);
        }
        long worth = done + folders;
        return problems + refusals == 0
                ? Exit.DONE
                : worth > 0 ? Exit.PARTLY : problems > 0 ? Exit.FAILED : Exit.REFUSED;
    }

    private void summary(long nanos) {
        Texts t = session.texts();
        long rate = (long) (bytes / Math.max(nanos / 1e9, 0.001));
        session.out().line(t.get("get.summary", Shown.count(done, t), Shown.size(bytes, t), Shown.size(rate, t)));
        if (problems + refusals > 0) {
            session.out().error("acervo: " + t.get("get.problems", Shown.count(problems + refusals, t)));
        }
    }

    private void add(Address from) {
        boolean any = Tree.pages(client, from, true, page -> {
            for (File f : page) {
                add(from, f);
            }
        });
        if (!any) {
            if (from.path().isRoot()) {
                folder(root(from));
            } else {
                refused(from.file(), Tree.nothing(from).refusal());
            }
        }
    }

    private void add(Address from, File f) {
        // What the server says is checked like anyone's word: a path that leads elsewhere can't be made.
        FilePath path = new FilePath(f.getPath());
        boolean itself = path.equals(from.path());
        if (!itself && !recursive) {
            once(from);
            return;
        }
        Path root = root(from);
        Path to = itself && !FileJson.isFolder(f)
                ? Get.destination(several && !where.isEmpty() ? where + "/" : where, path.name(), session)
                : itself ? root : root.resolve(Tree.below(from.path(), path.text()));
        if (FileJson.isFolder(f)) {
            folder(to);
        } else if (f.getKind() == Kind.LINK) {
            failed(new LocalTrouble(LocalTrouble.Kind.UNSUPPORTED, from.space() + ":" + path, ""));
        } else {
            Path parent = to.toAbsolutePath().getParent();
            if (parent != null && made.add(parent)) {
                makeFolder(parent);
            }
            recoveries.add(new RemoteFile(from.space(), path), f, to);
        }
    }

    /// Without `-r`, a folder among the addresses is told once.
    private void once(Address from) {
        if (made.add(Path.of("/" + from.space() + "/" + from.path()))) {
            String sentence =
                    session.texts().get("folder.needs.r", session.out().errorName(from.toString()));
            refused(from.file(), new Refusal(acervo.model.Reason.ARGUMENT_INVALID, sentence));
        }
    }

    private void folder(Path to) {
        makeFolder(to);
        folders++;
    }

    private static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The local folder that stands for a remote one: `where` itself when it is the only one and was given a name,
    /// so that
    /// the same command goes on where it was cut.
    private Path root(Address from) {
        String name = from.path().isRoot() ? from.space().text() : from.path().name();
        if (where.isEmpty()) {
            return session.io().path(name);
        }
        Path path = session.io().path(where);
        return several || where.endsWith("/") ? path.resolve(name) : path;
    }

    @Override
    public void recovered(Recovered one) {
        done++;
        bytes += one.size();
        if (session.out().isJson()) {
            Get.write(session.out().document(), one);
            session.out().spill();
        } else if (!recursive || session.verbose()) {
            session.out().line(Get.line(one, session));
        }
    }

    @Override
    public synchronized void refused(RemoteFile file, Refusal refusal) {
        refusals++;
        session.problem(file.toString(), refusal);
    }

    @Override
    public synchronized void failed(LocalTrouble trouble) {
        problems++;
        session.problem(trouble);
    }
}
