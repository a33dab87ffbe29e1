package acervo.rules;

import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.SpaceId;
import org.jspecify.annotations.Nullable;

/// Which folders the paths of a space imply. Invariant: [Tables#FOLDERS] has a row for exactly those folders below the
/// root that have
/// something in them, and none of them is a file.
final class Tree {
    private Tree() {}

    /// Whether anything stands at the path: a file, a folder made on purpose or one that is implied.
    private static boolean there(Step step, SpaceId space, FilePath path) {
        Row.PathKey key = new Row.PathKey(space, path);
        return step.draft.has(Tables.FOLDERS, key) || step.draft.has(Tables.FILES, key);
    }

    /// Counts the path in its folder, and that one in its own when it was not there. Call it *before* the path's
    /// row is
    /// written.
    static void add(Step step, SpaceId space, FilePath path) {
        FilePath at = path;
        boolean fresh = !there(step, space, at);
        while (fresh && !at.parent().isRoot()) {
            at = at.parent();
            fresh = !there(step, space, at);
            Row.PathKey key = new Row.PathKey(space, at);
            Long count = step.draft.get(Tables.FOLDERS, key);
            step.draft.put(Tables.FOLDERS, key, count == null ? 1L : count + 1);
        }
    }

    /// The opposite. Call it *after* the path's row was dropped.
    static void remove(Step step, SpaceId space, FilePath path) {
        FilePath at = path;
        while (!at.isRoot() && !there(step, space, at)) {
            FilePath folder = at.parent();
            if (folder.isRoot()) {
                return;
            }
            Row.PathKey key = new Row.PathKey(space, folder);
            Long count = step.draft.get(Tables.FOLDERS, key);
            if (count == null) {
                throw new IllegalStateException("the folder " + folder + " of space " + space + " was not counted");
            }
            if (count > 1) {
                step.draft.put(Tables.FOLDERS, key, count - 1);
                return;
            }
            step.draft.drop(Tables.FOLDERS, key);
            at = folder;
        }
    }

    /// What keeps something of this kind from standing at the path: a file above it, or a folder where a file shall
    /// be. Null for
    /// nothing. What stands at the path itself counts only for its kind.
    static @Nullable FilePath inTheWay(Step step, SpaceId space, FilePath path, Kind kind) {
        Row.PathKey key = new Row.PathKey(space, path);
        FileEntry there = step.draft.get(Tables.FILES, key);
        if (there != null && (there.content().kind() == Kind.FOLDER) != (kind == Kind.FOLDER)) {
            return path;
        }
        if (kind != Kind.FOLDER && step.draft.has(Tables.FOLDERS, key)) {
            return path;
        }
        for (FilePath at = path.parent(); !at.isRoot(); at = at.parent()) {
            Row.PathKey above = new Row.PathKey(space, at);
            if (step.draft.has(Tables.FOLDERS, above)) {
                return null; // a folder in use, and so are those above it
            }
            FileEntry entry = step.draft.get(Tables.FILES, above);
            if (entry != null) {
                return entry.content().kind() == Kind.FOLDER ? null : at;
            }
        }
        return null;
    }
}
