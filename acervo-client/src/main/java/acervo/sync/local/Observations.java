package acervo.sync.local;

import acervo.model.BlobId;
import acervo.model.Kind;
import acervo.sync.index.Facts;
import acervo.sync.index.FileIndex;
import acervo.sync.index.FileIndex.Seen;
import acervo.sync.index.Row;
import acervo.sync.plan.LocalNode;
import acervo.watch.PosixException;
import acervo.watch.Stat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Changes of the index that belong together: they are recorded, and told, at once. Used under the index's lock.
final class Observations {
    private final FileIndex index;
    private final List<Seen> changes = new ArrayList<>();
    private final List<Long> gone = new ArrayList<>();
    private final Set<Long> ids = new HashSet<>();
    private final Set<String> paths = new HashSet<>();
    /// Whether the change at the same place says something that the engine does not know.
    private final List<Boolean> news = new ArrayList<>();

    Observations(FileIndex index) {
        this.index = index;
    }

    /// Whether something was said about this row.
    boolean has(Row row) {
        return ids.contains(row.id());
    }

    /// Something is at a path; a row that was somewhere else is not there any more.
    void present(long id, String path, Facts facts, BlobId blob, @Nullable Row before) {
        if (!ids.add(id)) {
            return;
        }
        paths.add(path);
        changes.add(new Seen.Present(id, path, facts, blob, before));
        news.add(before == null
                || !before.path().equals(path)
                || !before.content().equals(facts.content(blob)));
    }

    /// Something is gone, and so is all that was in it.
    void gone(Row row) {
        if (row.id() != 0 && ids.add(row.id())) {
            gone.add(row.id());
            changes.add(new Seen.Gone(row));
            news.add(true);
        }
        for (Row inside : index.rows().below(row)) {
            if (ids.add(inside.id())) {
                gone.add(inside.id());
                changes.add(new Seen.Gone(inside));
                news.add(true);
            }
        }
    }

    /// Sees to it that the folders on the way to a path are there too.
    void parents(Session session, String path) {
        String parent = Session.parentOf(path);
        if (!parent.isEmpty()) {
            folder(session, parent);
        }
    }

    /// A folder is at a path, if the disk still has it, and so are those on the way to it.
    void folder(Session session, String path) {
        Row row = index.rows().find(path);
        if (row != null && row.kind() == Kind.FOLDER || paths.contains(path)) {
            return;
        }
        parents(session, path);
        try {
            Stat stat = session.look(path);
            if (stat != null && stat.isFolder()) {
                if (row != null) {
                    gone(row);
                }
                present(index.rows().nextId(), path, Facts.of(stat), BlobId.EMPTY, null);
            }
        } catch (PosixException _) {
            // What is in it will not be found either.
        }
    }

    /// Records all and tells what is new.
    void record(BiConsumer<List<Long>, List<LocalNode>> to) {
        if (changes.isEmpty()) {
            return;
        }
        index.note(changes, false);
        List<Row> rows = index.change(changes);
        List<LocalNode> present = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < changes.size(); i++) {
            if (changes.get(i) instanceof Seen.Present) {
                Row row = rows.get(next++);
                if (news.get(i)) {
                    present.add(row.node());
                }
            }
        }
        if (!gone.isEmpty() || !present.isEmpty()) {
            to.accept(gone, present);
        }
    }
}
