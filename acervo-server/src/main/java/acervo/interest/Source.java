package acervo.interest;

import org.jspecify.annotations.Nullable;

/// What a stream has to say, read from the catalog by a cursor of its own. One thread at a time; may block.
///
/// @param <M> what is sent
interface Source<M> {
    /// The next message, or null when there is nothing to say now.
    ///
    /// @throws acervo.model.RefusedException when the stream is to end with that
    @Nullable
    M next();

    /// Everything up to the notice of this number was read; any thread.
    long place();

    /// Whether there will never be more; asked after [#next] gave null.
    boolean isOver();
}
