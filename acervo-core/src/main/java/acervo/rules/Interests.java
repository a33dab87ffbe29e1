package acervo.rules;

import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Interest;
import acervo.model.Kind;
import acervo.model.Outcome;
import acervo.model.PathPattern;
import acervo.model.Reason;
import acervo.model.SpaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who waits for which file, and the notices of what arrived.
///
/// Invariants: each row of [Tables#INTERESTS] has exactly one in [Tables#WAITERS] and one in [Tables#INTEREST_TIMES];
/// a space's row counts its waiters, a client's [Tables#INBOXES] row its interests and notices. A notice is written in
/// the same step as the change that it tells of, and never twice for one interest and one change.
final class Interests {
    /// How far behind a glob's asker may have looked.
    static final int WINDOW = 1_000;

    /// Notices that one command writes at most, so that no deposit stops the log for long; what is beyond is
    /// counted as missed.
    static final int NOTICES_AT_ONCE = 100_000;

    /// Notices that an acknowledgement looks at for those that may not be read any more.
    private static final int SWEPT_AT_ONCE = 100;

    private Interests() {}

    static Outcome want(Step step, Command.Want want) {
        Access access = Access.of(step.draft, step.author, want.space());
        if (access == null) {
            return Spaces.refuse(Reason.NO_SUCH_SPACE, want.space());
        }
        if (want.forMillis() < 1 || want.forMillis() > Interest.MOST_MILLIS) {
            return Spaces.refuse(Reason.ARGUMENT_INVALID, "an interest holds for up to 366 days");
        }
        Row.Space space = access.space();
        List<FileEntry> there = there(step, space, want.pattern(), want.seen());
        if (there == null) {
            return Spaces.refuse(Reason.LOOK_AGAIN, want.space());
        }
        if (!there.isEmpty() && !want.keep()) {
            return new Outcome.Wanted(0, space.sequence(), there);
        }
        Row.Inbox inbox = inbox(step, step.author);
        if (inbox.interests() >= Interest.MOST) {
            return Spaces.refuse(Reason.INTERESTS_FULL, inbox.interests());
        }
        long number = inbox.nextInterest();
        add(step, new Row.InterestKey(step.author, number), space, want);
        step.draft.put(Tables.INBOXES, step.author, inbox.wanting());
        return new Outcome.Wanted(number, space.sequence(), there);
    }

    /// Whether nothing was decided: the same request may come again, once its author has looked.
    static boolean isUndecided(Outcome outcome) {
        return outcome instanceof Outcome.Refused(var refusal) && refusal.reason() == Reason.LOOK_AGAIN;
    }

    /// What matches and came after `seen`; null when that can't be told here.
    private static @Nullable List<FileEntry> there(Step step, Row.Space space, PathPattern pattern, long seen) {
        if (seen < 0 || seen > space.sequence()) {
            return null;
        }
        List<FileEntry> there = new ArrayList<>();
        if (!pattern.isGlob()) {
            FileEntry entry = step.draft.get(Tables.FILES, new Row.PathKey(space.id(), pattern.anchor()));
            if (entry != null && isWorthWaitingFor(entry) && entry.version().number() > seen) {
                there.add(entry);
            }
            return there;
        }
        try (Cursor<Row.VersionKey, Row.Fed> feed = step.draft.scan(Tables.FEED, Tables.in(space.id()))) {
            feed.seek(Tables.FEED.key(new Row.VersionKey(space.id(), seen + 1)));
            for (int looked = 0; feed.next(); looked++) {
                if (looked == WINDOW) {
                    return null;
                }
                Row.Fed row = feed.value();
                if (row.absent()
                        || !PathPattern.globMatches(pattern.text(), row.path().text())) {
                    continue;
                }
                FileEntry entry = step.draft.get(Tables.FILES, new Row.PathKey(space.id(), row.path()));
                if (entry != null && isWorthWaitingFor(entry)) {
                    there.add(entry);
                }
            }
        }
        return there;
    }

