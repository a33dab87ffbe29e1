package acervo.share;

import acervo.model.Command.Sighting;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.RefusedException;
import acervo.model.SpaceName;
import acervo.share.SharedFolder.Line;
import acervo.watch.Posix;
import acervo.watch.PosixException;
import acervo.watch.Settle;
import acervo.watch.Stat;
import acervo.watch.Waiting;
import acervo.watch.Waiting.Wait;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at a shared folder and tells what differs from what is known ([Known]), once it has settled. One thread.
///
/// Of a file it keeps nothing in memory but while it waits: what is known is the catalog's, and a scan holds one
/// folder's names at a time. A file that somebody is still writing is not told, unless it was known before and the
/// writing goes on for half a minute.
final class Looks {
    private static final Logger LOG = LoggerFactory.getLogger("acervo.share");
    private static final long MILLISECOND = 1_000_000L;
    private static final int ROUND = 4096;
    /// Bytes and paths that are told at once: an entry of the log has a limit.
    private static final int TOLD_AT_ONCE = 128 << 10;

    private static final int MOST_AT_ONCE = 1_000;
    private static final int SIGHTING_BYTES = 64;

    /// How long a name that leads nowhere is held before it counts as gone: a file that is saved by renames is away
    /// for a moment.
    private static final long HOLD = 100 * MILLISECOND;

    /// How long a file must have been still that nobody was seen to finish, where the system doesn't tell who
    /// writes.
    private static final long STILL = 2_000 * MILLISECOND;

    /// A file that changes all the time is told so often.
    private static final long REPEATED = 1_000 * MILLISECOND;

    /// Until somebody who is writing has finished.
    private static final long LONGEST_PAUSE = 2_000 * MILLISECOND;

    /// What has been still for so long when a scan meets it needs no second look.
    private static final long OLD = 10_000 * MILLISECOND;

    private final SpaceName name;
    private final Disk disk;
    private final Known known;
    private final InstantSource clock;
    private final Waiting waiting = new Waiting();
    /// Those of the waiting paths whose writers were seen to finish.
    private final Set<String> finished = new HashSet<>();

    /// What is to be told, the last word on each path.
    private final Map<FilePath, Sighting> seen = new LinkedHashMap<>();

    private int seenBytes;
    private boolean incomplete;
    private final Set<FilePath> unreadable = new HashSet<>();

    Looks(SpaceName name, Disk disk, Known known, InstantSource clock) {
        this.name = name;
        this.disk = disk;
        this.known = known;
        this.clock = clock;
    }

    /// When a path is due, by `System.nanoTime`; a far time when none waits.
    long nextDue() {
        return waiting.nextDue();
    }

    /// Something happened at a path.
    ///
    /// @param whole whether whoever wrote it has finished
    /// @param tree whether all in it is to be looked at, too
    void touch(String path, boolean whole, boolean tree) {
        if (whole) {
            finished.add(path);
        }
        waiting.touch(path, whole, tree, System.nanoTime());
    }

    /// Lets go of all that waits or was not told: a scan is to follow.
    void forget() {
        waiting.clear();
        finished.clear();
        seen.clear();
        seenBytes = 0;
    }

    /// Whether something was met since the last time that only a scan makes good.
    boolean wantsScan() {
        boolean wants = incomplete;
        incomplete = false;
        return wants;
    }

    /// Looks at what is due, and tells what was found.
    void round() throws PosixException {
        for (Wait wait : waiting.due(System.nanoTime(), ROUND)) {
            look(wait);
        }
        tell();
    }

    /// Looks at everything, and tells what has settled; the rest waits.
    void scan() throws PosixException {
        tree(FilePath.ROOT);
        tell();
    }

