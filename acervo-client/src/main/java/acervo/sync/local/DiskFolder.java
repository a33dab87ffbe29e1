package acervo.sync.local;

import acervo.model.Content;
import acervo.model.FilePath;
import acervo.sync.ChangedException;
import acervo.sync.LocalAnswer;
import acervo.sync.LocalBytes;
import acervo.sync.LocalChange;
import acervo.sync.LocalDisk;
import acervo.sync.LocalSink;
import acervo.sync.RootLostException;
import acervo.sync.Stage;
import acervo.sync.index.Facts;
import acervo.sync.index.FileIndex;
import acervo.sync.index.Row;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.RemoteNode;
import acervo.watch.InotifyWatch;
import acervo.watch.LibC;
import acervo.watch.PosixException;
import acervo.watch.Stat;
import acervo.watch.Watch;
import acervo.watch.WatchEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A folder of this machine that is kept in step. Linux.
public final class DiskFolder implements LocalDisk {
    private final Root root;
    private final FileIndex index;
    private final Pace pace;
    private @Nullable Observer observer;

    private DiskFolder(Root root, FileIndex index, Pace pace) {
        this.root = root;
        this.index = index;
        this.pace = pace;
        index.dataFirst(this::forceData);
    }

    /// Whether this system has what is needed.
    public static boolean isPossible() {
        return LibC.AVAILABLE;
    }

    /// What the marker of a folder says; null when it has none.
    public static @Nullable UUID markerOf(Path folder) throws IOException {
        return Root.markerOf(folder);
    }

    /// Puts a marker into a folder that has none; durable on return. To be done once, when a person says that this
    /// folder is to be kept in step, and never because it was lost.
    public static void mark(Path folder, UUID id) throws IOException {
        Root.mark(folder, id);
    }

    /// The folder whose marker is `marker`. It need not be there now. The index was loaded; it stays the caller's
    /// to close, after this.
    public static DiskFolder open(Path folder, UUID marker, FileIndex index, Pace pace) {
        return new DiskFolder(new Root(folder, marker), index, pace);
    }

    /// A folder that was never kept in step, to be looked at only: it needs no marker, nothing is written into it.
    public static DiskFolder look(Path folder, FileIndex index, Pace pace) {
        return new DiskFolder(new Root(folder, null), index, pace);
    }

    @Override
    public synchronized void start(LocalSink sink) {
        if (observer != null) {
            throw new IllegalStateException("it was started already");
        }
        observer = new Observer(root, index, sink, pace, this::watch);
        observer.start();
    }

    private @Nullable Watch watch(Predicate<String> skipped, Runnable wake, Consumer<WatchEvent> to) {
        try {
            return InotifyWatch.open(root.path(), skipped, wake, to);
        } catch (PosixException _) {
            // No queue is left for this user: the observer says so, and looks again and again.
            return null;
        }
    }

    private boolean forceData() throws IOException {
        try (Session session = root.enter()) {
            session.posix().forceFileSystem(session.folder());
            return true;
        } catch (RootLostException _) {
            return false;
        }
    }

    @Override
    public void look(Collection<FilePath> paths) {
        Observer running = observer();
        if (running != null) {
            running.look(paths.stream().map(FilePath::text).toList());
        }
    }

    private synchronized @Nullable Observer observer() {
        return observer;
    }

    @Override
    public LocalBytes open(LocalNode node) throws ChangedException {
        String path = node.path().text();
        Session session = null;
        try {
            session = root.enter();
            Stat now = session.look(path);
            if (now == null || !isStill(node, now)) {
                throw new ChangedException(node.path());
            }
            LocalBytes bytes = DiskBytes.open(session, path, now);
            session = null;
            return bytes;
        } catch (PosixException | RootLostException _) {
            throw new ChangedException(node.path());
        } finally {
            if (session != null) {
                session.close();
                look(List.of(node.path()));
            }
        }
    }