    private static boolean isWorthWaitingFor(FileEntry entry) {
        return entry.content().kind() != Kind.FOLDER;
    }

    private static void add(Step step, Row.InterestKey key, Row.Space space, Command.Want want) {
        PathPattern pattern = want.pattern();
        long expires = step.now + want.forMillis();
        step.draft.put(
                Tables.INTERESTS, key, new Row.Interest(space.id(), pattern.text(), want.keep(), step.now, expires));
        step.draft.put(
                Tables.WAITERS,
                new Row.WaiterKey(space.id(), pattern.anchor(), pattern.isGlob(), key.client(), key.number()),
                new Row.Waiter(pattern.isGlob() ? pattern.text() : "", expires));
        step.draft.put(
                Tables.INTEREST_TIMES, new Row.InterestTimeKey(expires, key.client(), key.number()), Row.Here.HERE);
        step.space(space.waiting(1, pattern.isGlob() ? 1 : 0));
    }

    /// Drops an interest and all that points to it; its client's inbox counts it no more.
    static void drop(Step step, Row.InterestKey key, Row.Interest row) {
        PathPattern pattern = PathPattern.parse(row.pattern());
        step.draft.drop(Tables.INTERESTS, key);
        step.draft.drop(
                Tables.WAITERS,
                new Row.WaiterKey(row.space(), pattern.anchor(), pattern.isGlob(), key.client(), key.number()));
        step.draft.drop(
                Tables.INTEREST_TIMES, new Row.InterestTimeKey(row.expiresMillis(), key.client(), key.number()));
        step.space(step.space(row.space()).waiting(-1, pattern.isGlob() ? -1 : 0));
        step.draft.put(Tables.INBOXES, key.client(), inbox(step, key.client()).counted(-1, 0));
    }

    /// A file or link came to stand at its path, or its bytes changed there. Where nobody waits this costs nothing,
    /// and where only paths are waited for, one look.
    static void arrived(Step step, SpaceId id, FileEntry entry) {
        Row.Space space = step.space(id);
        if (space.interests() == 0 || !isWorthWaitingFor(entry)) {
            return;
        }
        List<Row.InterestKey> met = new ArrayList<>();
        FilePath path = entry.path();
        if (space.interests() > space.globs()) {
            collect(step, Tables.waiting(id, path, false), path, met);
        }
        if (space.globs() > 0) {
            FilePath at = path;
            do {
                at = at.parent();
                collect(step, Tables.waiting(id, at, true), path, met);
            } while (!at.isRoot());
        }
        for (Row.InterestKey key : met) {
            meet(step, id, key, entry);
        }
    }

    private static void collect(Step step, byte[] prefix, FilePath path, List<Row.InterestKey> met) {
        try (Cursor<Row.WaiterKey, Row.Waiter> waiters = step.draft.scan(Tables.WAITERS, prefix)) {
            while (waiters.next()) {
                Row.WaiterKey key = waiters.key();
                Row.Waiter waiter = waiters.value();
                boolean matches = !key.glob() || PathPattern.globMatches(waiter.glob(), path.text());
                // One whose time is over may still have its rows: they go when the server finds the time.
                if (matches
                        && waiter.expiresMillis() > step.now
                        && Access.of(step.draft, key.client(), key.space()) != null) {
                    met.add(new Row.InterestKey(key.client(), key.number()));
                }
            }
        }
    }

    private static void meet(Step step, SpaceId space, Row.InterestKey key, FileEntry entry) {
        Row.Inbox inbox = inbox(step, key.client());
        if (inbox.notices() >= Interest.MOST || step.notices == NOTICES_AT_ONCE) {
            // The interest stays: the next change may find room.
            step.draft.put(Tables.INBOXES, key.client(), inbox.missing(1));
            return;
        }
        step.notices++;
        step.draft.put(
                Tables.NOTICES,
                new Row.NoticeKey(key.client(), inbox.nextNotice()),
                new Row.Notice(key.number(), space, entry));
        step.draft.put(Tables.INBOXES, key.client(), inbox.noticed());
        Row.Interest interest = Objects.requireNonNull(
                step.draft.get(Tables.INTERESTS, key), () -> "the waiter " + key + " has no interest");
        if (!interest.keep()) {
            drop(step, key, interest);
        }
    }

