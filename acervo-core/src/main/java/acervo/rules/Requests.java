package acervo.rules;

import acervo.model.Command;
import acervo.model.Outcome;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RequestId;
import acervo.wire.EntryFormat;
import acervo.wire.Reader;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Outcomes by request id: a retry has no second effect and gets the first one's outcome, for a day.
final class Requests {
    /// How long a retry is recognised.
    static final long KEPT_MILLIS = 24L * 60 * 60 * 1000;

    /// Rows that one command drops at most, and how long they may be late, so that not every command has to look.
    private static final int DROPPED_AT_ONCE = 64;

    private static final long LATE_MILLIS = 60_000;

    private Requests() {}

    /// What tells two commands apart, without the holders (a retry may find its bytes on other nodes) and
    /// without how far its author has looked.
    record Hash(long hash0, long hash1) {
        static Hash of(Command command) {
            Command same = command;
            if (command instanceof Command.PutFiles put) {
                same = new Command.PutFiles(put.space(), List.of(), put.items());
            } else if (command instanceof Command.Want want) {
                same = new Command.Want(want.space(), want.pattern(), want.forMillis(), want.keep(), 0);
            }
            try {
                Reader digest = new Reader(MessageDigest.getInstance("SHA-256").digest(EntryFormat.write(same)));
                return new Hash(digest.u64(), digest.u64());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }

    /// What became of this request before; null for a new one.
    static @Nullable Outcome before(Step step, RequestId request, Hash hash) {
        Row.Request row = step.draft.get(Tables.REQUESTS, new Row.RequestKey(step.author, request));
        if (row == null || row.millis() + KEPT_MILLIS <= step.now) {
            return null;
        }
        return row.hash0() == hash.hash0() && row.hash1() == hash.hash1()
                ? row.outcome()
                : new Outcome.Refused(new Refusal(Reason.REQUEST_REUSED, request));
    }

    static void keep(Step step, RequestId request, Hash hash, Outcome outcome) {
        Row.RequestKey key = new Row.RequestKey(step.author, request);
        Row.Request old = step.draft.get(Tables.REQUESTS, key);
        if (old != null) {
            step.draft.drop(Tables.REQUEST_TIMES, new Row.RequestTimeKey(old.millis(), step.author, request));
        }
        step.draft.put(Tables.REQUESTS, key, new Row.Request(step.now, hash.hash0(), hash.hash1(), outcome));
        step.draft.put(Tables.REQUEST_TIMES, new Row.RequestTimeKey(step.now, step.author, request), Row.Here.HERE);
    }

    /// Drops some of those whose time is over.
    ///
    /// @return a time before which none is left
    static long expire(Step step) {
        long oldest = step.totals().oldestRequest();
        long end = step.now - KEPT_MILLIS;
        if (oldest > end - LATE_MILLIS) {
            return oldest;
        }
        List<Row.RequestTimeKey> due = new ArrayList<>();
        long left = end;
        try (Cursor<Row.RequestTimeKey, Row.Here> times = step.draft.scan(Tables.REQUEST_TIMES, new byte[0])) {
            // Those dropped before leave marks in the store that a walk from the start would have to pass again.
            times.seek(Tables.REQUEST_TIMES.key(new Row.RequestTimeKey(oldest, Tables.FIRST, Tables.FIRST_REQUEST)));
            while (times.next() && times.key().millis() <= end) {
                if (due.size() == DROPPED_AT_ONCE) {
                    left = times.key().millis();
                    break;
                }
                due.add(times.key());
            }
        }
        for (Row.RequestTimeKey key : due) {
            step.draft.drop(Tables.REQUEST_TIMES, key);
            step.draft.drop(Tables.REQUESTS, new Row.RequestKey(key.author(), key.request()));
        }
        return left;
    }
}
