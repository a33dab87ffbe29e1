package acervo.sync;

import acervo.model.FilePath;
import acervo.sync.plan.LocalNode;
import java.util.List;

/// Where the disk tells what it saw; the engine. Never blocks for long; any thread, calls of one disk in their order.
public interface LocalSink {
    /// Paths that hold something else than before. `gone` is applied before `present`. A rename is a node in
    /// `present` with
    /// its old id and a new path; what is in a renamed folder comes one by one. In one call: all that was found
    /// together,
    /// so that no state is seen that never was (of two files that changed places, both).
    void observed(List<Long> gone, List<LocalNode> present);

    /// A full scan is complete: all that was on disk when it began, or was changed before it ended, has been
    /// observed.
    void scanned();

    /// What can't be kept in step, or watched: replaces what was said about the path before; an empty list takes it
    /// back.
    void troubles(FilePath folder, List<LocalTrouble> troubles);

    /// The folder is not what it was: unmounted, emptied of its marker, or another's. Nothing of what follows
    /// counts until
    /// [#scanned] is called again.
    void rootLost(String why);

    /// Something is known about a path that can't be kept in step.
    ///
    /// @param name the path as the disk has it, printable
    record LocalTrouble(String name, String what) {}
}
