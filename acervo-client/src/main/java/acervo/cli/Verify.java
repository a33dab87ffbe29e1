package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.Progress;
import acervo.wire.v1.VerifyReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `acervo verify`: has the server read every copy again and compare hashes. Starting that takes the operator's secret,
/// which
/// lies in the server's data folder.
final class Verify implements Verb {
    private static final long POLL_MILLIS = 200;

    @Override
    public Grammar grammar() {
        return Grammar.of("verify")
                .value("--data")
                .flag("--show")
                .flag("--no-wait")
                .words(0, 0);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        boolean start = !args.flag("--show");
        s.doing("verify", s.server());
        String operator = operator(args, s, start);
        AcervoClient client = s.client();
        VerifyReply now = client.verify(start, operator);
        Progress progress = s.progress(s.texts().get("verify.label"));
        long bytes = 0;
        while (now.getRunning() && start && !args.flag("--no-wait")) {
            progress.moved(now.getBytesDone() - bytes);
            bytes = now.getBytesDone();
            s.io().policy().pause().pause(POLL_MILLIS);
            now = client.verify(false, operator);
        }
        s.endProgress();
        boolean sound = now.getDamagedCount() == 0 && now.getMissingCount() == 0;
        if (s.out().isJson()) {
            json(now, s.out().document());
        } else {
            text(now, sound, s);
        }
        return sound ? Exit.DONE : Exit.FAILED;
    }

    private static @Nullable String operator(Arguments args, Session s, boolean start) throws IOException {
        Path data = args.value("--data").map(s.io()::path).orElse(s.folders().data());
        Path file = data.resolve("operator.secret");
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            if (start && args.value("--data").isPresent()) {
                throw e;
            }
            return null;
        }
    }

    private static void json(VerifyReply r, JsonWriter json) {
        json.open().field("running", r.getRunning()).field("blobs", r.getBlobsDone());
        json.field("total", r.getBlobsTotal()).field("bytes", r.getBytesDone());
        json.field("started", r.getStartedMillis()).field("ended", r.getEndedMillis());
        list(json, "damaged", r.getDamagedList());
        list(json, "missing", r.getMissingList());
        list(json, "files", r.getFilesList());
        json.close();
    }

    private static void list(JsonWriter json, String name, List<String> values) {
        json.name(name).openList();
        values.forEach(json::value);
        json.closeList();
    }

    private static void text(VerifyReply r, boolean sound, Session s) {
        Texts t = s.texts();
        String blobs = Shown.count(r.getBlobsDone(), t);
        String total = Shown.count(r.getBlobsTotal(), t);
        String bytes = Shown.size(r.getBytesDone(), t);
        String key = r.getRunning() ? "verify.running" : r.getStartedMillis() == 0 ? "verify.never" : "verify.done";
        s.out().line(t.get(key, blobs, total, bytes));
        if (!sound) {
            int damaged = r.getDamagedCount();
            s.out().line(t.get("verify.bad", damaged, r.getMissingCount()));
            r.getDamagedList().forEach(id -> s.out().line(t.get("verify.damaged", id)));
            r.getMissingList().forEach(id -> s.out().line(t.get("verify.missing", id)));
            r.getFilesList()
                    .forEach(file -> s.out().line(t.get("verify.file", s.out().name(file))));
        } else if (!r.getRunning() && r.getStartedMillis() != 0) {
            s.out().line(t.get("verify.sound"));
        }
    }
}
