package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.DepositTarget;
import acervo.client.Deposited;
import acervo.client.LocalFile;
import acervo.client.LocalTrouble;
import acervo.client.LocalTroubleException;
import acervo.client.Progress;
import acervo.client.RemoteFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `acervo put`: deposits files, folders with `-r`, or standard input.
final class Put implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("put")
                .flag("-r", "--recursive")
                .value("-n", "--replicas")
                .value("--as")
                .words(1, Integer.MAX_VALUE);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        List<String> words = args.words();
        boolean hasTarget = words.size() > 1 && Address.hasColon(words.getLast());
        Address to = Address.parse(hasTarget ? words.getLast() : "home:");
        List<String> sources = hasTarget ? words.subList(0, words.size() - 1) : words;
        int replicas = args.number("--replicas", 1, 0);
        Optional<String> as = args.value("--as");
        if (as.isPresent() && sources.size() > 1) {
            throw new UsageException("usage.as");
        }
        if (sources.contains("-")) {
            if (sources.size() > 1) {
                throw new UsageException("usage.stdin.alone");
            }
            return stream(as, to, replicas, s);
        }
        boolean recursive = args.flag("--recursive");
        if (sources.size() == 1 && !recursive) {
            return one(s.io().path(sources.getFirst()), as, to, replicas, s);
        }
        return new PutMany(s, to, replicas, recursive).run(sources, as);
    }

    private static int stream(Optional<String> as, Address to, int replicas, Session s) throws IOException {
        if (to.folder() && as.isEmpty()) {
            throw new UsageException("usage.stdin.name");
        }
        RemoteFile file = new RemoteFile(to.space(), as.isPresent() ? to.path().resolve(as.get()) : to.path());
        s.doing("put", s.texts().get("stdin"), file);
        AcervoClient client = s.client();
        Deposited done = client.put(s.io().in(), new DepositTarget(file, replicas), s.progress(file.toString()));
        return print("-", done, s);
    }

    private static int one(Path source, Optional<String> as, Address to, int replicas, Session s) throws IOException {
        s.doing("put", s.out().errorName(source.toString()), to);
        LocalFile file = look(source);
        if (file.type() == LocalFile.Type.FOLDER) {
            throw new UsageException("usage.folder", source);
        }
        if (file.type() != LocalFile.Type.FILE) {
            s.problem(new LocalTrouble(LocalTrouble.Kind.SPECIAL, source.toString(), ""));
            return Exit.FAILED;
        }
        AcervoClient client = s.client();
        RemoteFile target = new RemoteFile(to.space(), target(to, as.orElse(name(source)), client));
        s.doing("put", s.out().errorName(source.toString()), target);
        Progress progress = s.progress(source.toString());
        progress.found(0, file.size());
        return print(source.toString(), client.put(file, new DepositTarget(target, replicas), progress), s);
    }

    /// Where one file goes: into an address that is a folder, also when only the server knows that it is one.
    static acervo.model.FilePath target(Address to, String name, AcervoClient client) {
        boolean into = !to.folder() && Tree.what(client, to) == Tree.What.FOLDER;
        return into ? to.path().resolve(name) : to.forName(name);
    }

    /// A local file's name, also that of `.` or `..`.
    static String name(Path source) {
        return String.valueOf(source.toAbsolutePath().normalize().getFileName());
    }

    static LocalFile look(Path source) {
        try {
            return LocalFile.look(source, true);
        } catch (IOException e) {
            throw LocalTroubleException.unreadable(source, e);
        }
    }

    private static int print(String source, Deposited done, Session s) {
        s.endProgress();
        if (s.out().isJson()) {
            JsonWriter json = s.out().document().open();
            json.field("space", done.file().space().text()).name("files").openList();
            write(json, done);
            json.closeList();
            s.writeProblems();
            json.close();
        } else {
            s.out().line(line(source, done, s));
        }
        return Exit.DONE;
    }

    static String line(String source, Deposited done, Session s) {
        return s.texts()
                .get(
                        "put.done",
                        s.out().name(source),
                        s.out().name(done.file().toString()),
                        Shown.size(done.size(), s.texts()),
                        done.verified(),
                        done.wanted());
    }

    static void write(JsonWriter json, Deposited done) {
        json.open().field("path", done.file().path().text()).field("size", done.size());
        json.field("sha256", done.sha256().toString()).field("version", done.version());
        json.field("replicas", done.wanted()).field("verified", done.verified()).close();
    }
}
