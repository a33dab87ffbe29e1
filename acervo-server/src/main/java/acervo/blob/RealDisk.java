package acervo.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The system's disk.
final class RealDisk implements Disk {
    private static final @Nullable OpenOption DIRECT = direct();

    private final FileStore store;

    /// @param inside any folder of the file system in question
    RealDisk(Path inside) throws IOException {
        store = Files.getFileStore(inside);
    }

    @Override
    public DiskFile open(Path file, Mode mode) throws IOException {
        return switch (mode) {
            case READ -> new ChannelFile(FileChannel.open(file, StandardOpenOption.READ));
            case READ_MEDIUM -> openMedium(file);
            case WRITE -> new ChannelFile(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
            case CREATE ->
                new ChannelFile(FileChannel.open(
                        file,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING));
        };
    }

    private DiskFile openMedium(Path file) throws IOException {
        if (DIRECT != null) {
            try {
                return new MediumFile(FileChannel.open(file, StandardOpenOption.READ, DIRECT));
            } catch (UnsupportedOperationException | IOException noMedium) {
                // Some file systems (in memory, over the network) have none; what else may be wrong shows below.
            }
        }
        return open(file, Mode.READ);
    }

    /// `ExtendedOpenOption.DIRECT`. By name, because the compiler warns of its package wherever it stands in a
    /// source; null where the JDK has it no more.
    private static @Nullable OpenOption direct() {
        try {
            for (Object option :
                    Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
                if (option instanceof OpenOption open && option.toString().equals("DIRECT")) {
                    return open;
                }
            }
            return null;
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public boolean unlink(Path file) throws IOException {
        return Files.deleteIfExists(file);
    }

    @Override
    public boolean createFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return true;
        } catch (FileAlreadyExistsException e) {
            if (Files.isDirectory(folder)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
        return names;
    }

    @Override
    public Stamp stamp(Path file) throws IOException {
        Map<String, Object> facts = Files.readAttributes(file, "unix:ino,ctime,size,lastModifiedTime");
        return new Stamp(
                (Long) fact(facts, "ino"),
                ((FileTime) fact(facts, "ctime")).to(TimeUnit.NANOSECONDS),
                (Long) fact(facts, "size"),
                ((FileTime) fact(facts, "lastModifiedTime")).toMillis());
    }

    private static Object fact(Map<String, Object> facts, String name) {
        return Objects.requireNonNull(facts.get(name), name);
    }

    @Override
    public Space space() throws IOException {
        return new Space(store.getUsableSpace(), store.getTotalSpace());
    }

    private record ChannelFile(FileChannel channel) implements DiskFile {
        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return channel.read(into, position);
        }

        @Override
        public int write(ByteBuffer from, long position) throws IOException {
            return channel.write(from, position);
        }

        @Override
        public void force() throws IOException {
            // The size is forced too, and times don't matter: fdatasync.
            channel.force(false);
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /// Reads with O_DIRECT, which wants buffer, position and length aligned: hence by way of an aligned chunk.
    /// One thread.
    private static final class MediumFile implements DiskFile {
        private final FileChannel channel;
        private final ByteBuffer chunk = Chunks.take();
        private long chunkAt;
        private boolean open = true;

        MediumFile(FileChannel channel) {
            this.channel = channel;
            chunk.limit(0);
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            if (position < chunkAt || position >= chunkAt + chunk.limit()) {
                chunkAt = position & -Chunks.ALIGNMENT;
                // No more than is asked for: a small blob is one sector or two.
                long wanted = position - chunkAt + into.remaining() + Chunks.ALIGNMENT - 1;
                chunk.clear().limit((int) Math.min(chunk.capacity(), wanted & -Chunks.ALIGNMENT));
                int n = channel.read(chunk, chunkAt);
                chunk.position(0).limit(Math.max(n, 0));
                if (position >= chunkAt + chunk.limit()) {
                    return -1;
                }
            }
            int from = (int) (position - chunkAt);
            int n = Math.min(into.remaining(), chunk.limit() - from);
            into.put(chunk.slice(from, n));
            return n;
        }

        @Override
        public int write(ByteBuffer from, long position) {
            throw new UnsupportedOperationException("open for reading");
        }

        @Override
        public void force() {
            throw new UnsupportedOperationException("open for reading");
        }

        @Override
        public void truncate(long size) {
            throw new UnsupportedOperationException("open for reading");
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            if (open) {
                open = false;
                Chunks.give(chunk);
                channel.close();
            }
        }
    }
}