    static Outcome unwant(Step step, Command.Unwant unwant) {
        int count = 0;
        for (long number : unwant.interests()) {
            Row.InterestKey key = new Row.InterestKey(step.author, number);
            Row.Interest row = step.draft.get(Tables.INTERESTS, key);
            if (row != null) {
                drop(step, key, row);
                if (row.keep()) {
                    dropNotices(step, number);
                }
                count++;
            }
        }
        return new Outcome.Trimmed(count);
    }

    private static void dropNotices(Step step, long interest) {
        List<Row.NoticeKey> keys = new ArrayList<>();
        try (Cursor<Row.NoticeKey, Row.Notice> notices = step.draft.scan(Tables.NOTICES, Tables.of(step.author))) {
            while (notices.next()) {
                if (notices.value().interest() == interest) {
                    keys.add(notices.key());
                }
            }
        }
        keys.forEach(key -> dropNotice(step, key));
    }

    private static void dropNotice(Step step, Row.NoticeKey key) {
        step.draft.drop(Tables.NOTICES, key);
        step.draft.put(Tables.INBOXES, key.client(), inbox(step, key.client()).counted(0, -1));
    }

    static Outcome acknowledge(Step step, Command.Acknowledge acknowledge) {
        int count = 0;
        long last = 0;
        for (long number : acknowledge.notices()) {
            Row.NoticeKey key = new Row.NoticeKey(step.author, number);
            last = Math.max(last, number);
            if (step.draft.has(Tables.NOTICES, key)) {
                dropNotice(step, key);
                count++;
            }
        }
        sweep(step, last);
        Row.Inbox inbox = step.draft.get(Tables.INBOXES, step.author);
        if (inbox != null && acknowledge.missed() > 0 && inbox.missed() > 0) {
            step.draft.put(Tables.INBOXES, step.author, inbox.missing(-Math.min(inbox.missed(), acknowledge.missed())));
        }
        return new Outcome.Trimmed(count);
    }

    /// Notices of files that the client may not read any more are never shown to it, so that it can't acknowledge
    /// them.
    private static void sweep(Step step, long before) {
        List<Row.NoticeKey> hidden = new ArrayList<>();
        try (Cursor<Row.NoticeKey, Row.Notice> notices = step.draft.scan(Tables.NOTICES, Tables.of(step.author))) {
            for (int looked = 0; looked < SWEPT_AT_ONCE && notices.next(); looked++) {
                if (notices.key().number() < before
                        && Access.of(step.draft, step.author, notices.value().space()) == null) {
                    hidden.add(notices.key());
                }
            }
        }
        hidden.forEach(key -> dropNotice(step, key));
    }

    /// Drops interests whose time is over.
    static Outcome expire(Step step, int limit) {
        List<Row.InterestKey> due = new ArrayList<>();
        try (Cursor<Row.InterestTimeKey, Row.Here> times = step.draft.scan(Tables.INTEREST_TIMES, new byte[0])) {
            while (due.size() < limit && times.next() && times.key().millis() <= step.now) {
                due.add(new Row.InterestKey(times.key().client(), times.key().number()));
            }
        }
        due.forEach(key -> drop(step, key));
        return new Outcome.Trimmed(due.size());
    }

    /// Drops an interest that is known to be there.
    static void drop(Step step, Row.InterestKey key) {
        drop(step, key, Objects.requireNonNull(step.draft.get(Tables.INTERESTS, key), () -> key + " has no row"));
    }

    private static Row.Inbox inbox(Step step, ClientId client) {
        return Objects.requireNonNullElse(step.draft.get(Tables.INBOXES, client), Row.Inbox.NONE);
    }
}
