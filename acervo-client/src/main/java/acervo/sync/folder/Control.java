package acervo.sync.folder;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// How the process that keeps a folder is asked: a socket in the folder's state, which only its owner can reach. A
/// question is one line, the answer all that follows.
public final class Control implements AutoCloseable {
    private static final String NAME = "control";
    /// What the system takes for the name of a socket.
    private static final int LONGEST = 100;

    private static final int MOST_QUESTION = 4096;

    private final ServerSocketChannel socket;
    private final Path file;
    private final @Nullable Path elsewhere;

    private Control(ServerSocketChannel socket, Path file, @Nullable Path elsewhere) {
        this.socket = socket;
        this.file = file;
        this.elsewhere = elsewhere;
    }

    /// Answers questions until closed. To be opened by who has the folder's lock.
    ///
    /// @param home the folder's state
    /// @param answer called on a thread of each question's own
    public static Control open(Path home, UnaryOperator<String> answer) throws IOException {
        Path file = home.resolve(NAME);
        Files.deleteIfExists(file);
        Path elsewhere = null;
        Path bound = file;
        if (file.toString().length() > LONGEST) {
            elsewhere = Files.createTempDirectory("acervo");
            bound = elsewhere.resolve(NAME);
            Files.createSymbolicLink(file, bound);
        }
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.bind(UnixDomainSocketAddress.of(bound));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        Thread.ofPlatform().daemon().name("sync-asked").start(() -> serve(socket, answer));
        return new Control(socket, file, elsewhere);
    }

    private static void serve(ServerSocketChannel socket, UnaryOperator<String> answer) {
        while (socket.isOpen()) {
            try {
                SocketChannel one = socket.accept();
                Thread.ofPlatform().daemon().name("sync-answer").start(() -> answer(one, answer));
            } catch (IOException _) {
                // Closed, or one who left at once.
            }
        }
    }

    private static void answer(SocketChannel asking, UnaryOperator<String> answer) {
        try (asking) {
            String said = answer.apply(readLine(asking));
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(said);
            while (bytes.hasRemaining()) {
                asking.write(bytes);
            }
        } catch (IOException _) {
            // Who asked has left.
        }
    }

    private static String readLine(SocketChannel from) throws IOException {
        ByteBuffer line = ByteBuffer.allocate(MOST_QUESTION);
        while (line.hasRemaining() && from.read(line) >= 0) {
            if (line.position() > 0 && line.get(line.position() - 1) == '\n') {
                break;
            }
        }
        return StandardCharsets.UTF_8.decode(line.flip()).toString().strip();
    }

    /// Asks the process that keeps a folder.
    ///
    /// @return nothing when none does
    public static Optional<String> ask(Path home, String question) throws IOException {
        Path file = home.resolve(NAME);
        Path bound = Files.isSymbolicLink(file) ? Files.readSymbolicLink(file) : file;
        if (!Files.exists(bound)) {
            return Optional.empty();
        }
        SocketChannel socket;
        try {
            socket = SocketChannel.open(UnixDomainSocketAddress.of(bound));
        } catch (IOException _) {
            // It has ended without taking its socket away.
            return Optional.empty();
        }
        try (socket) {
            socket.write(StandardCharsets.UTF_8.encode(question + "\n"));
            return Optional.of(new String(Channels.newInputStream(socket).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
            Files.deleteIfExists(file);
            if (elsewhere != null) {
                Files.deleteIfExists(elsewhere.resolve(NAME));
                Files.deleteIfExists(elsewhere);
            }
        } catch (IOException _) {
            // The next one clears it away.
        }
    }
}
