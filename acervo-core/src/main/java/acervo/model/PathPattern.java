package acervo.model;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Which paths somebody waits for: one path, or a glob, which is a pattern with a `*`, `?` or `[` that no `\` takes the
/// meaning from.
///
/// `*` stands for any characters of a name and `?` for one; `[abc]`, `[a-z]` and `[!abc]` for one that is, or is not,
/// among these; a name that is `**` stands for any number of folders, or at the end for everything below. `\` takes
/// the meaning from what follows it. Names are compared byte for byte.
///
/// Matching takes time in proportion to the length of the pattern times that of the path, whatever the two are: there
/// are strangers' patterns here, and each is tried on everybody's deposits.
public final class PathPattern {
    /// At most so many characters in a glob.
    public static final int MAX_GLOB = 1_000;

    private final String text;
    private final boolean glob;
    private final FilePath anchor;

    private PathPattern(String text, boolean glob, FilePath anchor) {
        this.text = text;
        this.glob = glob;
        this.anchor = anchor;
    }

    /// @throws RefusedException PATTERN_INVALID; PATH_INVALID when it stands for one path that can't be
    public static PathPattern parse(String text) {
        String trouble = trouble(text);
        if (trouble != null) {
            throw new RefusedException(Reason.PATTERN_INVALID, FilePath.printable(text), trouble);
        }
        int wild = firstWild(text);
        if (wild < 0) {
            return new PathPattern(text, false, new FilePath(unescaped(text)));
        }
        int end = text.lastIndexOf('/', wild);
        return new PathPattern(text, true, end <= 0 ? FilePath.ROOT : new FilePath(unescaped(text.substring(0, end))));
    }

    /// The pattern that stands for exactly this path.
    public static PathPattern of(FilePath path) {
        StringBuilder text = new StringBuilder(path.text().length() + 8);
        for (char c : path.text().toCharArray()) {
            if (c == '*' || c == '?' || c == '[') {
                text.append('\\');
            }
            text.append(c);
        }
        return parse(text.toString());
    }

    /// What is wrong with `text`, in English, or null. Afterwards every `\` has something behind it, every `[` its
    /// `]` in the same name, and no name is empty.
    private static @Nullable String trouble(String text) {
        if (text.isEmpty()) {
            return "it is empty";
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > 2 * FilePath.MAX_BYTES) {
            return "it is longer than " + 2 * FilePath.MAX_BYTES + " bytes";
        }
        if (text.charAt(0) == '/') {
            return "it starts with '/'";
        }
        boolean glob = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/' && (i + 1 == text.length() || text.charAt(i + 1) == '/')) {
                return "a name in it is empty";
            } else if (c == '\\') {
                i++;
                if (i == text.length() || text.charAt(i) == '/') {
                    return "nothing follows a backslash";
                }
            } else if (c == '[') {
                glob = true;
                i = classEnd(text, i, nameEnd(text, i)) - 1;
                if (i < 0) {
                    return "a '[' has no ']'";
                }
            } else if (c == '*' || c == '?') {
                glob = true;
            } else if (c < ' ' || c == 0x7F) {
                return "it has a control character";
            }
        }
        return glob && text.length() > MAX_GLOB ? "it is longer than " + MAX_GLOB + " characters" : null;
    }

    private static int firstWild(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '*' || c == '?' || c == '[') {
                return i;
            }
        }
        return -1;
    }

    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            plain.append(c == '\\' ? text.charAt(++i) : c);
        }
        return plain.toString();
    }

    /// As it was written.
    public String text() {
        return text;
    }

    /// Whether it may stand for more than one path.
    public boolean isGlob() {
        return glob;
    }

    /// The path itself, or the innermost folder that holds everything a glob stands for.
    public FilePath anchor() {
        return anchor;
    }

    /// Whether all that a glob stands for is in its anchor itself, not below one of its folders.
    public boolean isFlat() {
        int wild = firstWild(text);
        return wild >= 0 && text.indexOf('/', wild) < 0 && !isStars(text, wild);
    }

    public boolean matches(FilePath path) {
        return glob ? globMatches(text, path.text()) : path.equals(anchor);
    }

    /// Whether the glob stands for the path. Takes the texts, so that a stored pattern need not be read again
    /// first.
    ///
    /// @param glob the text of a pattern that was parsed once
    public static boolean globMatches(String glob, String path) {
        int p = 0;
        int s = 0;
        // Where to go on when nothing fits: behind the last `**`, one name of the path further on each time. A pair of
        // places is never visited twice, since a later `**` makes the earlier ones meaningless.
        int afterStars = -1;
        int starsFrom = -1;
        while (s <= path.length()) {
            if (isStars(glob, p)) {
                if (p + 2 == glob.length()) {
                    return true;
                }
                p += 3;
                afterStars = p;
                starsFrom = s;
                continue;
            }
            int end = nameEnd(path, s);
            if (p <= glob.length() && nameMatches(glob, p, nameEnd(glob, p), path, s, end)) {
                p = nameEnd(glob, p) + 1;
                s = end + 1;
            } else if (afterStars >= 0) {
                starsFrom = nameEnd(path, starsFrom) + 1;
                s = starsFrom;
                p = afterStars;
            } else {
                return false;
            }
        }
        return p > glob.length();
    }

    private static boolean isStars(String glob, int at) {
        return glob.startsWith("**", at) && (at + 2 == glob.length() || glob.charAt(at + 2) == '/');
    }

    private static int nameEnd(String text, int from) {
        int slash = text.indexOf('/', from);
        return slash < 0 ? text.length() : slash;
    }

    private static boolean nameMatches(String glob, int from, int end, String path, int pathFrom, int pathEnd) {
        int p = from;
        int s = pathFrom;
        int afterStar = -1;
        int starFrom = -1;
        while (s < pathEnd) {
            if (p < end && glob.charAt(p) == '*') {
                afterStar = ++p;
                starFrom = s;
                continue;
            }
            int c = path.codePointAt(s);
            int next = p < end ? one(glob, p, end, c) : -1;
            if (next >= 0) {
                p = next;
                s += Character.charCount(c);
            } else if (afterStar >= 0) {
                starFrom += Character.charCount(path.codePointAt(starFrom));
                s = starFrom;
                p = afterStar;
            } else {
                return false;
            }
        }
        while (p < end && glob.charAt(p) == '*') {
            p++;
        }
        return p == end;
    }

    /// @return where the pattern goes on behind what stands for this one character; -1 when it does not
    private static int one(String glob, int at, int end, int c) {
        return switch (glob.charAt(at)) {
            case '?' -> at + 1;
            case '[' -> inClass(glob, at, end, c) ? classEnd(glob, at, end) : -1;
            default -> {
                int from = glob.charAt(at) == '\\' ? at + 1 : at;
                int literal = glob.codePointAt(from);
                yield literal == c ? from + Character.charCount(literal) : -1;
            }
        };
    }

    /// Behind the `]` that ends what begins with the `[` at `at`; 0 when there is none before `end`. A `]` that
    /// comes first stands for itself.
    private static int classEnd(String glob, int at, int end) {
        int i = at + 1;
        if (i < end && (glob.charAt(i) == '!' || glob.charAt(i) == '^')) {
            i++;
        }
        for (int first = i; i < end; i++) {
            char c = glob.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == ']' && i > first) {
                return i + 1;
            }
        }
        return 0;
    }

    private static boolean inClass(String glob, int at, int end, int c) {
        int i = at + 1;
        boolean not = glob.charAt(i) == '!' || glob.charAt(i) == '^';
        if (not) {
            i++;
        }
        int last = classEnd(glob, at, end) - 1;
        boolean found = false;
        while (i < last) {
            i += glob.charAt(i) == '\\' ? 1 : 0;
            int low = glob.codePointAt(i);
            i += Character.charCount(low);
            int high = low;
            if (i + 1 < last && glob.charAt(i) == '-') {
                i += glob.charAt(i + 1) == '\\' ? 2 : 1;
                high = glob.codePointAt(i);
                i += Character.charCount(high);
            }
            found |= low <= c && c <= high;
        }
        return found != not;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PathPattern pattern && pattern.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
