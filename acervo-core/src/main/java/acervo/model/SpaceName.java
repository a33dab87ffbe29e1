package acervo.model;

import java.util.regex.Pattern;

/// How a client names a space: `home` (always the caller's own), `public`, or the name of a shared space: 1 to 63
/// characters of `a-z`, `0-9`, `-`, `_` and `.`, the first one a letter or a digit.
public record SpaceName(String text) implements Comparable<SpaceName> {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    /// The caller's own space.
    public static final SpaceName HOME = new SpaceName("home");

    /// The space that all clients share.
    public static final SpaceName PUBLIC = new SpaceName("public");

    public SpaceName {
        if (!FORM.matcher(text).matches()) {
            throw new RefusedException(new Refusal(Reason.SPACE_NAME_INVALID, FilePath.printable(text)));
        }
    }

    @Override
    public int compareTo(SpaceName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
