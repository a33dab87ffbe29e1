package acervo.sync;

import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.RemoteNode;
import acervo.sync.plan.SyncedNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An index as a log: what was not forced may be lost in a crash, the newest first.
final class SimIndex {
    /// One entry.
    private sealed interface Line {
        record Engine(List<Index.Edit> edits, Index.Position position) implements Line {}

        record Seen(List<LocalNode> gone, List<Row> present) implements Line {}
    }

    /// What the index says of something on disk.
    record Row(LocalNode node, long inode) {}

    private final List<Line> log = new ArrayList<>();
    private int forced;
    private long ids;
    /// Of the running incarnation, by path; ahead of nothing.
    private final Map<String, Row> rows = new TreeMap<>();

    Map<String, Row> rows() {
        return rows;
    }

    long nextId() {
        return ++ids;
    }

    /// Writes what was seen together, all or none.
    void seen(List<LocalNode> gone, List<Row> present) {
        gone.forEach(node -> rows.remove(node.path().text()));
        present.forEach(row ->
                rows.values().removeIf(other -> other.node().id() == row.node().id()));
        present.forEach(row -> rows.put(row.node().path().text(), row));
        note(gone, present);
    }

    /// Writes what the rows have already.
    void note(List<LocalNode> gone, List<Row> present) {
        log.add(new Line.Seen(List.copyOf(gone), List.copyOf(present)));
    }

    void force() {
        forced = log.size();
    }

    /// How many entries were not forced.
    int unforced() {
        return log.size() - forced;
    }

    /// Loses what was not forced, but for the oldest `kept` entries of it.
    void crash(int kept) {
        while (log.size() > forced + kept) {
            log.removeLast();
        }
        forced = log.size();
        rows.clear();
        locals().forEach((_, row) -> rows.put(row.node().path().text(), row));
    }

    private Map<Long, Row> locals() {
        Map<Long, Row> locals = new LinkedHashMap<>();
        for (Line line : log) {
            if (line instanceof Line.Seen(List<LocalNode> gone, List<Row> present)) {
                gone.forEach(node -> locals.remove(node.id()));
                present.forEach(row -> locals.put(row.node().id(), row));
            }
        }
        return locals;
    }

    /// Opens it for one incarnation.
    Index open(SimClient.@Nullable Life life) {
        return new Index() {
            @Override
            public Position load(Trees trees) {
                return SimIndex.this.load(trees);
            }

            @Override
            public void commit(List<Edit> edits, Position position, boolean force) {
                step();
                log.add(new Line.Engine(edits, position));
                if (force) {
                    force();
                    step();
                }
            }

            private void step() {
                if (life != null) {
                    life.step();
                }
            }

            @Override
            public void close() {
                force();
            }
        };
    }

    private Index.Position load(Index.Trees trees) {
        Index.Position position = Index.Position.START;
        Map<Long, RemoteNode> remotes = new TreeMap<>();
        List<SyncedNode> synced = new ArrayList<>();
        for (Line line : log) {
            if (line instanceof Line.Engine(List<Index.Edit> edits, Index.Position now)) {
                position = now;
                edits.forEach(edit -> take(edit, remotes, synced));
            }
        }
        locals().values().forEach(row -> trees.local().accept(row.node()));
        remotes.values().forEach(trees.remote());
        synced.forEach(trees.synced());
        return position;
    }

    private static void take(Index.Edit edit, Map<Long, RemoteNode> remotes, List<SyncedNode> synced) {
        switch (edit) {
            case Index.Edit.Remote(long id, @Nullable RemoteNode now) -> {
                remotes.remove(id);
                if (now != null) {
                    remotes.put(id, now);
                }
            }
            case Index.Edit.Synced(SyncedNode now) -> {
                synced.removeIf(other -> now.content().kind() == Kind.FOLDER
                        ? other.path().equals(now.path()) && other.content().kind() == Kind.FOLDER
                        : other.content().kind() != Kind.FOLDER
                                && (other.localId() == now.localId() || other.remoteId() == now.remoteId()));
                synced.add(now);
            }
            case Index.Edit.Unsynced(long localId, long remoteId) ->
                synced.removeIf(other -> other.content().kind() != Kind.FOLDER
                        && (other.localId() == localId || other.remoteId() == remoteId));
            case Index.Edit.UnsyncedFolder(FilePath path) ->
                synced.removeIf(other ->
                        other.content().kind() == Kind.FOLDER && other.path().equals(path));
            case Index.Edit.NothingSynced() -> synced.clear();
            case Index.Edit.NothingRemote() -> remotes.clear();
        }
    }
}
