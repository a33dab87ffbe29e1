package acervo.sync.local;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import acervo.model.BlobId;
import acervo.watch.Posix;
import acervo.watch.PosixException;
import acervo.watch.Stat;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// What came of reading a file's or link's bytes in order to hash them.
sealed interface Reading {
    /// The bytes were the same file's from the first to the last.
    record Whole(BlobId blob) implements Reading {}

    /// It is not what was seen, or became something else while it was read: look again.
    record Changed() implements Reading {}

    /// Someone is writing it.
    record Busy() implements Reading {}

    /// It can't be read, or is not what can be kept in step.
    record Failed(String what) implements Reading {}

    /// Reads what stands at a path, if it is still what `seen` says, and whether it is afterwards.
    ///
    /// @param evenBusy whether to read it while someone has it open for writing
    static Reading of(Session session, String path, Stat seen, boolean evenBusy) {
        try {
            int folder = session.parent(path);
            return seen.isLink()
                    ? link(session.posix(), folder, Session.name(path), seen)
                    : file(session.posix(), folder, Session.name(path), seen, evenBusy);
        } catch (PosixException e) {
            return e.isAbsent() ? new Changed() : new Failed("it can't be read: " + e.getMessage());
        }
    }

    private static Reading link(Posix posix, int folder, String name, Stat seen) throws PosixException {
        byte[] target = posix.readLink(folder, name);
        if (!posix.stat(folder, name).equals(seen)) {
            return new Changed();
        }
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(target));
        } catch (CharacterCodingException _) {
            return new Failed("the target of the link is not UTF-8");
        }
        return new Whole(BlobId.of(sha256().digest(target)));
    }

    private static Reading file(Posix posix, int folder, String name, Stat seen, boolean evenBusy)
            throws PosixException {
        // Not blocking: by now it might be a pipe.
        int file = posix.open(folder, name, Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK, 0);
        try {
            if (!posix.stat(file, "").equals(seen)) {
                return new Changed();
            }
            if (!evenBusy && posix.isBeingWritten(file)) {
                return new Busy();
            }
            BlobId blob = hash(posix, file, seen.size());
            return blob == null || !posix.stat(file, "").equals(seen) ? new Changed() : new Whole(blob);
        } finally {
            posix.close(file);
        }
    }

    /// The hash of all bytes; null when they are not so many as they should be, or the thread is to end.
    private static @Nullable BlobId hash(Posix posix, int file, long size) throws PosixException {
        MessageDigest digest = sha256();
        MemorySegment buffer = posix.scratch();
        byte[] bytes = new byte[(int) Math.min(Math.max(size, 1), buffer.byteSize())];
        long at = 0;
        while (at < size) {
            int count = (int) posix.read(file, buffer, Math.min(bytes.length, size - at), at);
            if (count == 0 || Thread.currentThread().isInterrupted()) {
                return null;
            }
            MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, 0, count);
            digest.update(bytes, 0, count);
            at += count;
        }
        return BlobId.of(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
