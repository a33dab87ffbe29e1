package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.OutputException;
import acervo.sync.Status;
import acervo.sync.Sync;
import acervo.sync.SyncListener;
import acervo.sync.Threads;
import acervo.sync.folder.Control;
import acervo.sync.folder.KeptFolder;
import acervo.sync.folder.SyncedFolder;
import acervo.sync.plan.Mode;
import acervo.sync.plan.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Keeps one folder in step and says what a person should hear of: that it is in step for the first time, what keeps it
/// from that, conflicts. With `--json` every deed and every phase is a line of its own.
final class SyncKeeper implements SyncListener, AutoCloseable {
    private static final int MOST_SAID = 10_000;
    /// How long things have to be quiet before it is looked what is not in step.
    private static final long QUIET_MILLIS = 1_000;

    private final Session s;
    private final Texts t;
    private final SyncedFolder folder;
    private final SyncShown shown;
    private final boolean deeds;
    private final @Nullable SyncProgress progress;
    /// The last phase is what counts: one that was not said yet is replaced.
    private final BlockingQueue<Status.Phase> phases = new ArrayBlockingQueue<>(64);

    private final Set<String> said = new HashSet<>();
    private Runnable ended = () -> {};
    private @Nullable Sync sync;
    private @Nullable Control control;
    private volatile boolean first = true;

    /// @param deeds whether each deed is told with `--json`
    /// @param withProgress whether the first sync is drawn
    SyncKeeper(Session session, SyncedFolder folder, Mode mode, boolean deeds, boolean withProgress) {
        this.s = session;
        this.t = session.texts();
        this.folder = folder;
        this.shown = new SyncShown(folder, mode, true);
        this.deeds = deeds;
        this.progress = withProgress && !session.out().isJson() ? new SyncProgress(session, folder) : null;
    }

    /// @param over called when it has come to an end by itself
    void open(Path home, AcervoClient client, Threads threads, Runnable over) throws IOException {
        ended = over;
        Sync opened = KeptFolder.open(folder, home, client, threads, SyncFolder.settings(shown.mode(), false), this);
        sync = opened;
        control = Control.open(home, question -> answer(opened, question));
    }

    void start() {
        Sync opened = sync;
        if (opened != null) {
            opened.start();
            if (progress != null) {
                progress.follow(opened);
            }
            Thread.ofVirtual().name("sync-said").start(() -> tell(opened));
        }
    }

    private String answer(Sync opened, String question) {
        List<String> words = List.of(question.split(" ", -1));
        switch (words.getFirst()) {
            case "status", "conflicts" -> {
                boolean conflicts = words.getFirst().equals("conflicts");
                Status now = opened.status();
                return words.size() > 2
                        ? shown.textAnswer(now, conflicts, Texts.in(words.get(2).equals("pt") ? "pt" : "en"))
                        : shown.jsonAnswer(now, conflicts);
            }
            case "confirm" -> opened.confirm();
            case "putback" -> opened.putBack();
            case "retry" -> opened.retry();
            default -> {
                return Exit.USAGE + "\n";
            }
        }
        return Exit.DONE + "\n";
    }

    // On the control thread.

    @Override
    public void done(Operation operation) {
        Deed deed = Deed.of(operation);
        if (progress != null && first) {
            progress.done(operation);
        }
        if (s.out().isJson()) {
            if (!deeds) {
                return;
            }
            JsonWriter json = event("done").name("operation");
            SyncShown.write(json, operation);
            print(json);
        } else if (deed.isConflict()) {
            line(t.get("sync.kept.both", name(deed.path()), name(deed.to().orElse(""))));
        } else if (s.verbose() && deed.isSeen()) {
            line(deed.text(t));
        }
    }

    @Override
    public void phase(Status.Phase now, String detail) {
        if (s.out().isJson()) {
            print(event("phase")
                    .field("phase", now.name().toLowerCase(Locale.ROOT))
                    .field("detail", detail));
        }
        if (!phases.offer(now)) {
            phases.poll();
            phases.offer(now);
        }
    }

    // On a thread that only tells.

    private void tell(Sync opened) {
        Status.Phase last = Status.Phase.STARTING;
        boolean unsaid = false;
        try {
            while (last != Status.Phase.CLOSED && last != Status.Phase.BROKEN) {
                Status.Phase now = unsaid ? phases.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS) : phases.take();
                if (now == null) {
                    unsaid = false;
                    open(opened.status());
                } else if (now == Status.Phase.IN_STEP) {
                    unsaid = true;
                    inStep(opened, last);
                    last = now;
                } else if (now != Status.Phase.WORKING && now != Status.Phase.STARTING) {
                    trouble(opened, now);
                    last = now;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (last == Status.Phase.BROKEN) {
            ended.run();
        }
    }

    private void inStep(Sync opened, Status.Phase last) {
        if (first) {
            endProgress();
            Status status = opened.status();
            line(t.get(
                    "sync.first",
                    folder.path(),
                    folder.address(),
                    Shown.count(status.inStep(), t),
                    Shown.size(status.bytesInStep(), t)));
            open(status);
        } else if (last != Status.Phase.IN_STEP && last != Status.Phase.STARTING) {
            line(t.get("sync.again", folder.path()));
        }
    }

    private void endProgress() {
        first = false;
        if (progress != null) {
            progress.end();
            s.endProgress();
        }
    }

    private void trouble(Sync opened, Status.Phase now) {
        if (now == Status.Phase.CLOSED) {
            return;
        }
        endProgress();
        Status status = opened.status();
        if (status.phase() == now && !s.out().isJson()) {
            complain(folder.path() + ": " + shown.phase(status, t));
        }
    }

    /// Says once what is not in step.
    private void open(Status status) {
        if (s.out().isJson()) {
            return;
        }
        if (said.size() > MOST_SAID) {
            said.clear();
        }
        for (Status.Open one : status.open()) {
            if (one.why() != Status.Why.CHANGING && said.add(one.path() + "\0" + one.why())) {
                complain(SyncShown.open(one, t));
            }
        }
    }

    private JsonWriter event(String name) {
        return new JsonWriter()
                .open()
                .field("event", name)
                .field("folder", folder.path().toString());
    }

    private void print(JsonWriter json) {
        String line = json.close().take() + "\n";
        say(() -> s.out().raw(line));
    }

    private void line(String text) {
        say(() -> s.out().line(text));
    }

    private void say(Runnable what) {
        synchronized (s.out()) {
            try {
                what.run();
                s.out().flush();
            } catch (OutputException _) {
                // Nobody reads any more; the folder is kept in step all the same.
            }
        }
    }

    private void complain(String text) {
        say(() -> s.out().error("acervo: " + s.out().errorName(text)));
    }

    private String name(String name) {
        return s.out().name(name);
    }

    @Override
    public void close() {
        first = false;
        if (control != null) {
            control.close();
        }
        if (sync != null) {
            sync.close();
        }
    }
}
