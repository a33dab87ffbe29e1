package acervo.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `acervo train`, which no help mentions: runs the common commands one after the other in this process, against a
/// running
/// server, as somebody who was not there before and leaves nothing behind. The build records it for the AOT cache, so
/// that
/// classes are loaded and linked, and hot loops known, before a command starts.
final class Train implements Verb {
    private static final int SMALL_FILES = 1_500;
    private static final int LARGE_BYTES = 24 << 20;

    @Override
    public Grammar grammar() {
        return Grammar.of("train").words(0, 0);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        Path work = Files.createTempDirectory("acervo-train");
        try {
            return new Course(work, s).run();
        } finally {
            delete(work);
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes seen) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /// The commands, in their order.
    private static final class Course {
        private final Path work;
        private final Session session;
        private final Map<String, String> env;

        Course(Path work, Session session) throws IOException {
            this.work = work;
            this.session = session;
            this.env = new HashMap<>(session.io().env());
            env.put("HOME", work.resolve("home").toString());
            env.keySet().removeAll(List.of("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"));
            env.put("ACERVO_SERVER", session.server().toString());
        }

        int run() throws IOException {
            Path many = Files.createDirectories(work.resolve("many/folder"));
            for (int i = 0; i < SMALL_FILES; i++) {
                Files.write(many.resolve("file-" + i), new byte[4096]);
            }
            Files.write(work.resolve("small"), new byte[100]);
            Files.write(work.resolve("large"), new byte[LARGE_BYTES]);
            command("hello", "Maria");
            command("put", "small");
            command("put", "large", "--replicas", "1");
            command("put", "-r", "many");
            command("put", "-", "--as", "stream");
            command("ls");
            command("ls", "-l", "home:");
            command("ls", "-r", "--lang", "pt");
            command("ls", "--json");
            command("info", "small");
            command("get", "small", "-o", "again");
            command("get", "large", "-o", "again-large");
            command("get", "-r", "many", "-o", "again-many");
            command("get", "small", "-o", "-");
            command("get", "missing");
            command("mv", "small", "smaller");
            command("replicas", "smaller", "1");
            command("want", "smaller", "--get", "wanted");
            command("want", "never", "--for", "1s", "--wait");
            command("wants");
            command("notices");
            command("status");
            command("whoami");
            command("space", "ls");
            command("help");
            command("rm", "-r", "--forever", "many/");
            command("rm", "--forever", "smaller", "large", "stream");
            return Exit.DONE;
        }

        private void command(String... words) {
            byte[] in = "bytes\n".getBytes(StandardCharsets.UTF_8);
            OutputStream out = new ByteArrayOutputStream();
            Surroundings io = new Surroundings(
                    env,
                    new ByteArrayInputStream(in),
                    out,
                    out,
                    false,
                    false,
                    false,
                    work,
                    session.io().policy());
            int code = new Cli(io).run(List.of(words));
            if (session.verbose()) {
                session.out().line(code + " " + String.join(" ", words) + "\n" + out);
            }
        }
    }
}
