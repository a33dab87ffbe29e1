package acervo.sync.local;

import acervo.sync.LocalBytes;
import acervo.watch.Posix;
import acervo.watch.PosixException;
import acervo.watch.Stat;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// An open file, or a link's target.
final class DiskBytes implements LocalBytes {
    private final Session session;
    private final String path;
    private final Stat seen;
    /// -1 for a link.
    private final int file;

    private final byte[] target;
    private boolean closed;

    private DiskBytes(Session session, String path, Stat seen, int file, byte[] target) {
        this.session = session;
        this.path = path;
        this.seen = seen;
        this.file = file;
        this.target = target;
    }

    /// Opens what stands at a path; the session is its own from now on, and closed with it.
    ///
    /// @param seen what stands there, as it was just looked at
    static DiskBytes open(Session session, String path, Stat seen) throws PosixException {
        int folder = session.parent(path);
        String name = Session.name(path);
        if (seen.isLink()) {
            return new DiskBytes(session, path, seen, -1, session.posix().readLink(folder, name));
        }
        int file = session.posix().open(folder, name, Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK, 0);
        return new DiskBytes(session, path, seen, file, new byte[0]);
    }

    @Override
    public long size() {
        return seen.size();
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
        if (!into.hasRemaining()) {
            return 0;
        }
        if (file < 0) {
            int count = (int) Math.min(into.remaining(), target.length - at);
            if (count <= 0) {
                return -1;
            }
            into.put(target, (int) at, count);
            return count;
        }
        MemorySegment buffer =
                into.isDirect() ? MemorySegment.ofBuffer(into) : session.posix().scratch();
        int count = (int) session.posix().read(file, buffer, Math.min(into.remaining(), buffer.byteSize()), at);
        if (count == 0) {
            return -1;
        }
        if (into.isDirect()) {
            into.position(into.position() + count);
        } else {
            into.put(buffer.asSlice(0, count).asByteBuffer());
        }
        return count;
    }

    @Override
    public boolean unchanged() throws IOException {
        session.leave();
        // The open file did not change, and the path still leads to it.
        return (file < 0 || seen.equals(session.posix().stat(file, ""))) && seen.equals(session.look(path));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (file >= 0) {
                session.posix().close(file);
            }
            session.close();
        }
    }
}
