package acervo.sync;

import acervo.model.FilePath;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.RemoteNode;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The folder that is kept in step: watching, scanning, reading, and safe changes. Blocking; any thread.
///
/// Names that start with `.acervo` (the marker, the stage) are its own and never observed; ignored paths neither. A
/// name
/// that no [FilePath] can have, and a special file, are reported as troubles and not observed. A path is observed when
/// it
/// has settled and its bytes were hashed with the same stat before and after.
public interface LocalDisk extends AutoCloseable {
    /// Starts to watch, and scans all once. Every observation is durable in the index before it goes to the sink;
    /// the sink
    /// hears of a path only when what the index said about it changed (the engine starts from the index, too).
    void start(LocalSink sink);

    /// Asks to look at these paths (and, of folders, what is in them) again, soon; what is new comes through the
    /// sink. The
    /// engine asks when a change was answered with [LocalAnswer.Changed].
    void look(Collection<FilePath> paths);

    /// Opens a file's or link's bytes for reading.
    ///
    /// @throws ChangedException when the path no longer holds what was observed; it is looked at again without
    /// asking
    LocalBytes open(LocalNode node) throws ChangedException;

    /// Somewhere on the same file system to write a version's bytes to, before they get their name. A stage of the
    /// same
    /// version that was left by a broken transfer or a crash is taken up again.
    ///
    /// @param replaced what stands at the path now, whose unchanged parts may be copied; null for nothing
    Stage stage(RemoteNode version, @Nullable LocalNode replaced);

    /// Makes changes in order. Each one looks at its path again right before (against the index) and leaves it
    /// alone if it
    /// is not as expected. When this returns, every change that is answered [LocalAnswer.Done] is durable, data
    /// before
    /// name before index, all forced together; the watcher will not report it. One answer a change, in order; a
    /// change that fails stops no other. What was not yet observed in a folder keeps the folder from being removed.
    ///
    /// @throws RootLostException when the folder's marker is not there or is another's: nothing was done from there
    /// on
    List<LocalAnswer> apply(List<LocalChange> changes) throws RootLostException;

    @Override
    void close();
}
