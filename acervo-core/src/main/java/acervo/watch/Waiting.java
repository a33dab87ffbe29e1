package acervo.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Paths that are to be looked at when they have settled. One thread's; times are nanoseconds of one clock that only
/// grows.
public final class Waiting {
    /// For how long it is remembered that a path was read.
    private static final long REMEMBERED = 10_000_000_000L;

    private static final int MOST_REMEMBERED = 10_000;

    /// One path.
    ///
    /// @param first when it was first heard of since it was last read
    /// @param due when it is to be looked at
    /// @param whole whether whoever wrote it has finished
    /// @param tree whether all in it is to be looked at, too
    /// @param times how many times it was looked at, and was not ready
    public record Wait(String path, long first, long due, boolean whole, boolean tree, int times) {
        /// As it is when nothing was heard of a path before.
        public static Wait of(String path, boolean whole, boolean tree, long now) {
            return new Wait(path, now, now, whole, tree, 0);
        }
    }

    private final Map<String, Wait> paths = new LinkedHashMap<>();
    /// When paths were read.
    private final Map<String, Long> recent = new HashMap<>();

    /// Something happened at a path.
    public void touch(String path, boolean whole, boolean tree, long now) {
        Wait before = paths.getOrDefault(path, Wait.of(path, whole, tree, now));
        long due = Settle.due(
                before.first(), now, Settle.quiet(path.substring(path.lastIndexOf('/') + 1), whole, 0, false));
        paths.put(path, new Wait(path, before.first(), due, whole, tree || before.tree(), before.times()));
    }

    /// A path was not ready; it waits on, from when it was first heard of.
    public void again(Wait wait, long pause, long now) {
        paths.putIfAbsent(
                wait.path(), new Wait(wait.path(), wait.first(), now + pause, false, false, wait.times() + 1));
    }

    /// A path was read.
    public void wasRead(String path, long now) {
        recent.put(path, now);
        if (recent.size() > MOST_REMEMBERED) {
            recent.values().removeIf(at -> now - at > REMEMBERED);
            if (recent.size() > MOST_REMEMBERED) {
                recent.clear();
            }
        }
    }

    /// Whether a path was read during the last seconds.
    public boolean isRepeated(String path, long now) {
        Long at = recent.get(path);
        return at != null && now - at <= REMEMBERED;
    }

    /// When the next path is due; a far time when there is none.
    public long nextDue() {
        long next = Long.MAX_VALUE;
        for (Wait one : paths.values()) {
            next = Math.min(next, one.due());
        }
        return next;
    }

    /// Takes out what is due, those that waited longest first.
    public List<Wait> due(long now, int limit) {
        List<Wait> due = new ArrayList<>();
        for (Wait one : paths.values()) {
            if (one.due() <= now && due.size() < limit) {
                due.add(one);
            }
        }
        due.forEach(one -> paths.remove(one.path()));
        return due;
    }

    /// Whether something waits since that time or longer, and will not go on changing for long.
    public boolean hasSince(long time) {
        return paths.values().stream().anyMatch(one -> one.first() <= time && one.times() < 2);
    }

    public void clear() {
        paths.clear();
    }
}
