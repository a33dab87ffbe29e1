package acervo.interest;

import java.util.Optional;

/// Where a stream's messages go. Its methods don't block, and are called by one thread at a time.
///
/// @param <M> what is sent
public interface Outlet<M> {
    /// Sends a message, and says when there is room for the next one.
    ///
    /// @param room to be run once, on any thread, not before what was sent so far is on its way: until then nothing
    ///     more is read for this stream
    void send(M message, Runnable room);

    /// Ends the stream; nothing follows.
    ///
    /// @param trouble what ended it, empty when all was said
    void end(Optional<RuntimeException> trouble);
}
