package acervo.sync;

import acervo.sync.plan.LocalNode;
import org.jspecify.annotations.Nullable;

/// What became of a change of the local folder.
public sealed interface LocalAnswer {
    /// It is durable.
    ///
    /// @param now what the index has now, null after a removal
    record Done(@Nullable LocalNode now) implements LocalAnswer {}

    /// The path was not as expected; nothing was done. What is there will be observed, if it has not been already.
    record Changed() implements LocalAnswer {}

    /// It can't be done: no right, no room, a name that the disk can't hold, a folder with things in it that are
    /// not kept
    /// in step.
    ///
    /// @param what for a person, in English
    record Failed(String what) implements LocalAnswer {}
}
