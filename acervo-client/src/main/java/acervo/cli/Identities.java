package acervo.cli;

import acervo.client.Credentials;
import acervo.client.Secret;
import acervo.client.ServerAddress;
import acervo.client.StateFile;
import acervo.model.ClientId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Who this machine is to each server: one file of mode 600 per server in the configuration folder, with the id and the
/// secret. An identity is on disk before a server hears of it, and is never lost by an ordinary command: `logout` puts
/// it
/// aside.
final class Identities {
    private static final String COMMENT =
            "Whoever has this id and secret is you to this server. Keep a copy in a safe place.";

    private final Path folder;

    Identities(Path folder) {
        this.folder = folder;
    }

    /// @param registered whether the server is known to know it
    record Identity(Credentials credentials, boolean registered) {}

    Path file(ServerAddress server) {
        return folder.resolve("identity-" + server.host().replace(':', '_').replace('%', '_') + "-" + server.port());
    }

    /// @throws IOException also when the file is there and can't be understood: it is never replaced silently
    Optional<Identity> load(ServerAddress server) throws IOException {
        return read(file(server));
    }

    private static Optional<Identity> read(Path file) throws IOException {
        Optional<Map<String, String>> values = StateFile.read(file);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> v = values.get();
        try {
            Credentials credentials = new Credentials(
                    ClientId.parse(v.getOrDefault("id", "")), Secret.parse(v.getOrDefault("secret", "")));
            return Optional.of(new Identity(credentials, !"no".equals(v.get("registered"))));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    void save(ServerAddress server, Identity identity) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("server", server.toString());
        values.put("id", identity.credentials().id().toString());
        values.put("secret", identity.credentials().secret().hex());
        if (!identity.registered()) {
            values.put("registered", "no");
        }
        StateFile.write(file(server), COMMENT, values);
    }

    /// Puts the identity of a server aside, under its id, where [#aside] finds it again.
    ///
    /// @return where it is now; empty when there was none
    Optional<Path> putAside(ServerAddress server) throws IOException {
        Optional<Identity> identity = load(server);
        if (identity.isEmpty()) {
            return Optional.empty();
        }
        Path kept = kept(identity.get().credentials().id());
        StateFile.makeFolders(folder.resolve("kept"));
        Files.move(file(server), kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return Optional.of(kept);
    }

    /// An identity that was put aside.
    Optional<Identity> aside(ClientId id) throws IOException {
        return read(kept(id));
    }

    private Path kept(ClientId id) {
        return folder.resolve("kept").resolve(id.toString());
    }

    /// Deletes the identity of a server, and what was put aside of it.
    void forget(ServerAddress server, ClientId id) throws IOException {
        Files.deleteIfExists(kept(id));
        Files.deleteIfExists(file(server));
    }

    /// An identity that is taken up again is not kept twice.
    void takenUp(ClientId id) throws IOException {
        Files.deleteIfExists(kept(id));
    }

    /// Holds back other processes of this user that would make an identity at the same moment.
    FileChannel lock() throws IOException {
        StateFile.makeFolders(folder);
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.lock();
        return channel;
    }

    /// Reads a secret that a person kept: 64 hexadecimal digits, or a whole identity file.
    ///
    /// @throws IllegalArgumentException when it is neither
    static Secret readSecret(Path file) throws IOException {
        Map<String, String> values = StateFile.read(file).orElseThrow(() -> new NoSuchFileException(file.toString()));
        String secret = values.get("secret");
        return Secret.parse(secret != null ? secret : Files.readString(file));
    }

    /// The server that `login` remembered.
    Optional<ServerAddress> remembered() throws IOException {
        Optional<String> text = StateFile.read(folder.resolve("config")).map(v -> v.get("server"));
        try {
            return text.map(ServerAddress::parse);
        } catch (IllegalArgumentException e) {
            throw new IOException(folder.resolve("config") + ": " + text.orElse(""), e);
        }
    }

    void remember(ServerAddress server) throws IOException {
        StateFile.write(folder.resolve("config"), "What acervo login remembered.", Map.of("server", server.toString()));
    }

    void forgetRemembered() throws IOException {
        Files.deleteIfExists(folder.resolve("config"));
    }
}
