package acervo.rules;

import acervo.model.ClientId;
import acervo.model.SpaceId;
import acervo.model.Stamp;
import acervo.model.Version;
import java.util.Objects;

/// One command being decided: the state as left by what came before, the stamp, and the counts.
final class Step {
    final Draft draft;
    final ClientId author;
    final long now;

    /// Notices written so far.
    int notices;

    private Row.Totals totals;

    Step(Draft draft, Stamp stamp) {
        this.draft = draft;
        this.author = stamp.author();
        this.totals = Objects.requireNonNullElse(draft.get(Tables.TOTALS, Row.Only.KEY), Row.Totals.NONE);
        // Time must not run backwards in the state, whatever a leader's clock did.
        this.now = Math.max(stamp.timeMillis(), totals.lastMillis());
    }

    Row.Totals totals() {
        return totals;
    }

    /// Replaces the counts.
    void totals(Row.Totals next) {
        totals = next;
        draft.put(Tables.TOTALS, Row.Only.KEY, next);
    }

    void count(long clients, long spaces, long files, long bytes, long blobs, long orphans) {
        Row.Totals t = totals;
        totals(new Row.Totals(
                t.clients() + clients,
                t.spaces() + spaces,
                t.files() + files,
                t.bytes() + bytes,
                t.blobs() + blobs,
                t.orphans() + orphans,
                t.nodes(),
                t.nextSpace(),
                t.drains(),
                t.epoch(),
                t.lastMillis(),
                t.oldestRequest()));
    }

    void countDrains(int more) {
        Row.Totals t = totals;
        totals(new Row.Totals(
                t.clients(),
                t.spaces(),
                t.files(),
                t.bytes(),
                t.blobs(),
                t.orphans(),
                t.nodes(),
                t.nextSpace(),
                t.drains() + more,
                t.epoch(),
                t.lastMillis(),
                t.oldestRequest()));
    }

    /// Takes the next number of a node.
    int nextNode() {
        Row.Totals t = totals;
        totals(new Row.Totals(
                t.clients(),
                t.spaces(),
                t.files(),
                t.bytes(),
                t.blobs(),
                t.orphans(),
                t.nodes() + 1,
                t.nextSpace(),
                t.drains(),
                t.epoch(),
                t.lastMillis(),
                t.oldestRequest()));
        return totals.nodes();
    }

    /// Takes the next number of a space.
    SpaceId nextSpace() {
        Row.Totals t = totals;
        totals(new Row.Totals(
                t.clients(),
                t.spaces(),
                t.files(),
                t.bytes(),
                t.blobs(),
                t.orphans(),
                t.nodes(),
                t.nextSpace() + 1,
                t.drains(),
                t.epoch(),
                t.lastMillis(),
                t.oldestRequest()));
        return new SpaceId(t.nextSpace());
    }

    void times(long epoch, long lastMillis, long oldestRequest) {
        Row.Totals t = totals;
        totals(new Row.Totals(
                t.clients(),
                t.spaces(),
                t.files(),
                t.bytes(),
                t.blobs(),
                t.orphans(),
                t.nodes(),
                t.nextSpace(),
                t.drains(),
                epoch,
                lastMillis,
                oldestRequest));
    }

    /// A space that is known to be there.
    Row.Space space(SpaceId id) {
        return Objects.requireNonNull(draft.get(Tables.SPACES, id), () -> "space " + id + " has no row");
    }

    void space(Row.Space row) {
        draft.put(Tables.SPACES, row.id(), row);
    }

    /// Takes the next version of a space.
    Version nextVersion(SpaceId id) {
        Row.Space next = space(id).advanced();
        space(next);
        return new Version(next.sequence());
    }

    /// Takes the next file id of a space.
    long nextFile(SpaceId id) {
        Row.Space row = space(id);
        space(row.numbered());
        return row.nextFile();
    }

    /// Counts files and bytes of a space, and of all that the server keeps.
    void countFiles(SpaceId id, long files, long bytes) {
        if (files != 0 || bytes != 0) {
            Row.Space counted = space(id).counted(files, bytes);
            space(counted);
            if (counted.kind() != Row.SpaceKind.ON_DISK) {
                count(0, 0, files, bytes, 0, 0);
            }
        }
    }
}
