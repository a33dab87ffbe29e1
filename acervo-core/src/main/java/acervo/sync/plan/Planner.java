package acervo.sync.plan;

import acervo.sync.plan.Act.Side;
import acervo.sync.plan.Item.Fate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compares the three trees and says what to do. Pure: the same trees and occasion give the same plan, and nothing is
/// changed. What it costs depends on what is out of step.
///
/// In this order: which nodes belong together ([#gather], [#relink]); what becomes of each ([#decide]); which of
/// them want one path ([#match]); the operations of each file ([Merge]); folders, and what can't be done now
/// ([Draft]); brakes; order ([Ordering]).
public final class Planner {
    private final Trees trees;
    private final Occasion occasion;
    private final Mode mode;
    private final List<Item> items = new ArrayList<>();
    private final Map<Long, Item> byLocal = new HashMap<>();
    private final Map<Long, Item> byRemote = new HashMap<>();
    private final Set<String> busy = new HashSet<>();

    private Planner(Trees trees, Occasion occasion) {
        this.trees = trees;
        this.occasion = occasion;
        this.mode = occasion.mode();
        occasion.busy().forEach(path -> busy.add(path.text()));
    }

    /// What to do next. An empty list of steps while nothing is under way means that all is in step but for what is
    /// reported. The remote tree must have been read to the end of the feed, and the local one by a full scan.
    public static Plan plan(Trees trees, Occasion occasion) {
        if (trees.inStep()) {
            return Plan.NOTHING;
        }
        return new Planner(trees, occasion).run();
    }

    private Plan run() {
        gather();
        relink();
        for (Item item : items) {
            decide(item);
        }
        match();
        Draft draft = new Draft(trees, occasion, busy, items, byLocal, byRemote);
        return draft.finish();
    }

    private void gather() {
        for (long id : trees.straySynced) {
            Entry s = trees.syncedByLocal.get(id);
            if (s != null) {
                items.add(new Item(s, trees.local.get(s.local), trees.remote.get(s.remote)));
            }
        }
        for (long id : trees.strayLocal) {
            Entry l = trees.local.get(id);
            if (l != null && !l.isFolder() && trees.syncedByLocal.get(id) == null) {
                items.add(new Item(null, l, null));
            }
        }
        for (long id : trees.strayRemote) {
            Entry r = trees.remote.get(id);
            if (r != null && !r.isFolder() && trees.syncedByRemote.get(id) == null) {
                items.add(new Item(null, null, r));
            }
        }
        // What an id became a folder of is no file any more.
        for (Item item : items) {
            item.l = item.l != null && item.l.isFolder() ? null : item.l;
            item.r = item.r != null && item.r.isFolder() ? null : item.r;
        }
        items.sort(Comparator.comparing((Item item) -> item.s != null ? item.s.path : item.path())
                .thenComparing(item -> item.s == null)
                .thenComparingLong(Item::localId)
                .thenComparingLong(Item::remoteId));
        items.forEach(this::index);
    }

    private void index(Item item) {
        if (item.l != null) {
            byLocal.put(item.l.local, item);
        }
        if (item.r != null) {
            byRemote.put(item.r.remote, item);
        }
    }

    /// A file that went and one that came at the same path are one file that was changed: removed and made again,
    /// or replaced by a program that writes anew. Not when the other side has renamed it: then the renamed one goes
    /// on being what was in step, and must not be replaced by what took its old place.
    private void relink() {
        Set<Item> taken = new HashSet<>();
        for (Item item : List.copyOf(items)) {
            if (item.s == null || isStale(item)) {
                continue;
            }
            unlink(item);
            if (item.l == null && (item.r == null || !Merge.movedRemotely(item.s, item.r))) {
                Item other = localItem(item.s.path);
                if (other != null && other.s == null && other.r == null && !taken.contains(other)) {
                    item.l = other.l;
                    taken.add(other);
                }
            }
            if (item.r == null && (item.l == null || !Merge.movedLocally(item.s, item.l))) {
                Item other = remoteItem(item.s.path);
                if (other != null && other.s == null && other.l == null && !taken.contains(other)) {
                    item.r = other.r;
                    taken.add(other);
                }
            }
            index(item);
        }
        items.removeAll(taken);
    }

    /// A file that was renamed on one side, and changed on the other, where something new stands in its old place:
    /// its bytes are no base for what was changed, which may well be a change of the new one.
    private void unlink(Item item) {
        Entry s = item.s;
        Entry l = item.l;
        Entry r = item.r;
        if (s == null || l == null || r == null) {
            return;
        }
        boolean movedLocally = Merge.movedLocally(s, l);
        boolean movedRemotely = Merge.movedRemotely(s, r);
        if (movedLocally && !movedRemotely && !r.sameBytes(s) && isNew(localItem(s.path))) {
            item.l = null;
            add(new Item(null, l, null));
        } else if (movedRemotely && !movedLocally && !l.sameBytes(s) && isNew(remoteItem(s.path))) {
            item.r = null;
            add(new Item(null, null, r));
        }
    }

    private static boolean isNew(@Nullable Item item) {
        return item != null && item.s == null;
    }

    private void add(Item item) {
        items.add(item);
        index(item);
    }

    /// The item of the file on disk at a path; null for none, or one that is in step.
    private @Nullable Item localItem(String path) {
        Entry there = trees.local.fileAt(path);
        return there == null ? null : byLocal.get(there.local);
    }

    /// The item of the row at a path; null for none, or one that is in step.
    private @Nullable Item remoteItem(String path) {
        Entry there = trees.remote.fileAt(path);
        return there == null ? null : byRemote.get(there.remote);
    }

