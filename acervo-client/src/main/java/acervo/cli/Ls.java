package acervo.cli;

import acervo.model.FilePath;
import acervo.wire.v1.File;
import java.io.IOException;
import java.util.List;

/// `acervo ls`: what is in a folder.
final class Ls implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("ls").flag("-l", "--long").flag("-r", "--recursive").words(0, 1);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        Address at =
                Address.parse(args.words().isEmpty() ? "home:" : args.words().getFirst());
        s.doing("ls", at);
        boolean recursive = args.flag("--recursive");
        boolean details = args.flag("--long");
        Out out = s.out();
        if (out.isJson()) {
            out.document()
                    .open()
                    .field("space", at.space().text())
                    .field("path", at.path().text());
            out.document().name("files").openList();
        }
        boolean any = Tree.pages(s.client(), at, recursive, page -> print(page, at.path(), details, s));
        if (!any && !at.path().isRoot()) {
            throw Tree.nothing(at);
        }
        if (out.isJson()) {
            out.document().closeList().close();
        }
        return Exit.DONE;
    }

    private static void print(List<File> page, FilePath folder, boolean details, Session s) {
        Out out = s.out();
        for (File f : page) {
            if (out.isJson()) {
                FileJson.write(out.document(), f);
            } else {
                boolean itself = f.getPath().equals(folder.text());
                String name = itself ? new FilePath(f.getPath()).name() : Tree.below(folder, f.getPath());
                String shown = out.name(name) + (FileJson.isFolder(f) ? "/" : "");
                out.line(details ? details(f, s.texts()) + shown : shown);
            }
        }
        out.spill();
    }

    private static String details(File f, Texts texts) {
        if (FileJson.isFolder(f)) {
            return " ".repeat(8 + 11 + 18 + 2);
        }
        String replicas = f.getReplicas() + "/" + f.getVerified();
        return right(replicas, 6) + "  " + right(Shown.size(f.getSize(), texts), 11) + "  "
                + right(Shown.time(f.getModifiedMillis() != 0 ? f.getModifiedMillis() : f.getStoredMillis()), 16)
                + "  ";
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
