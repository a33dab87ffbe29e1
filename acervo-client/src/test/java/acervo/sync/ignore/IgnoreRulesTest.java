package acervo.sync.ignore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IgnoreRulesTest {
    /// What gitignore's documentation says, one row a statement. A path that ends with `/` is a folder.
    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "frotz/            | frotz/            | true",
                "frotz/            | frotz             | false",
                "frotz/            | a/frotz/          | true",
                "frotz/            | a/frotz/x         | true",
                "doc/frotz         | doc/frotz         | true",
                "/doc/frotz        | doc/frotz         | true",
                "doc/frotz         | a/doc/frotz       | false",
                "doc/frotz/        | doc/frotz/        | true",
                "doc/frotz/        | a/doc/frotz/      | false",
                "foo/*             | foo/test.json     | true",
                "foo/*             | foo/bar/          | true",
                "foo/*             | foo/bar/hello.c   | true",
                "foo/*.c           | foo/bar/hello.c   | false",
                "hello.*           | hello.txt         | true",
                "hello.*           | a/hello.java      | true",
                "/hello.*          | a/hello.java      | false",
                "/hello.*          | hello.c           | true",
                "*.html            | a/b/git.html      | true",
                "Documentation/*.html | Documentation/git.html | true",
                "Documentation/*.html | Documentation/ppc/ppc.html | false",
                "Documentation/*.html | tools/Documentation/git.html | false",
                "a**/b             | a/b               | true",
                "a**/b             | ax/y/b            | true",
                "a**/b             | ax/b              | true",
                "a?**/b            | ax/b              | true",
                "a?**/b            | ax/y/b            | false",
                "**/foo            | foo               | true",
                "**/foo            | a/b/foo           | true",
                "**/foo            | a/bfoo            | false",
                "**/foo/bar        | foo/bar           | true",
                "**/foo/bar        | x/foo/bar         | true",
                "**/foo/bar        | foo/x/bar         | false",
                "abc/**            | abc/x             | true",
                "abc/**            | abc/x/y           | true",
                "abc/**            | abc/              | false",
                "abc/**            | x/abc/y           | false",
                "a/**/b            | a/b               | true",
                "a/**/b            | a/x/b             | true",
                "a/**/b            | a/x/y/b           | true",
                "a/**/b            | a/xb              | false",
                "a/**/b            | ab                | false",
                "?                 | a                 | true",
                "?                 | ab                | false",
                "a?b               | a/b               | false",
                "\uD83D\uDE00?     | \uD83D\uDE00\uD83D\uDE01 | true",
                "[a-c]x            | bx                | true",
                "[a-c]x            | dx                | false",
                "[!a-c]x           | dx                | true",
                "[^a-c]x           | ax                | false",
                "[]]x              | ]x                | true",
                "[]-]x             | -x                | true",
                "[[:digit:]]x      | 7x                | true",
                "[[:digit:]]x      | ax                | false",
                "[[:nothing:]]x    | nx                | false",
                "[a-               | a                 | false",
                "a[/]b             | a/b               | false",
                "\\#x              | #x                | true",
                "#x                | #x                | false",
                "\\!x              | !x                | true",
                "a\\*b             | a*b               | true",
                "a\\*b             | aab               | false",
                "x\\               | x                 | false",
                "x\\               | \"x\\\"            | false",
                "/                 | a                 | false",
                "*                 | a/                | true",
                "**                | a                 | true",
                "/**               | a/b               | true",
            })
    void patternsMeanWhatGitSaysTheyMean(String pattern, String path, boolean ignored) {
        boolean folder = path.endsWith("/");
        String name = folder ? path.substring(0, path.length() - 1) : path;
        assertEquals(ignored, IgnoreRules.NONE.with("", pattern).ignores(name, folder));
    }

    @Test
    void theLastPatternThatMatchesDecides() {
        IgnoreRules rules = IgnoreRules.NONE.with("", "*.log\n!keep.log\n");
        assertTrue(rules.ignores("a/x.log", false));
        assertFalse(rules.ignores("a/keep.log", false));
        assertTrue(IgnoreRules.NONE.with("", "!keep.log\n*.log\n").ignores("keep.log", false));
    }

    @Test
    void nothingInAnIgnoredFolderIsTakenBack() {
        IgnoreRules rules = IgnoreRules.NONE.with("", "build/\n!build/keep\n");
        assertTrue(rules.ignores("build/keep", false));
        IgnoreRules onlyBar = IgnoreRules.NONE.with("", "/*\n!/foo\n/foo/*\n!/foo/bar\n");
        assertTrue(onlyBar.ignores("x", false));
        assertTrue(onlyBar.ignores("foo/x", false));
        assertFalse(onlyBar.ignores("foo/bar/x", false));
    }

    @Test
    void aDeeperFileHasTheLastWordInItsFolder() {
        IgnoreRules rules = IgnoreRules.NONE.with("", "*.o\n").with("lib", "!*.o\n/mine\n");
        assertTrue(rules.ignores("a.o", false));
        assertFalse(rules.ignores("lib/a.o", false));
        assertFalse(rules.ignores("lib/x/a.o", false));
        assertTrue(rules.ignores("lib/mine", false));
        assertFalse(rules.ignores("lib/x/mine", false));
        assertFalse(rules.ignores("mine", false));
        assertTrue(rules.without("lib").ignores("lib/a.o", false));
    }

    @Test
    void linesAreReadAsGitReadsThem() {
        IgnoreRules rules = IgnoreRules.NONE.with("", "\uFEFFa  \r\n\r\n# b\r\nc\\ \r\n  d\r\n");
        assertTrue(rules.ignores("a", false));
        assertFalse(rules.ignores("b", false));
        assertTrue(rules.ignores("c ", false));
        assertFalse(rules.ignores("c", false));
        assertTrue(rules.ignores("  d", false));
        assertFalse(rules.ignores("d", false));
    }

    @Test
    void theProgramsOwnNamesAreAlwaysIgnoredButNotTheIgnoreFile() {
        IgnoreRules rules = IgnoreRules.NONE.with("", "!.acervo*");
        assertTrue(rules.ignores(".acervo-sync", false));
        assertTrue(rules.ignores("a/.Acervo-0123.part", false));
        assertTrue(rules.ignores(".acervo/x", false));
        assertFalse(rules.ignores(".acervoignore", false));
        assertFalse(rules.ignores("a/acervo", false));
    }

    @Test
    void aPatternMadeToTakeForEverDoesNot() {
        IgnoreRules rules = IgnoreRules.NONE.with("", "*a".repeat(60) + "b");
        assertFalse(rules.ignores("a".repeat(250), false));
        assertFalse(IgnoreRules.NONE.with("", "**/a/".repeat(60) + "b").ignores("a/".repeat(120) + "a", false));
    }
}
