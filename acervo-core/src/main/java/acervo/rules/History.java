package acervo.rules;

import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.SpaceId;
import acervo.model.Version;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Versions that were replaced or removed. Each still refers to its blob.
final class History {
    /// Rows that a command may let go of by itself; more than that are left to [Housekeeping#drain].
    static final int AT_ONCE = 4_000;

    private History() {}

    /// Turns the current version into a past one; its reference stays. Folders have no content worth keeping.
    static void end(Step step, SpaceId space, FileEntry ended, Version by, boolean removed) {
        if (!References.has(ended.content())) {
            return;
        }
        long version = ended.version().number();
        step.draft.put(
                Tables.HISTORY,
                new Row.PastKey(space, ended.id(), version),
                new Row.Past(ended, step.now, by.number(), removed));
        step.draft.put(Tables.EXPIRIES, new Row.ExpiryKey(step.now, space, ended.id(), version), new Row.Expiry(false));
        if (removed) {
            step.draft.put(Tables.DEPARTED, new Row.DepartedKey(space, ended.path(), by.number()), ended.id());
        }
    }

    /// Lets go of one past version and all that points to it.
    static void drop(Step step, Row.PastKey key, Row.Past past) {
        step.draft.drop(Tables.HISTORY, key);
        step.draft.drop(Tables.EXPIRIES, new Row.ExpiryKey(past.endedMillis(), key.space(), key.file(), key.version()));
        if (past.removed()) {
            step.draft.drop(
                    Tables.DEPARTED,
                    new Row.DepartedKey(key.space(), past.entry().path(), past.endedVersion()));
        }
        References.remove(step, past.entry().content(), past.entry().replicas());
    }

    /// Lets go of a file's whole history, now as far as the budget goes and the rest in steps.
    static void forget(Step step, SpaceId space, long file, int[] budget) {
        List<Row.PastKey> keys = new ArrayList<>();
        List<Row.Past> rows = new ArrayList<>();
        boolean more = false;
        try (Cursor<Row.PastKey, Row.Past> past = step.draft.scan(Tables.HISTORY, Tables.in(space, file))) {
            while (past.next()) {
                if (keys.size() == budget[0]) {
                    more = true;
                    break;
                }
                keys.add(past.key());
                rows.add(past.value());
            }
        }
        for (int i = 0; i < keys.size(); i++) {
            drop(step, keys.get(i), rows.get(i));
        }
        budget[0] -= keys.size();
        Row.DrainKey rest = new Row.DrainKey(space, file);
        if (more && !step.draft.has(Tables.DRAINS, rest)) {
            step.draft.put(Tables.DRAINS, rest, Row.Here.HERE);
            step.countDrains(1);
        }
    }

    /// Lets go of the history of all files that were removed at this path.
    ///
    /// @return the version of the latest of those removals, or null when there were none
    static @Nullable Version forgetDeparted(Step step, SpaceId space, FilePath path, int[] budget) {
        List<Row.DepartedKey> keys = new ArrayList<>();
        List<Long> files = new ArrayList<>();
        try (Cursor<Row.DepartedKey, Long> departed =
                step.draft.scan(Tables.DEPARTED, Tables.departedFrom(space, path))) {
            while (keys.size() <= AT_ONCE && departed.next()) {
                keys.add(departed.key());
                files.add(departed.value());
            }
        }
        for (int i = 0; i < keys.size(); i++) {
            // A file's history hides at once, also when its rows go later.
            step.draft.drop(Tables.DEPARTED, keys.get(i));
            forget(step, space, files.get(i), budget);
        }
        return keys.isEmpty() ? null : new Version(keys.getLast().version());
    }
}
