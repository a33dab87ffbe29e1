package acervo.cli;

import acervo.model.Reason;
import acervo.model.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sentences in the user's language. One plain properties file is read, once, and only when a sentence is asked for:
/// Java's
/// resource bundles look in a dozen places first, and most commands that go well need no sentence at all. Any thread.
final class Texts {
    /// The languages there are; the first is the default.
    static final String[] LANGUAGES = {"en", "pt"};

    private final String language;
    private @Nullable Map<String, String> sentences;

    private Texts(String language) {
        this.language = language;
    }

    /// Sentences in `language`, one of [#LANGUAGES].
    static Texts in(String language) {
        return new Texts(language);
    }

    /// Reads `key=value` lines as `java.util.Properties` would, as far as our files go: that one looks at every
    /// character,
    /// which takes longer than a whole `ls` before anything is compiled.
    private static Map<String, String> load(String language) {
        String text;
        try (InputStream in = open(language + ".properties")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> sentences = HashMap.newHashMap(400);
        for (int from = 0, end; (end = text.indexOf('\n', from)) >= 0; from = end + 1) {
            int equals = text.indexOf('=', from);
            if (equals > 0 && equals < end && text.charAt(from) != '#') {
                sentences.put(text.substring(from, equals), unescape(text.substring(equals + 1, end)));
            }
        }
        return sentences;
    }

    /// Knows `\n` and the space that stands at a value's end.
    private static String unescape(String value) {
        return value.indexOf('\\') < 0 ? value : value.replace("\\n", "\n").replace("\\u0020", " ");
    }

    private static InputStream open(String name) throws IOException {
        InputStream in = Texts.class.getResourceAsStream(name);
        if (in == null) {
            throw new IOException("the program has no " + name);
        }
        return in;
    }

    /// The language that `wish` (`--lang`) or the environment asks for.
    ///
    /// @param wish may be empty
    static String choose(String wish, Surroundings io) {
        String[] asked = {
            wish, io.variable("acervo.locale"), io.variable("LC_ALL"), io.variable("LC_MESSAGES"), io.variable("LANG")
        };
        for (String one : asked) {
            if (!one.isEmpty()) {
                return one.toLowerCase(Locale.ROOT).startsWith("pt") ? "pt" : "en";
            }
        }
        return "en";
    }

    String language() {
        return language;
    }

    private synchronized Map<String, String> sentences() {
        Map<String, String> s = sentences;
        if (s == null) {
            s = load(language);
            sentences = s;
        }
        return s;
    }

    /// The sentence of `key`, its `{0}`, `{1}` filled in.
    String get(String key, Object... arguments) {
        String sentence = sentences().get(key);
        if (sentence == null) {
            throw new IllegalStateException("no sentence " + key + " in " + language);
        }
        return arguments.length == 0 ? sentence : new Refusal(Reason.ARGUMENT_INVALID, arguments).fill(sentence);
    }

    boolean has(String key) {
        return sentences().containsKey(key);
    }

    /// A refusal's sentence.
    String refusal(Refusal refusal) {
        if (language.equals("en")) {
            return refusal.toString();
        }
        Refusal inWords = new Refusal(
                refusal.reason(), refusal.arguments().stream().map(this::phrase).toList());
        return inWords.fill(get("reason." + refusal.reason().name()));
    }

    /// Some arguments are English phrases themselves (why a path can't be used, what was too many): `phrase.N` in
    /// the English
    /// file is the pattern, the same key here its translation. Anything else stays as it is.
    private String phrase(String argument) {
        if (argument.indexOf(' ') < 0 && !argument.chars().allMatch(c -> c >= 'a' && c <= 'z')) {
            return argument;
        }
        Map<String, String> english = load("en");
        for (int i = 1; english.containsKey("phrase." + i); i++) {
            String pattern = english.getOrDefault("phrase." + i, "");
            int hole = pattern.indexOf("{0}");
            if (hole < 0) {
                if (pattern.equals(argument)) {
                    return get("phrase." + i);
                }
                continue;
            }
            String before = pattern.substring(0, hole);
            String after = pattern.substring(hole + 3);
            if (argument.length() >= before.length() + after.length()
                    && argument.startsWith(before)
                    && argument.endsWith(after)) {
                return get("phrase." + i, argument.substring(before.length(), argument.length() - after.length()));
            }
        }
        return argument;
    }

    /// A help page.
    ///
    /// @param page the verb's name with `-` for spaces, or `acervo`
    String help(String page) {
        try (InputStream in = open("help/" + language + "/" + page + ".txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
