package acervo.sync.plan;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.sync.plan.Act.Side;
import acervo.sync.plan.Item.Fate;
import acervo.sync.plan.Report.Trouble;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// From each file's operations to a plan: what becomes of folders, and which operations can't be done now because
/// something that stays is in their way. An operation that is dropped leaves its file where it is, which may be in
/// the way of others: so this goes round until nothing more is dropped.
final class Draft {
    private final Trees trees;
    private final Occasion occasion;
    private final Mode mode;
    private final Set<String> busy;
    private final List<Item> items;
    private final Map<Long, Item> byLocal;
    private final Map<Long, Item> byRemote;
    private final OtherNames otherNames;
    private final List<Report> reports = new ArrayList<>();
    private final Set<String> droppedFolders = new HashSet<>();

    // Made anew in each round.
    private List<Act> acts = new ArrayList<>();
    private final Ways local = new Ways();
    private final Ways remote = new Ways();

    /// What leaves and comes on one side.
    private static final class Ways {
        final Map<String, Act> leaving = new HashMap<>();
        final Map<String, Act> taking = new HashMap<>();
        final Map<String, Integer> more = new HashMap<>();
        /// Folders that will not be there.
        final Set<String> vanishing = new HashSet<>();
        /// Folders with something in them that is left alone for a moment: not those of which a person was
        /// told.
        final Set<String> stuck = new HashSet<>();

        void clear() {
            leaving.clear();
            taking.clear();
            more.clear();
            vanishing.clear();
            stuck.clear();
        }

        void count(String path, int by) {
            more.merge(Paths.parent(path), by, Integer::sum);
        }
    }

    Draft(
            Trees trees,
            Occasion occasion,
            Set<String> busy,
            List<Item> items,
            Map<Long, Item> byLocal,
            Map<Long, Item> byRemote) {
        this.trees = trees;
        this.occasion = occasion;
        this.mode = occasion.mode();
        this.busy = busy;
        this.items = items;
        this.byLocal = byLocal;
        this.byRemote = byRemote;
        this.otherNames = new OtherNames(trees, occasion.who(), occasion.millis());
    }

    Plan finish() {
        Merge merge = new Merge(mode, otherNames, reports);
        items.forEach(merge::act);
        do {
            collect();
            folders();
        } while (check());
        reports.sort(Comparator.comparing(Report::path).thenComparing(Report::trouble));
        Optional<Plan.Brake> brake = brake();
        return new Plan(brake.isPresent() ? List.of() : Ordering.order(trees, acts), reports, brake);
    }

    private Ways ways(Side side) {
        return side == Side.LOCAL ? local : remote;
    }

    private Tree tree(Side side) {
        return side == Side.LOCAL ? trees.local : trees.remote;
    }

    private void collect() {
        acts = new ArrayList<>();
        local.clear();
        remote.clear();
        for (Item item : items) {
            item.acts.forEach(this::add);
            if (item.acts.isEmpty() && !item.reported) {
                stick(item.l, local);
                stick(item.r, remote);
            }
        }
        busy.forEach(path -> {
            stick(path, local);
            stick(path, remote);
        });
    }

    private void add(Act act) {
        acts.add(act);
        Ways ways = ways(act.side());
        if (act.leaves() != null) {
            ways.leaving.put(act.leaves(), act);
            ways.count(act.leaves(), -1);
        }
        if (act.takes() != null) {
            ways.taking.put(act.takes(), act);
            ways.count(act.takes(), 1);
        }
    }

    private static void stick(@Nullable Entry entry, Ways ways) {
        if (entry != null) {
            stick(entry.path, ways);
        }
    }

    private static void stick(String path, Ways ways) {
        for (String at = Paths.parent(path); !at.isEmpty() && ways.stuck.add(at); at = Paths.parent(at)) {}
    }

    // Folders, the deepest first, so that a folder knows what becomes of those in it.

    private void folders() {
        TreeSet<String> open = new TreeSet<>(
                Comparator.comparingInt(Paths::depth).reversed().thenComparing(Comparator.naturalOrder()));
        open.addAll(trees.strayFolders);
        for (Act act : acts) {
            if (act.leaves() != null) {
                open.add(Paths.parent(act.leaves()));
            }
        }
        for (String path = open.pollFirst(); path != null; path = open.pollFirst()) {
            if (!path.isEmpty() && !busy.contains(path) && !droppedFolders.contains(path) && folder(path)) {
                open.add(Paths.parent(path));
            }
        }
    }

    /// @return whether it goes on some side
    private boolean folder(String path) {
        boolean l = trees.local.hasFolder(path);
        boolean r = trees.remote.hasFolder(path);
        Entry synced = trees.syncedFolders.get(path);
        if (l && r) {
            return bothHave(path, synced);
        } else if (l) {
            return localHas(path, synced != null);
        } else if (r) {
            return remoteHas(path, synced != null);
        } else if (synced != null) {
            add(Act.of(new Operation.Forget(synced.syncedNode()), null));
        }
        return false;
    }

