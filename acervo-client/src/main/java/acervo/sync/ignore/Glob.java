package acervo.sync.ignore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A pattern with `*`, `?`, `[...]`, `\` and, in paths, `**`. All ways to match are followed at once, character by
/// character, so that no pattern takes long.
final class Glob {
    /// What a pattern is made of, one after the other.
    private sealed interface Token {
        /// One certain character.
        record One(int codePoint) implements Token {}

        /// One character but `/`.
        record Any() implements Token {}

        /// One character of a set.
        record OneOf(CharacterClass set) implements Token {}

        /// Any number of characters but `/`.
        record Star() implements Token {}

        /// `**/`: nothing, or anything that ends with `/`.
        record Folders() implements Token {}

        /// `**` at the end: anything.
        record Rest() implements Token {}

        /// Matches nothing: the pattern is malformed.
        record Never() implements Token {}
    }

    private final Token[] tokens;
    /// The pattern itself when it holds nothing special, else null.
    private final @org.jspecify.annotations.Nullable String literal;

    private Glob(List<Token> tokens) {
        this.tokens = tokens.toArray(Token[]::new);
        boolean plain = tokens.stream().allMatch(Token.One.class::isInstance);
        StringBuilder text = new StringBuilder();
        for (Token token : tokens) {
            if (token instanceof Token.One(int codePoint)) {
                text.appendCodePoint(codePoint);
            }
        }
        this.literal = plain ? text.toString() : null;
    }

    /// @param path whether the pattern is one of paths, in which `**` crosses folders
    static Glob of(String pattern, boolean path) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < pattern.length()) {
            int c = pattern.codePointAt(at);
            int next = at + Character.charCount(c);
            switch (c) {
                case '\\' -> {
                    if (next == pattern.length()) {
                        tokens.add(new Token.Never());
                    } else {
                        int escaped = pattern.codePointAt(next);
                        tokens.add(new Token.One(escaped));
                        next += Character.charCount(escaped);
                    }
                }
                case '?' -> tokens.add(new Token.Any());
                case '[' -> {
                    CharacterClass.Parsed parsed = CharacterClass.parse(pattern, next);
                    tokens.add(parsed == null ? new Token.Never() : new Token.OneOf(parsed.set()));
                    next = parsed == null ? pattern.length() : parsed.end();
                }
                case '*' -> next = stars(pattern, at, path, tokens);
                default -> tokens.add(new Token.One(c));
            }
            at = next;
        }
        return new Glob(tokens);
    }

    /// Reads a run of stars; two or more of them cross folders when they stand between slashes or ends. As git
    /// has it, which takes what is literal off the front first, they also do behind a beginning without anything
    /// special:
    /// `a**/b` stands for `a` and then `**/b`.
    private static int stars(String pattern, int at, boolean path, List<Token> tokens) {
        int end = at;
        while (end < pattern.length() && pattern.charAt(end) == '*') {
            end++;
        }
        boolean beginsName = at == 0
                || pattern.charAt(at - 1) == '/'
                || tokens.size() == pattern.codePointCount(0, at)
                        && tokens.stream().allMatch(Token.One.class::isInstance);
        if (path && end - at > 1 && beginsName) {
            if (end == pattern.length()) {
                tokens.add(new Token.Rest());
                return end;
            }
            int slash = pattern.startsWith("\\/", end) ? end + 1 : end;
            if (pattern.charAt(slash) == '/') {
                tokens.add(new Token.Folders());
                return slash + 1;
            }
        }
        tokens.add(new Token.Star());
        return end;
    }

    boolean matches(String text) {
        if (literal != null) {
            return literal.equals(text);
        }
        boolean[] now = new boolean[tokens.length + 1];
        boolean[] then = new boolean[tokens.length + 1];
        enter(now, 0);
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            boolean alive = false;
            for (int i = 0; i < tokens.length; i++) {
                if (now[i]) {
                    step(then, i, c);
                    alive = true;
                }
            }
            if (!alive) {
                return false;
            }
            boolean[] spent = now;
            now = then;
            then = spent;
            Arrays.fill(then, false);
        }
        return now[tokens.length];
    }

    /// Notes that what stands before token `i` has matched, and so too before those that may match nothing.
    private void enter(boolean[] states, int i) {
        int at = i;
        states[at] = true;
        while (at < tokens.length
                && (tokens[at] instanceof Token.Star
                        || tokens[at] instanceof Token.Folders
                        || tokens[at] instanceof Token.Rest)) {
            at++;
            states[at] = true;
        }
    }

    /// Takes the character `c` at token `i`.
    private void step(boolean[] then, int i, int c) {
        switch (tokens[i]) {
            case Token.One(int wanted) when c == wanted -> enter(then, i + 1);
            case Token.Any() when c != '/' -> enter(then, i + 1);
            case Token.OneOf(CharacterClass set) when c != '/' && set.has(c) -> enter(then, i + 1);
            case Token.Star() when c != '/' -> enter(then, i);
            case Token.Rest() -> enter(then, i);
            case Token.Folders() -> {
                then[i] = true;
                if (c == '/') {
                    enter(then, i + 1);
                }
            }
            case Token.One _, Token.Any _, Token.OneOf _, Token.Star _, Token.Never _ -> {
                // This way ends here.
            }
        }
    }
}
