package acervo.watch;

import java.util.List;
import java.util.Locale;

/// How long a path is left alone before it is read. Pure; times are nanoseconds.
///
/// Whoever closed a file, or renamed it to its name, has finished: that is read almost at once. What was only seen to
/// exist must have been still for a while, the longer the larger it is. What changes again and again is read so seldom
/// that reading it takes a fifth of the time at most, but is read: no wait ends later than [#LONGEST] after the first
/// change.
public final class Settle {
    private static final long MILLISECOND = 1_000_000L;
    /// So that what belongs together (a temporary file and its rename) is seen together.
    public static final long FINISHED = 2 * MILLISECOND;
    public static final long SEEN = 100 * MILLISECOND;
    /// Names that programs use for what they will rename or remove soon.
    public static final long TEMPORARY = 1_000 * MILLISECOND;
    public static final long LONGEST = 30_000 * MILLISECOND;
    private static final long LONGEST_FINISHED = 50 * MILLISECOND;
    private static final long MOST_REPEATED = 3_000 * MILLISECOND;
    private static final long MOST_FOR_SIZE = 2_000 * MILLISECOND;

    private static final List<String> ENDS =
            List.of("~", ".tmp", ".temp", ".swp", ".swx", ".lock", ".part", ".partial", ".crdownload");
    private static final List<String> BEGINNINGS = List.of(".#", ".~", "~$", ".goutputstream-");
    /// With this name vim tries out whether it can write.
    private static final String TRIAL = "4913";

    private Settle() {}

    /// How long after its last change a path is to be left alone.
    ///
    /// @param whole whether whoever wrote it has finished
    /// @param size in bytes
    /// @param repeated whether it was read during the last seconds
    public static long quiet(String name, boolean whole, long size, boolean repeated) {
        long quiet = whole ? FINISHED : SEEN + Math.min(MOST_FOR_SIZE, (size >> 20) * MILLISECOND);
        if (isTemporary(name)) {
            quiet = Math.max(quiet, TEMPORARY);
        }
        // To read a byte takes about a nanosecond.
        return repeated ? Math.max(quiet, Math.min(MOST_REPEATED, 4 * size)) : quiet;
    }

    /// When a path is due.
    ///
    /// @param first when the change was first heard of that has not been read yet
    /// @param last when it was last heard of
    public static long due(long first, long last, long quiet) {
        return Math.min(last + quiet, first + (quiet == FINISHED ? LONGEST_FINISHED : LONGEST));
    }

    /// Whether a wait has been so long that the file is read even while someone writes it.
    public static boolean isOverdue(long first, long now) {
        return now - first >= LONGEST;
    }

    private static boolean isTemporary(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.equals(TRIAL)
                || ENDS.stream().anyMatch(lower::endsWith)
                || BEGINNINGS.stream().anyMatch(lower::startsWith);
    }
}
