package acervo.sync.plan;

import acervo.model.FilePath;
import acervo.sync.plan.Act.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which operation has to wait for which: a path is left before it is taken, a folder is made before what goes into
/// it and removed after what was in it, a row that keeps a folder is made before the last thing leaves it, and what a
/// rename elsewhere takes away here is fetched under its new name before, for the server may be restored in between
/// to a state that does not have it. Where files wait for each other in a ring, one steps aside for now and gets its
/// place by the next plan; or a removal does not wait.
final class Ordering {
    private final Trees trees;
    private final List<Act> acts;
    private final List<Set<Integer>> before = new ArrayList<>();
    private final List<Set<Integer>> behind = new ArrayList<>();
    private final Map<String, Integer> leavingLocal = new HashMap<>();
    private final Map<String, Integer> leavingRemote = new HashMap<>();
    private final Map<String, Integer> takingLocal = new HashMap<>();
    private final Map<String, Integer> takingRemote = new HashMap<>();
    /// Which download a removal waits for only so that the bytes are always somewhere.
    private final Map<Integer, Integer> fetchedFirst = new HashMap<>();

    private Ordering(Trees trees, List<Act> acts) {
        this.trees = trees;
        this.acts = new ArrayList<>(acts);
        this.acts.sort(Comparator.comparingInt(Act::rank)
                .thenComparing(Act::path)
                .thenComparing(act -> act.operation().getClass().getSimpleName())
                .thenComparing(act -> act.operation().toString()));
    }

    static List<Plan.Step> order(Trees trees, List<Act> acts) {
        return new Ordering(trees, acts).run();
    }

    private List<Plan.Step> run() {
        for (int i = 0; i < acts.size(); i++) {
            before.add(new HashSet<>());
            behind.add(new HashSet<>());
            Act act = acts.get(i);
            if (act.leaves() != null) {
                leaving(act.side()).put(act.leaves(), i);
            }
            if (act.takes() != null) {
                taking(act.side()).put(act.takes(), i);
            }
        }
        for (int i = 0; i < acts.size(); i++) {
            link(i, acts.get(i));
        }
        fetchFirst();
        return steps();
    }

    private void fetchFirst() {
        Map<Long, Integer> fetched = new HashMap<>();
        for (int i = 0; i < acts.size(); i++) {
            if (acts.get(i).operation() instanceof Operation.Download(RemoteNode remote, var _, var _)) {
                fetched.put(remote.id(), i);
            }
        }
        for (int i = 0; i < acts.size(); i++) {
            if (acts.get(i).operation() instanceof Operation.RemoveLocal(LocalNode local)) {
                SyncedNode base = trees.syncedWithLocal(local.id());
                Integer download = base == null ? null : fetched.get(base.remoteId());
                if (download != null && before.get(i).add(download)) {
                    behind.get(download).add(i);
                    fetchedFirst.put(i, download);
                }
            }
        }
    }

    private Map<String, Integer> leaving(Side side) {
        return side == Side.LOCAL ? leavingLocal : leavingRemote;
    }

    private Map<String, Integer> taking(Side side) {
        return side == Side.LOCAL ? takingLocal : takingRemote;
    }

    private void link(int i, Act act) {
        String to = act.takes();
        if (to != null) {
            Integer leaver = leaving(act.side()).get(to);
            if (leaver != null && leaver != i) {
                first(leaver, i);
            }
            for (String at = Paths.parent(to); !at.isEmpty(); at = Paths.parent(at)) {
                Integer maker = taking(act.side()).get(at);
                if (maker != null
                        && maker != i
                        && act.side() == Side.LOCAL
                        && acts.get(maker).folder()) {
                    first(maker, i);
                }
                Integer file = leaving(act.side()).get(at);
                if (file != null && file != i && !acts.get(file).folder()) {
                    first(file, i);
                }
            }
        }
        String from = act.leaves();
        if (from != null) {
            for (String at = Paths.parent(from); !at.isEmpty(); at = Paths.parent(at)) {
                Integer taker = taking(act.side()).get(at);
                if (taker != null && taker != i && !acts.get(taker).folder()) {
                    first(i, taker);
                } else if (taker != null && taker != i && act.side() == Side.REMOTE) {
                    first(taker, i);
                }
                Integer remover = leaving(act.side()).get(at);
                if (remover != null && acts.get(remover).folder() && act.side() == Side.LOCAL) {
                    first(i, remover);
                }
            }
        }
    }

