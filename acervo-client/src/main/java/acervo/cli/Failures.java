package acervo.cli;

import acervo.client.LocalTrouble;
import acervo.client.LocalTroubleException;
import acervo.client.OutputException;
import acervo.client.UnreachableException;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import acervo.sync.folder.FolderException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/// Turns every way in which a command can fail into one or two lines and an exit code: what was being done, what was
/// seen,
/// what to do next.
final class Failures {
    private final Session session;
    private final Texts texts;
    private final Out out;

    Failures(Session session) {
        this.session = session;
        this.texts = session.texts();
        this.out = session.out();
    }

    /// A command.
    @FunctionalInterface
    interface Work {
        int run() throws IOException;
    }

    /// Runs a command and tells of its failure.
    ///
    /// @throws UsageException when it was used wrongly; that is told elsewhere
    int guard(Work work) {
        try {
            return work.run();
        } catch (UsageException e) {
            throw e;
        } catch (RefusedException e) {
            return refused(e);
        } catch (UnreachableException e) {
            String seen = texts.get(e.wasConnected() ? "failure.lost" : "failure.unreachable", e.server(), e.seen());
            String next = texts.get(e.wasConnected() ? "next.lost" : "next.unreachable", e.server());
            return tell("unreachable", "unavailable", seen, next, Exit.UNREACHABLE, e);
        } catch (LocalTroubleException e) {
            LocalTrouble t = e.trouble();
            String seen = texts.get("trouble." + t.kind().name(), out.errorName(t.path()), out.errorName(t.detail()));
            String kind = t.kind().name().toLowerCase(Locale.ROOT);
            int code = t.kind() == LocalTrouble.Kind.EXISTS ? Exit.REFUSED : Exit.FAILED;
            return tell(kind, "local", seen, next("next.local." + t.kind().name()), code, e);
        } catch (FolderException e) {
            Object[] names = e.arguments().stream().map(out::errorName).toArray();
            String seen = texts.get("folder." + e.kind().name(), names);
            String kind = e.kind().name().toLowerCase(Locale.ROOT);
            int code = switch (e.kind()) {
                case ABSENT, NOT_A_FOLDER, MARKER_LOST, MARKER_OTHER, MARKER_UNKNOWN, SYSTEM -> Exit.FAILED;
                case INSIDE, AROUND, OTHER_SPACE, COPY, KEPT, NOT_KEPT -> Exit.REFUSED;
            };
            String next = texts.has("next.folder." + e.kind().name())
                    ? texts.get("next.folder." + e.kind().name(), names)
                    : "";
            return tell(kind, "local", seen, next, code, e);
        } catch (OutputException e) {
            // A reader that has had enough (`| head`) is no news to anyone.
            return Exit.FAILED;
        } catch (IOException e) {
            return tell("io", "local", io(e), "", Exit.FAILED, e);
        } catch (RuntimeException e) {
            String seen = texts.get("failure.bug", String.valueOf(e));
            return tell("bug", "internal", seen, texts.get("next.bug"), Exit.FAILED, e);
        }
    }

    private int refused(RefusedException e) {
        Refusal refusal = e.refusal();
        Reason reason = refusal.reason();
        int code = switch (reason) {
            case CORRUPT -> Exit.FAILED;
            case UNAVAILABLE -> Exit.UNREACHABLE;
            default -> Exit.REFUSED;
        };
        String next = next("next." + reason.name());
        return tell(reason.name().toLowerCase(Locale.ROOT), reason.code(), texts.refusal(refusal), next, code, e);
    }

    private String next(String key) {
        return texts.has(key) ? texts.get(key) : "";
    }

    private String io(IOException e) {
        return switch (e) {
            case NoSuchFileException f -> texts.get("trouble.NOT_FOUND", String.valueOf(f.getFile()), "");
            case AccessDeniedException f ->
                texts.get("failure.io", String.valueOf(f.getFile()) + ": " + texts.get("failure.denied"));
            case FileSystemException f -> texts.get("failure.io", f.getFile() + ": " + f.getReason());
            default -> texts.get("failure.io", String.valueOf(e.getMessage()));
        };
    }

    private int tell(String kind, String code, String seen, String next, int exit, Throwable cause) {
        session.endProgress();
        String doing = session.doing();
        String what = doing.isEmpty() ? seen : texts.get("failure.doing", doing, seen);
        out.error("acervo: " + out.errorName(what) + (what.endsWith(".") ? "" : "."));
        if (!next.isEmpty()) {
            out.error(next);
        }
        if (session.verbose()) {
            StringWriter trace = new StringWriter();
            cause.printStackTrace(new PrintWriter(trace, true));
            out.error(trace.toString());
        }
        if (out.isJson()) {
            JsonWriter json = out.errorDocument();
            json.name("error").open().field("code", code).field("reason", kind);
            json.field("message", seen)
                    .field("doing", doing)
                    .field("exit", exit)
                    .close()
                    .close();
            try {
                out.finish();
            } catch (OutputException _) {
                // Nobody reads.
            }
        }
        return exit;
    }
}
