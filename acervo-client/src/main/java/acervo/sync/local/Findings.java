package acervo.sync.local;

import acervo.model.BlobId;
import acervo.model.Kind;
import acervo.sync.LocalSink;
import acervo.sync.ignore.IgnoreRules;
import acervo.sync.index.Facts;
import acervo.sync.index.FileIndex;
import acervo.sync.index.Row;
import acervo.sync.plan.LocalNode;
import acervo.watch.PosixException;
import acervo.watch.Settle;
import acervo.watch.Stat;
import acervo.watch.Waiting;
import acervo.watch.Waiting.Wait;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What differs from the index: gathered by looks and scans, and judged together ([Verdicts]) by [#finish]; what is not
/// ready to be judged waits. The observer's thread's.
final class Findings implements Scan.Taker, Verdicts.Taker {
    /// Files of at least this size are read while the others go on.
    private static final long SLOW = 32 << 20;
    /// How much of what a scan finds is read at once.
    private static final int CHUNK_FILES = 1000;
    private static final long CHUNK_BYTES = 64 << 20;
    private static final long MILLISECOND = 1_000_000L;
    private static final long BUSY = 500 * MILLISECOND;

    private final FileIndex index;
    private final LocalSink sink;
    private final Hashing hashing;
    private final Troubles troubles;
    private final long hold;
    private final BiConsumer<Found, Reading> whenRead;
    private final Waiting waiting = new Waiting();
    /// Names that lead nowhere any more, and when that counts; the earliest first.
    private final Map<String, Long> missing = new LinkedHashMap<>();
    /// Large files that are being read, as they were found.
    private final Map<String, Found> slow = new HashMap<>();
    private final Map<String, Reading> readings = new HashMap<>();

    // Of one turn.
    private final Map<String, Found> found = new LinkedHashMap<>();
    private final Set<String> folders = new LinkedHashSet<>();
    private long bytes;
    /// Whether something that was found may be one half of a rename.
    private boolean depends;

    private @Nullable Session session;
    private Clockwork clock = new Clockwork(0);

    /// @param whenRead told, by another thread, of large files that were read; gives them to [#read]
    Findings(
            FileIndex index,
            LocalSink sink,
            Hashing hashing,
            Troubles troubles,
            Pace pace,
            BiConsumer<Found, Reading> whenRead) {
        this.index = index;
        this.sink = sink;
        this.hashing = hashing;
        this.troubles = troubles;
        this.hold = pace.hold().toNanos();
        this.whenRead = whenRead;
    }

    /// What waits to be looked at.
    Waiting waiting() {
        return waiting;
    }

    /// Takes a session for a turn.
    void turn(Session now) {
        session = now;
    }

    private Session session() {
        Session now = session;
        if (now == null) {
            throw new IllegalStateException("not in a turn");
        }
        return now;
    }

    void trust(Clockwork now) {
        clock = now;
    }

    /// Forgets everything but what is in the index.
    void clear() {
        waiting.clear();
        missing.clear();
        slow.clear();
        readings.clear();
        drop();
    }

    private void drop() {
        found.clear();
        folders.clear();
        bytes = 0;
        depends = false;
    }

    /// When something is to be done; a far time for never.
    long nextDue() {
        long due =
                missing.isEmpty() ? Long.MAX_VALUE : missing.values().iterator().next();
        // What holds it up is due itself.
        return due == Long.MAX_VALUE || waiting.hasSince(due) ? waiting.nextDue() : Math.min(waiting.nextDue(), due);
    }

    /// Whether all is told that was found until then, except what is being written all the time.
    boolean isComplete(long until) {
        return slow.isEmpty()
                && !waiting.hasSince(until)
                && missing.values().stream().allMatch(due -> due > until + hold);
    }

    /// A large file was read.
    void read(Found file, Reading reading, long now) {
        if (slow.remove(file.path(), file)) {
            readings.put(file.path(), reading);
            found.put(file.path(), file);
            bytes += file.stat().size();
            depends = true;
            waiting.wasRead(file.path(), now);
        }
    }

    /// Compares a folder, and all below it, with the index.
    ///
    /// @param number unlike that of any scan before
    /// @return the rules with what the ignore files say now
    IgnoreRules scan(String path, IgnoreRules rules, int number) {
        // The way there is walked anew.
        session().leave();
        Scan scan = new Scan(session(), index, rules, number, this);
        scan.tree(path);
        return scan.rules();
    }

    /// Compares one path with the index.
    ///
    /// @return whether a folder is there that is to be looked into
    boolean look(Wait wait, IgnoreRules rules) {
        String path = wait.path();
        Stat stat;
        try {
            stat = session().look(path);
        } catch (PosixException e) {
            trouble(path, e.getMessage());
            return false;
        }
        Row row;
        boolean same;
        synchronized (index.lock()) {
            row = index.rows().find(path);
            same = row != null && stat != null && row.matches(stat);
        }
        if (stat == null) {
            troubles.forget(path);
            if (row != null) {
                missing(path);
            }
            return false;
        }
        missing.remove(path);
        if (row == null && rules.ignores(path, stat.isFolder())) {
            return false;
        }
        String why = row == null ? Scan.refusal(path) : null;
        if (why != null || stat.isSpecial()) {
            trouble(path, why != null ? why : "it is " + stat.special());
            return false;
        }
        if (stat.isFolder()) {
            if (!same) {
                folders.add(path);
            }
            return wait.tree() || !same;
        }
        if (same) {
            trouble(path, null);
        } else {
            found(wait, stat);
        }
        return false;
    }

    @Override
    public void changed(String path, Stat stat) {
        found(Wait.of(path, false, false, System.nanoTime()), stat);
    }

    @Override
    public void rest() {
        if ((found.size() >= CHUNK_FILES || bytes >= CHUNK_BYTES) && !depends) {
            finish();
        }
    }

    private void found(Wait wait, Stat stat) {
        String path = wait.path();
        long now = System.nanoTime();
        long quiet = Settle.quiet(Session.name(path), wait.whole(), stat.size(), waiting.isRepeated(path, now));
        long age = System.currentTimeMillis() * MILLISECOND - stat.changedNanos();
        boolean overdue = Settle.isOverdue(wait.first(), now);
        if (quiet > Settle.FINISHED && age < quiet && !overdue && !stat.isLink()) {
            waiting.again(wait, quiet - Math.max(age, 0), now);
            return;
        }
        Found file = new Found(wait, stat, overdue);
        found.put(path, file);
        bytes += stat.size();
        synchronized (index.lock()) {
            Row row = index.rows().find(path);
            depends |=
                    row == null ? index.rows().byInode(stat.inode(), _ -> true) != null : row.inode() != stat.inode();
        }
    }

    @Override
    public void folder(String path) {
        folders.add(path);
    }

    @Override
    public void unseen(String path) {
        missing(path);
    }

    @Override
    public void troubles(String folder, Map<String, String> list) {
        troubles.replace(folder, list);
    }

    /// Judges what was found, and tells it.
    void finish() {
        folders();
        Map<String, BlobId> known = new HashMap<>();
        List<Found> now = new ArrayList<>();
        for (Found one : found.values()) {
            if (isReadNow(one, known)) {
                now.add(one);
            }
        }
        Verdicts verdicts = new Verdicts(index, hashing, clock, this);
        int step = depends ? Math.max(1, now.size()) : CHUNK_FILES;
        for (int i = 0; i < now.size(); i += step) {
            verdicts.judge(session(), now.subList(i, Math.min(now.size(), i + step)), known, lostRows());
        }
        folders();
        drop();
        index.relieve();
    }

    /// Tells of new folders. Where a file was before, it may have been renamed, and is held as if it were missing.
    private void folders() {
        synchronized (index.lock()) {
            Observations told = new Observations(index);
            for (String path : folders) {
                if (isFileInTheWay(path)) {
                    missing(path);
                } else {
                    told.folder(session(), path);
                }
            }
            told.record(sink::observed);
        }
    }

    private boolean isFileInTheWay(String path) {
        Row row = index.rows().find(path);
        return row != null && row.kind() != Kind.FOLDER;
    }

    /// A large file is read by another thread first, so that small ones don't wait for it.
    private boolean isReadNow(Found one, Map<String, BlobId> known) {
        switch (readings.remove(one.path())) {
            case null -> {
                if (one.stat().size() < SLOW || isRenamed(one)) {
                    slow.remove(one.path());
                    return true;
                }
                Found before = slow.get(one.path());
                if (before == null || !before.stat().equals(one.stat())) {
                    slow.put(one.path(), one);
                    hashing.later(one, whenRead);
                }
                return false;
            }
            case Reading.Whole(BlobId blob) -> {
                known.put(one.path(), blob);
                return true;
            }
            case Reading.Failed(String what) -> trouble(one.path(), what);
            case Reading other -> again(one, other);
        }
        return false;
    }

    private boolean isRenamed(Found one) {
        synchronized (index.lock()) {
            return index.rows()
                            .byInode(
                                    one.stat().inode(),
                                    row -> Facts.of(one.stat()).isRenamed(row.facts())
                                            && !row.path().equals(one.path()))
                    != null;
        }
    }

    /// Files that have lost their names, by hash.
    private Map<BlobId, Row> lostRows() {
        Map<BlobId, Row> lost = new HashMap<>();
        synchronized (index.lock()) {
            for (String path : missing.keySet()) {
                Row row = index.rows().find(path);
                if (row != null && row.kind() == Kind.FILE) {
                    lost.put(row.blob(), row);
                } else if (row != null) {
                    index.rows().below(row).stream()
                            .filter(inside -> inside.kind() == Kind.FILE)
                            .forEach(inside -> lost.put(inside.blob(), inside));
                }
            }
        }
        return lost;
    }

    /// Counts as removed what was missing long enough. What was found meanwhile and may be the same file comes
    /// first.
    void expire(long now) {
        List<String> gone = new ArrayList<>();
        for (Map.Entry<String, Long> one : missing.entrySet()) {
            if (one.getValue() > now || waiting.hasSince(one.getValue())) {
                break;
            }
            gone.add(one.getKey());
        }
        if (gone.isEmpty()) {
            return;
        }
        // The way to each is walked anew.
        session().leave();
        synchronized (index.lock()) {
            Observations told = new Observations(index);
            for (String path : gone) {
                missing.remove(path);
                Row row = index.rows().find(path);
                try {
                    Stat there = session().look(path);
                    if (row != null && (there == null || there.isFolder() && row.kind() != Kind.FOLDER)) {
                        told.gone(row);
                    }
                    if (there == null) {
                        troubles.forget(path);
                    } else {
                        waiting.touch(path, false, true, now);
                    }
                } catch (PosixException e) {
                    trouble(path, e.getMessage());
                }
            }
            told.record(sink::observed);
        }
    }

    @Override
    public void observed(List<Long> gone, List<LocalNode> present) {
        sink.observed(gone, present);
    }

    @Override
    public void again(Found one, Reading why) {
        long now = System.nanoTime();
        boolean busy = why instanceof Reading.Busy;
        if (busy) {
            trouble(one.path(), "a program is still writing it: it waits until then");
        } else {
            waiting.wasRead(one.path(), now);
        }
        waiting.again(one.waited(), busy ? BUSY : Settle.SEEN, now);
    }

    @Override
    public void trouble(String path, @Nullable String what) {
        troubles.set(path, what);
    }

    @Override
    public void confirm(String path) {
        waiting.touch(path, true, false, System.nanoTime());
    }

    @Override
    public void missing(String path) {
        missing.putIfAbsent(path, System.nanoTime() + hold);
    }

    @Override
    public void overwritten(String path) {
        waiting.wasRead(path, System.nanoTime());
    }
}
