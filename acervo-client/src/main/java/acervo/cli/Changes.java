package acervo.cli;

import acervo.client.ServerRefusals;
import acervo.model.Refusal;
import acervo.model.SpaceName;
import acervo.wire.v1.ChangeResult;
import acervo.wire.v1.File;
import java.util.List;

/// Counts and tells what became of the items of a change; a change of several ends with exit code 3 when only some were
/// done.
final class Changes {
    private final Session session;
    private final SpaceName space;
    private int done;
    private int refused;

    Changes(Session session, SpaceName space) {
        this.session = session;
        this.space = space;
        if (session.out().isJson()) {
            session.out()
                    .document()
                    .open()
                    .field("space", space.text())
                    .name("files")
                    .openList();
        }
    }

    /// Told of each item that was done.
    @FunctionalInterface
    interface Line {
        void print(String path, ChangeResult result);
    }

    /// @param line prints an item for a person
    void add(List<ChangeResult> results, Line line) {
        JsonWriter json = session.out().document();
        for (ChangeResult r : results) {
            if (r.hasError()) {
                refuse(r.getPath(), ServerRefusals.of(r.getError()));
                continue;
            }
            done++;
            if (session.out().isJson()) {
                if (r.hasNow()) {
                    File now = r.getNow();
                    FileJson.write(json, now);
                } else {
                    json.open()
                            .field("path", r.getPath())
                            .field("version", r.getGoneVersion())
                            .close();
                }
            } else {
                line.print(r.getPath(), r);
            }
        }
    }

    /// An item that came to nothing.
    void refuse(String path, Refusal refusal) {
        refused++;
        session.problem(space + ":" + path, refusal);
    }

    int done() {
        return done;
    }

    /// Ends the answer.
    int finish() {
        if (session.out().isJson()) {
            session.out().document().closeList();
            session.writeProblems();
            session.out().document().close();
        }
        return refused == 0 ? Exit.DONE : done == 0 ? Exit.REFUSED : Exit.PARTLY;
    }
}
