package acervo.sync.plan;

import acervo.model.FilePath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Names that things get when they can't keep their own.
final class OtherNames {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH-mm-ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Pattern CONFLICT =
            Pattern.compile(" \\(conflict .+ \\d{4}-\\d\\d-\\d\\d \\d\\d-\\d\\d-\\d\\d [0-9a-f]{6}( \\d+)?\\)");

    private static final Pattern MOVING = Pattern.compile(" \\(moving \\d+\\)");

    private final Trees trees;
    private final String who;
    private final String time;
    private final Set<String> given = new HashSet<>();

    OtherNames(Trees trees, String who, long millis) {
        this.trees = trees;
        this.who = who;
        this.time = TIME.format(Instant.ofEpochMilli(millis));
    }

    /// `name (conflict <who> <UTC time> <hash6>).ext` in the same folder; a number follows when that is taken.
    String conflict(Entry loser) {
        String hash = loser.blob().toString().substring(0, 6);
        String plainName = MOVING.matcher(Paths.name(loser.path)).replaceFirst("");
        for (int n = 1; ; n++) {
            String mark = " (conflict " + who + " " + time + " " + hash + (n == 1 ? "" : " " + n) + ")";
            String path = Paths.join(Paths.parent(loser.path), marked(plainName, mark));
            if (path.getBytes(StandardCharsets.UTF_8).length > FilePath.MAX_BYTES) {
                path = Paths.name(path);
            }
            if (isFree(path)) {
                given.add(path);
                return path;
            }
        }
    }

    /// Gives a path to something that had it before.
    ///
    /// @return false when there is something else, or no folder that it could be in, on either side
    boolean take(String path) {
        String parent = Paths.parent(path);
        return trees.local.hasFolder(parent) && trees.remote.hasFolder(parent) && isFree(path) && given.add(path);
    }

    /// Whether a file has the name of a conflict.
    static boolean isConflict(String path) {
        return path.contains(" (conflict ")
                && CONFLICT.matcher(Paths.name(path)).find();
    }

    private boolean isFree(String path) {
        return !given.contains(path)
                && trees.local.at(path) == null
                && trees.remote.at(path) == null
                && !trees.local.hasFolder(path)
                && !trees.remote.hasFolder(path);
    }

    /// Where a file waits while files change places. It follows from its synced state alone, so that after a crash
    /// the name is known for what it is and never taken for a renaming; and it stands in the root, which is in no
    /// one's way. There are a few, as a person may have something of that name.
    static Stream<String> aside(String syncedPath, long id) {
        String name = Paths.name(syncedPath);
        return IntStream.range(0, 10).mapToObj(i -> marked(name, " (moving " + id + ".".repeat(i) + ")"));
    }

    static boolean isAside(String path, String syncedPath, long id) {
        return path.contains(" (moving ") && aside(syncedPath, id).anyMatch(path::equals);
    }

    /// The name with the mark before its extension, cut so that it is not too long.
    private static String marked(String name, String mark) {
        int dot = name.lastIndexOf('.');
        String end = dot <= 0 || name.length() - dot > 20 ? "" : name.substring(dot);
        String stem = name.substring(0, name.length() - end.length());
        int room = FilePath.MAX_SEGMENT_BYTES - bytes(mark) - bytes(end);
        while (bytes(stem) > room) {
            stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
        }
        return stem + mark + end;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
