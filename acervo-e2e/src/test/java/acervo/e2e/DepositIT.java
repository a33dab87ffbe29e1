package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Deposit, delete the local file, recover: the same bytes.
final class DepositIT {
    private static final Random RANDOM = new Random(Bytes.seed());

    @TempDir
    private static Path folder;

    private static Server server;
    private static Person ana;

    @BeforeAll
    static void start() {
        server = Server.start(folder.resolve("data"));
        ana = new Person(folder.resolve("ana"), server.address());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void comesBack(String name, long size) throws IOException {
        Path file = ana.file(name);
        String before = Bytes.make(file, size, RANDOM);
        ana.does("put", name).ok();
        Files.delete(file);
        ana.does("get", name).ok();
        assertEquals(before, Bytes.sha256(file));
        Files.delete(file);
    }

    /// The server's heap is capped at 256 MB by the launcher; the largest file is 12 times that.
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4 << 10, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 20 << 20, 3L << 30})
    void aFileOfAnySizeComesBack(long size) throws IOException {
        comesBack("big-" + size + ".iso", size);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "with spaces  and  more.txt",
                "relatório de avaliação.pdf",
                "👩‍👩‍👧‍👦 ❤️.txt",
                "日本語.txt",
                "-starts-with-a-dash",
                "100% #1?&=+.txt",
                "quote'\"`$HOME.txt",
                "e\u0301-decomposed"
            })
    void aFileOfAnyNameComesBack(String name) throws IOException {
        Path file = ana.file(name);
        String before = Bytes.make(file, 1000, RANDOM);
        ana.does("put", "--", name).ok();
        Files.delete(file);
        ana.does("get", "--", name).ok();
        assertEquals(before, Bytes.sha256(file));
        assertTrue(ana.does("ls").ok().out().contains(name), name);
    }

    @Test
    void namesOf255BytesComeBack() throws IOException {
        comesBack("x".repeat(255), 100);
        comesBack("é".repeat(127), 100);
    }

    @Test
    void namesComeBackWithoutAnyLocale() throws IOException {
        Path file = ana.file("ação.txt");
        String before = Bytes.make(file, 10, RANDOM);
        ana.speaking("C");
        try {
            ana.does("put", "ação.txt").ok();
            Files.delete(file);
            ana.does("get", "ação.txt").ok();
        } finally {
            ana.speaking("C.UTF-8");
        }
        assertEquals(before, Bytes.sha256(file));
    }

    @Test
    void aFolderOfTenThousandFilesComesBack() throws IOException {
        Path root = Files.createDirectory(ana.file("many"));
        for (int d = 0; d < 100; d++) {
            Path sub = Files.createDirectory(root.resolve("d" + d));
            for (int f = 0; f < 100; f++) {
                byte[] bytes = new byte[RANDOM.nextInt(9000)];
                RANDOM.nextBytes(bytes);
                Files.write(sub.resolve("f" + f), bytes);
            }
        }
        Map<String, String> before = tree(root);
        ana.does("put", "-r", "many").ok();
        Files.move(root, ana.file("many.before"));
        ana.does("get", "-r", "many").ok();
        assertEquals(before, tree(root));
    }

    @Test
    void standardInputIsDepositedUnderAName() {
        ana.types("olá, mundo\n", "put", "-", "--as", "notes/olá.txt").ok();
        assertEquals(
                "olá, mundo\n", ana.does("get", "notes/olá.txt", "-o", "-").ok().out());
    }

    @Test
    void aDifferentLocalFileIsNotOverwritten() throws IOException {
        Path file = ana.file("mine.txt");
        Files.writeString(file, "deposited");
        ana.does("put", "mine.txt").ok();
        Files.writeString(file, "changed since");
        ana.does("get", "mine.txt").ended(4);
        assertEquals("changed since", Files.readString(file));
        ana.does("get", "mine.txt", "--force").ok();
        assertEquals("deposited", Files.readString(file));
    }

    @Test
    void theExecutableBitAndTheTimeComeBack() throws IOException {
        Path file = ana.file("run.sh");
        Files.writeString(file, "#!/bin/sh\n");
        assertTrue(file.toFile().setExecutable(true));
        assertTrue(file.toFile().setLastModified(1_234_567_890_000L));
        ana.does("put", "run.sh").ok();
        Files.delete(file);
        ana.does("get", "run.sh").ok();
        assertTrue(file.toFile().canExecute());
        assertEquals(1_234_567_890_000L, file.toFile().lastModified());
    }

    @Test
    void removingAndRenamingAreSeenAtOnce() throws IOException {
        Files.writeString(ana.file("a.txt"), "a");
        ana.does("put", "a.txt", "home:box/a.txt").ok();
        ana.does("mv", "box/a.txt", "box/b.txt").ok();
        assertEquals("a", ana.does("get", "box/b.txt", "-o", "-").ok().out());
        ana.does("get", "box/a.txt", "-o", "-").ended(4);
        ana.does("rm", "box/b.txt").ok();
        ana.does("get", "box/b.txt", "-o", "-").ended(4);
        ana.does("rm", "box/b.txt").ended(4);
    }

    @Test
    void moreCopiesThanNodesAreRefusedWithTheNumber() throws IOException {
        Files.writeString(ana.file("r.txt"), "r");
        ana.does("put", "r.txt").ok();
        String said = ana.does("replicas", "r.txt", "3").ended(4).err();
        assertTrue(said.contains("3") && said.contains("1"), said);
        assertTrue(ana.does("put", "r.txt", "--replicas", "2").ended(4).err().contains("1"));
        ana.does("replicas", "r.txt", "1").ok();
        assertFalse(ana.does("info", "r.txt").ok().out().isBlank());
    }

    private static Map<String, String> tree(Path root) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> tree.put(root.relativize(file).toString(), Bytes.sha256(file)));
        }
        return tree;
    }
}
