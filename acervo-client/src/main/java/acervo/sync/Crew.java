package acervo.sync;

import acervo.model.FilePath;
import acervo.sync.Orders.Lane;
import acervo.sync.plan.Operation;
import acervo.sync.plan.Plan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Has a plan carried out: in groups, so that many small things are made durable together; several groups at once,
/// but few large ones, so that small ones never wait behind them. A new plan takes the place of what was not begun.
/// The control thread's.
final class Crew {
    private static final long SMALL = 1 << 20;
    private static final long GROUP_BYTES = 8 << 20;

    /// Takes what became of a group, on the control thread.
    interface Taker {
        void finished(Group group, List<Result> results);

        /// A group is about to be carried out.
        void begins(Group group);

        /// Something that must not happen, or an index that can't be written.
        void failed(Throwable bug);
    }

    /// Operations of one lane that are carried out together.
    static final class Group {
        final Lane lane;
        final List<Operation> operations;
        /// What the engine noted when it began.
        long observed;

        int generation;
        private final Chart chart;
        private final List<Integer> steps;
        private final boolean large;

        private Group(Lane lane, Chart chart, List<Integer> steps, boolean large) {
            this.lane = lane;
            this.chart = chart;
            this.steps = steps;
            this.large = large;
            this.operations =
                    steps.stream().map(i -> chart.steps.get(i).operation()).toList();
        }
    }

    private enum Mark {
        OPEN,
        DONE,
        /// Failed, or waits for something that failed.
        DROPPED
    }

    /// How far one plan has come.
    private static final class Chart {
        final List<Plan.Step> steps;
        final Mark[] marks;

        Chart(List<Plan.Step> steps) {
            this.steps = steps;
            this.marks = new Mark[steps.size()];
            java.util.Arrays.fill(marks, Mark.OPEN);
        }
    }

    private final Hands hands;
    private final Workers workers;
    private final Retries retries;
    private final Taker taker;
    private final Map<Lane, Deque<Integer>> small = new EnumMap<>(Lane.class);
    private final Map<Lane, Deque<Integer>> large = new EnumMap<>(Lane.class);
    private final Set<Group> underWay = new LinkedHashSet<>();
    private Chart chart = new Chart(List.of());

    Crew(Hands hands, Workers workers, Retries retries, Taker taker) {
        this.hands = hands;
        this.workers = workers;
        this.retries = retries;
        this.taker = taker;
        for (Lane lane : Lane.values()) {
            small.put(lane, new ArrayDeque<>());
            large.put(lane, new ArrayDeque<>());
        }
    }

    /// What is under way reads or changes these.
    Set<FilePath> busy() {
        Set<FilePath> busy = new HashSet<>();
        for (Group group : underWay) {
            for (Operation operation : group.operations) {
                busy.addAll(Orders.paths(operation));
            }
        }
        return busy;
    }

    /// Takes a plan in place of what was not begun of the one before.
    ///
    /// @return the operations that are only to be noted
    List<Operation> take(Plan plan) {
        drop();
        chart = new Chart(plan.steps());
        List<Operation> notes = new ArrayList<>();
        for (int i = 0; i < plan.steps().size(); i++) {
            Operation operation = plan.steps().get(i).operation();
            Lane lane = Orders.lane(operation);
            if (lane == Lane.NOTE) {
                chart.marks[i] = Mark.DONE;
                notes.add(operation);
            } else if (retries.holds(operation)) {
                chart.marks[i] = Mark.DROPPED;
            } else {
                queue(lane, Orders.bytes(operation) > SMALL).add(i);
            }
        }
        return notes;
    }

    /// Forgets what was not begun.
    void drop() {
        small.values().forEach(Deque::clear);
        large.values().forEach(Deque::clear);
    }

    boolean isIdle() {
        return underWay.isEmpty() && !hasOpen();
    }

    boolean hasUnderWay() {
        return !underWay.isEmpty();
    }

