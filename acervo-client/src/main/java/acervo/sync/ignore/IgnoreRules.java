package acervo.sync.ignore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What all the ignore files of a synced folder say together. A value: any thread may ask it.
///
/// Paths are relative to the synced folder, with `/` between names and none at either end; the folder itself is `""`.
/// The last pattern that matches decides; a file in a deeper folder comes after those above it; and what stands in an
/// ignored folder is ignored, whatever else is said about it.
public final class IgnoreRules {
    /// The name of an ignore file.
    public static final String FILE_NAME = ".acervoignore";

    /// Nothing is ignored but what always is.
    public static final IgnoreRules NONE = new IgnoreRules(Map.of());

    private final Map<String, List<IgnorePattern>> folders;

    private IgnoreRules(Map<String, List<IgnorePattern>> folders) {
        this.folders = folders;
    }

    /// These rules, with what `text` says in the folder `folder` in the place of what was said there before.
    public IgnoreRules with(String folder, String text) {
        Map<String, List<IgnorePattern>> changed = new TreeMap<>(folders);
        List<IgnorePattern> patterns = patterns(text);
        if (patterns.isEmpty()) {
            changed.remove(folder);
        } else {
            changed.put(folder, patterns);
        }
        return new IgnoreRules(changed);
    }

    /// These rules without those of the folder `folder`.
    public IgnoreRules without(String folder) {
        return folders.containsKey(folder) ? with(folder, "") : this;
    }

    /// Whether a path is left out, by itself or because it stands in a folder that is.
    ///
    /// @param isFolder whether it is a folder; a link to one is none
    public boolean ignores(String path, boolean isFolder) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (ignoresAlone(path.substring(0, slash), true)) {
                return true;
            }
        }
        return ignoresAlone(path, isFolder);
    }

    /// The same for a path that stands in no ignored folder, as someone knows who walked there.
    public boolean ignoresAlone(String path, boolean isFolder) {
        int slash = path.lastIndexOf('/');
        if (isReserved(path.substring(slash + 1))) {
            return true;
        }
        if (folders.isEmpty()) {
            return false;
        }
        int end = slash;
        while (true) {
            String folder = end < 0 ? "" : path.substring(0, end);
            Boolean said = said(folder, path, isFolder);
            if (said != null) {
                return said;
            }
            if (end < 0) {
                return false;
            }
            end = path.lastIndexOf('/', end - 1);
        }
    }

    private @Nullable Boolean said(String folder, String path, boolean isFolder) {
        List<IgnorePattern> patterns = folders.get(folder);
        if (patterns == null) {
            return null;
        }
        String inside = folder.isEmpty() ? path : path.substring(folder.length() + 1);
        for (int i = patterns.size() - 1; i >= 0; i--) {
            IgnorePattern pattern = patterns.get(i);
            if (pattern.matches(inside, isFolder)) {
                return !pattern.isNegated();
            }
        }
        return null;
    }

    /// Whether a name is the program's own: the marker of a synced folder, files on their way in, parts of
    /// downloads.
    public static boolean isReserved(String name) {
        return name.length() >= 7
                && name.charAt(0) == '.'
                && name.substring(0, 7).toLowerCase(Locale.ROOT).equals(".acervo")
                && !name.equalsIgnoreCase(FILE_NAME);
    }

    private static List<IgnorePattern> patterns(String text) {
        List<IgnorePattern> patterns = new ArrayList<>();
        int from = text.startsWith("\uFEFF") ? 1 : 0;
        while (from < text.length()) {
            int newline = text.indexOf('\n', from);
            int next = newline < 0 ? text.length() : newline;
            int end = newline > from && text.charAt(newline - 1) == '\r' ? newline - 1 : next;
            IgnorePattern pattern = IgnorePattern.parse(text.substring(from, end));
            if (pattern != null) {
                patterns.add(pattern);
            }
            from = next + 1;
        }
        return patterns;
    }

    @Override
    public String toString() {
        return folders.toString();
    }
}