    private void first(int one, int other) {
        before.get(other).add(one);
        behind.get(one).add(other);
    }

    private void free(int i) {
        for (int one : before.get(i)) {
            behind.get(one).remove(i);
        }
        before.get(i).clear();
    }

    private boolean isMove(int i) {
        return switch (acts.get(i).operation()) {
            case Operation.MoveLocal o -> true;
            case Operation.MoveRemote o -> true;
            default -> false;
        };
    }

    private boolean stepAside(int i) {
        Act act = acts.get(i);
        Operation aside = switch (act.operation()) {
            case Operation.MoveLocal(LocalNode node, var to, SyncedNode base, var a) ->
                new Operation.MoveLocal(node, place(Side.LOCAL, base, node.id()), base, true);
            case Operation.MoveRemote(RemoteNode node, var to, SyncedNode base, var a) ->
                new Operation.MoveRemote(node, place(Side.REMOTE, base, node.id()), base, true);
            default -> null;
        };
        if (aside == null) {
            return false;
        }
        acts.set(i, Act.of(aside, act.item()));
        free(i);
        return true;
    }

    private Optional<FilePath> freePlace(Side side, SyncedNode base, long id) {
        Tree tree = side == Side.LOCAL ? trees.local : trees.remote;
        return OtherNames.aside(base.path().text(), id)
                .filter(path -> tree.at(path) == null && !tree.hasFolder(path))
                .findFirst()
                .map(FilePath::new);
    }

    private FilePath place(Side side, SyncedNode base, long id) {
        return freePlace(side, base, id).orElseThrow();
    }

    private List<Plan.Step> steps() {
        int[] waits = new int[acts.size()];
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        Set<Integer> open = new java.util.TreeSet<>();
        for (int i = 0; i < acts.size(); i++) {
            waits[i] = before.get(i).size();
            open.add(i);
            if (waits[i] == 0) {
                ready.add(i);
            }
        }
        int[] numbers = new int[acts.size()];
        List<Plan.Step> steps = new ArrayList<>(acts.size());
        while (!open.isEmpty()) {
            Integer next = ready.poll();
            if (next == null) {
                List<Integer> ring = ring(open);
                Integer aside = ringBreaker(ring);
                if (aside == null ? !removeUnfetched(ring, waits, ready) : !stepAside(aside)) {
                    return steps; // what is left waits for the next plan
                }
                next = aside;
            }
            if (next == null) {
                continue;
            }
            open.remove(next);
            numbers[next] = steps.size();
            List<Integer> after = new ArrayList<>();
            for (int one : before.get(next)) {
                after.add(numbers[one]);
            }
            after.sort(null);
            steps.add(new Plan.Step(acts.get(next).operation(), after));
            for (int other : behind.get(next)) {
                if (--waits[other] == 0) {
                    ready.add(other);
                }
            }
        }
        return steps;
    }

    /// Operations that wait for each other; all that are open wait.
    private List<Integer> ring(Set<Integer> open) {
        List<Integer> walk = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        int at = open.iterator().next();
        while (seen.add(at)) {
            walk.add(at);
            at = before.get(at).stream()
                    .filter(open::contains)
                    .min(Integer::compare)
                    .orElseThrow();
        }
        return walk.subList(walk.indexOf(at), walk.size());
    }

    /// A renaming in a ring.
    private @Nullable Integer ringBreaker(List<Integer> ring) {
        return ring.stream()
                .filter(i -> isMove(i) && isFreeAside(i))
                .min(Integer::compare)
                .orElse(null);
    }

    /// Lets a removal in a ring wait no more for its download.
    ///
    /// @return false when there is none
    private boolean removeUnfetched(List<Integer> ring, int[] waits, PriorityQueue<Integer> ready) {
        for (int i : ring) {
            Integer download = fetchedFirst.remove(i);
            if (download != null) {
                before.get(i).remove(download);
                behind.get(download).remove(i);
                if (--waits[i] == 0) {
                    ready.add(i);
                }
                return true;
            }
        }
        return false;
    }

    private boolean isFreeAside(int i) {
        return switch (acts.get(i).operation()) {
            case Operation.MoveLocal(LocalNode node, var to, SyncedNode base, var a) ->
                freePlace(Side.LOCAL, base, node.id()).isPresent();
            case Operation.MoveRemote(RemoteNode node, var to, SyncedNode base, var a) ->
                freePlace(Side.REMOTE, base, node.id()).isPresent();
            default -> false;
        };
    }
}
