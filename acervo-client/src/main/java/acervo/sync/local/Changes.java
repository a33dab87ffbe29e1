package acervo.sync.local;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.sync.LocalAnswer;
import acervo.sync.LocalChange;
import acervo.sync.index.Facts;
import acervo.sync.index.FileIndex;
import acervo.sync.index.FileIndex.Seen;
import acervo.sync.index.Row;
import acervo.sync.plan.LocalNode;
import acervo.watch.Posix;
import acervo.watch.PosixException;
import acervo.watch.Stat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One call's changes of the folder, in order, under the index's lock; the data of the stages is durable already. What
/// is in the way and is not what the index says stays as it is.
///
/// The look at a path right before its change would leave a moment in which someone else changes it. So whatever is to
/// be replaced or removed is first moved aside, then looked at, and moved back if it is something else. After a crash
/// between two of these steps, [Leftovers] decides.
final class Changes {
    private final Session session;
    private final Posix posix;
    private final FileIndex index;
    private final int stages;
    /// Folders in which a name has changed.
    private final Set<String> touched = new HashSet<>();
    /// What the rows have already, since a later change may build on an earlier one, and the index's file must not
    /// have before the folders are forced: else a power cut would make it look as if someone had removed a file.
    private final List<Seen> made = new ArrayList<>();

    /// Says why a change can't be made; becomes an answer.
    private static final class NotDone extends Exception {
        private static final long serialVersionUID = 1;

        private final transient LocalAnswer answer;

        NotDone(LocalAnswer answer) {
            super(answer.toString(), null, false, false);
            this.answer = answer;
        }

        static NotDone changed() {
            return new NotDone(new LocalAnswer.Changed());
        }

        static NotDone failed(String what) {
            return new NotDone(new LocalAnswer.Failed(what));
        }
    }

    /// @param stages the open folder of stages
    Changes(Session session, FileIndex index, int stages) {
        this.session = session;
        this.posix = session.posix();
        this.index = index;
        this.stages = stages;
    }

    /// Makes one change.
    LocalAnswer make(LocalChange change) {
        try {
            Row now = switch (change) {
                case LocalChange.Place place -> place(place);
                case LocalChange.MakeFolder(FilePath path) -> makeFolder(path.text());
                case LocalChange.Remove(LocalNode node) -> remove(node);
                case LocalChange.Move(LocalNode node, FilePath path) -> move(node, path.text());
                case LocalChange.SetMetadata(LocalNode node, long millis, boolean executable) ->
                    setMetadata(node, millis, executable);
            };
            return new LocalAnswer.Done(now == null ? null : now.node());
        } catch (NotDone e) {
            return e.answer;
        } catch (PosixException e) {
            return e.isAbsent() || e.errno() == PosixException.EEXIST
                    ? new LocalAnswer.Changed()
                    : new LocalAnswer.Failed(e.getMessage());
        }
    }

    /// Forces the folders in which names have changed, and notes the changes in the index.
    void force() throws PosixException {
        session.leave();
        for (String folder : touched) {
            try {
                posix.force(session.enter(folder));
            } catch (PosixException e) {
                if (!e.isAbsent()) {
                    throw e;
                }
            }
        }
        touched.clear();
        index.note(made, true);
        made.clear();
    }

    private @Nullable Row place(LocalChange.Place change) throws NotDone, PosixException {
        DiskStage stage = (DiskStage) change.stage();
        String path = change.path().text();
        Content content = change.content();
        Row before = change.replaced() == null ? null : expected(change.replaced(), path);
        if (before == null && index.rows().find(path) != null) {
            throw NotDone.changed();
        }
        int folder = session.parent(path);
        String name = Session.name(path);
        String staged = stage.name();
        if (content.kind() == Kind.LINK) {
            staged = staged + ".link";
            unlinkIfThere(staged);
            posix.makeLink(new String(stage.all(), StandardCharsets.UTF_8), stages, staged);
        }
        if (before == null) {
            posix.renameExclusively(stages, staged, folder, name);
        } else {
            replace(staged, folder, name, before);
        }
        touched.add(Session.parentOf(path));
        if (content.kind() == Kind.LINK) {
            stage.discard();
        } else {
            stage.leave();
        }
        Facts facts = Facts.of(posix.stat(folder, name));
        return seen(before == null ? index.rows().nextId() : before.id(), path, facts, content.blob(), before);
    }

    /// Puts the staged file in the place of what stands at the name, if that is what the index says.
    private void replace(String staged, int folder, String name, Row before) throws NotDone, PosixException {
        String aside = Leftovers.ASIDE + before.id();
        posix.rename(stages, staged, stages, aside);
        if (!posix.exchange(stages, aside, folder, name)) {
            // A file system without that call: the look that [#expected] had is all there is.
            posix.rename(stages, aside, folder, name);
        } else if (Facts.of(posix.stat(stages, aside)).isRenamed(before.facts())) {
            posix.unlink(stages, aside);
        } else {
            // Someone was faster, by a hair: theirs stays.
            posix.exchange(stages, aside, folder, name);
            posix.rename(stages, aside, stages, staged);
            throw NotDone.changed();
        }
    }

