package acervo.sync.local;

import acervo.model.BlobId;
import acervo.model.Kind;
import acervo.sync.index.Facts;
import acervo.sync.index.FileIndex;
import acervo.sync.index.Row;
import acervo.sync.index.Rows;
import acervo.sync.plan.LocalNode;
import acervo.watch.PosixException;
import acervo.watch.Stat;
import acervo.watch.Waiting.Wait;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides what became of files that are not as the index has them: changed, new, or an old one under a new name. One
/// thread's; the rows are locked where they are used.
///
/// A file that turns up with the inode, size and time of one whose name no longer leads to it *is* that one, renamed.
/// The name that it took may have been another's: if that one turns up elsewhere at the same time, all of them were
/// renamed (they changed places, or a log was rotated); if not, it was replaced, as editors do when they save, and the
/// file at the name keeps its id.
final class Verdicts {
    /// Where the verdicts go.
    interface Taker {
        void observed(List<Long> gone, List<LocalNode> present);

        /// A path has to be looked at again: something changed while it was read, or it is being written.
        void again(Found found, Reading why);

        /// It can't be read; null when it can again.
        void trouble(String path, @Nullable String what);

        /// Of what is at a path nothing but the name was checked; its bytes have to be read again, without
        /// hurry.
        void confirm(String path);

        /// A name leads no more to what it led to.
        void missing(String path);

        /// A file was read, and its bytes were others than before.
        void overwritten(String path);
    }

    /// @param before what the index has at this path
    /// @param moved what the index has at another path, and is here now
    private record Case(
            Found found, @Nullable Row before, @Nullable Row moved) {
        /// Whether its verdict depends on others of the same call.
        boolean depends() {
            return moved != null
                    || before != null && before.inode() != found.stat().inode();
        }
    }

    private final FileIndex index;
    private final Hashing hashing;
    private final Clockwork clock;
    private final Taker taker;

    Verdicts(FileIndex index, Hashing hashing, Clockwork clock, Taker taker) {
        this.index = index;
        this.hashing = hashing;
        this.clock = clock;
        this.taker = taker;
    }

    /// Judges these, and what they lead to; tells all of it at once.
    ///
    /// @param known hashes that were read before, by path
    /// @param missing rows by hash that have lost their names, and may be found again
    void judge(Session session, List<Found> files, Map<String, BlobId> known, Map<BlobId, Row> missing) {
        Map<String, Case> cases = assign(session, files);
        List<Found> unread = cases.values().stream()
                .filter(one ->
                        one.moved() == null && !known.containsKey(one.found().path()))
                .map(Case::found)
                .toList();
        Map<Found, Reading> readings = new HashMap<>(hashing.all(session, unread));
        for (Case one : cases.values()) {
            BlobId blob = one.moved() != null
                    ? one.moved().blob()
                    : known.get(one.found().path());
            if (blob != null) {
                readings.put(one.found(), new Reading.Whole(blob));
            }
        }
        synchronized (index.lock()) {
            Map<String, Case> sound = sound(session, cases, readings);
            tell(session, sound, readings, missing);
        }
    }

    /// Finds for each file the rows that it has to do with, and the files that these lead to.
    private Map<String, Case> assign(Session session, List<Found> files) {
        Map<String, Case> cases = new LinkedHashMap<>();
        Deque<Found> open = new ArrayDeque<>(files);
        Set<Row> claimed = new HashSet<>();
        synchronized (index.lock()) {
            Rows rows = index.rows();
            for (Found found = open.poll(); found != null; found = open.poll()) {
                if (cases.containsKey(found.path())) {
                    continue;
                }
                String path = found.path();
                Row before = rows.find(path);
                Facts facts = Facts.of(found.stat());
                Row moved = before != null && before.inode() == facts.inode() && before.kind() == facts.kind()
                        ? null
                        : rows.byInode(
                                facts.inode(),
                                row -> row != before
                                        && !claimed.contains(row)
                                        && facts.isRenamed(row.facts())
                                        && hasLeft(session, row));
                if (moved != null) {
                    claimed.add(moved);
                    follow(session, moved.path(), open);
                }
                cases.put(path, new Case(found, before, moved));
            }
        }
        return cases;
    }

    private static boolean hasLeft(Session session, Row row) {
        // The way there is walked anew: the folder that is open may be elsewhere by now.
        session.leave();
        try {
            Stat now = session.look(row.path());
            return now == null || now.inode() != row.inode();
        } catch (PosixException _) {
            return false;
        }
    }

    /// Something has left a path: is another thing there?
    private void follow(Session session, String path, Deque<Found> open) {
        try {
            Stat now = session.look(path);
            if (now == null) {
                taker.missing(path);
            } else if (now.isFile() || now.isLink()) {
                open.add(new Found(Wait.of(path, false, false, System.nanoTime()), now, false));
            }
        } catch (PosixException _) {
            // Whoever looks there next will report it.
        }
    }

