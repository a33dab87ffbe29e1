package acervo.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathPatternTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "a | a | true",
                "a | b | false",
                "a/b | a/b | true",
                "a/b | a | false",
                "*.pdf | x.pdf | true",
                "*.pdf | .pdf | true",
                "*.pdf | x.pdfx | false",
                "*.pdf | a/x.pdf | false",
                "* | a | true",
                "* | a/b | false",
                "a* | a | true",
                "a*b | ab | true",
                "a*b | axxb | true",
                "a*b | axxbx | false",
                "a*b*c | a-b-b-c | true",
                "a/* | a/b | true",
                "a/* | a | false",
                "a/* | a/b/c | false",
                "*/b | a/b | true",
                "*/b | b | false",
                "?.txt | a.txt | true",
                "?.txt | .txt | false",
                "?.txt | ab.txt | false",
                "?.txt | é.txt | true",
                "?.txt | 😀.txt | true",
                "??.txt | 😀.txt | false",
                "[abc] | b | true",
                "[abc] | d | false",
                "[a-c]x | cx | true",
                "[a-c]x | dx | false",
                "[!a-c]x | dx | true",
                "[!a-c]x | ax | false",
                "[^a-c]x | dx | true",
                "[]x] | ] | true",
                "[!]x] | a | true",
                "[!]x] | ] | false",
                "[a-] | - | true",
                "[-a] | - | true",
                "[\\]] | ] | true",
                "[\\-a] | - | true",
                "[😀-😂]x | 😁x | true",
                "[!a] | a/b | false",
                "** | a | true",
                "** | a/b/c | true",
                "a/** | a/b | true",
                "a/** | a/b/c | true",
                "a/** | a | false",
                "a/** | b/a | false",
                "**/b | b | true",
                "**/b | a/b | true",
                "**/b | a/c/b | true",
                "**/b | a/c/bb | false",
                "a/**/b | a/b | true",
                "a/**/b | a/x/b | true",
                "a/**/b | a/x/y/b | true",
                "a/**/b | a/x/y/c | false",
                "a/**/b/* | a/b/b/c | true",
                "**/a/**/b | x/a/y/a/b | true",
                "**/*.pdf | x/y/z.pdf | true",
                "**/*.pdf | z.pdf | true",
                "a**b | axxb | true",
                "a**b | a/b | false",
                "\\*.pdf | *.pdf | true",
                "\\*.pdf | a.pdf | false",
                "x\\?* | x?y | true",
                "x\\?* | xay | false",
                "\\[a]* | [a]b | true",
                "** | é/ü | true",
            })
    void aPatternStandsForThesePathsAndNoOthers(String pattern, String path, boolean matches) {
        assertEquals(matches, PathPattern.parse(pattern).matches(new FilePath(path)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a/b.pdf | a/b.pdf | false | false",
                "a/\\*b | a/*b | false | false",
                "*.pdf | '' | true | true",
                "a/*.pdf | a | true | true",
                "a/b/[c]d/e | a/b | true | false",
                "a/**/b | a | true | false",
                "a/** | a | true | false",
                "** | '' | true | false",
                "a/b**c | a | true | true",
                "a\\[/x* | a[ | true | true",
                "ab* | '' | true | true"
            })
    void theAnchorIsWhatEveryMatchHasInCommon(String text, String anchor, boolean glob, boolean flat) {
        PathPattern pattern = PathPattern.parse(text);
        assertEquals(new FilePath(anchor), pattern.anchor());
        assertEquals(glob, pattern.isGlob());
        assertEquals(flat, pattern.isFlat());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/a*",
                "a/",
                "a*/",
                "a//b*",
                "a\\",
                "*\\",
                "a[b",
                "[",
                "[]",
                "[!]",
                "[a/b]",
                "a\u0001*",
                "a\\/b"
            })
    void whatCanNotBeAPatternIsRefused(String text) {
        RefusedException refused = assertThrows(RefusedException.class, () -> PathPattern.parse(text));
        assertEquals(Reason.PATTERN_INVALID, refused.refusal().reason());
    }

    @Test
    void aPathThatCanNotBeIsNoPatternEither() {
        for (String text : new String[] {"a/../b", "..", "../*"}) {
            RefusedException refused = assertThrows(RefusedException.class, () -> PathPattern.parse(text));
            assertEquals(Reason.PATH_INVALID, refused.refusal().reason());
        }
        assertThrows(RefusedException.class, () -> PathPattern.parse("*".repeat(PathPattern.MAX_GLOB + 1)));
    }

    @Test
    void everyPathIsAPatternThatStandsForItAlone() {
        for (String text : new String[] {"a", "a*b", "[x]/y?", "a/b"}) {
            FilePath path = new FilePath(text);
            PathPattern pattern = PathPattern.of(path);
            assertFalse(pattern.isGlob());
            assertTrue(pattern.matches(path));
            assertEquals(path, pattern.anchor());
        }
    }

    /// These take hours where a matcher tries every way.
    @Test
    void noPatternTakesLong() {
        assertFalse(PathPattern.parse("a*".repeat(400) + "b").matches(new FilePath("a".repeat(255))));
        String deep = "a/".repeat(200) + "a";
        assertFalse(PathPattern.parse("**/a/".repeat(150) + "b").matches(new FilePath(deep)));
        assertTrue(PathPattern.parse("**/a/".repeat(150) + "**").matches(new FilePath(deep)));
        assertFalse(PathPattern.parse("**/*a*a*a*a*a*a*a*a*b/".repeat(40) + "c")
                .matches(new FilePath(("a".repeat(30) + "/").repeat(60) + "c")));
    }

    /// The same as a plain definition by cases, which is slow and obviously right.
    @Test
    void itAgreesWithItsDefinition() {
        String given = System.getProperty("acervo.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("-Dacervo.seed=" + seed);
        Random random = new Random(seed);
        String[] parts = {"a", "b", "*", "?", "[ab]", "[!a]", "/", "**", "/**/", "ab"};
        String[] names = {"a", "b", "ab", "/a", "/b", "c"};
        int tried = 0;
        while (tried < 20_000) {
            StringBuilder pattern = new StringBuilder();
            for (int i = random.nextInt(7); i >= 0; i--) {
                pattern.append(parts[random.nextInt(parts.length)]);
            }
            StringBuilder path = new StringBuilder("a");
            for (int i = random.nextInt(6); i > 0; i--) {
                path.append(names[random.nextInt(names.length)]);
            }
            PathPattern parsed;
            try {
                parsed = PathPattern.parse(pattern.toString());
            } catch (RefusedException refused) {
                continue;
            }
            tried++;
            assertEquals(
                    names(pattern.toString().split("/"), 0, path.toString().split("/"), 0),
                    parsed.matches(new FilePath(path.toString())),
                    () -> pattern + " and " + path);
        }
    }

    private static boolean names(String[] pattern, int p, String[] path, int s) {
        if (p == pattern.length) {
            return s == path.length;
        }
        if (pattern[p].equals("**")) {
            if (p == pattern.length - 1) {
                return s < path.length;
            }
            return names(pattern, p + 1, path, s) || s < path.length && names(pattern, p, path, s + 1);
        }
        return s < path.length && name(pattern[p], path[s]) && names(pattern, p + 1, path, s + 1);
    }

    private static boolean name(String pattern, String name) {
        if (pattern.isEmpty()) {
            return name.isEmpty();
        }
        if (pattern.charAt(0) == '*') {
            return name(pattern.substring(1), name) || !name.isEmpty() && name(pattern, name.substring(1));
        }
        if (name.isEmpty()) {
            return false;
        }
        char c = name.charAt(0);
        if (pattern.startsWith("[ab]")) {
            return (c == 'a' || c == 'b') && name(pattern.substring(4), name.substring(1));
        }
        if (pattern.startsWith("[!a]")) {
            return c != 'a' && name(pattern.substring(4), name.substring(1));
        }
        return (pattern.charAt(0) == '?' || pattern.charAt(0) == c) && name(pattern.substring(1), name.substring(1));
    }
}
