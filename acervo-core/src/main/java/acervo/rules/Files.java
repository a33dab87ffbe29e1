package acervo.rules;

import acervo.model.BlobId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.Content;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.NodeId;
import acervo.model.Outcome;
import acervo.model.Outcome.Result;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Deposits, removals, renames, replica counts. Items of a list are decided one after the other, each on what the
/// earlier ones left;
/// every check of an item comes before its first change.
final class Files {
    private Files() {}

    static Outcome put(Step step, Command.PutFiles put) {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (NodeId holder : put.holders()) {
            int number = Spaces.number(step, holder);
            if (number == 0) {
                return Spaces.refuse(Reason.ARGUMENT_INVALID, "no node is called " + holder);
            }
            numbers.add(number);
        }
        List<Integer> holders = List.copyOf(numbers);
        return each(step, put.space(), put.items(), (space, item) -> put(step, space, item, holders));
    }

    private static Result put(Step step, SpaceId space, Command.Put item, List<Integer> holders) {
        FilePath path = item.path();
        Content content = item.content();
        FileEntry there = step.draft.get(Tables.FILES, new Row.PathKey(space, path));
        Refusal refusal = check(path, there, item.condition());
        if (refusal == null) {
            refusal = checkContent(step, content, holders);
        }
        if (refusal == null) {
            refusal = checkReplicas(step, item.replicas());
        }
        if (refusal == null) {
            refusal = checkWay(step, space, path, content.kind());
        }
        if (refusal != null) {
            return new Result.No(path, refusal);
        }
        int replicas = item.replicas() > 0 ? item.replicas() : there == null ? 1 : there.replicas();
        if (there != null && there.content().equals(content) && there.replicas() == replicas) {
            References.hold(step, content, holders);
            return new Result.Now(there, false);
        }
        Version version = step.nextVersion(space);
        long id = there == null ? step.nextFile(space) : there.id();
        FileEntry entry = new FileEntry(path, id, version, content, replicas, step.now, step.author);
        References.add(step, content, replicas, holders);
        if (there == null) {
            Tree.add(step, space, path);
        } else if (sameBytes(there.content(), content)) {
            References.remove(step, there.content(), there.replicas());
        } else {
            History.end(step, space, there, version, false);
        }
        write(step, space, there, entry);
        count(step, space, there, entry);
        if (there == null || !sameBytes(there.content(), content)) {
            Interests.arrived(step, space, entry);
        }
        return new Result.Now(entry, true);
    }

    /// Two versions with the same bytes differ in what a person would not go back for: only one of them is kept.
    private static boolean sameBytes(Content a, Content b) {
        return a.kind() == b.kind() && a.blob().equals(b.blob());
    }

    static Outcome remove(Step step, Command.RemoveFiles remove) {
        int[] budget = {History.AT_ONCE};
        return each(
                step,
                remove.space(),
                remove.items(),
                (space, item) -> remove(step, space, item, remove.forever(), budget));
    }

    private static Result remove(Step step, SpaceId space, Command.Remove item, boolean forever, int[] budget) {
        FilePath path = item.path();
        FileEntry there = step.draft.get(Tables.FILES, new Row.PathKey(space, path));
        Refusal refusal = check(path, there, item.condition());
        if (refusal != null) {
            return new Result.No(path, refusal);
        }
        if (there == null) {
            Version departed = forever ? History.forgetDeparted(step, space, path, budget) : null;
            return departed == null
                    ? new Result.No(path, new Refusal(Reason.NO_SUCH_FILE, path))
                    : new Result.Gone(path, departed);
        }
        Version version = take(step, space, there, forever);
        if (forever) {
            History.forget(step, space, there.id(), budget);
            History.forgetDeparted(step, space, path, budget);
        }
        return new Result.Gone(path, version);
    }

