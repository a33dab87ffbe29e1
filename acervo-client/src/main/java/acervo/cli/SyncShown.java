package acervo.cli;

import acervo.model.FilePath;
import acervo.sync.Status;
import acervo.sync.folder.SyncedFolder;
import acervo.sync.plan.Mode;
import acervo.sync.plan.Operation;
import java.util.List;
import java.util.Locale;

/// Shows how one folder stands, as text or as JSON.
record SyncShown(SyncedFolder folder, Mode mode, boolean running) {
    private static final int LINES = 20;

    /// The answer to `status` or `conflicts`: the exit code, and from the second line on what to print.
    String textAnswer(Status status, boolean conflicts, Texts t) {
        StringBuilder text = new StringBuilder();
        if (conflicts) {
            conflicts(status, text, t);
            return Exit.DONE + "\n" + text;
        }
        status(status, text, t);
        return SyncFolder.exit(status) + "\n" + text;
    }

    String jsonAnswer(Status status, boolean conflicts) {
        return (conflicts ? Exit.DONE : SyncFolder.exit(status)) + "\n" + json(status);
    }

    private void conflicts(Status status, StringBuilder text, Texts t) {
        for (FilePath one : status.conflicts()) {
            text.append(folder.path().resolve(one.text())).append('\n');
        }
        if (status.conflictCount() == 0) {
            line(text, t.get("sync.no.conflicts", folder.path()));
        } else if (status.conflictCount() > status.conflicts().size()) {
            line(
                    text,
                    t.get(
                            "sync.more",
                            Shown.count(
                                    status.conflictCount() - status.conflicts().size(), t)));
        }
    }

    private void status(Status status, StringBuilder text, Texts t) {
        String arrow = switch (mode.direction()) {
            case BOTH -> "<->";
            case UP -> "->";
            case DOWN -> "<-";
        };
        String how = t.get(running ? "sync.running" : "sync.idle");
        line(text, folder.path() + " " + arrow + " " + folder.address() + " (" + folder.server() + ", " + how + ")");
        line(text, "  " + phase(status, t));
        line(text, "  " + t.get("sync.in.step", Shown.count(status.inStep(), t), Shown.size(status.bytesInStep(), t)));
        todo(status.todo(), text, t);
        open(status, text, t);
        if (status.conflictCount() > 0) {
            line(text, "  " + t.get("sync.conflicts", Shown.count(status.conflictCount(), t), folder.path()));
        }
    }

    /// What the engine is at, in a sentence.
    String phase(Status status, Texts t) {
        String sentence = t.get("sync.phase." + status.phase().name(), status.detail());
        return status.brake().map(brake -> sentence + " " + brake(brake, t)).orElse(sentence);
    }

    private String brake(Status.Brake brake, Texts t) {
        String some = String.join(
                ", ", brake.some().stream().limit(3).map(FilePath::toString).toList());
        return t.get(
                brake.local() ? "sync.brake.local" : "sync.brake.remote",
                Shown.count(brake.removals(), t),
                Shown.count(brake.of(), t),
                some,
                folder.path());
    }

    private static void todo(Status.Todo todo, StringBuilder text, Texts t) {
        if (todo.uploads() > 0) {
            line(text, "  " + t.get("sync.todo.up", Shown.count(todo.uploads(), t), Shown.size(todo.bytesUp(), t)));
        }
        if (todo.downloads() > 0) {
            line(
                    text,
                    "  " + t.get("sync.todo.down", Shown.count(todo.downloads(), t), Shown.size(todo.bytesDown(), t)));
        }
        int rest = todo.renames() + todo.removals() + todo.others();
        if (rest > 0) {
            line(
                    text,
                    "  "
                            + t.get(
                                    "sync.todo.rest",
                                    Shown.count(todo.renames(), t),
                                    Shown.count(todo.removals(), t),
                                    Shown.count(todo.others(), t)));
        }
    }

    private static void open(Status status, StringBuilder text, Texts t) {
        if (status.openCount() > 0) {
            line(text, "  " + t.get("sync.open", Shown.count(status.openCount(), t)));
            status.open().stream().limit(LINES).forEach(one -> line(text, "    " + open(one, t)));
            if (status.openCount() > LINES) {
                line(text, "    " + t.get("sync.more", Shown.count(status.openCount() - LINES, t)));
            }
        }
    }

    /// Why one thing is not in step.
    static String open(Status.Open one, Texts t) {
        return one.path() + ": " + t.get("sync.why." + one.why().name(), one.detail());
    }

    private static void line(StringBuilder text, String line) {
        text.append(line.stripTrailing()).append('\n');
    }

    /// The whole status as one JSON object.
    String json(Status status) {
        JsonWriter json = new JsonWriter().open();
        json.field("folder", folder.path().toString())
                .field("space", folder.space().text())
                .field("path", folder.root().text())
                .field("server", folder.server().toString())
                .field("running", running)
                .field("mode", lower(mode.direction()))
                .field("phase", lower(status.phase()))
                .field("detail", status.detail())
                .field("inStep", status.inStep())
                .field("bytesInStep", status.bytesInStep());
        status.brake().ifPresent(brake -> {
            json.name("brake").open().field("removals", brake.removals()).field("of", brake.of());
            json.field("side", brake.local() ? "folder" : "space");
            paths(json.name("some"), brake.some());
            json.close();
        });
        Status.Todo todo = status.todo();
        json.name("todo").open().field("uploads", todo.uploads()).field("bytesUp", todo.bytesUp());
        json.field("downloads", todo.downloads()).field("bytesDown", todo.bytesDown());
        json.field("renames", todo.renames()).field("removals", todo.removals()).field("others", todo.others());
        json.close();
        json.name("next").openList();
        status.next().forEach(one -> write(json, one));
        json.closeList().name("open").openList();
        for (Status.Open one : status.open()) {
            json.open().field("path", one.path()).field("why", lower(one.why()));
            json.field("detail", one.detail())
                    .field("retryInMillis", one.retryInMillis())
                    .close();
        }
        json.closeList().field("openCount", status.openCount());
        paths(json.name("conflicts"), status.conflicts());
        json.field("conflictCount", status.conflictCount());
        Status.Since since = status.since();
        json.name("since").open().field("uploads", since.uploads()).field("bytesUp", since.bytesUp());
        json.field("downloads", since.downloads()).field("bytesDown", since.bytesDown());
        json.field("renames", since.renames()).field("removals", since.removals());
        json.field("conflicts", since.conflicts()).close();
        json.close();
        return json.take();
    }

    private static void paths(JsonWriter json, List<FilePath> paths) {
        json.openList();
        paths.forEach(path -> json.value(path.text()));
        json.closeList();
    }

    /// One operation as JSON.
    static void write(JsonWriter json, Operation operation) {
        Deed deed = Deed.of(operation);
        json.open().field("do", deed.name()).field("path", deed.path());
        deed.to().ifPresent(to -> json.field("to", to));
        if (deed.size() >= 0) {
            json.field("size", deed.size());
        }
        json.close();
    }

    private static String lower(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }
}