    private @Nullable Row makeFolder(String path) throws NotDone, PosixException {
        Row row = index.rows().find(path);
        if (row != null && row.kind() != Kind.FOLDER) {
            throw NotDone.changed();
        }
        int parent = session.parent(path);
        String name = Session.name(path);
        try {
            posix.makeFolder(parent, name, 0777);
            touched.add(Session.parentOf(path));
        } catch (PosixException e) {
            if (e.errno() != PosixException.EEXIST) {
                throw e;
            }
        }
        Stat stat = posix.stat(parent, name);
        if (!stat.isFolder()) {
            throw NotDone.changed();
        }
        return row != null ? row : seen(index.rows().nextId(), path, Facts.of(stat), BlobId.EMPTY, null);
    }

    private @Nullable Row remove(LocalNode node) throws NotDone, PosixException {
        String path = node.path().text();
        Row row = expected(node, path);
        int folder = session.parent(path);
        String name = Session.name(path);
        if (row.kind() == Kind.FOLDER) {
            try {
                posix.removeFolder(folder, name);
            } catch (PosixException e) {
                if (e.errno() == PosixException.ENOTEMPTY || e.errno() == PosixException.EEXIST) {
                    throw NotDone.failed("the folder '" + path + "' has things in it that are not kept in step");
                }
                throw e;
            }
            session.leave();
        } else {
            String aside = Leftovers.ASIDE + row.id();
            posix.renameExclusively(folder, name, stages, aside);
            if (!Facts.of(posix.stat(stages, aside)).isRenamed(row.facts())) {
                posix.renameExclusively(stages, aside, folder, name);
                throw NotDone.changed();
            }
            posix.unlink(stages, aside);
        }
        touched.add(Session.parentOf(path));
        Seen change = new Seen.Gone(row);
        made.add(change);
        index.change(List.of(change));
        return null;
    }

    private Row move(LocalNode node, String path) throws NotDone, PosixException {
        String from = node.path().text();
        Row row = expected(node, from);
        if (row.kind() == Kind.FOLDER) {
            throw NotDone.failed("folders are renamed file by file");
        }
        if (index.rows().find(path) != null) {
            throw NotDone.changed();
        }
        // Two folders at once: the session holds one open only.
        int source = posix.openFolder(session.parent(from), ".");
        try {
            int target = session.parent(path);
            posix.renameExclusively(source, Session.name(from), target, Session.name(path));
            Stat now = posix.stat(target, Session.name(path));
            if (!Facts.of(now).isRenamed(row.facts())) {
                posix.renameExclusively(target, Session.name(path), source, Session.name(from));
                throw NotDone.changed();
            }
            touched.add(Session.parentOf(from));
            touched.add(Session.parentOf(path));
            return seen(row.id(), path, Facts.of(now), row.blob(), row);
        } finally {
            posix.close(source);
        }
    }

    private Row setMetadata(LocalNode node, long millis, boolean executable) throws NotDone, PosixException {
        String path = node.path().text();
        Row row = expected(node, path);
        if (row.kind() != Kind.FILE) {
            return row;
        }
        int folder = session.parent(path);
        int file = posix.open(folder, Session.name(path), Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK, 0);
        try {
            Stat before = posix.stat(file, "");
            if (!row.matches(before)) {
                throw NotDone.changed();
            }
            if (before.isExecutable() != executable) {
                posix.setMode(file, DiskStage.withExecutable(before.mode() & 0777, executable));
            }
            // A time within the same millisecond is as good: it is not made coarser for nothing.
            if (Math.floorDiv(before.modifiedNanos(), 1_000_000L) != millis) {
                posix.setModified(folder, Session.name(path), millis);
            }
            Stat now = posix.stat(file, "");
            if (now.size() != before.size()) {
                throw NotDone.changed();
            }
            posix.force(file);
            // Whoever wrote between the two looks would not be seen by the time of change: the bytes are read again.
            return seen(row.id(), path, Facts.of(now).unconfirmed(), row.blob(), row);
        } finally {
            posix.close(file);
        }
    }

    /// The row of a node, if the index and the disk have it as the engine thinks.
    private Row expected(LocalNode node, String path) throws NotDone, PosixException {
        Row row = index.rows().find(path);
        if (row == null
                || row.id() != node.id()
                || !node.path().text().equals(path)
                || !row.content().equals(node.content())) {
            throw NotDone.changed();
        }
        Stat now = session.look(path);
        if (now == null || !row.matches(now)) {
            throw NotDone.changed();
        }
        return row;
    }

    private Row seen(long id, String path, Facts facts, BlobId blob, @Nullable Row before) {
        Seen change = new Seen.Present(id, path, facts, blob, before);
        made.add(change);
        return index.change(List.of(change)).getFirst();
    }

    private void unlinkIfThere(String name) throws PosixException {
        try {
            posix.unlink(stages, name);
        } catch (PosixException e) {
            if (!e.isAbsent()) {
                throw e;
            }
        }
    }
}