    /// Takes a file away; the answer is the version of the removal.
    private static Version take(Step step, SpaceId space, FileEntry there, boolean forever) {
        Version version = step.nextVersion(space);
        step.draft.drop(Tables.FILES, new Row.PathKey(space, there.path()));
        Tree.remove(step, space, there.path());
        step.draft.drop(Tables.FEED, new Row.VersionKey(space, there.version().number()));
        step.draft.put(
                Tables.FEED,
                new Row.VersionKey(space, version.number()),
                new Row.Fed(there.id(), there.path(), true, step.now, step.author));
        step.draft.put(
                Tables.EXPIRIES,
                new Row.ExpiryKey(step.now, space, there.id(), version.number()),
                new Row.Expiry(true));
        if (forever) {
            References.remove(step, there.content(), there.replicas());
        } else {
            History.end(step, space, there, version, true);
        }
        count(step, space, there, null);
        return version;
    }

    static Outcome move(Step step, Command.MoveFiles move) {
        return each(step, move.space(), move.items(), (space, item) -> move(step, space, item));
    }

    private static Result move(Step step, SpaceId space, Command.Move item) {
        FilePath from = item.from();
        FilePath to = item.to();
        FileEntry moved = step.draft.get(Tables.FILES, new Row.PathKey(space, from));
        Refusal refusal = check(from, moved, item.condition());
        if (refusal != null) {
            return new Result.No(from, refusal);
        }
        if (moved == null) {
            return new Result.No(from, new Refusal(Reason.NO_SUCH_FILE, from));
        }
        if (from.equals(to)) {
            return new Result.Now(moved, false);
        }
        FileEntry replaced = step.draft.get(Tables.FILES, new Row.PathKey(space, to));
        refusal = check(to, replaced, Condition.ANY);
        if (refusal == null && replaced != null && !item.replace()) {
            refusal = new Refusal(Reason.FILE_EXISTS, to);
        }
        if (refusal == null) {
            refusal = lift(step, space, moved, to);
        }
        if (refusal != null) {
            return new Result.No(from, refusal);
        }
        if (replaced != null) {
            take(step, space, replaced, false);
        }
        FileEntry entry = new FileEntry(
                to, moved.id(), step.nextVersion(space), moved.content(), moved.replicas(), step.now, step.author);
        Tree.add(step, space, to);
        write(step, space, moved, entry);
        Interests.arrived(step, space, entry);
        return new Result.Now(entry, true);
    }

    /// Takes the file out of the tree, so that it can't be in its own way; puts it back when something else is.
    private static @Nullable Refusal lift(Step step, SpaceId space, FileEntry moved, FilePath to) {
        Row.PathKey key = new Row.PathKey(space, moved.path());
        step.draft.drop(Tables.FILES, key);
        Tree.remove(step, space, moved.path());
        Refusal refusal = checkWay(step, space, to, moved.content().kind());
        if (refusal != null) {
            Tree.add(step, space, moved.path());
            step.draft.put(Tables.FILES, key, moved);
        }
        return refusal;
    }

    static Outcome replicas(Step step, Command.SetReplicas set) {
        if (set.replicas() < 1) {
            return Spaces.refuse(Reason.ARGUMENT_INVALID, "a file has at least one copy, not " + set.replicas());
        }
        Refusal refusal = checkReplicas(step, set.replicas());
        if (refusal != null) {
            return new Outcome.Refused(refusal);
        }
        return each(step, set.space(), set.items(), (space, path) -> {
            FileEntry there = step.draft.get(Tables.FILES, new Row.PathKey(space, path));
            if (there == null) {
                return new Result.No(path, new Refusal(Reason.NO_SUCH_FILE, path));
            }
            if (there.replicas() == set.replicas()) {
                return new Result.Now(there, false);
            }
            References.change(step, there.content(), there.replicas(), set.replicas());
            FileEntry entry = new FileEntry(
                    path,
                    there.id(),
                    step.nextVersion(space),
                    there.content(),
                    set.replicas(),
                    there.storedMillis(),
                    there.author());
            write(step, space, there, entry);
            return new Result.Now(entry, true);
        });
    }

