package acervo.sync.local;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import acervo.model.BlobId;
import acervo.sync.LocalBytes;
import acervo.sync.Stage;
import acervo.watch.Posix;
import acervo.watch.PosixException;
import acervo.watch.Stat;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// A file in [#FOLDER], named after the version that it is to become, so that it is found again.
final class DiskStage implements Stage {
    /// Where bytes lie on their way in: in the synced folder, so that it is the same file system, under a name that
    /// is never kept in step.
    static final String FOLDER = ".acervo-in";

    private final Session session;
    private final int folder;
    private final String name;
    private final int file;
    private final @Nullable LocalBytes replaced;
    /// Of all bytes; null when some were there before.
    private final @Nullable MessageDigest digest;

    private long position;
    private @Nullable BlobId hash;
    private boolean gone;
    private boolean closed;

    private DiskStage(
            Session session, int folder, String name, int file, long position, @Nullable LocalBytes replaced) {
        this.session = session;
        this.folder = folder;
        this.name = name;
        this.file = file;
        this.position = position;
        this.replaced = replaced;
        this.digest = position == 0 ? Reading.sha256() : null;
    }

    /// Opens a stage, the one that was left of this name included. The session is its own from now on.
    static DiskStage open(Session session, String name, @Nullable LocalBytes replaced) throws PosixException {
        Posix posix = session.posix();
        int folder = -1;
        try {
            folder = openFolder(session);
            int file = posix.open(folder, name, Posix.O_RDWR | Posix.O_CREAT | Posix.O_NOFOLLOW, 0666);
            long position = posix.stat(file, "").size();
            posix.seek(file, position);
            return new DiskStage(session, folder, name, file, position, replaced);
        } catch (PosixException e) {
            if (folder >= 0) {
                posix.close(folder);
            }
            throw e;
        }
    }

    /// The folder of the stages, made when it is not there; whoever asks closes it.
    static int openFolder(Session session) throws PosixException {
        try {
            return session.posix().openFolder(session.folder(), FOLDER);
        } catch (PosixException e) {
            if (e.errno() != PosixException.ENOENT) {
                throw e;
            }
            session.posix().makeFolder(session.folder(), FOLDER, 0700);
            return session.posix().openFolder(session.folder(), FOLDER);
        }
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        if (digest != null) {
            digest.update(bytes.duplicate());
        }
        MemorySegment buffer = session.posix().scratch();
        while (bytes.hasRemaining()) {
            int count = (int) Math.min(bytes.remaining(), buffer.byteSize());
            MemorySegment from = MemorySegment.ofBuffer(bytes);
            if (bytes.isDirect()) {
                session.posix().write(file, from, count);
            } else {
                MemorySegment.copy(from, 0, buffer, 0, count);
                session.posix().write(file, buffer, count);
            }
            bytes.position(bytes.position() + count);
            position += count;
        }
    }

    @Override
    public @Nullable LocalBytes replaced() {
        return replaced;
    }

    /// The hash of all its bytes. Nothing more is written afterwards.
    BlobId hash() throws PosixException {
        BlobId known = hash;
        if (known == null) {
            known = computeHash();
            hash = known;
        }
        return known;
    }

    private BlobId computeHash() throws PosixException {
        MessageDigest all = digest != null ? digest : Reading.sha256();
        if (digest == null) {
            MemorySegment buffer = session.posix().scratch();
            byte[] bytes = new byte[64 << 10];
            long at = 0;
            while (at < position) {
                int count = (int) session.posix().read(file, buffer, Math.min(bytes.length, position - at), at);
                if (count == 0) {
                    break;
                }
                MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, 0, count);
                all.update(bytes, 0, count);
                at += count;
            }
        }
        return BlobId.of(all.digest());
    }

    /// All its bytes as text, for a link's target.
    byte[] all() throws PosixException {
        MemorySegment buffer = session.posix().scratch();
        long count = session.posix().read(file, buffer, Math.min(position, buffer.byteSize()), 0);
        return buffer.asSlice(0, count).toArray(JAVA_BYTE);
    }

    /// Sets what a file has beside its bytes, and begins to write it all to the disk.
    ///
    /// @param like permissions to take over; -1 for those of a new file
    void dress(int like, boolean executable, long modifiedMillis) throws PosixException {
        Posix posix = session.posix();
        int mode = (like >= 0 ? like : posix.stat(file, "").mode()) & 0777;
        posix.setMode(file, withExecutable(mode, executable));
        posix.setModified(folder, name, modifiedMillis);
        posix.beginForcing(file);
    }

    /// Whoever may read it may run it, or nobody may.
    static int withExecutable(int mode, boolean executable) {
        if (executable == ((mode & Stat.OWNER_EXECUTES) != 0)) {
            return mode;
        }
        return executable ? mode | (mode & 0444) >> 2 : mode & ~0111;
    }

    void force() throws PosixException {
        session.posix().force(file);
    }

    Stat stat() throws PosixException {
        return session.posix().stat(file, "");
    }

    int folder() {
        return folder;
    }

    String name() {
        return name;
    }

    /// It has its name now, or never will.
    void leave() {
        gone = true;
    }

    @Override
    public void discard() {
        if (!gone) {
            gone = true;
            try {
                session.posix().unlink(folder, name);
            } catch (PosixException _) {
                // What is left is cleared away some time.
            }
        }
    }

    @Override
    public void close() {
        if (position == 0) {
            // Nothing is there to go on from.
            discard();
        }
        if (!closed) {
            closed = true;
            session.posix().close(file);
            session.posix().close(folder);
            if (replaced != null) {
                replaced.close();
            }
            session.close();
        }
    }
}