    /// Whether the feed has yet to tell what came of our own change.
    private boolean isStale(Item item) {
        Entry s = item.s;
        return s != null && (item.r == null ? s.version > trees.cursor() : item.r.version < s.version);
    }

    private boolean isBusy(@Nullable Entry entry) {
        return entry != null && busy.contains(entry.path);
    }

    private void decide(Item item) {
        Entry s = item.s;
        Entry l = item.l;
        Entry r = item.r;
        if (isBusy(s) || isBusy(l) || isBusy(r) || (isStale(item) && !isRelinked(item))) {
            item.fate = Fate.HELD;
        } else if (l != null && r != null) {
            if (s != null && l.local != s.local && r.remote != s.remote) {
                item.s = null; // both were made anew: neither is an edit of what was in step
            }
            item.fate = item.s == null ? Fate.PAIR : Fate.MERGE;
        } else if (l != null) {
            item.fate = s == null ? (mode.changesRemote() ? Fate.UPLOAD : Fate.LEFT) : lostRemotely(s, l);
        } else if (r != null) {
            item.fate = s == null ? (mode.changesLocal() ? Fate.DOWNLOAD : Fate.LEFT) : lostLocally(s, r);
        } else {
            item.fate = Fate.FORGET;
        }
    }

    /// A row that took the place of the one that was in step has versions of its own, which say nothing about
    /// staleness.
    private static boolean isRelinked(Item item) {
        return item.s != null && item.r != null && item.r.remote != item.s.remote;
    }

    /// An edit and a rename beat a removal, and so does making it anew: nothing that someone touched since goes.
    private Fate lostLocally(Entry s, Entry r) {
        boolean changed = r.remote != s.remote || !r.sameBytes(s) || Merge.movedRemotely(s, r);
        return switch (mode.direction()) {
            case BOTH -> changed ? Fate.DOWNLOAD : Fate.REMOVE_REMOTE;
            case UP -> !changed && mode.delete() ? Fate.REMOVE_REMOTE : Fate.LEFT;
            case DOWN -> Fate.DOWNLOAD;
        };
    }

    private Fate lostRemotely(Entry s, Entry l) {
        boolean changed = l.local != s.local || !l.sameBytes(s) || Merge.movedLocally(s, l);
        return switch (mode.direction()) {
            case BOTH -> changed ? Fate.UPLOAD : Fate.REMOVE_LOCAL;
            case UP -> Fate.UPLOAD;
            case DOWN -> !changed && mode.delete() ? Fate.REMOVE_LOCAL : Fate.LEFT;
        };
    }

    /// Pairs what both sides have at one path, and takes a rename onto a path where the other side has something
    /// that stays for what it amounts to: a removal and a new file. After this no two items want one path, but for
    /// pairs.
    private void match() {
        boolean again = true;
        while (again) {
            again = pair();
            for (Item item : List.copyOf(items)) {
                if (item.fate == Fate.MERGE && item.s != null && item.l != null && item.r != null) {
                    String to = Merge.target(mode, item.s, item.l, item.r);
                    again |= clash(item, Side.REMOTE, item.r.path, to) || clash(item, Side.LOCAL, item.l.path, to);
                }
            }
        }
    }

    private boolean pair() {
        List<Item> gone = new ArrayList<>();
        for (Item item : items) {
            if (item.l == null || item.r != null || item.fate == Fate.HELD || item.fate == Fate.REMOVE_LOCAL) {
                continue;
            }
            Item other = remoteItem(item.l.path);
            if (other == null || other.l != null || other.r == null || other == item) {
                continue;
            }
            if (other.fate == Fate.DOWNLOAD || other.fate == Fate.LEFT) {
                item.s = null;
                item.r = other.r;
                item.fate = Fate.PAIR;
                byRemote.put(other.r.remote, item);
                gone.add(other);
            }
        }
        items.removeAll(new HashSet<>(gone));
        return !gone.isEmpty();
    }

    /// Sees to a merged item that has to go from one path to another on a side.
    ///
    /// @return whether it was changed so that matching has to begin again
    private boolean clash(Item item, Side side, String from, String to) {
        if (item.fate != Fate.MERGE || from.equals(to)) {
            return false;
        }
        Entry there = side == Side.LOCAL ? trees.local.fileAt(to) : trees.remote.fileAt(to);
        if (there == null) {
            return false;
        }
        Item other = side == Side.LOCAL ? byLocal.get(there.local) : byRemote.get(there.remote);
        if (other == null || other.fate == Fate.HELD) {
            item.hold();
            return true;
        }
        boolean goes = switch (other.fate) {
            case REMOVE_LOCAL -> side == Side.LOCAL;
            case REMOVE_REMOTE -> side == Side.REMOTE;
            case MERGE ->
                other.s != null
                        && other.l != null
                        && other.r != null
                        && !Merge.target(mode, other.s, other.l, other.r).equals(to);
            case HELD, LEFT, FORGET, UPLOAD, DOWNLOAD, PAIR -> false;
        };
        if (other == item || goes) {
            return false;
        }
        split(item);
        return true;
    }

    private void split(Item item) {
        Entry s = item.s;
        Entry l = item.l;
        Entry r = item.r;
        if (s == null || l == null || r == null) {
            throw new IllegalStateException("only what is on both sides can be split: " + item.path());
        }
        boolean movedLocally = Merge.movedLocally(s, l);
        boolean movedRemotely = Merge.movedRemotely(s, r);
        Item other;
        if (movedLocally && !movedRemotely) {
            other = new Item(null, l, null);
            item.l = null;
        } else if (movedRemotely && !movedLocally) {
            other = new Item(null, null, r);
            item.r = null;
        } else {
            other = new Item(null, null, r);
            item.s = null;
            item.r = null;
        }
        add(other);
        decide(item);
        decide(other);
    }
}
