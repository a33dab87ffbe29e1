package acervo.sync;

import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.Version;
import acervo.sync.RemoteSpace.Deposit;
import acervo.sync.RemoteSpace.FeedPage;
import acervo.sync.RemoteSpace.FeedRow;
import acervo.sync.RemoteSpace.Move;
import acervo.sync.RemoteSpace.RemoteAnswer;
import acervo.sync.plan.RemoteNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A space of a server as the rules of the catalog have it: conditions, one feed with the latest row of each file.
final class SimServer {
    private TreeMap<Long, RemoteNode> rows = new TreeMap<>();
    private TreeMap<Long, Version> gone = new TreeMap<>();
    private long sequence;
    private long ids;
    private long epoch = 1;
    private @Nullable Backup backup;
    private final List<Runnable> listeners = new ArrayList<>();

    private record Backup(TreeMap<Long, RemoteNode> rows, TreeMap<Long, Version> gone, long sequence, long ids) {}

    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    void backup() {
        backup = new Backup(new TreeMap<>(rows), new TreeMap<>(gone), sequence, ids);
    }

    /// @return whether there was a backup
    boolean restore() {
        Backup from = backup;
        if (from == null) {
            return false;
        }
        rows = new TreeMap<>(from.rows);
        gone = new TreeMap<>(from.gone);
        sequence = from.sequence;
        ids = from.ids;
        epoch++;
        tell();
        return true;
    }

    long sequence() {
        return sequence;
    }

    long epoch() {
        return epoch;
    }

    List<RemoteNode> rows() {
        return List.copyOf(rows.values());
    }

    List<RemoteNode> files() {
        return rows.values().stream()
                .filter(row -> row.content().kind() != Kind.FOLDER)
                .toList();
    }

    boolean has(RemoteNode version) {
        RemoteNode now = rows.get(version.id());
        return now != null && now.version().equals(version.version()) && now.equals(version);
    }

    FeedPage feed(long after, int limit) {
        List<FeedRow> all = new ArrayList<>();
        rows.values().forEach(row -> all.add(new FeedRow(row.id(), row.version(), row)));
        gone.forEach((id, version) -> all.add(new FeedRow(id, version, null)));
        all.removeIf(row -> row.version().number() <= after);
        all.sort(Comparator.comparing(FeedRow::version));
        return new FeedPage(epoch, all.subList(0, Math.min(limit, all.size())), sequence);
    }

    RemoteAnswer deposit(Deposit deposit) {
        RemoteNode replaces = deposit.replaces();
        if (replaces == null) {
            Refusal no = taken(deposit.path(), deposit.content().kind() == Kind.FOLDER);
            return no != null ? new RemoteAnswer.Refused(no) : done(++ids, deposit.path(), deposit.content());
        }
        Refusal no = changed(replaces);
        return no != null ? new RemoteAnswer.Refused(no) : done(replaces.id(), replaces.path(), deposit.content());
    }

    RemoteAnswer remove(RemoteNode row) {
        Refusal no = changed(row);
        if (no != null) {
            return new RemoteAnswer.Refused(no);
        }
        rows.remove(row.id());
        gone.put(row.id(), new Version(++sequence));
        tell();
        return new RemoteAnswer.Gone(new Version(sequence));
    }

    RemoteAnswer move(Move move) {
        Refusal no = changed(move.row());
        if (no == null) {
            RemoteNode lifted = rows.remove(move.row().id());
            no = taken(move.to(), false);
            if (lifted != null) {
                rows.put(lifted.id(), lifted);
            }
        }
        return no != null
                ? new RemoteAnswer.Refused(no)
                : done(move.row().id(), move.to(), move.row().content());
    }

    private RemoteAnswer done(long id, FilePath path, Content content) {
        RemoteNode now = new RemoteNode(id, path, new Version(++sequence), content);
        rows.put(id, now);
        tell();
        return new RemoteAnswer.Done(now);
    }

    private void tell() {
        List.copyOf(listeners).forEach(Runnable::run);
    }

    /// Conditions name a path and a version. A restored server may give a version again; what is compared in full
    /// here, a real one tells apart by the path alone: what such a change replaced is then in its history.
    private @Nullable Refusal changed(RemoteNode expected) {
        RemoteNode now = rows.get(expected.id());
        if (now == null) {
            return new Refusal(Reason.NO_SUCH_FILE, expected.path());
        }
        return now.equals(expected) ? null : new Refusal(Reason.VERSION_CHANGED, expected.path(), now.version());
    }

    @Nullable
    Refusal taken(FilePath path, boolean folder) {
        for (RemoteNode row : rows.values()) {
            String at = row.path().text();
            boolean above = path.text().startsWith(at + "/") && row.content().kind() != Kind.FOLDER;
            boolean below = !folder && at.startsWith(path.text() + "/");
            if (above || below) {
                return new Refusal(Reason.PATH_IN_THE_WAY, path, at);
            }
            if (at.equals(path.text())) {
                return new Refusal(Reason.FILE_EXISTS, path);
            }
        }
        return null;
    }
}
