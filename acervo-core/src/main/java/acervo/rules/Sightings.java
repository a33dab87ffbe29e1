package acervo.rules;

import acervo.model.BlobId;
import acervo.model.Command;
import acervo.model.Command.Sighting;
import acervo.model.Content;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Outcome;
import acervo.model.Reason;
import acervo.model.Role;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import acervo.model.Version;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Folders of the server's machine that are shared as spaces: what was seen in them is kept as files without bytes of
/// their own, with a feed like any other space's.
///
/// Invariants. What was seen is written in the same step that compares it with what was known and looks for whoever
/// waits for it, and [Interests#want] looks at the same rows: so a file is either in the answer to a wish or told by a
/// notice, whatever the order, and to tell the same sighting again finds it known and tells nobody. The rows outlive
/// the server: what appeared while it was down differs from them when it is seen, what was there before does not.
/// Nothing here refers to a blob, so that no blob is kept or lost for it. The server is the only member of such a
/// space,
/// as its owner while it is shared and as a reader while it is not.
final class Sightings {
    private Sightings() {}

    static Outcome share(Step step, Command.ShareFolders share) {
        for (SpaceName name : share.spaces()) {
            if (name.equals(SpaceName.HOME) || name.equals(SpaceName.PUBLIC)) {
                return Spaces.refuse(Reason.SPACE_NAME_RESERVED, name);
            }
            SpaceId taken = step.draft.get(Tables.NAMES, name);
            if (taken != null && step.space(taken).kind() != Row.SpaceKind.ON_DISK) {
                return Spaces.refuse(Reason.SPACE_EXISTS, name);
            }
        }
        for (SpaceId id : known(step)) {
            Row.Space space = step.space(id);
            if (!space.removed() && space.isUnshared() == share.spaces().contains(space.name())) {
                show(step, space, space.isUnshared());
            }
        }
        for (SpaceName name : share.spaces()) {
            if (!step.draft.has(Tables.NAMES, name)) {
                SpaceId id = step.nextSpace();
                Row.Space space = Row.Space.fresh(id, Row.SpaceKind.ON_DISK, name, Stamp.SERVER, step.now);
                step.draft.put(Tables.NAMES, name, id);
                step.count(0, 1, 0, 0, 0, 0);
                show(step, space, true);
            }
        }
        return Outcome.DONE;
    }

    private static List<SpaceId> known(Step step) {
        List<SpaceId> known = new ArrayList<>();
        try (Cursor<Row.MembershipKey, Role> mine = step.draft.scan(Tables.MEMBERSHIPS, Tables.of(Stamp.SERVER))) {
            while (mine.next()) {
                known.add(mine.key().space());
            }
        }
        return known;
    }

    private static void show(Step step, Row.Space space, boolean shared) {
        step.space(space.withOwners(shared ? 1 : 0));
        Spaces.member(step, space.id(), Stamp.SERVER, shared ? Role.OWNER : Role.READER);
    }

    static Outcome sight(Step step, Command.Sight sight) {
        SpaceId id = step.draft.get(Tables.NAMES, sight.space());
        Row.Space space = id == null ? null : step.space(id);
        if (space == null || space.kind() != Row.SpaceKind.ON_DISK || space.isUnshared()) {
            return Spaces.refuse(Reason.NO_SUCH_SPACE, sight.space());
        }
        int known = 0;
        for (Sighting item : sight.items()) {
            FileEntry before = step.draft.get(Tables.FILES, new Row.PathKey(space.id(), item.path()));
            boolean taken = switch (item) {
                case Sighting.Gone _ -> gone(step, space.id(), before);
                case Sighting.There there -> there(step, space.id(), before, there);
            };
            known += taken ? 1 : 0;
        }
        return new Outcome.Trimmed(known);
    }

    private static boolean there(Step step, SpaceId space, @Nullable FileEntry before, Sighting.There there) {
        FilePath path = there.path();
        Content content =
                new Content(Kind.FILE, BlobId.NOT_HASHED, there.size(), there.modifiedMillis(), there.executable());
        if (before != null && isKnown(before, there, content)) {
            return true;
        }
        if (path.isRoot() || Tree.inTheWay(step, space, path, Kind.FILE) != null) {
            return false;
        }
        FileEntry entry = new FileEntry(
                path, there.id(), step.nextVersion(space), content, 1, there.changedMillis(), Stamp.SERVER);
        if (before == null) {
            Tree.add(step, space, path);
        } else {
            step.draft.drop(
                    Tables.FEED, new Row.VersionKey(space, before.version().number()));
        }
        step.draft.put(Tables.FILES, new Row.PathKey(space, path), entry);
        fed(step, space, entry, entry.version(), false);
        step.countFiles(space, before == null ? 1 : 0, size(entry) - size(before));
        if (before == null || mayHaveOtherBytes(before, entry)) {
            Interests.arrived(step, space, entry);
        }
        return true;
    }

    private static boolean isKnown(FileEntry before, Sighting.There there, Content content) {
        return before.id() == there.id()
                && before.content().equals(content)
                && before.storedMillis() == there.changedMillis();
    }

    /// Other rights, or another link to it, also change a file's time of change.
    private static boolean mayHaveOtherBytes(FileEntry before, FileEntry entry) {
        return before.id() != entry.id()
                || before.content().size() != entry.content().size()
                || before.content().modifiedMillis() != entry.content().modifiedMillis();
    }

    private static boolean gone(Step step, SpaceId space, @Nullable FileEntry there) {
        if (there == null) {
            return true;
        }
        Version version = step.nextVersion(space);
        step.draft.drop(Tables.FILES, new Row.PathKey(space, there.path()));
        Tree.remove(step, space, there.path());
        step.draft.drop(Tables.FEED, new Row.VersionKey(space, there.version().number()));
        fed(step, space, there, version, true);
        step.draft.put(
                Tables.EXPIRIES,
                new Row.ExpiryKey(step.now, space, there.id(), version.number()),
                new Row.Expiry(true));
        step.countFiles(space, -1, -size(there));
        return true;
    }

    private static void fed(Step step, SpaceId space, FileEntry entry, Version version, boolean absent) {
        step.draft.put(
                Tables.FEED,
                new Row.VersionKey(space, version.number()),
                new Row.Fed(entry.id(), entry.path(), absent, step.now, Stamp.SERVER));
    }

    private static long size(@Nullable FileEntry entry) {
        return entry == null ? 0 : entry.content().size();
    }
}
