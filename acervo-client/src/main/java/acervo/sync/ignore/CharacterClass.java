package acervo.sync.ignore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// `[...]` in a pattern: characters, ranges, named classes such as `[:digit:]`; `!` or `^` in front turns it round.
final class CharacterClass {
    /// @param end where the pattern goes on
    record Parsed(CharacterClass set, int end) {}

    private final boolean negated;
    private final List<IntPredicate> parts;

    private CharacterClass(boolean negated, List<IntPredicate> parts) {
        this.negated = negated;
        this.parts = parts;
    }

    boolean has(int c) {
        return negated != parts.stream().anyMatch(part -> part.test(c));
    }

    /// Reads what follows a `[`; null when it has no end or names a class that there isn't.
    static @Nullable Parsed parse(String pattern, int from) {
        int at = from;
        boolean negated = at < pattern.length() && (pattern.charAt(at) == '!' || pattern.charAt(at) == '^');
        at = negated ? at + 1 : at;
        List<IntPredicate> parts = new ArrayList<>();
        // A bracket that comes first is one of the characters.
        for (boolean first = true; at < pattern.length(); first = false) {
            if (pattern.charAt(at) == ']' && !first) {
                return new Parsed(new CharacterClass(negated, parts), at + 1);
            }
            if (pattern.startsWith("[:", at)) {
                int close = pattern.indexOf(']', at + 2);
                if (close < 0) {
                    return null;
                }
                if (pattern.charAt(close - 1) == ':' && close > at + 2) {
                    IntPredicate named = named(pattern.substring(at + 2, close - 1));
                    if (named == null) {
                        return null;
                    }
                    parts.add(named);
                    at = close + 1;
                    continue;
                }
            }
            int low = codePoint(pattern, at);
            if (low < 0) {
                return null;
            }
            at = after(pattern, at);
            boolean range = at + 1 < pattern.length() && pattern.charAt(at) == '-' && pattern.charAt(at + 1) != ']';
            if (!range) {
                parts.add(c -> c == low);
                continue;
            }
            int high = codePoint(pattern, at + 1);
            if (high < 0) {
                return null;
            }
            at = after(pattern, at + 1);
            parts.add(c -> c >= low && c <= high);
        }
        return null;
    }

    /// The character at `at`, which a backslash may stand before; -1 when there is none.
    private static int codePoint(String pattern, int at) {
        int real = at < pattern.length() && pattern.charAt(at) == '\\' ? at + 1 : at;
        return real < pattern.length() ? pattern.codePointAt(real) : -1;
    }

    private static int after(String pattern, int at) {
        int real = pattern.charAt(at) == '\\' ? at + 1 : at;
        return real + Character.charCount(pattern.codePointAt(real));
    }

    private static @Nullable IntPredicate named(String name) {
        return switch (name) {
            case "alnum" -> c -> isLetter(c) || isDigit(c);
            case "alpha" -> CharacterClass::isLetter;
            case "blank" -> c -> c == ' ' || c == '\t';
            case "cntrl" -> c -> c < 0x20 || c == 0x7f;
            case "digit" -> CharacterClass::isDigit;
            case "graph" -> c -> c > 0x20 && c < 0x7f;
            case "lower" -> c -> c >= 'a' && c <= 'z';
            case "print" -> c -> c >= 0x20 && c < 0x7f;
            case "punct" -> c -> c > 0x20 && c < 0x7f && !isLetter(c) && !isDigit(c);
            case "space" -> c -> c == ' ' || c >= '\t' && c <= '\r';
            case "upper" -> c -> c >= 'A' && c <= 'Z';
            case "xdigit" -> c -> isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
            default -> null;
        };
    }

    private static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
