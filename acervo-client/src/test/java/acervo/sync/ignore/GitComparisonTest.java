package acervo.sync.ignore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random ignore files over a real tree, judged by git itself.
final class GitComparisonTest {
    private static final String[] NAMES = {"a", "b", "ab", "ba", "a.o", "b.c", "x-y", "-"};
    private static final String[] PIECES = {
        "a", "b", "*", "**", "?", "/", "/", "[ab]", "[!a]", "[a-b]", ".o", ".c", "\\a", "!", "a*", "*.o", "**/", "/**",
        "-", "x"
    };

    @TempDir
    Path folder;

    @Test
    void gitIgnoresTheSame() throws IOException, InterruptedException {
        String given = System.getProperty("acervo.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("acervo.seed=" + seed);
        Random random = new Random(seed);
        assumeTrue(hasGit(), "there is no git here to compare with");
        git("init", "-q");
        makeTree(folder, random, 3);
        List<String> paths = paths();
        for (int round = 0; round < 60; round++) {
            String root = lines(random);
            String inner = lines(random);
            Files.writeString(folder.resolve(".gitignore"), root);
            Files.writeString(folder.resolve("a/.gitignore"), inner);
            IgnoreRules rules = IgnoreRules.NONE.with("", root).with("a", inner);
            TreeSet<String> ours = new TreeSet<>();
            for (String path : paths) {
                if (rules.ignores(path, Files.isDirectory(folder.resolve(path)))) {
                    ours.add(path);
                }
            }
            assertEquals(ignoredByGit(paths), ours, () -> "root:\n" + root + "a:\n" + inner);
        }
    }

    private static String lines(Random random) {
        StringBuilder lines = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            for (int j = random.nextInt(5); j >= 0; j--) {
                lines.append(PIECES[random.nextInt(PIECES.length)]);
            }
            lines.append('\n');
        }
        return lines.toString();
    }

    private void makeTree(Path at, Random random, int depth) throws IOException {
        for (String name : NAMES) {
            if (depth > 0 && (name.equals("a") || random.nextInt(3) == 0)) {
                Files.createDirectories(at.resolve(name));
                makeTree(at.resolve(name), random, depth - 1);
            } else {
                Files.createFile(at.resolve(name));
            }
        }
    }

    private List<String> paths() throws IOException {
        List<String> paths = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.map(path -> folder.relativize(path).toString())
                    .filter(path -> !path.isEmpty() && !path.equals(".git") && !path.startsWith(".git/"))
                    .forEach(paths::add);
        }
        return paths;
    }

    private Set<String> ignoredByGit(List<String> paths) throws IOException, InterruptedException {
        Path out = folder.resolve(".git/answer");
        Path in = folder.resolve(".git/question");
        Files.writeString(in, String.join("\0", paths) + "\0");
        int exit = new ProcessBuilder("git", "check-ignore", "--no-index", "--stdin", "-z")
                .directory(folder.toFile())
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .start()
                .waitFor();
        assertEquals(true, exit == 0 || exit == 1, "git check-ignore ended with " + exit);
        String answer = Files.readString(out, StandardCharsets.UTF_8);
        return new TreeSet<>(answer.isEmpty() ? List.of() : Arrays.asList(answer.split("\0")));
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        assertEquals(
                0,
                new ProcessBuilder(command).directory(folder.toFile()).start().waitFor());
    }

    private static boolean hasGit() throws InterruptedException {
        try {
            return new ProcessBuilder("git", "--version").start().waitFor() == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