    /// Decides item by item in a space in which the author may write.
    private static <T> Outcome each(Step step, SpaceName name, List<T> items, BiFunction<SpaceId, T, Result> decide) {
        Access access = Access.of(step.draft, step.author, name);
        if (access == null) {
            return Spaces.refuse(Reason.NO_SUCH_SPACE, name);
        }
        if (!access.role().mayWrite()) {
            return Spaces.refuse(Reason.FORBIDDEN, name, "write");
        }
        List<Result> results = new ArrayList<>(items.size());
        for (T item : items) {
            results.add(decide.apply(access.space().id(), item));
        }
        return new Outcome.Files(results);
    }

    /// Writes the file's row and its row in the feed. `before` is its last version, maybe at another path.
    private static void write(Step step, SpaceId space, @Nullable FileEntry before, FileEntry entry) {
        if (before != null) {
            step.draft.drop(
                    Tables.FEED, new Row.VersionKey(space, before.version().number()));
        }
        step.draft.put(Tables.FILES, new Row.PathKey(space, entry.path()), entry);
        step.draft.put(
                Tables.FEED,
                new Row.VersionKey(space, entry.version().number()),
                new Row.Fed(entry.id(), entry.path(), false, step.now, step.author));
    }

    private static void count(Step step, SpaceId space, @Nullable FileEntry before, @Nullable FileEntry after) {
        step.countFiles(space, files(after) - files(before), bytes(after) - bytes(before));
    }

    private static long files(@Nullable FileEntry entry) {
        return entry != null && entry.content().kind() != Kind.FOLDER ? 1 : 0;
    }

    private static long bytes(@Nullable FileEntry entry) {
        return entry == null ? 0 : entry.content().size();
    }

    private static @Nullable Refusal check(FilePath path, @Nullable FileEntry there, Condition condition) {
        if (path.isRoot()) {
            return new Refusal(Reason.PATH_INVALID, "/", "it is the space itself");
        }
        return switch (condition) {
            case Condition.Any() -> null;
            case Condition.Absent() -> there == null ? null : new Refusal(Reason.FILE_EXISTS, path);
            case Condition.Present() -> there != null ? null : new Refusal(Reason.NO_SUCH_FILE, path);
            case Condition.At(Version version) ->
                there == null
                        ? new Refusal(Reason.NO_SUCH_FILE, path)
                        : there.version().equals(version)
                                ? null
                                : new Refusal(Reason.VERSION_CHANGED, path, there.version());
        };
    }

    private static @Nullable Refusal checkContent(Step step, Content content, List<Integer> holders) {
        if (content.kind() == Kind.FOLDER) {
            return content.size() == 0 && content.blob().equals(BlobId.EMPTY)
                    ? null
                    : new Refusal(Reason.ARGUMENT_INVALID, "a folder has no bytes of its own");
        }
        if (holders.isEmpty()) {
            return new Refusal(Reason.ARGUMENT_INVALID, "no node holds the bytes");
        }
        Row.Blob known = step.draft.get(Tables.BLOBS, content.blob());
        return known == null || known.size() == content.size()
                ? null
                : new Refusal(Reason.LENGTH_MISMATCH, content.size(), known.size());
    }

    private static @Nullable Refusal checkReplicas(Step step, int replicas) {
        if (replicas < 0) {
            return new Refusal(Reason.ARGUMENT_INVALID, "a file has at least one copy, not " + replicas);
        }
        int nodes = step.totals().nodes();
        return replicas > nodes ? new Refusal(Reason.NOT_ENOUGH_NODES, replicas, nodes) : null;
    }

    private static @Nullable Refusal checkWay(Step step, SpaceId space, FilePath path, Kind kind) {
        FilePath way = Tree.inTheWay(step, space, path, kind);
        return way == null ? null : new Refusal(Reason.PATH_IN_THE_WAY, path, way);
    }
}
