package acervo.sync.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A file of groups of bytes, written one after the other: each is there whole or not at all, and never without those
/// before it. Opening cuts off a torn end.
///
/// ```
/// head    "ACVSYNC1" | salt u64 | 0 u32 | CRC32C of the 20 bytes before
/// group   length u32 | CRC32C u32, of salt, the group's offset and the body | body
/// ```
/// The sum takes salt and offset in, so that bytes of another journal, or of this file's earlier life on the same disk
/// blocks, never pass for a group.
///
/// One thread at a time. After a write or a force has failed it takes nothing more: what is on disk is not known.
final class Journal implements AutoCloseable {
    static final int HEAD = 24;
    private static final int GROUP_HEAD = 8;
    private static final long MAGIC = 0x41435653594e4331L;
    /// Larger than any group that is written; a length beyond it is damage.
    private static final int MAX_GROUP = 1 << 30;

    private final Path file;
    private FileChannel channel;
    private long salt;
    private long end;
    private boolean forced = true;
    private @Nullable IOException failure;

    private Journal(Path file, FileChannel channel, long salt, long end) {
        this.file = file;
        this.channel = channel;
        this.salt = salt;
        this.end = end;
    }

    /// Takes a group's body, and where it begins in the file.
    interface Visitor {
        void group(ByteBuffer body, long at);
    }

    /// Opens a journal, or begins one.
    ///
    /// @param salt for a new one: random
    /// @throws DamagedException when there is a file that is no journal
    static Journal open(Path file, long salt) throws IOException {
        Files.deleteIfExists(fresh(file));
        if (!Files.exists(file)) {
            begin(fresh(file), salt).publish(file);
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            Journal journal = new Journal(file, channel, readHead(channel, file), HEAD);
            journal.end = journal.visit((body, at) -> {});
            if (journal.end < channel.size()) {
                channel.truncate(journal.end);
                channel.force(true);
            }
            return journal;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static Journal begin(Path file, long salt) throws IOException {
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        ByteBuffer head = ByteBuffer.allocate(HEAD).putLong(MAGIC).putLong(salt).putInt(0);
        CRC32C sum = new CRC32C();
        sum.update(head.array(), 0, HEAD - 4);
        write(channel, head.putInt((int) sum.getValue()).flip(), 0);
        return new Journal(file, channel, salt, HEAD);
    }

    private static long readHead(FileChannel channel, Path file) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        if (!readFully(channel, head, 0)) {
            throw new DamagedException(file + " is too short for an index");
        }
        CRC32C sum = new CRC32C();
        sum.update(head.array(), 0, HEAD - 4);
        if (head.getLong(0) != MAGIC || head.getInt(HEAD - 4) != (int) sum.getValue()) {
            throw new DamagedException(file + " does not begin as an index does");
        }
        return head.getLong(8);
    }

    /// Walks all groups in order.
    ///
    /// @return where the last whole one ends
    long visit(Visitor visitor) throws IOException {
        long at = HEAD;
        ByteBuffer head = ByteBuffer.allocate(GROUP_HEAD);
        ByteBuffer body = ByteBuffer.allocate(1 << 16);
        long limit = Math.max(end, channel.size());
        while (readFully(channel, head.clear(), at)) {
            int length = head.getInt(0);
            if (length <= 0 || length > MAX_GROUP || at + GROUP_HEAD + length > limit) {
                break;
            }
            body = length <= body.capacity() ? body.clear() : ByteBuffer.allocate(length);
            body.limit(length);
            if (!readFully(channel, body, at + GROUP_HEAD) || head.getInt(4) != sum(at, body.flip())) {
                break;
            }
            visitor.group(body.duplicate(), at + GROUP_HEAD);
            at += GROUP_HEAD + length;
        }
        return at;
    }

    private int sum(long at, ByteBuffer body) {
        CRC32C sum = new CRC32C();
        sum.update(ByteBuffer.allocate(16).putLong(salt).putLong(at).flip());
        sum.update(body.duplicate());
        return (int) sum.getValue();
    }

    /// Adds a group; durable on return when `force`, together with all before it.
    void append(ByteBuffer body, boolean force) throws IOException {
        if (failure != null) {
            throw new IOException("the index could not be written before, so nothing more is", failure);
        }
        try {
            if (body.hasRemaining()) {
                if (body.remaining() > MAX_GROUP) {
                    throw new IllegalArgumentException("a group of " + body.remaining() + " bytes");
                }
                int length = body.remaining();
                ByteBuffer group = ByteBuffer.allocate(GROUP_HEAD + length)
                        .putInt(length)
                        .putInt(sum(end, body))
                        .put(body)
                        .flip();
                write(channel, group, end);
                end += GROUP_HEAD + length;
                forced = false;
            }
            if (force && !forced) {
                channel.force(false);
                forced = true;
            }
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /// Takes nothing more: what should have come before it was not possible.
    void fail(IOException why) {
        failure = failure == null ? why : failure;
    }

    /// Fills the place of a journal with another one.
    interface Rewrite {
        void into(Journal fresh) throws IOException;
    }

    /// Replaces all groups at once by those that `rewrite` appends to a fresh journal: after a crash either all the
    /// old ones are there or all the new ones.
    void replace(long newSalt, Rewrite rewrite) throws IOException {
        Files.deleteIfExists(fresh(file));
        try (Journal fresh = begin(fresh(file), newSalt)) {
            rewrite.into(fresh);
            fresh.publish(file);
        }
        channel.close();
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        salt = newSalt;
        end = channel.size();
        forced = true;
    }

    private void publish(Path as) throws IOException {
        channel.force(true);
        Files.move(file, as, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder(as);
        channel.close();
    }

    private static void forceFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && System.getProperty("os.name", "").equals("Linux")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static Path fresh(Path file) {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    /// Bytes of the file.
    long length() {
        return end;
    }

    private static boolean readFully(FileChannel channel, ByteBuffer into, long at) throws IOException {
        int start = into.position();
        while (into.hasRemaining()) {
            if (channel.read(into, at + into.position() - start) < 0) {
                return false;
            }
        }
        return true;
    }

    private static void write(FileChannel channel, ByteBuffer from, long at) throws IOException {
        long to = at;
        while (from.hasRemaining()) {
            to += channel.write(from, to);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /// There is a file in the index's place that is none.
    static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1;

        DamagedException(String message) {
            super(message);
        }
    }
}
