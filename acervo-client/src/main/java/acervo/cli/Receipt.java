package acervo.cli;

import acervo.wire.v1.Copy;
import acervo.wire.v1.File;
import acervo.wire.v1.InfoReply;
import java.io.IOException;

/// `acervo info`: one file's facts and its receipt.
final class Receipt implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("info").words(1, 1);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        Address at = Address.parse(args.words().getFirst());
        s.doing("info", at);
        InfoReply info = s.client().info(at.file());
        if (s.out().isJson()) {
            json(info, s.out().document());
        } else {
            text(info, at, s);
        }
        return Exit.DONE;
    }

    private static void json(InfoReply info, JsonWriter json) {
        json.open().name("file");
        FileJson.write(json, info.getFile());
        json.name("copies").openList();
        for (Copy c : info.getCopiesList()) {
            json.open().field("node", c.getNode()).field("healthy", c.getHealthy());
            json.field("verified", c.getVerifiedMillis()).close();
        }
        json.closeList().name("history").openList();
        info.getHistoryList().forEach(f -> FileJson.write(json, f));
        json.closeList().close();
    }

    private static void text(InfoReply info, Address at, Session s) {
        Texts t = s.texts();
        Out out = s.out();
        File f = info.getFile();
        out.line(out.name(at.toString()));
        out.line(t.get("info.size", Shown.size(f.getSize(), t), Shown.count(f.getSize(), t)));
        out.line(t.get("info.sha256", f.getSha256()));
        out.line(t.get("info.modified", Shown.time(f.getModifiedMillis())));
        out.line(t.get("info.stored", Shown.time(f.getStoredMillis()), f.getAuthor()));
        out.line(t.get("info.version", f.getVersion()));
        if (f.getExecutable()) {
            out.line(t.get("info.executable"));
        }
        out.line(t.get("info.replicas", f.getReplicas(), f.getVerified()));
        for (Copy c : info.getCopiesList()) {
            String when = c.getVerifiedMillis() == 0 ? t.get("info.copy.never") : Shown.time(c.getVerifiedMillis());
            out.line(t.get(c.getHealthy() ? "info.copy.healthy" : "info.copy.damaged", c.getNode(), when));
        }
        if (info.getHistoryCount() > 0) {
            out.line(t.get("info.history"));
            for (File old : info.getHistoryList()) {
                out.line(t.get(
                        "info.history.line",
                        old.getVersion(),
                        Shown.time(old.getStoredMillis()),
                        Shown.size(old.getSize(), t),
                        out.name(old.getPath())));
            }
        }
    }
}