    /// Those that could be read and are still what they were; if one that others depend on is not, none of them.
    private Map<String, Case> sound(Session session, Map<String, Case> cases, Map<Found, Reading> readings) {
        Map<String, Case> sound = new LinkedHashMap<>();
        boolean all = true;
        for (Case one : cases.values()) {
            Reading reading = readings.getOrDefault(one.found(), new Reading.Changed());
            if (reading instanceof Reading.Whole && !isStill(session, one)) {
                reading = new Reading.Changed();
            }
            switch (reading) {
                case Reading.Whole _ -> {
                    taker.trouble(one.found().path(), null);
                    sound.put(one.found().path(), one);
                }
                case Reading.Failed(String what) -> {
                    taker.trouble(one.found().path(), what);
                    all &= !one.depends();
                }
                case Reading.Busy _, Reading.Changed _ -> {
                    taker.again(one.found(), reading);
                    all &= !one.depends();
                }
            }
        }
        if (!all) {
            List<Case> dependent = sound.values().stream().filter(Case::depends).toList();
            for (Case one : dependent) {
                sound.remove(one.found().path());
                taker.again(one.found(), new Reading.Changed());
            }
        }
        return sound;
    }

    /// Whether the disk has it as it was found, and the index its rows as they were then.
    private boolean isStill(Session session, Case one) {
        try {
            return one.found().stat().equals(session.look(one.found().path()))
                    && index.rows().find(one.found().path()) == one.before()
                    && (one.moved() == null
                            || one.moved().id() != 0
                                    && Facts.of(one.found().stat())
                                            .isRenamed(one.moved().facts()));
        } catch (PosixException _) {
            return false;
        }
    }

    private void tell(
            Session session, Map<String, Case> cases, Map<Found, Reading> readings, Map<BlobId, Row> missing) {
        Map<Row, Case> claims = new HashMap<>();
        cases.values().forEach(one -> {
            if (one.moved() != null) {
                claims.put(one.moved(), one);
            }
        });
        missing.values().removeIf(row -> cases.containsKey(row.path()));
        Observations told = new Observations(index);
        List<String> unconfirmed = new ArrayList<>();
        // Renames first: what is gone with a folder does not include what was moved out of it.
        for (boolean renames : List.of(true, false)) {
            for (Case one : cases.values()) {
                boolean keeps = keeps(one, claims);
                if (renames == (one.moved() != null && !keeps)
                        && readings.get(one.found()) instanceof Reading.Whole(BlobId blob)) {
                    told.parents(session, one.found().path());
                    verdict(session, one, keeps, facts(one, unconfirmed), blob, claims, missing, told);
                }
            }
        }
        told.record(taker::observed);
        unconfirmed.forEach(taker::confirm);
    }

    /// The facts to remember. What may have changed within one step of the disk's clock is read again at the next
    /// look, and so is, soon, what was not read because it was only renamed.
    private Facts facts(Case one, List<String> unconfirmed) {
        Facts facts = Facts.of(one.found().stat());
        boolean unread = one.moved() != null && one.moved().changedNanos() != facts.changedNanos();
        if (unread) {
            unconfirmed.add(one.found().path());
        }
        return unread || clock.isFresh(facts.changedNanos()) ? facts.unconfirmed() : facts;
    }

    /// Whether what is at a path now is the old file with other bytes: unless that one has taken another path,
    /// where it is itself the file that was expected there no more, and so on.
    private static boolean keeps(Case one, Map<Row, Case> claims) {
        Case at = one;
        for (int i = 0; i <= claims.size(); i++) {
            Row before = at.before();
            if (before == null || before.kind() != Facts.of(at.found().stat()).kind()) {
                return false;
            }
            Case claim = claims.get(before);
            if (claim == null) {
                return true;
            }
            at = claim;
        }
        // They have changed places in a circle.
        return false;
    }

    private void verdict(
            Session session,
            Case one,
            boolean keeps,
            Facts facts,
            BlobId blob,
            Map<Row, Case> claims,
            Map<BlobId, Row> missing,
            Observations told) {
        String path = one.found().path();
        Row before = one.before();
        if (keeps && before != null) {
            if (!before.blob().equals(blob)) {
                taker.overwritten(path);
            }
            told.present(before.id(), path, facts, blob, before);
            return;
        }
        Case claim = before == null ? null : claims.get(before);
        if (before != null && (claim == null || keeps(claim, claims))) {
            told.gone(before);
        }
        Row carried = one.moved();
        if (carried == null && facts.kind() == Kind.FILE && facts.size() > 0) {
            Row lost = missing.remove(blob);
            // By now it may be back, and what has come back in time is told of no more.
            carried = lost != null && lost.id() != 0 && hasLeft(session, lost) ? lost : null;
        }
        if (carried != null && !told.has(carried)) {
            told.present(carried.id(), path, facts, blob, carried);
        } else {
            told.present(index.rows().nextId(), path, facts, blob, null);
        }
    }
}
