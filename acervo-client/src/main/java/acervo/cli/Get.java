package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.Progress;
import acervo.client.Recovered;
import acervo.model.Reason;
import acervo.model.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `acervo get`: recovers files, folders with `-r`, verified; `-o -` writes one to standard output.
final class Get implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("get")
                .flag("-r", "--recursive")
                .value("-o", "--output")
                .flag("--force")
                .words(1, Integer.MAX_VALUE);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        List<Address> sources = args.words().stream().map(Address::parse).toList();
        String where = args.value("--output").orElse("");
        boolean recursive = args.flag("--recursive");
        if (where.equals("-")) {
            if (sources.size() > 1 || recursive || s.out().isJson()) {
                throw new UsageException("usage.stdout");
            }
            return stream(sources.getFirst(), s);
        }
        if (sources.size() == 1 && !recursive) {
            return one(sources.getFirst(), where, args.flag("--force"), s);
        }
        return new GetMany(s, where, recursive, args.flag("--force"), sources.size() > 1).run(sources);
    }

    private static int stream(Address from, Session s) throws IOException {
        s.doing("get", from);
        AcervoClient client = s.client();
        try {
            client.get(from.file(), s.out().bytes(), s.progress(from.toString()));
        } catch (RefusedException e) {
            throw orFolder(e, from, client, s);
        }
        s.out().flush();
        return Exit.DONE;
    }

    private static int one(Address from, String where, boolean force, Session s) throws IOException {
        s.doing("get", from);
        if (from.folder()) {
            throw new UsageException("usage.folder", from);
        }
        Path to = destination(where, from.path().name(), s);
        makeParent(to);
        AcervoClient client = s.client();
        Progress progress = s.progress(from.toString());
        try {
            Recovered done = client.get(from.file(), to, force, progress);
            s.endProgress();
            if (s.out().isJson()) {
                JsonWriter json = s.out().document().open().name("files").openList();
                write(json, done);
                json.closeList();
                s.writeProblems();
                json.close();
            } else {
                s.out().line(line(done, s));
            }
            return Exit.DONE;
        } catch (RefusedException e) {
            throw orFolder(e, from, client, s);
        }
    }

    /// A folder is not "no such file": the answer tells what is needed.
    private static RefusedException orFolder(RefusedException e, Address from, AcervoClient client, Session s) {
        boolean missing = e.refusal().reason() == Reason.NO_SUCH_FILE;
        if (missing && Tree.what(client, from) == Tree.What.FOLDER) {
            return new RefusedException(
                    Reason.ARGUMENT_INVALID,
                    s.texts().get("folder.needs.r", s.out().errorName(from.toString())));
        }
        return e;
    }

    /// Where something of this name goes: into `where` when that is a folder or ends in `/`, else it is `where`
    /// itself.
    static Path destination(String where, String name, Session s) {
        if (where.isEmpty()) {
            return s.io().path(name);
        }
        Path path = s.io().path(where);
        return where.endsWith("/") || Files.isDirectory(path) ? path.resolve(name) : path;
    }

    static void makeParent(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
    }

    static String line(Recovered done, Session s) {
        return s.texts()
                .get(
                        done.alreadyThere() ? "get.same" : "get.done",
                        s.out().name(done.file().toString()),
                        s.out().name(done.to().toString()),
                        Shown.size(done.size(), s.texts()));
    }

    static void write(JsonWriter json, Recovered done) {
        json.open()
                .field("space", done.file().space().text())
                .field("path", done.file().path().text());
        json.field("to", done.to().toString()).field("size", done.size());
        json.field("sha256", done.sha256().toString()).field("version", done.version());
        json.field("alreadyThere", done.alreadyThere()).close();
    }
}