    private boolean bothHave(String path, @Nullable Entry synced) {
        if (synced == null) {
            Content content = new Content(Kind.FOLDER, BlobId.EMPTY, 0, 0, false);
            add(Act.of(new Operation.AdoptSame(new SyncedNode(0, 0, new FilePath(path), 0, content)), null));
        }
        if (row(path) == null && left(Side.REMOTE, path) <= 0 && mode.changesRemote()) {
            // Nothing in it will imply it any more, and on disk it stays.
            add(Act.of(new Operation.MakeRemoteFolder(new FilePath(path)), null));
            remote.count(path, -1); // it was counted already, as implied
        }
        return false;
    }

    private boolean localHas(String path, boolean was) {
        if (!was || mode.direction() == Mode.Direction.UP) {
            if (mode.changesRemote()) {
                add(Act.of(new Operation.MakeRemoteFolder(new FilePath(path)), null));
            }
            return false;
        }
        Entry entry = trees.local.at(path);
        if (left(Side.LOCAL, path) <= 0 && mode.delete() && entry != null && entry.isFolder()) {
            add(Act.of(new Operation.RemoveLocal(entry.localNode()), null));
            local.vanishing.add(path);
            return true;
        }
        if (mode.changesRemote() && left(Side.LOCAL, path) > 0) {
            add(Act.of(new Operation.MakeRemoteFolder(new FilePath(path)), null));
        }
        return false;
    }

    private boolean remoteHas(String path, boolean was) {
        Entry row = row(path);
        int left = left(Side.REMOTE, path);
        if (left <= 0 && row == null) {
            remote.vanishing.add(path);
            remote.count(path, -1);
            return true;
        }
        if (!was || mode.direction() == Mode.Direction.DOWN) {
            if (mode.changesLocal()) {
                add(Act.of(new Operation.MakeLocalFolder(new FilePath(path)), null));
            }
            return false;
        }
        if (left <= 0 && row != null && mode.delete()) {
            add(Act.of(new Operation.RemoveRemote(row.remoteNode()), null));
            remote.vanishing.add(path);
            return true;
        }
        if (mode.changesLocal()) {
            add(Act.of(new Operation.MakeLocalFolder(new FilePath(path)), null));
        }
        return false;
    }

    private @Nullable Entry row(String path) {
        Entry entry = trees.remote.at(path);
        return entry != null && entry.isFolder() ? entry : null;
    }

    /// How many things will be right below a folder.
    private int left(Side side, String path) {
        return tree(side).children(path) + ways(side).more.getOrDefault(path, 0);
    }

    // What can't be done now.

    /// @return whether something was dropped or replaced, so that the rest has to be looked at again
    private boolean check() {
        Set<Act> unheld = unheld();
        boolean changed = false;
        for (Act act : List.copyOf(acts)) {
            Item item = act.item();
            if (item != null && !item.acts.contains(act)) {
                changed = true; // dropped together with another of its acts
            } else if (unheld.contains(act)) {
                drop(act, true);
                changed = true;
            } else if (item != null && !act.folder() && collides(act)) {
                changed = true;
            } else if (act.folder() && collidesWithFile(act)) {
                changed = true;
            } else {
                Item blocker = new Item(null, null, null);
                if (!admissible(act, blocker)) {
                    if (blocker.reported && act.takes() != null) {
                        reports.add(new Report(Trouble.IN_THE_WAY, new FilePath(act.takes())));
                    }
                    drop(act, blocker.reported);
                    changed = true;
                }
            }
        }
        return changed;
    }

    private void drop(Act act, boolean reported) {
        Item item = act.item();
        if (item != null) {
            item.hold();
            item.reported |= reported;
        } else if (act.takes() != null) {
            droppedFolders.add(act.takes());
        } else if (act.leaves() != null) {
            droppedFolders.add(act.leaves());
        }
    }

    /// A file is to go where a folder stays: the file gets another name on the side that it comes from.
    private boolean collides(Act act) {
        String to = act.takes();
        Item item = act.item();
        if (to == null || item == null || !tree(act.side()).hasFolder(to)) {
            return false;
        }
        Ways ways = ways(act.side());
        if (ways.vanishing.contains(to)) {
            return false;
        }
        if (ways.stuck.contains(to) || busy.contains(to) || droppedFolders.contains(to)) {
            item.hold();
            return true;
        }
        item.acts.clear();
        Operation away = act.side() == Side.LOCAL ? renameRemote(item) : renameLocal(item);
        if (away != null) {
            item.acts.add(Act.of(away, item));
        } else {
            item.hold();
            item.reported = true;
            reports.add(new Report(Trouble.IN_THE_WAY, new FilePath(to)));
        }
        return true;
    }

    private @Nullable Operation renameRemote(Item item) {
        Entry r = item.r;
        return r == null || !mode.changesRemote()
                ? null
                : new Operation.KeepBothRemote(r.remoteNode(), new FilePath(otherNames.conflict(r)), false);
    }

    private @Nullable Operation renameLocal(Item item) {
        Entry l = item.l;
        return l == null || !mode.changesLocal()
                ? null
                : new Operation.KeepBothLocal(l.localNode(), new FilePath(otherNames.conflict(l)), false);
    }

