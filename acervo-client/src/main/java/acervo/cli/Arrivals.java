package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.LocalTrouble;
import acervo.client.LocalTroubleException;
import acervo.client.Recovered;
import acervo.client.RemoteFile;
import acervo.model.FilePath;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.wire.v1.File;
import acervo.wire.v1.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What becomes of each file that somebody waited for: it is told, recovered, and handed to a command. Trouble with one
/// lets the others go on, and shows in the exit code.
final class Arrivals {
    private final Session session;
    private final AcervoClient client;
    private final WantedPlace place;
    private final Optional<String> folder;
    private final Optional<String> command;
    private final boolean force;

    private int good;
    private int refusals;
    private int problems;

    Arrivals(Session session, WantedPlace place, Arguments args) throws IOException {
        this.session = session;
        this.client = session.client();
        this.place = place;
        this.folder = args.value("--get");
        this.command = args.value("--run");
        this.force = args.flag("--force");
    }

    /// One that was there when somebody began to wait.
    void there(File f) throws IOException {
        handle(f, 0, 0);
    }

    /// One that came.
    ///
    /// @return whether all that was to be done with it is done, so that its notice has served
    boolean came(File f, long interest, long notice) throws IOException {
        return handle(f, interest, notice);
    }

    private boolean handle(File f, long interest, long notice) throws IOException {
        // What the server says is checked like anyone's word: a path that leads elsewhere can't be made.
        RemoteFile file = new RemoteFile(place.space(), new FilePath(f.getPath()));
        if (folder.isPresent() && f.getKind() == Kind.LINK) {
            problems++;
            session.problem(new LocalTrouble(LocalTrouble.Kind.UNSUPPORTED, file.toString(), ""));
            return false;
        }
        try {
            Recovered recovered = folder.isPresent() ? recover(file, folder.get()) : null;
            tell(file, f, recovered, notice);
            int code = command.isPresent() ? run(command.get(), file, f, recovered, interest, notice) : 0;
            if (code != 0) {
                problems++;
                String name = session.out().errorName(file.toString());
                String sentence = session.texts().get("want.run.failed", name, command.orElse(""), code);
                session.problem(file.toString(), "run", sentence);
                return false;
            }
            good++;
            return true;
        } catch (RefusedException e) {
            Reason reason = e.refusal().reason();
            if (reason == Reason.UNAUTHENTICATED || reason == Reason.UNAVAILABLE) {
                throw e;
            }
            refusals++;
            session.problem(file.toString(), e.refusal());
        } catch (LocalTroubleException e) {
            if (e.trouble().kind() == LocalTrouble.Kind.EXISTS) {
                refusals++;
            } else {
                problems++;
            }
            session.problem(e.trouble());
        }
        return false;
    }

    private Recovered recover(RemoteFile file, String folder) throws IOException {
        Path to = session.io().path(folder).resolve(place.below(file.path()));
        Get.makeParent(to);
        Recovered recovered = client.get(file, to, force, session.progress(file.toString()));
        session.endProgress();
        return recovered;
    }

    private void tell(RemoteFile file, File f, @Nullable Recovered recovered, long notice) {
        Texts t = session.texts();
        Out out = session.out();
        if (out.isJson()) {
            JsonWriter json = out.document().open().name("file");
            FileJson.write(json, f);
            json.field("space", file.space().text()).field("there", notice == 0).field("notice", notice);
            if (recovered != null) {
                json.field("to", recovered.to().toString()).field("alreadyThere", recovered.alreadyThere());
            }
            json.close();
            out.spill();
        } else if (recovered != null) {
            out.line(Get.line(recovered, session));
        } else {
            out.line(t.get(
                    notice == 0 ? "want.there" : "want.came",
                    out.name(file.toString()),
                    Shown.size(f.getSize(), t),
                    Shown.time(f.getStoredMillis())));
        }
        // Whoever reads this through a pipe waits for it.
        out.flush();
    }

    private int run(String command, RemoteFile file, File f, @Nullable Recovered recovered, long interest, long notice)
            throws IOException {
        Map<String, String> facts = new HashMap<>();
        facts.put("ACERVO_SERVER", client.server().toString());
        facts.put("ACERVO_ADDRESS", file.toString());
        facts.put("ACERVO_SPACE", file.space().text());
        facts.put("ACERVO_PATH", file.path().text());
        facts.put("ACERVO_NAME", file.path().name());
        facts.put("ACERVO_SIZE", Long.toString(recovered == null ? f.getSize() : recovered.size()));
        facts.put(
                "ACERVO_SHA256",
                recovered == null ? f.getSha256() : recovered.sha256().toString());
        facts.put("ACERVO_VERSION", Long.toString(recovered == null ? f.getVersion() : recovered.version()));
        facts.put(
                "ACERVO_FILE",
                recovered == null
                        ? ""
                        : recovered.to().toAbsolutePath().normalize().toString());
        facts.put("ACERVO_INTEREST", Long.toString(interest));
        facts.put("ACERVO_NOTICE", Long.toString(notice));
        return new Hook(session, command).run(facts);
    }

    /// Whether any file came or was there.
    boolean any() {
        return good + refusals + problems > 0;
    }

    /// The exit code that tells how it went.
    int exit() {
        return refusals + problems == 0
                ? Exit.DONE
                : good > 0 ? Exit.PARTLY : problems > 0 ? Exit.FAILED : Exit.REFUSED;
    }
}