    /// Whether index and disk have a node as it was observed. A row that is not confirmed yet has a name that was
    /// only just found, and will do after the next look.
    private boolean isStill(LocalNode node, Stat now) {
        synchronized (index.lock()) {
            Row row = index.rows().find(node.path().text());
            return row != null
                    && row.id() == node.id()
                    && row.kind() == node.content().kind()
                    && row.blob().equals(node.content().blob())
                    && (row.matches(now)
                            || row.changedNanos() == 0 && Facts.of(now).isRenamed(row.facts()));
        }
    }

    @Override
    public Stage stage(RemoteNode version, @Nullable LocalNode replaced) {
        String name = version.id() + "-" + version.version() + "-"
                + version.content().blob().toString().substring(0, 16) + ".part";
        LocalBytes old = null;
        try {
            old = replaced == null ? null : open(replaced);
        } catch (ChangedException _) {
            // All of it has to come from the server, then.
        }
        Session session = null;
        try {
            session = root.enter();
            Stage stage = DiskStage.open(session, name, old);
            session = null;
            old = null;
            return stage;
        } catch (PosixException e) {
            throw new UncheckedIOException("no room for what arrives in " + root.path(), e);
        } catch (RootLostException e) {
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        } finally {
            if (session != null) {
                session.close();
            }
            if (old != null) {
                old.close();
            }
        }
    }

    @Override
    public List<LocalAnswer> apply(List<LocalChange> changes) throws RootLostException {
        try (Session session = root.enter()) {
            Map<LocalChange, LocalAnswer> unfit = prepare(session, changes);
            List<LocalAnswer> answers = new ArrayList<>();
            List<FilePath> again = new ArrayList<>();
            int stages = DiskStage.openFolder(session);
            try {
                synchronized (index.lock()) {
                    Changes work = new Changes(session, index, stages);
                    for (LocalChange change : changes) {
                        LocalAnswer answer = unfit.get(change);
                        answers.add(answer != null ? answer : work.make(change));
                        if (answers.getLast() instanceof LocalAnswer.Changed) {
                            again.add(change.path());
                        }
                    }
                    work.force();
                }
            } finally {
                session.posix().close(stages);
            }
            index.force();
            if (!again.isEmpty()) {
                look(again);
            }
            return answers;
        } catch (IOException e) {
            throw new UncheckedIOException("changes of " + root.path() + " can't be made durable", e);
        }
    }

    /// Checks the stages' bytes and makes them durable: the writing of all has begun when the first one is waited
    /// for.
    ///
    /// @return the answer to changes that can't be made
    private Map<LocalChange, LocalAnswer> prepare(Session session, List<LocalChange> changes) {
        Map<LocalChange, LocalAnswer> unfit = new HashMap<>();
        for (LocalChange change : changes) {
            if (change instanceof LocalChange.Place place) {
                String trouble = dress(session, place);
                if (trouble != null) {
                    unfit.put(change, new LocalAnswer.Failed(trouble));
                }
            }
        }
        for (LocalChange change : changes) {
            if (change instanceof LocalChange.Place(DiskStage stage, var _, var _, var _)
                    && !unfit.containsKey(change)) {
                try {
                    stage.force();
                } catch (PosixException e) {
                    unfit.put(change, new LocalAnswer.Failed(e.getMessage()));
                }
            }
        }
        return unfit;
    }

    private static @Nullable String dress(Session session, LocalChange.Place place) {
        DiskStage stage = (DiskStage) place.stage();
        Content content = place.content();
        try {
            if (stage.position() != content.size() || !stage.hash().equals(content.blob())) {
                stage.discard();
                return "what arrived for '" + place.path() + "' is not what the server has: it is fetched again";
            }
            Stat there =
                    place.replaced() == null ? null : session.look(place.path().text());
            stage.dress(
                    there != null && there.isFile() ? there.mode() : -1,
                    content.executable(),
                    content.modifiedMillis());
            return null;
        } catch (PosixException e) {
            return e.getMessage();
        }
    }

    @Override
    public void close() {
        Observer running = observer();
        if (running != null) {
            running.close();
        }
        root.close();
    }
}
