package acervo.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FilePathTest {
    static Stream<String> refused() {
        return Stream.of(
                "/etc/passwd",
                "//a",
                "a//b",
                "a/",
                ".",
                "..",
                "../x",
                "a/../b",
                "a/./b",
                "a\0b",
                "a\nb",
                "a\u007fb",
                "a\u0085b",
                "..\\x",
                "C:\\x",
                "\uff0e\uff0e/x",
                "\u2024\u2024/x",
                "\u2025/x",
                "a\u2215b",
                "a\u2044b",
                "a\uff0fb",
                "a\uff3cb",
                "a\u200bb",
                "a\u202ecod.exe",
                "a\u2066b",
                "\ufeffa",
                "a\u00adb",
                "a\u2100b",
                "\ud800",
                "a\udc00b",
                "CON",
                "con",
                "a/Nul/b",
                "com1",
                "\uff23\uff2f\uff2e",
                ".acervo",
                ".acervo-tmp/x",
                "a/.Acervo.part",
                "x".repeat(256),
                "é".repeat(128),
                "a/".repeat(2048) + "b",
                "a/".repeat(255) + "b",
                "a/".repeat(10_000) + "b");
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatIsNoPlainName(String text) {
        RefusedException no = assertThrows(RefusedException.class, () -> new FilePath(text));
        assertEquals(Reason.PATH_INVALID, no.refusal().reason());
        assertTrue(no.getMessage().length() < 300, no.getMessage());
        assertTrue(no.getMessage().codePoints().noneMatch(c -> Character.getType(c) == Character.CONTROL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "relatório final (2).pdf",
                "a b/c d/ e ",
                "日本語/ファイル",
                "👩‍👩‍👧‍👦/❤️.txt",
                "...",
                "..a",
                "a..",
                "CON.txt",
                "aux.c",
                "-rf",
                "~",
                "a:b",
                "a*?\"<>|",
                "%2e%2e",
                "e\u0301",
                ".acervoignore",
                "½.txt",
                "ﬁ"
            })
    void keepsNamesByteForByte(String text) {
        assertEquals(text, new FilePath(text).text());
    }

    @Test
    void takesNamesUpToTheLimits() {
        assertEquals(255, new FilePath("x".repeat(255)).text().length());
        assertEquals(254, new FilePath("é".repeat(127)).utf8().length);
        assertEquals(
                255,
                new FilePath("a/".repeat(254) + "b")
                        .text()
                        .chars()
                        .filter(c -> c != '/')
                        .count());
    }

    @Test
    void knowsParentsAndNames() {
        FilePath path = new FilePath("a/b/c");
        assertEquals("c", path.name());
        assertEquals(new FilePath("a/b"), path.parent());
        assertEquals(FilePath.ROOT, new FilePath("a").parent());
        assertEquals(FilePath.ROOT, FilePath.ROOT.parent());
        assertEquals(path, new FilePath("a/b").resolve("c"));
        assertEquals(new FilePath("a"), FilePath.ROOT.resolve("a"));
        assertTrue(path.isIn(new FilePath("a/b")));
        assertTrue(path.isIn(path));
        assertTrue(path.isIn(FilePath.ROOT));
        assertFalse(path.isIn(new FilePath("a/b/cc")));
        assertFalse(new FilePath("ab").isIn(new FilePath("a")));
    }

    /// The catalog on disk sorts bytes; the one in memory must give the same order, for characters beyond the basic
    /// plane too.
    @Test
    void ordersAsItsBytesDoWithASlashFirst() {
        long seed = Long.getLong("acervo.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<String> alphabet = List.of("a", "b", "/", "-", "é", "\uffe6", "😀", "~");
        List<FilePath> paths = new ArrayList<>();
        while (paths.size() < 500) {
            String text = random.ints(1 + random.nextInt(6), 0, alphabet.size())
                    .mapToObj(alphabet::get)
                    .collect(Collectors.joining());
            try {
                paths.add(new FilePath(text));
            } catch (RefusedException e) {
                assertEquals(Reason.PATH_INVALID, e.refusal().reason());
            }
        }
        List<FilePath> byBytes = paths.stream()
                .sorted((x, y) -> Arrays.compareUnsigned(
                        x.text().replace('/', '\1').getBytes(StandardCharsets.UTF_8),
                        y.text().replace('/', '\1').getBytes(StandardCharsets.UTF_8)))
                .toList();
        assertEquals(byBytes, paths.stream().sorted().toList());
    }
}
