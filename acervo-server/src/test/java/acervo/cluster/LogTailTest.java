package acervo.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogTailTest {
    private static final int ENTRY_BYTES = 1 << 16;
    private static final int ALLOCATED = 4_096;

    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = folder.resolve("log_inprogress_7");
    }

    private static byte[] log(byte[]... records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
        for (byte[] record : records) {
            out.writeBytes(record);
        }
        return out.toByteArray();
    }

    /// An entry of `size` bytes, in its frame.
    private static byte[] record(int size, int fill) {
        byte[] data = new byte[size];
        Arrays.fill(data, (byte) fill);
        data[0] = 8;
        ByteBuffer framed = ByteBuffer.allocate(2 + size + 4);
        framed.put((byte) (size | 0x80)).put((byte) (size >>> 7)).put(data);
        CRC32C crc = new CRC32C();
        crc.update(framed.array(), 0, 2 + size);
        framed.putInt((int) crc.getValue());
        return framed.array();
    }

    private void write(byte[] bytes, int length) throws IOException {
        Files.write(file, Arrays.copyOf(bytes, length));
    }

    @Test
    void cutsTheRoomThatWasAllocatedInFront() throws IOException {
        byte[] good = log(record(200, 1), record(300, 2));
        write(good, ALLOCATED);
        LogTail.mend(folder, ENTRY_BYTES);
        assertArrayEquals(good, Files.readAllBytes(file));
    }

    @Test
    void cutsTheLastEntryWhereverItIsTorn() throws IOException {
        byte[] good = log(record(200, 1));
        byte[] all = log(record(200, 1), record(300, 2));
        for (int torn = good.length; torn < all.length; torn++) {
            byte[] bytes = Arrays.copyOf(Arrays.copyOf(all, torn), ALLOCATED);
            write(bytes, ALLOCATED);
            LogTail.mend(folder, ENTRY_BYTES);
            assertArrayEquals(good, Files.readAllBytes(file), "torn at " + torn);
            write(all, torn);
            LogTail.mend(folder, ENTRY_BYTES);
            assertArrayEquals(good, Files.readAllBytes(file), "ended at " + torn);
        }
    }

    @Test
    void cutsAnEntryOfWhichOnlyTheEndIsThere() throws IOException {
        byte[] good = log(record(200, 1));
        byte[] all = log(record(200, 1), record(300, 2));
        for (int lost = 1; lost < 300; lost++) {
            byte[] bytes = Arrays.copyOf(all, ALLOCATED);
            Arrays.fill(bytes, good.length, good.length + lost, (byte) 0);
            write(bytes, ALLOCATED);
            LogTail.mend(folder, ENTRY_BYTES);
            assertArrayEquals(good, Files.readAllBytes(file), "lost " + lost);
        }
    }

    @Test
    void refusesDamageInFrontOfAGoodEntryAndChangesNothing() throws IOException {
        byte[] all = log(record(200, 1), record(300, 2), record(250, 3));
        int start = log(record(200, 1)).length;
        for (int at = 8; at < start + 306; at++) {
            byte[] bytes = Arrays.copyOf(all, ALLOCATED);
            bytes[at] ^= 0x40;
            write(bytes, ALLOCATED);
            assertThrows(IOException.class, () -> LogTail.mend(folder, ENTRY_BYTES), "flipped at " + at);
            assertArrayEquals(bytes, Files.readAllBytes(file));
        }
    }

    @Test
    void removesAFileThatNothingWasWrittenTo() throws IOException {
        for (byte[] bytes : new byte[][] {{}, new byte[ALLOCATED], {'R', 'a', 'f', 0, 0}}) {
            Files.write(file, bytes);
            LogTail.mend(folder, ENTRY_BYTES);
            assertFalse(Files.exists(file));
        }
    }

    @Test
    void refusesAFileThatIsSomethingElse() throws IOException {
        write("something else".getBytes(StandardCharsets.US_ASCII), ALLOCATED);
        assertThrows(IOException.class, () -> LogTail.mend(folder, ENTRY_BYTES));
        assertTrue(Files.exists(file));
    }

    @Test
    void leavesClosedFilesAlone() throws IOException {
        Path closed = folder.resolve("log_0-6");
        Files.write(closed, new byte[10]);
        LogTail.mend(folder, ENTRY_BYTES);
        assertArrayEquals(new byte[10], Files.readAllBytes(closed));
    }
}