    boolean hasOpen() {
        return Stream.concat(small.values().stream(), large.values().stream()).anyMatch(queue -> !queue.isEmpty());
    }

    /// Under way first.
    List<Operation> operations() {
        List<Operation> all = new ArrayList<>();
        underWay.forEach(group -> all.addAll(group.operations));
        Stream.concat(small.values().stream(), large.values().stream())
                .flatMap(Deque::stream)
                .sorted()
                .forEach(i -> all.add(chart.steps.get(i).operation()));
        return all;
    }

    /// Begins as much as may be under way at once.
    void dispatch() {
        boolean begun = true;
        while (begun) {
            begun = false;
            for (Lane lane : Lane.values()) {
                begun |= begin(lane, false);
                begun |= begin(lane, true);
            }
        }
        if (underWay.isEmpty()) {
            drop(); // all that is left waits for something that failed
        }
    }

    private static int most(Lane lane, boolean large) {
        return lane.isOrdered() ? 1 : large ? 2 : 3;
    }

    private static int groupSize(Lane lane) {
        return switch (lane) {
            case NOTE -> 0;
            case FETCH -> 128;
            case LOCAL, DEPOSIT, REMOVE -> 512;
            case MOVE -> 1_000;
        };
    }

    private Deque<Integer> queue(Lane lane, boolean isLarge) {
        return (isLarge ? large : small).computeIfAbsent(lane, _ -> new ArrayDeque<>());
    }

    private boolean begin(Lane lane, boolean isLarge) {
        if (queue(lane, isLarge).isEmpty()
                || underWay.stream()
                                .filter(g -> g.lane == lane && g.large == isLarge)
                                .count()
                        >= most(lane, isLarge)) {
            return false;
        }
        List<Integer> steps = collect(lane, isLarge);
        if (steps.isEmpty()) {
            return false;
        }
        Group group = new Group(lane, chart, steps, isLarge);
        underWay.add(group);
        taker.begins(group);
        workers.work(() -> {
            try {
                List<Result> results = hands.carryOut(lane, group.operations);
                workers.control(() -> finished(group, results));
            } catch (RuntimeException | Error e) {
                workers.control(() -> {
                    underWay.remove(group);
                    taker.failed(e);
                });
            }
        });
        return true;
    }

    /// The next ones of a lane that wait for nothing but what is done, or comes before them in the same call.
    private List<Integer> collect(Lane lane, boolean isLarge) {
        List<Integer> steps = new ArrayList<>();
        Set<Integer> together = new HashSet<>();
        long bytes = 0;
        int size = isLarge ? 1 : groupSize(lane);
        for (Iterator<Integer> i = queue(lane, isLarge).iterator();
                i.hasNext() && steps.size() < size && bytes < GROUP_BYTES; ) {
            int step = i.next();
            Operation operation = chart.steps.get(step).operation();
            boolean ready = true;
            for (int before : chart.steps.get(step).after()) {
                if (chart.marks[before] == Mark.DROPPED) {
                    chart.marks[step] = Mark.DROPPED;
                }
                ready &= chart.marks[before] == Mark.DONE || lane.isOrdered() && together.contains(before);
            }
            if (chart.marks[step] == Mark.DROPPED) {
                i.remove();
            } else if (ready) {
                i.remove();
                steps.add(step);
                together.add(step);
                bytes += Orders.bytes(operation);
            }
        }
        return steps;
    }

    private void finished(Group group, List<Result> results) {
        underWay.remove(group);
        for (int i = 0; i < results.size(); i++) {
            boolean done = switch (results.get(i)) {
                case Result.OnDisk _, Result.InSpace _, Result.GoneFromSpace _ -> true;
                case Result.DiskChanged _,
                        Result.SpaceChanged _,
                        Result.Impossible _,
                        Result.SpaceLost _,
                        Result.RootLost _ -> false;
            };
            group.chart.marks[group.steps.get(i)] = done ? Mark.DONE : Mark.DROPPED;
        }
        taker.finished(group, results);
    }
}
