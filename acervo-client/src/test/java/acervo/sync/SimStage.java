package acervo.sync;

import acervo.model.BlobId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bytes of a version in the simulation: only which they are.
final class SimStage implements Stage {
    @Nullable
    BlobId blob;

    @Override
    public long position() {
        return 0;
    }

    @Override
    public void write(ByteBuffer bytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable LocalBytes replaced() {
        return null;
    }

    @Override
    public void discard() {}

    @Override
    public void close() {}
}
