package acervo.client;

/// Told how a transfer gets on. Called from any of the threads that move bytes; must not block.
public interface Progress {
    /// `bytes` more were sent, or received.
    void moved(long bytes);

    /// `files` more, of `bytes` in all, are known to be part of this transfer.
    void found(long files, long bytes);

    /// `files` more are done.
    void done(long files);

    /// For whoever does not want to know.
    Progress NONE = new Progress() {
        @Override
        public void moved(long bytes) {}

        @Override
        public void found(long files, long bytes) {}

        @Override
        public void done(long files) {}
    };
}
