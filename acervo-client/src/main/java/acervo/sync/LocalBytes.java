package acervo.sync;

import java.io.IOException;
import java.nio.ByteBuffer;

/// The bytes of a file as it was observed, open for reading. One thread at a time.
public interface LocalBytes extends AutoCloseable {
    /// Bytes; as observed.
    long size();

    /// Reads at a place, as many as fit or are there; -1 at the end.
    int read(ByteBuffer into, long at) throws IOException;

    /// Whether the file is still what was observed, by its stat. Ask after the last read and before the bytes get a
    /// name:
    /// bytes of a file that changed meanwhile must not.
    boolean unchanged() throws IOException;

    @Override
    void close();
}
