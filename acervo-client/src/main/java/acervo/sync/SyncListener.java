package acervo.sync;

import acervo.sync.plan.Operation;

/// Hears what an engine does, on its control thread: it must return soon, and not wait for the engine.
public interface SyncListener {
    /// Hears nothing.
    SyncListener NONE = new SyncListener() {};

    /// An operation is done, and durable on both sides.
    default void done(Operation operation) {}

    /// An operation could not be done; what became of it stands in [Status#open] until it is tried again.
    default void failed(Operation operation, Status.Open why) {}

    /// The engine's phase has changed, or what it waits for: worth asking for the status.
    default void phase(Status.Phase now, String detail) {}
}
