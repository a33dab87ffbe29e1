package acervo.cluster;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;

/// Stands between a running log and its disk, and lets the next force of the file that is being written to fail,
/// once. The force after it succeeds, as it does on a system that has marked the pages it could not write as clean.
///
/// Ratis opens its files by itself and has no seam for this: the channel is exchanged where it keeps it. When a new
/// version of Ratis keeps it elsewhere, this says which field is missing.
public final class LogForces {
    private boolean failNext;
    private int succeeded;

    /// @param log that nothing is submitted to at this moment
    public LogForces(LogGroup log) throws IOException {
        RaftServer.Division division = ((RaftServer) get(log, "server")).getDivision((RaftGroupId) get(log, "group"));
        Object file = get(get(get(division.getRaftLog(), "fileLogWorker"), "out"), "out");
        set(file, "fileChannel", new Channel((FileChannel) get(file, "fileChannel")));
    }

    private static Field field(Object of, String name) {
        try {
            Field field = of.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new AssertionError("the log is kept in another way now", e);
        }
    }

    private static Object get(Object of, String name) {
        try {
            return field(of, name).get(of);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static void set(Object of, String name, Object value) {
        try {
            field(of, name).set(of, value);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    public synchronized void failNext() {
        failNext = true;
    }

    /// How many forces succeeded since this was put in between.
    public synchronized int succeeded() {
        return succeeded;
    }

    private synchronized void force(FileChannel file, boolean metadata) throws IOException {
        if (failNext) {
            failNext = false;
            throw new IOException("Input/output error");
        }
        file.force(metadata);
        succeeded++;
    }

    /// All but forcing is the file's own.
    private final class Channel extends FileChannel {
        private final FileChannel file;

        Channel(FileChannel file) {
            this.file = file;
        }

        @Override
        public void force(boolean metadata) throws IOException {
            LogForces.this.force(file, metadata);
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            return file.read(into);
        }

        @Override
        public long read(ByteBuffer[] into, int offset, int length) throws IOException {
            return file.read(into, offset, length);
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return file.read(into, position);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            return file.write(from);
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) throws IOException {
            return file.write(from, offset, length);
        }

        @Override
        public int write(ByteBuffer from, long position) throws IOException {
            return file.write(from, position);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public FileChannel position(long position) throws IOException {
            file.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            file.truncate(size);
            return this;
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
            return file.transferTo(position, count, to);
        }

        @Override
        public long transferFrom(ReadableByteChannel from, long position, long count) throws IOException {
            return file.transferFrom(from, position, count);
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
            return file.map(mode, position, size);
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) throws IOException {
            return file.lock(position, size, shared);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return file.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }
    }
}
