package acervo.watch;

import java.util.function.Consumer;

/// Tells what happens in a folder and the folders below it, from the moment that it was opened. What it tells are
/// hints: they say where to look, and the look decides.
///
/// One thread at a time drains it. Events are in the order in which things happened. Nothing is lost silently: what
/// may have been missed is told as [WatchEvent.Missed], and a part that can't be watched as [WatchEvent.Blind].
public interface Watch extends AutoCloseable {
    /// Hands out what has happened since the last time; returns at once.
    void drain(Consumer<WatchEvent> to);

    /// Sees to it that a folder and all below it are watched, as far as the system lets us: after room for watches
    /// may have become free, or when what is skipped has changed.
    ///
    /// @param folder a path inside; `""` for all
    void cover(String folder, Consumer<WatchEvent> to);

    /// How many folders are watched.
    int size();

    @Override
    void close();
}