    /// Compares a folder and all below it with what is known.
    private void tree(FilePath folder) throws PosixException {
        Map<String, Stat> there;
        try {
            there = disk.list(folder);
        } catch (PosixException e) {
            if (folder.isRoot()) {
                throw e;
            }
            if (!e.isAbsent() && unreadable.add(folder)) {
                LOG.warn("The shared folder {}: {} can't be read: {}", name, folder, e.getMessage());
            }
            return;
        }
        unreadable.remove(folder);
        compare(folder, there);
        List<FilePath> folders = new ArrayList<>();
        there.forEach((name, stat) -> {
            FilePath path = path(folder, name);
            if (path != null && stat.isFolder()) {
                folders.add(path);
            }
        });
        there.clear();
        for (FilePath path : folders) {
            tree(path);
        }
    }

    /// Compares what stands in a folder with what is known of it. Takes the files out of `there` that are known.
    private void compare(FilePath folder, Map<String, Stat> there) {
        long now = System.nanoTime();
        FilePath after = null;
        boolean more = true;
        while (more) {
            SharedFolder.Listing page = known.list(folder, false, after);
            for (Line line : page.lines()) {
                after = line.path();
                Stat stat = there.get(after.name());
                FileEntry before = line.entry().orElse(null);
                if (stat == null) {
                    later(after, now);
                } else if (stat.isFile()) {
                    there.remove(after.name());
                    if (before == null || !isKnown(before, stat)) {
                        later(after, now);
                    }
                } else if (before != null) {
                    add(new Sighting.Gone(after));
                }
            }
            more = page.more();
        }
        there.forEach((name, stat) -> {
            FilePath path = path(folder, name);
            if (path != null && stat.isFile()) {
                found(path, stat, now);
            }
        });
    }

    /// A file that is not known. One that has been still for long is told at once, so that a first scan of many
    /// files does not have them wait.
    private void found(FilePath path, Stat stat, long now) {
        try {
            long age = TimeUnit.MILLISECONDS.toNanos(clock.millis()) - stat.changedNanos();
            if (age > OLD && disk.writing(path) != Posix.Writing.YES) {
                add(there(path, stat));
                return;
            }
        } catch (PosixException _) {
            // Gone meanwhile: the look tells.
        }
        later(path, now);
    }

    /// Unless it waits already, when a scan that comes again and again would have it wait for ever.
    private void later(FilePath path, long now) {
        waiting.again(Wait.of(path.text(), false, false, now), HOLD, now);
    }

    private static @Nullable FilePath path(FilePath folder, String name) {
        try {
            return folder.resolve(name);
        } catch (RefusedException _) {
            // No client could ask for it: the documentation says which names these are.
            return null;
        }
    }

    private void look(Wait wait) throws PosixException {
        FilePath path = path(FilePath.ROOT, wait.path());
        if (path == null) {
            return;
        }
        if (path.isRoot()) {
            incomplete = true;
            return;
        }
        Stat stat = null;
        try {
            stat = disk.look(path);
        } catch (PosixException e) {
            if (!e.isAbsent()) {
                LOG.debug("The shared folder {}: {} can't be looked at: {}", name, path, e.getMessage());
                return;
            }
        }
        if (stat != null && stat.isFile()) {
            file(path, stat, wait);
        } else if (stat != null && stat.isFolder()) {
            finished.remove(wait.path());
            if (known.file(path).isPresent()) {
                add(new Sighting.Gone(path));
                tell();
            }
            if (wait.tree()) {
                tree(path);
            }
        } else {
            gone(path, wait);
        }
    }

    private void gone(FilePath path, Wait wait) {
        boolean file = known.file(path).isPresent();
        if (file || !known.list(path, true, null).lines().isEmpty()) {
            if (wait.times() == 0) {
                waiting.again(wait, HOLD, System.nanoTime());
                return;
            }
            if (file) {
                add(new Sighting.Gone(path));
            }
            goneBelow(path);
        }
        finished.remove(wait.path());
    }

    private void goneBelow(FilePath folder) {
        FilePath after = null;
        boolean more = true;
        while (more) {
            SharedFolder.Listing page = known.list(folder, true, after);
            for (Line line : page.lines()) {
                add(new Sighting.Gone(line.path()));
                after = line.path();
            }
            more = page.more();
        }
    }

