package acervo.sync.plan;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/// Which names the disk can hold, and which it takes for the same.
///
/// @param foldsCase takes names for the same that differ only in case
/// @param composes takes names for the same that differ only in how characters are composed
/// @param windows keeps names for devices, with any extension, and takes no `<>:"|?*` and no dot or space at the end
public record Names(boolean foldsCase, boolean composes, boolean windows) {
    /// Holds every name and tells all apart.
    public static final Names EXACT = new Names(false, false, false);

    private static final Set<String> DEVICES = Set.of(
            "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "LPT1",
            "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9");

    boolean exact() {
        return !foldsCase && !composes;
    }

    /// Two names that the disk takes for the same have the same key.
    String key(String path) {
        String key = composes ? Normalizer.normalize(path, Normalizer.Form.NFC) : path;
        return foldsCase ? key.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT) : key;
    }

    /// Whether the disk can hold one segment of a path.
    boolean holds(String name) {
        if (!windows) {
            return true;
        }
        for (int i = 0; i < name.length(); i++) {
            if ("<>:\"|?*".indexOf(name.charAt(i)) >= 0) {
                return false;
            }
        }
        int dot = name.indexOf('.');
        String stem = (dot < 0 ? name : name.substring(0, dot)).strip().toUpperCase(Locale.ROOT);
        return !name.endsWith(".") && !name.endsWith(" ") && !DEVICES.contains(stem);
    }
}
