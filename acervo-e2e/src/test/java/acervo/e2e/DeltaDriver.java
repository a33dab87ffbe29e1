package acervo.e2e;

import acervo.client.AcervoClient;
import acervo.client.Credentials;
import acervo.client.RetryPolicy;
import acervo.client.ServerAddress;
import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.SpaceName;
import acervo.sync.LocalBytes;
import acervo.sync.RemoteSpace.Deposit;
import acervo.sync.RemoteSpace.RemoteAnswer;
import acervo.sync.Stage;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.RemoteNode;
import acervo.sync.remote.HttpSpace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Sends and fetches the differences of one file, for the benchmark: `DeltaDriver SERVER FILE COPY`. Each line on
/// standard input is an order, each line on standard output its answer in nanoseconds:
///
/// - `up`: hashes FILE and deposits it, on top of the version that was deposited before;
/// - `down`: fetches the newest version into COPY, from what COPY was, checks and forces it.
final class DeltaDriver {
    private static final FilePath NAME = new FilePath("big.bin");

    private final Path file;
    private final Path copy;
    private final HttpSpace space;
    private @Nullable RemoteNode newest;

    private DeltaDriver(AcervoClient client, Path file, Path copy) {
        this.file = file;
        this.copy = copy;
        this.space =
                new HttpSpace(client.transport(), SpaceName.HOME, FilePath.ROOT, UUID.randomUUID(), _ -> open(file));
    }

    public static void main(String[] arguments) throws IOException {
        Credentials who = Credentials.random();
        Path journal = Files.createTempDirectory("acervo-delta");
        try (AcervoClient client =
                new AcervoClient(ServerAddress.parse(arguments[0]), who, journal, RetryPolicy.USUAL)) {
            client.register(who);
            new DeltaDriver(client, Path.of(arguments[1]), Path.of(arguments[2])).run();
        }
        Files.delete(journal);
    }

    private void run() throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            long start = System.nanoTime();
            switch (order) {
                case "up" -> up();
                case "down" -> down();
                default -> throw new IOException("no order: " + order);
            }
            System.out.println(System.nanoTime() - start);
        }
    }

    private void up() throws IOException {
        Content content = new Content(Kind.FILE, BlobId.parse(Bytes.sha256(file)), Files.size(file), 0, false);
        LocalNode node = new LocalNode(1, NAME, content);
        RemoteAnswer answer =
                space.deposit(List.of(new Deposit(NAME, content, node, newest))).getFirst();
        if (!(answer instanceof RemoteAnswer.Done done)) {
            throw new IOException("the deposit was answered with " + answer);
        }
        newest = done.now();
    }

    private void down() throws IOException {
        RemoteNode version = newest;
        if (version == null) {
            throw new IOException("nothing was deposited");
        }
        Path part = copy.resolveSibling("part");
        try (FileChannel channel = FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                Staged stage = new Staged(channel, Files.exists(copy) ? open(copy) : null)) {
            space.fetch(version, stage);
            if (!BlobId.of(stage.digest.digest()).equals(version.content().blob())) {
                throw new IOException("what was fetched has the wrong hash");
            }
            channel.force(true);
        }
        Files.move(part, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static LocalBytes open(Path path) {
        try {
            return new Opened(FileChannel.open(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Opened(FileChannel channel) implements LocalBytes {
        @Override
        public long size() {
            try {
                return channel.size();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public int read(ByteBuffer into, long at) throws IOException {
            return channel.read(into, at);
        }

        @Override
        public boolean unchanged() {
            return true;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class Staged implements Stage {
        private final FileChannel channel;
        private final @Nullable LocalBytes replaced;
        private final java.security.MessageDigest digest = Bytes.sha256();

        Staged(FileChannel channel, @Nullable LocalBytes replaced) {
            this.channel = channel;
            this.replaced = replaced;
        }

        @Override
        public long position() {
            try {
                return channel.position();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            digest.update(bytes.duplicate());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        @Override
        public @Nullable LocalBytes replaced() {
            return replaced;
        }

        @Override
        public void discard() {}

        @Override
        public void close() {
            if (replaced != null) {
                replaced.close();
            }
        }
    }
}