    private void file(FilePath path, Stat stat, Wait wait) {
        FileEntry before = known.file(path).orElse(null);
        if (before != null && isKnown(before, stat)) {
            finished.remove(wait.path());
            return;
        }
        long now = System.nanoTime();
        long pause = pause(path, stat, wait, before != null, now);
        // What was found not to be written any more is what was looked at.
        if (pause == 0 && !isStill(path, stat)) {
            pause = MILLISECOND;
        }
        if (pause > 0) {
            waiting.again(wait, pause, now);
            return;
        }
        if (before == null && !known.list(path, true, null).lines().isEmpty()) {
            goneBelow(path);
            tell();
        }
        add(there(path, stat));
        finished.remove(wait.path());
        waiting.wasRead(wait.path(), now);
    }

    /// How long a file that differs from what is known is to be left alone; 0 when it can be told now.
    private long pause(FilePath path, Stat stat, Wait wait, boolean wasKnown, long now) {
        boolean whole = wait.whole() || finished.contains(wait.path());
        long quiet = Settle.quiet(path.name(), whole, stat.size(), false);
        if (waiting.isRepeated(wait.path(), now)) {
            quiet = Math.max(quiet, REPEATED);
        }
        // One more change must show in the times that are compared.
        quiet = Math.max(quiet, SharedFolder.showing(stat.changedNanos()));
        boolean overdue = wasKnown && Settle.isOverdue(wait.first(), now);
        long age = TimeUnit.MILLISECONDS.toNanos(clock.millis()) - stat.changedNanos();
        if (age < 0 && wait.times() == 0) {
            return quiet;
        }
        if (age >= 0 && age < quiet && !overdue) {
            return quiet - age;
        }
        try {
            return switch (disk.writing(path)) {
                case NO -> 0;
                case YES -> overdue ? 0 : Math.min(LONGEST_PAUSE, (long) (wait.times() + 1) * 20 * MILLISECOND);
                case UNKNOWN -> whole || overdue || age >= STILL || age < 0 ? 0 : STILL - age;
            };
        } catch (PosixException _) {
            return HOLD;
        }
    }

    private boolean isStill(FilePath path, Stat stat) {
        try {
            return stat.equals(disk.look(path));
        } catch (PosixException _) {
            return false;
        }
    }

    private static Sighting there(FilePath path, Stat stat) {
        return new Sighting.There(
                path,
                id(stat),
                stat.size(),
                Math.floorDiv(stat.modifiedNanos(), MILLISECOND),
                stat.isExecutable(),
                changed(stat));
    }

    private static boolean isKnown(FileEntry known, Stat stat) {
        return known.id() == id(stat)
                && known.content().size() == stat.size()
                && known.content().modifiedMillis() == Math.floorDiv(stat.modifiedNanos(), MILLISECOND)
                && known.content().executable() == stat.isExecutable()
                && known.storedMillis() == changed(stat);
    }

    private static long id(Stat stat) {
        return stat.inode() & Long.MAX_VALUE;
    }

    private static long changed(Stat stat) {
        return Math.max(0, Math.floorDiv(stat.changedNanos(), MILLISECOND));
    }

    private void add(Sighting sighting) {
        seen.put(sighting.path(), sighting);
        seenBytes += SIGHTING_BYTES + sighting.path().text().length() * 3;
        if (seenBytes >= TOLD_AT_ONCE || seen.size() >= MOST_AT_ONCE) {
            tell();
        }
    }

    /// What is gone comes first, so that it is not in the way of what stands there now.
    private void tell() {
        if (seen.isEmpty()) {
            return;
        }
        List<Sighting> all = new ArrayList<>(seen.size());
        seen.values().stream().filter(Sighting.Gone.class::isInstance).forEach(all::add);
        seen.values().stream().filter(Sighting.There.class::isInstance).forEach(all::add);
        seen.clear();
        seenBytes = 0;
        if (!known.tell(all)) {
            incomplete = true;
        }
    }
}
