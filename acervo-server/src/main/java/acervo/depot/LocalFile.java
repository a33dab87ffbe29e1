package acervo.depot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/// Small records in files of their own, replaced as a whole: after a crash a file is the old one or the new one.
///
/// ```
/// u32 CRC32C of the rest, big-endian | the record, its first byte its format
/// ```
final class LocalFile {
    private static final int HEAD = 4;

    private LocalFile() {}

    /// Makes `record` durable under `file`: temporary file, force, rename, force the folder.
    static void write(Path file, byte[] record) {
        try {
            Path temporary = file.resolveSibling(file.getFileName() + ".new");
            try (FileChannel out = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.allocate(HEAD + record.length)
                        .putInt(crc(record))
                        .put(record)
                        .flip();
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            forceFolder(file);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + file, e);
        }
    }

    /// The record, or empty when there is none, or none that is whole.
    static Optional<byte[]> read(Path file) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            if (bytes.remaining() <= HEAD) {
                return Optional.empty();
            }
            int crc = bytes.getInt();
            byte[] record = new byte[bytes.remaining()];
            bytes.get(record);
            return crc == crc(record) ? Optional.of(record) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    /// Removes it. Not durable: after a crash it may be back.
    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("removing " + file, e);
        }
    }

    private static void forceFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static int crc(byte[] record) {
        CRC32C crc = new CRC32C();
        crc.update(record);
        return (int) crc.getValue();
    }
}
