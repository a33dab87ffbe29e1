package acervo.blob;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/// An open file. Reading and forcing may happen from several threads, writing from one.
interface DiskFile extends AutoCloseable {
    /// Reads some bytes at a position, as a channel does; -1 at the end.
    int read(ByteBuffer into, long position) throws IOException;

    /// Writes some bytes at a position, as a channel does.
    int write(ByteBuffer from, long position) throws IOException;

    /// Makes the bytes and the size durable.
    void force() throws IOException;

    /// Cuts the file to that size; it must not grow.
    void truncate(long size) throws IOException;

    long size() throws IOException;

    @Override
    void close() throws IOException;

    /// Fills the buffer's remaining bytes.
    ///
    /// @throws EOFException when the file ends before
    default void readFully(ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int n = read(into, at);
            if (n < 0) {
                throw new EOFException("the file ends at " + at + ", " + into.remaining() + " bytes short");
            }
            at += n;
        }
    }

    /// Writes all of the buffer's remaining bytes.
    default void writeFully(ByteBuffer from, long position) throws IOException {
        long at = position;
        while (from.hasRemaining()) {
            at += write(from, at);
        }
    }
}
