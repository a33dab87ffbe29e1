package acervo.sync;

import acervo.model.FilePath;
import acervo.sync.LocalSink.LocalTrouble;
import acervo.sync.plan.Operation;
import acervo.sync.plan.Plan;
import acervo.sync.plan.Report;
import acervo.sync.plan.Trees;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes a status of what the engine has in hand.
final class Snapshot {
    private static final int SOME = 10;

    private final Trees trees;
    private final @Nullable Plan plan;
    private final List<Operation> next;
    private final Map<Operation, Retries.Held> held;
    private final Map<String, List<LocalTrouble>> troubles;

    Snapshot(
            Trees trees,
            @Nullable Plan plan,
            List<Operation> next,
            Map<Operation, Retries.Held> held,
            Map<String, List<LocalTrouble>> troubles) {
        this.trees = trees;
        this.plan = plan;
        this.next = next;
        this.held = held;
        this.troubles = troubles;
    }

    /// @param braked what would be done if the brake were off; null when it is
    Status status(Status.Phase phase, String detail, @Nullable List<Operation> braked, Status.Since since) {
        Trees.Summary summary = trees.summary(Status.LISTED);
        List<Status.Open> open = open();
        return new Status(
                phase,
                detail,
                summary.files(),
                summary.bytes(),
                braked == null || plan == null ? Optional.empty() : plan.brake().map(brake -> brake(brake, braked)),
                next.stream().limit(Status.LISTED).toList(),
                todo(),
                open.stream().limit(Status.LISTED).toList(),
                open.size(),
                summary.conflicts(),
                summary.conflictCount(),
                since);
    }

    private static Status.Brake brake(Plan.Brake brake, List<Operation> braked) {
        List<FilePath> some = braked.stream()
                .filter(one ->
                        brake.local() ? one instanceof Operation.RemoveLocal : one instanceof Operation.RemoveRemote)
                .map(Orders::path)
                .sorted()
                .limit(SOME)
                .toList();
        return new Status.Brake(brake.removals(), brake.of(), brake.local(), some);
    }

    private Status.Todo todo() {
        int uploads = 0;
        int downloads = 0;
        int renames = 0;
        int removals = 0;
        int others = 0;
        long up = 0;
        long down = 0;
        for (Operation operation : next) {
            switch (operation) {
                case Operation.Upload _ -> {
                    uploads++;
                    up += Orders.bytes(operation);
                }
                case Operation.Download _ -> {
                    downloads++;
                    down += Orders.bytes(operation);
                }
                case Operation.MoveLocal _, Operation.MoveRemote _ -> renames++;
                case Operation.RemoveLocal _, Operation.RemoveRemote _ -> removals++;
                default -> others++;
            }
        }
        return new Status.Todo(uploads, up, downloads, down, renames, removals, others);
    }

    private List<Status.Open> open() {
        List<Status.Open> open = new ArrayList<>();
        if (plan != null) {
            for (Report report : plan.reports()) {
                Status.Why why = switch (report.trouble()) {
                    case NAME_RESERVED -> Status.Why.NAME_RESERVED;
                    case NAME_TAKEN -> Status.Why.NAME_TAKEN;
                    case IN_THE_WAY -> Status.Why.IN_THE_WAY;
                    case ONE_WAY -> Status.Why.ONE_WAY;
                };
                open.add(new Status.Open(FilePath.printable(report.path().text()), why, "", 0));
            }
        }
        held.forEach((operation, why) -> open.add(
                new Status.Open(FilePath.printable(Orders.path(operation).text()), why.why, why.detail, why.millis)));
        troubles.values()
                .forEach(folder -> folder.forEach(
                        trouble -> open.add(new Status.Open(trouble.name(), Status.Why.LOCAL, trouble.what(), 0))));
        open.sort(Comparator.comparing(Status.Open::path).thenComparing(Status.Open::why));
        return open;
    }
}
