package acervo.sync;

/// Runs what takes time, and tells the time. The one place where an engine meets threads and clocks, so that a
/// simulation can decide what happens next.
public interface Workers {
    /// Milliseconds since 1970; for names and messages, never for an order.
    long millis();

    /// Runs it on a thread of its own, soon. It must not throw.
    void work(Runnable task);

    /// Runs it on the control thread, soon, after those that were given before. From any thread.
    void control(Runnable task);

    /// Runs it on the control thread after about so many milliseconds; a simulation may do so earlier.
    void later(long millis, Runnable task);
}
