package acervo.sync.ignore;

import org.jspecify.annotations.Nullable;

/// One line of an ignore file.
final class IgnorePattern {
    private final String line;
    private final boolean negated;
    private final boolean foldersOnly;
    private final boolean anchored;
    private final Glob glob;

    private IgnorePattern(String line, boolean negated, boolean foldersOnly, boolean anchored, Glob glob) {
        this.line = line;
        this.negated = negated;
        this.foldersOnly = foldersOnly;
        this.anchored = anchored;
        this.glob = glob;
    }

    /// Reads a line without its end; null for one that says nothing.
    static @Nullable IgnorePattern parse(String line) {
        if (line.startsWith("#")) {
            return null;
        }
        String text = withoutTrailingSpaces(line);
        boolean negated = text.startsWith("!");
        text = negated ? text.substring(1) : text;
        boolean foldersOnly = text.endsWith("/");
        text = foldersOnly ? text.substring(0, text.length() - 1) : text;
        // A slash in the beginning or the middle ties the pattern to its file's folder; one at the end does not.
        boolean anchored = text.indexOf('/') >= 0;
        text = text.startsWith("/") ? text.substring(1) : text;
        return text.isEmpty() ? null : new IgnorePattern(line, negated, foldersOnly, anchored, Glob.of(text, anchored));
    }

    /// A space at the end counts only after a backslash.
    private static String withoutTrailingSpaces(String line) {
        int end = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                i++;
                end = Math.min(i + 1, line.length());
            } else if (c != ' ') {
                end = i + 1;
            }
        }
        return line.substring(0, end);
    }

    boolean isNegated() {
        return negated;
    }

    /// @param path relative to the folder of the ignore file
    boolean matches(String path, boolean isFolder) {
        if (foldersOnly && !isFolder) {
            return false;
        }
        return glob.matches(anchored ? path : path.substring(path.lastIndexOf('/') + 1));
    }

    @Override
    public String toString() {
        return line;
    }
}