    /// A folder is to go where a file stays that is in no one's plan: one way, or a name that can't be held.
    private boolean collidesWithFile(Act act) {
        String to = act.takes();
        Entry there = to == null ? null : tree(act.side()).fileAt(to);
        if (there == null || to == null || ways(act.side()).leaving.containsKey(to)) {
            return false;
        }
        Item item = item(act.side(), there);
        if (item == null || item.fate != Fate.LEFT) {
            return false;
        }
        reports.add(new Report(Trouble.IN_THE_WAY, new FilePath(to)));
        drop(act, true);
        return true;
    }

    private @Nullable Item item(Side side, Entry there) {
        return side == Side.LOCAL ? byLocal.get(there.local) : byRemote.get(there.remote);
    }

    private boolean admissible(Act act, Item blocker) {
        if (act.leaves() != null && busy.contains(act.leaves())) {
            return false;
        }
        String to = act.takes();
        if (to == null) {
            return true;
        }
        if (busy.contains(to) || !isFree(act.side(), to, blocker)) {
            return false;
        }
        for (String at = Paths.parent(to); !at.isEmpty(); at = Paths.parent(at)) {
            if (!isFree(act.side(), at, blocker)) {
                return false;
            }
        }
        String parent = Paths.parent(to);
        return act.side() == Side.REMOTE
                || (trees.local.hasFolder(parent) && !local.vanishing.contains(parent))
                || makesFolder(parent);
    }

    private boolean makesFolder(String path) {
        Act act = local.taking.get(path);
        return act != null && act.folder();
    }

    /// Whether no file is there, or it leaves.
    private boolean isFree(Side side, String path, Item blocker) {
        Entry there = tree(side).fileAt(path);
        if (there == null || ways(side).leaving.containsKey(path)) {
            return true;
        }
        Item item = item(side, there);
        blocker.reported |= item != null && item.reported;
        return false;
    }

    /// What would take a name on disk that the disk can't hold, or takes for another's.
    private Set<Act> unheld() {
        Names names = occasion.names();
        Set<Act> unheld = new HashSet<>();
        Map<String, String> claimed = names.exact() ? Map.of() : claimed(names);
        List<Act> comers = new ArrayList<>();
        for (Act act : acts) {
            if (act.side() == Side.LOCAL && act.takes() != null) {
                comers.add(act);
            }
        }
        comers.sort(Comparator.comparing(Act::path));
        for (Act act : comers) {
            String path = act.path();
            Trouble trouble = trouble(names, claimed, path);
            if (trouble != null) {
                unheld.add(act);
                reports.add(new Report(trouble, new FilePath(path)));
            } else if (!names.exact()) {
                for (String at = path; !at.isEmpty(); at = Paths.parent(at)) {
                    claimed.put(names.key(at), at);
                }
            }
        }
        return unheld;
    }

    private static @Nullable Trouble trouble(Names names, Map<String, String> claimed, String path) {
        for (String at = path; !at.isEmpty(); at = Paths.parent(at)) {
            if (!names.holds(Paths.name(at))) {
                return Trouble.NAME_RESERVED;
            }
            if (!names.exact() && !claimed.getOrDefault(names.key(at), at).equals(at)) {
                return Trouble.NAME_TAKEN;
            }
        }
        return null;
    }

    /// The names on disk that stay. A walk over all of them, on disks that need it.
    private Map<String, String> claimed(Names names) {
        Map<String, String> claimed = new HashMap<>();
        trees.local.forEach(entry -> {
            if (!local.leaving.containsKey(entry.path)) {
                for (String at = entry.path; !at.isEmpty(); at = Paths.parent(at)) {
                    claimed.put(names.key(at), at);
                }
            }
        });
        return claimed;
    }

    // Brakes.

    private Optional<Plan.Brake> brake() {
        int of = trees.syncedFiles();
        for (Side side : Side.values()) {
            int removals = removals(side);
            if (occasion.brakes().hold(removals, of)) {
                return Optional.of(new Plan.Brake(removals, of, side == Side.LOCAL));
            }
        }
        return Optional.empty();
    }

    private int removals(Side side) {
        Map<BlobId, Integer> put = new HashMap<>();
        List<BlobId> removed = new ArrayList<>();
        for (Act act : acts) {
            if (act.side() == side && act.item() != null) {
                switch (act.operation()) {
                    case Operation.RemoveLocal(LocalNode node) ->
                        removed.add(node.content().blob());
                    case Operation.RemoveRemote(RemoteNode node) ->
                        removed.add(node.content().blob());
                    case Operation.Upload(LocalNode node, RemoteNode replaces)
                    when replaces == null -> put.merge(node.content().blob(), 1, Integer::sum);
                    case Operation.Download(RemoteNode node, LocalNode replaces, Content content)
                    when replaces == null -> put.merge(content.blob(), 1, Integer::sum);
                    default -> {}
                }
            }
        }
        int count = 0;
        for (BlobId blob : removed) {
            count += put.merge(blob, -1, Integer::sum) >= 0 ? 0 : 1;
        }
        return count;
    }
}
