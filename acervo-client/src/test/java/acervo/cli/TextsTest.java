package acervo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.client.LocalTrouble;
import acervo.model.FilePath;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class TextsTest {
    private static Properties properties(String language) throws IOException {
        Properties all = new Properties();
        try (Reader in = new InputStreamReader(
                Texts.class.getResourceAsStream(language + ".properties"), StandardCharsets.UTF_8)) {
            all.load(in);
        }
        return all;
    }

    @Test
    void bothLanguagesHaveTheSameSentencesWithTheSameHoles() throws IOException {
        Properties en = properties("en");
        Properties pt = properties("pt");
        assertEquals(new TreeSet<>(en.stringPropertyNames()), new TreeSet<>(pt.stringPropertyNames()));
        for (String key : en.stringPropertyNames()) {
            assertEquals(holes(en.getProperty(key)), holes(pt.getProperty(key)), key);
        }
    }

    private static Set<String> holes(String sentence) {
        Set<String> holes = new TreeSet<>();
        Matcher m = Pattern.compile("\\{\\d}").matcher(sentence);
        while (m.find()) {
            holes.add(m.group());
        }
        return holes;
    }

    @Test
    void everyReasonAndEveryTroubleHasItsSentence() throws IOException {
        for (String language : Texts.LANGUAGES) {
            Properties all = properties(language);
            for (Reason reason : Reason.values()) {
                assertTrue(all.containsKey("reason." + reason.name()), language + " " + reason);
                assertEquals(holes(reason.english()), holes(all.getProperty("reason." + reason.name())), reason.name());
            }
            for (LocalTrouble.Kind kind : LocalTrouble.Kind.values()) {
                assertTrue(all.containsKey("trouble." + kind.name()), language + " " + kind);
            }
        }
        for (Reason reason : Reason.values()) {
            assertEquals(reason.english(), properties("en").getProperty("reason." + reason.name()));
        }
    }

    @Test
    void ourReaderReadsWhatJavasReads() throws IOException {
        for (String language : Texts.LANGUAGES) {
            Properties all = properties(language);
            Texts texts = Texts.in(language);
            all.forEach((key, value) -> assertEquals(value, texts.get(String.valueOf(key))));
        }
    }

    @Test
    void everySentenceThatTheSourcesNameIsThere() throws IOException {
        Properties en = properties("en");
        Pattern named = Pattern.compile(
                "(?:texts\\(\\)|texts|\\bt)\\.get\\(\\s*\"([a-zA-Z.]+)\"|UsageException\\(\"([a-z.]+)\"");
        int seen = 0;
        try (var files = Files.walk(Path.of("src/main/java/acervo/cli"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                Matcher m = named.matcher(Files.readString(file));
                while (m.find()) {
                    String key = m.group(1) != null ? m.group(1) : m.group(2);
                    boolean prefix = key.endsWith(".");
                    assertTrue(prefix || en.containsKey(key), file.getFileName() + ": " + key);
                    seen++;
                }
            }
        }
        assertTrue(seen > 80, "found only " + seen);
    }

    @Test
    void theReasonsOfAPathAreTranslatedToo() {
        Texts pt = Texts.in("pt");
        for (String path : new String[] {
            "/x",
            "a//b",
            "a\\b",
            "..",
            "a\u0001",
            "a\u202Eb",
            "nul",
            ".acervo-x",
            "x".repeat(256),
            "a\u2215b",
            "y/".repeat(300) + "z"
        }) {
            try {
                new FilePath(path);
                throw new AssertionError("taken: " + path);
            } catch (RefusedException e) {
                String english = e.refusal().arguments().get(1);
                String said = pt.refusal(e.refusal());
                assertTrue(said.startsWith("o caminho "), said);
                assertTrue(!said.endsWith(english), said);
            }
        }
        assertEquals("você não pode escrever em public", pt.refusal(new Refusal(Reason.FORBIDDEN, "public", "write")));
        assertEquals("não há arquivo a b.txt", pt.refusal(new Refusal(Reason.NO_SUCH_FILE, "a b.txt")));
    }

    @Test
    void theLanguageIsChosenAsTheSystemDoes() {
        assertEquals("pt", language(Map.of("LANG", "pt_BR.UTF-8"), ""));
        assertEquals("en", language(Map.of("LANG", "pt_BR.UTF-8"), "en"));
        assertEquals("en", language(Map.of("LANG", "pt_BR.UTF-8", "LC_ALL", "C"), ""));
        assertEquals("pt", language(Map.of("LANG", "C", "LC_MESSAGES", "pt_PT"), ""));
        assertEquals("pt", language(Map.of("LC_ALL", "C.UTF-8", "acervo.locale", "pt_BR"), ""));
        assertEquals("en", language(Map.of(), ""));
        assertNotEquals(Texts.in("en").get("hello.prompt"), Texts.in("pt").get("hello.prompt"));
    }

    private static String language(Map<String, String> env, String wish) {
        return Texts.choose(
                wish, CliTest.surroundings(env, new byte[0], Path.of("")).io());
    }
}
