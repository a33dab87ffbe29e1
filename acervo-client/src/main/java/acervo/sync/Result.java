package acervo.sync;

import acervo.model.Version;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.RemoteNode;
import org.jspecify.annotations.Nullable;

/// What became of one operation.
sealed interface Result {
    /// It is durable on disk.
    ///
    /// @param now null after a removal
    record OnDisk(@Nullable LocalNode now) implements Result {}

    /// It is durable in the space.
    record InSpace(RemoteNode now) implements Result {}

    /// The row is gone.
    record GoneFromSpace(Version by) implements Result {}

    /// The disk is not as it was observed.
    record DiskChanged() implements Result {}

    /// The space is not as its feed told: someone else was faster.
    record SpaceChanged(String what) implements Result {}

    /// It can't be done.
    record Impossible(Status.Why why, String what) implements Result {}

    /// The space can't be worked with; what became of a change is not known.
    record SpaceLost(FeedReader.Trouble trouble) implements Result {}

    /// The folder is not what it was; nothing was done.
    record RootLost(String why) implements Result {}
}
