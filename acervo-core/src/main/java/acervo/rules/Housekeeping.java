package acervo.rules;

import acervo.model.BlobId;
import acervo.model.Command;
import acervo.model.FileEntry;
import acervo.model.Outcome;
import acervo.model.Role;
import acervo.model.SpaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/// What the server asks for by itself: letting go of what has expired, what was removed as a whole, what nothing refers
/// to.
final class Housekeeping {
    /// At most this many rows in one step, whatever was asked.
    private static final int MOST = 10_000;

    private Housekeeping() {}

    static Outcome trim(Step step, long beforeMillis, int limit) {
        List<Row.ExpiryKey> keys = new ArrayList<>();
        List<Row.Expiry> rows = new ArrayList<>();
        try (Cursor<Row.ExpiryKey, Row.Expiry> expiries = step.draft.scan(Tables.EXPIRIES, new byte[0])) {
            while (keys.size() < Math.min(limit, MOST)
                    && expiries.next()
                    && expiries.key().millis() < beforeMillis) {
                keys.add(expiries.key());
                rows.add(expiries.value());
            }
        }
        for (int i = 0; i < keys.size(); i++) {
            Row.ExpiryKey key = keys.get(i);
            if (rows.get(i).absent()) {
                dropAbsent(step, key);
            } else {
                Row.PastKey past = new Row.PastKey(key.space(), key.file(), key.version());
                Row.Past row = step.draft.get(Tables.HISTORY, past);
                if (row == null) {
                    throw new IllegalStateException("the past version " + past + " is due and not there");
                }
                History.drop(step, past, row);
            }
        }
        return new Outcome.Trimmed(keys.size());
    }

    /// Drops the row of a removal; a reader of the feed that has not come so far can't go on from where it is.
    private static void dropAbsent(Step step, Row.ExpiryKey key) {
        step.draft.drop(Tables.EXPIRIES, key);
        step.draft.drop(Tables.FEED, new Row.VersionKey(key.space(), key.version()));
        Row.Space space = step.space(key.space());
        step.space(space.startingAt(Math.max(space.feedStart(), key.version())));
    }

    static Outcome forget(Step step, Command.ForgetBlobs forget) {
        List<BlobId> forgotten = new ArrayList<>();
        for (BlobId id : forget.items()) {
            Row.Blob blob = step.draft.get(Tables.BLOBS, id);
            if (blob == null) {
                forgotten.add(id);
            } else if (blob.wants().isEmpty() && blob.orphanSince() < forget.beforeMillis()) {
                step.draft.drop(Tables.BLOBS, id);
                step.draft.drop(Tables.ORPHANS, new Row.OrphanKey(blob.orphanSince(), id));
                step.count(0, 0, 0, 0, -1, -1);
                forgotten.add(id);
            }
        }
        return new Outcome.Forgotten(forgotten);
    }

    static Outcome expire(Step step, int limit) {
        return Interests.expire(step, Math.min(limit, MOST));
    }

    static Outcome drain(Step step, int limit) {
        Drain drain = new Drain(step, Math.min(limit, MOST));
        List<Row.DrainKey> keys = new ArrayList<>();
        try (Cursor<Row.DrainKey, Row.Here> drains = step.draft.scan(Tables.DRAINS, new byte[0])) {
            while (keys.size() < drain.left && drains.next()) {
                keys.add(drains.key());
            }
        }
        for (Row.DrainKey key : keys) {
            if (drain.left <= 0) {
                break;
            }
            boolean empty = key.file() == 0 ? drain.space(key.space()) : drain.history(key);
            // A history of a space that went as a whole may be here twice; its own row goes on the next turn.
            if (empty && drain.left > 0) {
                step.draft.drop(Tables.DRAINS, key);
                step.countDrains(-1);
                drain.left--;
            }
        }
        return new Outcome.Trimmed(Math.max(0, Math.min(limit, MOST)) - Math.max(0, drain.left));
    }

    /// Drops rows until its limit is used up.
    private static final class Drain {
        private final Step step;
        private int left;

        Drain(Step step, int limit) {
            this.step = step;
            this.left = limit;
        }

        /// @return whether nothing of it is left
        boolean history(Row.DrainKey key) {
            return all(
                    Tables.HISTORY, Tables.in(key.space(), key.file()), (past, row) -> History.drop(step, past, row));
        }

        /// @return whether nothing of it is left
        boolean space(SpaceId space) {
            byte[] prefix = Tables.in(space);
            boolean empty = all(Tables.FILES, prefix, this::file)
                    && all(Tables.FOLDERS, prefix, (key, count) -> step.draft.drop(Tables.FOLDERS, key))
                    && all(Tables.HISTORY, prefix, (key, row) -> History.drop(step, key, row))
                    && all(Tables.DEPARTED, prefix, (key, file) -> step.draft.drop(Tables.DEPARTED, key))
                    && all(Tables.FEED, prefix, this::fed)
                    && all(Tables.WAITERS, prefix, this::waiter)
                    && all(Tables.MEMBERS, prefix, this::member);
            if (empty && left > 0) {
                // The space's own row goes with that of its drain, as one: apart, a limit of 1 would never get to the
                // second.
                step.draft.drop(Tables.SPACES, space);
                return true;
            }
            return false;
        }

        private void file(Row.PathKey key, FileEntry entry) {
            step.draft.drop(Tables.FILES, key);
            step.draft.drop(
                    Tables.FEED, new Row.VersionKey(key.space(), entry.version().number()));
            if (step.space(key.space()).kind() != Row.SpaceKind.ON_DISK) {
                References.remove(step, entry.content(), entry.replicas());
            }
        }

        private void fed(Row.VersionKey key, Row.Fed row) {
            step.draft.drop(Tables.FEED, key);
            if (row.absent()) {
                step.draft.drop(
                        Tables.EXPIRIES, new Row.ExpiryKey(row.atMillis(), key.space(), row.file(), key.version()));
            }
        }

        private void waiter(Row.WaiterKey key, Row.Waiter row) {
            Interests.drop(step, new Row.InterestKey(key.client(), key.number()));
        }

        private void member(Row.MemberKey key, Role role) {
            step.draft.drop(Tables.MEMBERS, key);
            step.draft.drop(Tables.MEMBERSHIPS, new Row.MembershipKey(key.client(), key.space()));
        }

        private <K, V> boolean all(Table<K, V> table, byte[] prefix, BiConsumer<K, V> drop) {
            try (Cursor<K, V> rows = step.draft.scan(table, prefix)) {
                while (left > 0 && rows.next()) {
                    drop.accept(rows.key(), rows.value());
                    left--;
                }
                return left > 0;
            }
        }
    }
}
