package acervo.model;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a file stands in its space: segments joined by `/`, with none in front. The empty path is the space's root,
/// which
/// is a folder and never a file.
///
/// A path is data and never touches a file system of the server. It is still checked, so that every client can hold
/// what another one deposited, and so that no path can pass for a different one: at most [#MAX_BYTES] bytes of UTF-8
/// and
/// [#MAX_DEPTH] segments of at most [#MAX_SEGMENT_BYTES]; no empty, `.` or `..` segment, no backslash, no control
/// character, no
/// character that looks like a separator or that hides or reverses text, nothing that turns into `.`, `..` or a
/// separator when normalised, no name that Windows keeps for a device, and no name that starts with `.acervo`. Names
/// are kept byte
/// for byte: they are neither normalised nor folded.
public record FilePath(String text) implements Comparable<FilePath> {
    /// Linux's `PATH_MAX`, less its final NUL.
    public static final int MAX_BYTES = 4095;

    /// `NAME_MAX` of every common file system.
    public static final int MAX_SEGMENT_BYTES = 255;

    /// Deeper trees can't be walked by path on common systems.
    public static final int MAX_DEPTH = 255;

    /// A space's root.
    public static final FilePath ROOT = new FilePath("");

    /// Names that Windows keeps for devices (Naming Files, Paths, and Namespaces; without an extension).
    private static final Set<String> DEVICES = Set.of(
            "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "LPT1",
            "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9");

    /// Fraction and division slashes, big solidus, set minus, reverse solidus operators and the like.
    private static final String LIKE_SEPARATORS = "\u2044\u2215\u2216\u29F5\u29F8\u29F9\uFE68\uFF0F\uFF3C\u2571\u2572";

    /// Zero-width space, word joiner, invisible operators, byte-order mark, soft hyphen. (The zero-width joiner and
    /// the
    /// variation selectors stay: emoji are made with them.)
    private static final String INVISIBLE =
            "\u00AD\u200B\u200E\u200F\u061C\u2028\u2029\u2060\u2061\u2062\u2063\u2064\uFEFF\uFFFE\uFFFF";

    public FilePath {
        String trouble = trouble(text);
        if (trouble != null) {
            throw new RefusedException(Reason.PATH_INVALID, printable(text), trouble);
        }
    }

    /// What is wrong with `text` as a path, in English, or null.
    private static @Nullable String trouble(String text) {
        if (text.isEmpty()) {
            return null;
        }
        if (text.length() > MAX_BYTES || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return "it is longer than " + MAX_BYTES + " bytes";
        }
        if (text.charAt(0) == '/') {
            return "it starts with '/'";
        }
        int depth = 0;
        for (int from = 0; from <= text.length(); depth++) {
            int slash = text.indexOf('/', from);
            int to = slash < 0 ? text.length() : slash;
            String trouble = segmentTrouble(text.substring(from, to));
            if (trouble != null) {
                return trouble;
            }
            from = to + 1;
        }
        return depth > MAX_DEPTH ? "it is deeper than " + MAX_DEPTH + " folders" : null;
    }

    private static @Nullable String segmentTrouble(String segment) {
        if (segment.isEmpty()) {
            return "a name in it is empty";
        }
        boolean ascii = true;
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c < 0x20 || c == 0x7F || (c >= 0x80 && c < 0xA0)) {
                return "it has the control character " + unicode(c);
            }
            if (c == '\\') {
                return "it has a backslash";
            }
            if (c >= 0x80) {
                ascii = false;
                if (LIKE_SEPARATORS.indexOf(c) >= 0) {
                    return unicode(c) + " looks like a separator";
                }
                if (INVISIBLE.indexOf(c) >= 0 || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)) {
                    return "it has the invisible character " + unicode(c);
                }
                if (Character.isHighSurrogate(c)
                        && i + 1 < segment.length()
                        && Character.isLowSurrogate(segment.charAt(i + 1))) {
                    i++;
                } else if (Character.isSurrogate(c)) {
                    return "it has half of a surrogate pair";
                }
            }
        }
        if (!ascii && segment.getBytes(StandardCharsets.UTF_8).length > MAX_SEGMENT_BYTES
                || segment.length() > MAX_SEGMENT_BYTES) {
            return "a name in it is longer than " + MAX_SEGMENT_BYTES + " bytes";
        }
        String plain = ascii ? segment : Normalizer.normalize(segment, Normalizer.Form.NFKC);
        if (plain.equals(".") || plain.equals("..")) {
            return ascii ? "it has the name '" + plain + "'" : "a name in it looks like '" + plain + "'";
        }
        if (plain.indexOf('/') >= 0 || plain.indexOf('\\') >= 0) {
            return "a character in it stands for a separator";
        }
        String upper = plain.toUpperCase(Locale.ROOT);
        if (DEVICES.contains(upper)) {
            return "Windows keeps the name " + upper + " for a device";
        }
        return upper.startsWith(".ACERVO") && !upper.equals(".ACERVOIGNORE")
                ? "names that start with '.acervo' are reserved"
                : null;
    }

    private static String unicode(char c) {
        return String.format(Locale.ROOT, "U+%04X", (int) c);
    }

    /// `text` cut to 80 characters, with control and invisible characters escaped, so that a message can't be
    /// forged.
    public static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(80).forEach(c -> {
            int type = Character.getType(c);
            if (type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR) {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.length() < text.length() && text.codePointCount(0, text.length()) > 80 ? out + "…" : out.toString();
    }

    public boolean isRoot() {
        return text.isEmpty();
    }

    /// The path in UTF-8, in a new array.
    public byte[] utf8() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// The last segment; empty for the root.
    public String name() {
        return text.substring(text.lastIndexOf('/') + 1);
    }

    /// The folder it stands in; the root's parent is the root.
    public FilePath parent() {
        int slash = text.lastIndexOf('/');
        return slash < 0 ? ROOT : new FilePath(text.substring(0, slash));
    }

    /// The path of `relative` inside this folder.
    public FilePath resolve(String relative) {
        return new FilePath(isRoot() ? relative : text + "/" + relative);
    }

    /// Whether this path is `folder` or stands below it.
    public boolean isIn(FilePath folder) {
        return folder.isRoot()
                || text.startsWith(folder.text)
                        && (text.length() == folder.text.length() || text.charAt(folder.text.length()) == '/');
    }

    /// The order of listings: that of the bytes, with `/` before every other one, so that what is in a folder
    /// follows the folder
    /// directly (`a`, `a/x`, `a-b`) and the names in one folder are in the order of their bytes.
    @Override
    public int compareTo(FilePath other) {
        return Arrays.compareUnsigned(ordered(), other.ordered());
    }

    /// UTF-8 with 0 for each `/`; no path has a NUL. Its bytes are in the paths' order: the form of keys.
    public byte[] ordered() {
        byte[] bytes = utf8();
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '/') {
                bytes[i] = 0;
            }
        }
        return bytes;
    }

    @Override
    public String toString() {
        return text;
    }
}
