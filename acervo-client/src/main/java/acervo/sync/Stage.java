package acervo.sync;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bytes of one version on their way to the local folder. One thread at a time. Not placed and closed, it is kept
/// to
/// be taken up again, unless it was [#discard]ed.
public interface Stage extends AutoCloseable {
    /// How many bytes it has: the transfer goes on from there.
    long position();

    /// Appends.
    void write(ByteBuffer bytes) throws IOException;

    /// What stands at the path now, to copy unchanged parts from; null for nothing. Its bytes may be wrong (the
    /// file may
    /// have changed): the hash of the whole decides at [LocalChange.Place].
    @Nullable
    LocalBytes replaced();

    /// Drops its bytes: they turned out wrong, or will not be wanted.
    void discard();

    @Override
    void close();
}
