package acervo.catalog;

import acervo.model.NodeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// Whose catalog a folder is, and whether it is complete: the file `identity`, which is what says if there is something
/// to recover.
///
/// ```
/// acervo catalog 1
/// node <uuid>
/// group <uuid>
/// new | ready
/// ```
///
/// It is `new` until the first log is made, so that a start that was cut short is told from a catalog: only the former
/// is swept
/// away and made again.
///
/// @param node the node whose log this is
/// @param group the log's id
/// @param ready false while the first log is being made
record Identity(NodeId node, UUID group, boolean ready) {
    private static final String FILE = "identity";
    private static final String FIRST_LINE = "acervo catalog 1";

    /// Reads the folder's identity, or begins a new one in an empty folder.
    ///
    /// @throws IOException when the folder is somebody else's, or has a catalog without an identity
    static Identity of(Path folder, NodeId self) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(FILE);
        Files.deleteIfExists(folder.resolve(FILE + ".tmp"));
        if (Files.exists(file)) {
            Identity identity = parse(file, Files.readAllLines(file, StandardCharsets.UTF_8));
            if (!identity.node.equals(self)) {
                throw new IOException("the catalog in " + folder + " belongs to node " + identity.node
                        + ", and this is " + self + ": give each server its own data folder");
            }
            return identity;
        }
        for (String part : List.of("log", "state", "checkpoints")) {
            if (Files.exists(folder.resolve(part))) {
                throw new IOException("there is a catalog in " + folder + " and its file '" + FILE
                        + "' is missing: put it back; nothing is formatted over what is there");
            }
        }
        Identity identity = new Identity(self, UUID.randomUUID(), false);
        identity.write(folder);
        return identity;
    }

    private static Identity parse(Path file, List<String> lines) throws IOException {
        try {
            if (lines.size() == 4
                    && lines.get(0).equals(FIRST_LINE)
                    && lines.get(1).startsWith("node ")
                    && lines.get(2).startsWith("group ")
                    && (lines.get(3).equals("new") || lines.get(3).equals("ready"))) {
                return new Identity(
                        NodeId.parse(lines.get(1).substring(5)),
                        UUID.fromString(lines.get(2).substring(6)),
                        lines.get(3).equals("ready"));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("the file " + file + " is damaged", e);
        }
        throw new IOException("the file " + file + " is damaged, or of a newer version");
    }

    /// Removes what an earlier first start left behind when it was cut short.
    void sweep(Path folder) throws IOException {
        if (ready) {
            throw new IllegalStateException("a complete catalog is not swept away");
        }
        try (Stream<Path> parts = Files.list(folder)) {
            for (Path part : parts.toList()) {
                if (Files.isDirectory(part)) {
                    Checkpoints.remove(part);
                }
            }
        }
    }

    /// The catalog is complete from now on.
    Identity madeReady(Path folder) throws IOException {
        Identity done = new Identity(node, group, true);
        done.write(folder);
        return done;
    }

    private void write(Path folder) throws IOException {
        Path temporary = folder.resolve(FILE + ".tmp");
        String text = FIRST_LINE + "\nnode " + node + "\ngroup " + group + "\n" + (ready ? "ready" : "new") + "\n";
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
