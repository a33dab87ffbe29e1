package acervo.sync.local;

import acervo.model.FilePath;
import acervo.sync.LocalSink;
import acervo.sync.LocalSink.LocalTrouble;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What can't be kept in step, by folder; tells the sink when that of a folder has changed. One thread's.
final class Troubles {
    private final LocalSink sink;
    private final Map<String, TreeMap<String, String>> folders = new HashMap<>();
    private @Nullable String whole;

    Troubles(LocalSink sink) {
        this.sink = sink;
    }

    /// Says what is wrong with the synced folder as a whole; null when nothing is.
    void whole(@Nullable String what) {
        if (!Objects.equals(what, whole)) {
            whole = what;
            tell("");
        }
    }

    /// Says what is wrong with all in a folder, in the place of what was said before.
    ///
    /// @param found by path
    void replace(String folder, Map<String, String> found) {
        TreeMap<String, String> before = folders.get(folder);
        if (found.isEmpty() ? before != null : !found.equals(before)) {
            if (found.isEmpty()) {
                folders.remove(folder);
            } else {
                folders.put(folder, new TreeMap<>(found));
            }
            tell(folder);
        }
    }

    /// Says what is wrong with one path; null when nothing is. Of what stands in a folder that nobody could hold,
    /// it is the folder that is told of.
    void set(String path, @Nullable String what) {
        String folder = Session.parentOf(path);
        TreeMap<String, String> before = folders.get(folder);
        if (what == null) {
            if (before != null && before.remove(path) != null) {
                if (before.isEmpty()) {
                    folders.remove(folder);
                }
                tell(folder);
            }
            return;
        }
        String refused = Scan.refusal(folder);
        if (refused != null) {
            set(folder, refused);
        } else if (before == null || !what.equals(before.get(path))) {
            folders.computeIfAbsent(folder, _ -> new TreeMap<>()).put(path, what);
            tell(folder);
        }
    }

    /// Takes back what was said of something that is gone, and of all that was in it.
    void forget(String path) {
        set(path, null);
        List<String> inside = folders.keySet().stream()
                .filter(folder -> folder.equals(path) || folder.startsWith(path + "/"))
                .toList();
        inside.forEach(folder -> replace(folder, Map.of()));
    }

    private void tell(String folder) {
        List<LocalTrouble> list = new ArrayList<>();
        if (folder.isEmpty() && whole != null) {
            list.add(new LocalTrouble(".", whole));
        }
        folders.getOrDefault(folder, new TreeMap<>())
                .forEach((path, what) -> list.add(new LocalTrouble(printable(path), what)));
        sink.troubles(new FilePath(folder), list);
    }

    private static String printable(String path) {
        return Arrays.stream(path.split("/")).map(FilePath::printable).collect(Collectors.joining("/"));
    }
}
