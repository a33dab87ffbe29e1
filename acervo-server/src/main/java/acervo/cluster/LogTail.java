package acervo.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// Mends the end of a log before Ratis reads it. Ratis refuses to open a log whose last entry is torn, once space was
/// allocated in front of the write; its other choice, to go on without whatever follows a bad entry, would silently
/// lose entries that
/// were acknowledged.
///
/// Here one entry at most is not forced at any time (the batcher waits for it). So a torn entry is the last one, and is
/// cut: nobody
/// was told that it is there. A bad entry with a good one after it is damage, and is refused.
///
/// ```
/// file: "RaftLog1" | records | zeros up to the allocated size
/// record: varint n | n bytes | u32 CRC32C of both, big-endian
/// ```
final class LogTail {
    private static final byte[] HEADER = {'R', 'a', 'f', 't', 'L', 'o', 'g', '1'};

    /// Where an entry's own fields start: its term, field 1, a number.
    private static final byte TERM = 8;

    private static final int CRC = 4;

    private LogTail() {}

    /// @param folder with the files of the log
    /// @param entryBytes the largest entry
    /// @throws IOException when the log is damaged where it must not be, or can't be read
    static void mend(Path folder, int entryBytes) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> open;
        try (Stream<Path> files = Files.list(folder)) {
            open = files.filter(f -> f.getFileName().toString().startsWith("log_inprogress_"))
                    .sorted()
                    .toList();
        }
        for (Path file : open) {
            mendFile(file, entryBytes + (1 << 20));
        }
    }

    private static void mendFile(Path file, int mostBytes) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int used = used(bytes);
        if (used < HEADER.length || !startsWithHeader(bytes)) {
            int good = Math.min(used, HEADER.length);
            for (int i = 0; i < good; i++) {
                if (bytes[i] != HEADER[i] && bytes[i] != 0) {
                    throw damaged(file, i);
                }
            }
            if (used > HEADER.length) {
                throw damaged(file, 0);
            }
            Files.delete(file); // made, and never written to
            return;
        }
        int at = HEADER.length;
        int last = at;
        int length = record(bytes, at, used, mostBytes);
        while (length > 0) {
            last = at;
            at += length;
            length = record(bytes, at, used, mostBytes);
        }
        if (at < used && goodRecordAfter(bytes, at + 1, used, mostBytes)) {
            throw damaged(file, at);
        }
        rewrite(file, bytes, last, at);
    }

    /// Writes the last entry once more and cuts what follows. If forcing that entry had failed when this process
    /// ran before, its pages may be
    /// in the cache, marked as clean, and not on disk; nothing else would ever write them.
    private static void rewrite(Path file, byte[] bytes, int from, int end) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer last = ByteBuffer.wrap(bytes, from, end - from);
            long position = from;
            while (last.hasRemaining()) {
                position += channel.write(last, position);
            }
            channel.truncate(end);
            channel.force(true);
        }
    }

    /// Bytes up to the last one that isn't 0.
    private static int used(byte[] bytes) {
        int used = bytes.length;
        while (used > 0 && bytes[used - 1] == 0) {
            used--;
        }
        return used;
    }

    private static boolean startsWithHeader(byte[] bytes) {
        for (int i = 0; i < HEADER.length; i++) {
            if (i >= bytes.length || bytes[i] != HEADER[i]) {
                return false;
            }
        }
        return true;
    }

    /// The length of the good record at `at`, or 0. A checksum may end in zeros, so a record may end a little after
    /// `used`.
    private static int record(byte[] bytes, int at, int used, int mostBytes) {
        long size = 0;
        int data = at;
        for (int shift = 0; ; shift += 7) {
            if (data >= used || shift > 28) {
                return 0;
            }
            byte next = bytes[data++];
            size |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                break;
            }
        }
        if (size == 0 || size > mostBytes || data + size + CRC > bytes.length) {
            return 0;
        }
        int end = data + (int) size;
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, end - at);
        int expected = ByteBuffer.wrap(bytes, end, CRC).getInt();
        return (int) crc.getValue() == expected ? end + CRC - at : 0;
    }

    private static boolean goodRecordAfter(byte[] bytes, int from, int used, int mostBytes) {
        for (int at = from; at < used; at++) {
            // Most places are ruled out by what must follow the length.
            int data = at;
            while (data < used && bytes[data] < 0) {
                data++;
            }
            if (data + 1 < used && bytes[data + 1] == TERM && record(bytes, at, used, mostBytes) > 0) {
                return true;
            }
        }
        return false;
    }

    private static IOException damaged(Path file, int at) {
        return new IOException("the log is damaged at byte " + at + " of " + file
                + ", in front of entries that were acknowledged: nothing is changed;"
                + " restore the catalog from a backup");
    }
}
