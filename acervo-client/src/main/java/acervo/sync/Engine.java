package acervo.sync;

import acervo.model.FilePath;
import acervo.sync.plan.Brakes;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.Occasion;
import acervo.sync.plan.Operation;
import acervo.sync.plan.Plan;
import acervo.sync.plan.Planner;
import acervo.sync.plan.RemoteNode;
import acervo.sync.plan.SyncedNode;
import acervo.sync.plan.Trees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps a folder and a space in step: takes observations and pages of the feed in, plans, has plans carried out,
/// and notes what came of it. Everything here runs on the control thread, but for the sink's methods, which pass
/// on.
///
/// An answer to one of our own changes of the disk may come later than an observation of what somebody did right
/// after it. The disk lets no change happen that contradicts what it has observed before: so whatever was observed
/// of a file while a change of it was under way is newer than the answer.
final class Engine implements LocalSink, FeedReader.Taker, Crew.Taker {
    /// The pause before something that changes all the time is tried again, in milliseconds.
    private static final long SOON = 200;

    private static final long LATER = 2_000;
    /// A new plan takes the place of one that is being carried out at the earliest after this.
    private static final long REPLAN = 100;
    /// Planning may take up to a twentieth of the time.
    private static final long SHARE = 20;

    private final LocalDisk disk;
    private final Workers workers;
    private final Settings settings;
    private final SyncListener listener;
    private final Ledger ledger;
    private final Notes notes;
    private final FeedReader feed;
    private final Crew crew;
    private final Retries retries;
    private final Removals removals;
    private final Map<String, List<LocalTrouble>> troubles = new TreeMap<>();
    private final List<Consumer<Status>> resting = new ArrayList<>();
    private final Tally tally = new Tally();
    /// By local id, when it was observed last, while something is under way.
    private final Map<Long, Long> observedAt = new HashMap<>();
    /// Deposits of which it is not known what became, by path.
    private final Map<String, Operation> unsure = new HashMap<>();

    private long observations;
    private boolean scanned;
    private @Nullable String rootLost;
    private @Nullable String broken;
    private @Nullable Throwable failure;
    private @Nullable Plan plan;
    private @Nullable Runnable quiet;
    private boolean dirty = true;
    private boolean turning;
    private boolean stopped;
    private long plannedAt;
    private long planCost;
    private Status.Phase told = Status.Phase.STARTING;
    private String toldDetail = "";

    Engine(LocalDisk disk, RemoteSpace space, Index index, Workers workers, Settings settings, SyncListener listener) {
        this.disk = disk;
        this.workers = workers;
        this.settings = settings;
        this.listener = listener;
        this.ledger = new Ledger(index);
        this.notes = new Notes(ledger);
        this.feed = new FeedReader(space, workers, ledger, this);
        this.retries = new Retries(workers, this::look);
        this.crew = new Crew(new Hands(disk, space), workers, retries, this);
        this.removals = new Removals(settings.brakes(), workers, this::look);
    }

    // What a person asks for.

    void start() {
        try {
            ledger.load();
        } catch (RuntimeException e) {
            failed(e);
            return;
        }
        workers.work(() -> {
            try {
                disk.start(this);
            } catch (RuntimeException | Error e) {
                workers.control(() -> failed(e));
            }
        });
        feed.read();
    }

    /// Lets what is under way come to its end, and begins nothing more.
    void stop(Runnable then) {
        stopped = true;
        feed.stop();
        quiet = then;
        turn();
    }

    /// Calls `rest` once, when nothing is left to do that can be done, or the engine can't go on by itself.
    void whenAtRest(Consumer<Status> rest) {
        resting.add(rest);
        soon();
    }

    void confirm() {
        Plan held = plan;
        if (held != null && held.brake().isPresent()) {
            removals.agree(held.brake().get().removals());
            look();
        }
    }

    void putBack() {
        Plan held = plan;
        if (held == null || held.brake().isEmpty()) {
            return;
        }
        Map<FilePath, SyncedNode> synced = new HashMap<>();
        ledger.trees().synceds().forEach(node -> synced.put(node.path(), node));
        for (Plan.Step step : Planner.plan(ledger.trees(), occasion(Brakes.OFF)).steps()) {
            SyncedNode base = switch (step.operation()) {
                case Operation.RemoveLocal(LocalNode node) -> synced.get(node.path());
                case Operation.RemoveRemote(RemoteNode node) -> synced.get(node.path());
                default -> null;
            };
            if (base != null) {
                ledger.unsynced(base);
            }
        }
        ledger.commit(false);
        look();
    }

    void retry() {
        retries.releaseAll();
        feed.read();
        look();
    }

    // What the disk sees.

    @Override
    public void observed(List<Long> gone, List<LocalNode> present) {
        workers.control(() -> {
            long now = ++observations;
            Trees trees = ledger.trees();
            for (long id : gone) {
                trees.removeLocal(id);
                observedAt.put(id, now);
            }
            for (LocalNode node : present) {
                trees.put(node);
                observedAt.put(node.id(), now);
            }
            look();
        });
    }

    @Override
    public void scanned() {
        workers.control(() -> {
            scanned = true;
            rootLost = null;
            look();
        });
    }

    @Override
    public void troubles(FilePath folder, List<LocalTrouble> now) {
        workers.control(() -> {
            if (now.isEmpty()) {
                troubles.remove(folder.text());
            } else {
                troubles.put(folder.text(), List.copyOf(now));
            }
        });
    }

    @Override
    public void rootLost(String why) {
        workers.control(() -> loseRoot(why));
    }

    private void loseRoot(String why) {
        scanned = false;
        rootLost = why;
        crew.drop();
        soon();
    }

    // What the space tells.

    @Override
    public boolean took(RemoteSpace.FeedPage page) {
        if (ledger.page(page) || notes.isAwaiting()) {
            dirty = true;
        }
        for (RemoteSpace.FeedRow row : page.rows()) {
            RemoteNode now = row.present();
            Operation sent = now == null ? null : unsure.remove(now.path().text());
            if (now != null && sent != null) {
                notes.settle(sent, now);
            }
        }
        boolean last = page.rows().isEmpty() || ledger.trees().cursor() >= page.latest();
        if (last) {
            unsure.clear();
        }
        ledger.commit(false);
        return last;
    }

    @Override
    public void merged() {
        notes.merged();
        unsure.clear();
        // Even if the space turns out to be empty, and no row comes.
        dirty = true;
    }

    @Override
    public void rereads() {
        dirty = true;
    }

    @Override
    public void feedTurned() {
        soon();
    }

    // What is being done.

    @Override
    public void begins(Crew.Group group) {
        group.observed = observations;
        group.generation = ledger.generation();
        boolean noted = false;
        for (Operation operation : group.operations) {
            noted |= notes.before(operation);
        }
        if (noted) {
            ledger.commit(true);
        }
    }

    @Override
    public void finished(Crew.Group group, List<Result> results) {
        List<FilePath> again = new ArrayList<>();
        boolean read = false;
        for (int i = 0; i < results.size(); i++) {
            Operation operation = group.operations.get(i);
            switch (results.get(i)) {
                case Result.OnDisk(LocalNode now) -> {
                    if (now != null && observedAt.getOrDefault(now.id(), 0L) <= group.observed) {
                        ledger.trees().put(now);
                    }
                    notes.onDisk(operation, now, group.generation == ledger.generation());
                    done(operation);
                }
                case Result.InSpace(RemoteNode now) -> {
                    if (group.generation == ledger.generation()) {
                        notes.inSpace(operation, now);
                    }
                    done(operation);
                    read = true;
                }
                case Result.GoneFromSpace(var by) -> {
                    if (group.generation == ledger.generation()
                            && operation instanceof Operation.RemoveRemote(RemoteNode row)) {
                        notes.gone(row, by);
                    }
                    done(operation);
                    read = true;
                }
                case Result.DiskChanged() -> {
                    again.add(Orders.path(operation));
                    failed(operation, Status.Why.CHANGING, "", SOON);
                }
                case Result.SpaceChanged(String what) -> {
                    failed(operation, Status.Why.CHANGING, what, SOON);
                    read = true;
                }
                case Result.Impossible(Status.Why why, String what) -> failed(operation, why, what, LATER);
                case Result.SpaceLost(FeedReader.Trouble trouble) -> {
                    unsure.put(Orders.path(operation).text(), operation);
                    feed.met(trouble);
                }
                case Result.RootLost(String why) -> {
                    if (rootLost == null) {
                        loseRoot(why);
                        again.add(FilePath.ROOT);
                    }
                }
            }
        }
        ledger.commit(false);
        if (!again.isEmpty()) {
            disk.look(again);
        }
        if (read) {
            feed.read();
        }
        if (!crew.hasUnderWay()) {
            observedAt.clear();
        }
        look();
    }

    private void done(Operation operation) {
        retries.done(operation);
        removals.done(operation);
        tally.done(operation);
        listener.done(operation);
    }

    private void failed(Operation operation, Status.Why why, String what, long pause) {
        Retries.Held held = retries.failed(operation, why, what, pause);
        listener.failed(
                operation,
                new Status.Open(FilePath.printable(Orders.path(operation).text()), why, what, held.millis));
    }

    @Override
    public void failed(Throwable bug) {
        broken = bug instanceof java.io.UncheckedIOException ? String.valueOf(bug.getMessage()) : bug.toString();
        failure = bug;
        crew.drop();
        soon();
    }

    /// What broke the engine.
    @Nullable
    Throwable failure() {
        return failure;
    }

    /// How far the feed was read.
    long cursor() {
        return ledger.trees().cursor();
    }

    // Planning.

    /// Something has changed: a plan may be needed.
    private void look() {
        dirty = true;
        soon();
    }

    private void soon() {
        if (!turning) {
            turning = true;
            workers.control(this::turn);
        }
    }

    private boolean isReady() {
        return !stopped && broken == null && rootLost == null && scanned && feed.isComplete();
    }

    private void turn() {
        turning = false;
        if (isReady()) {
            try {
                if (dirty && wantsPlan()) {
                    plan();
                }
                if (!settings.dryRun()) {
                    crew.dispatch();
                }
            } catch (RuntimeException e) {
                failed(e);
            }
        } else {
            crew.drop();
        }
        tell();
        if (stopped && !crew.hasUnderWay() && !feed.isReading() && quiet != null) {
            Runnable then = quiet;
            quiet = null;
            then.run();
        }
    }

    private boolean wantsPlan() {
        if (!crew.hasOpen()) {
            return true;
        }
        long since = workers.millis() - plannedAt;
        return since < 0 || since >= Math.max(REPLAN, SHARE * planCost);
    }

    private void plan() {
        dirty = false;
        plannedAt = workers.millis();
        Plan now = Planner.plan(ledger.trees(), occasion(removals.brakes()));
        planCost = Math.max(0, workers.millis() - plannedAt);
        plan = now;
        List<Operation> wanted = new ArrayList<>();
        now.steps().forEach(step -> wanted.add(step.operation()));
        if (now.isEmpty() && !crew.hasUnderWay()) {
            removals.settled(now.brake().isPresent());
        }
        if (settings.dryRun()) {
            return;
        }
        wanted.addAll(crew.operations());
        retries.keepOnly(wanted);
        for (Operation note : crew.take(now)) {
            note(note);
            dirty = true;
        }
        ledger.commit(false);
    }

    private void note(Operation operation) {
        switch (operation) {
            case Operation.AdoptSame(SyncedNode agreed) -> ledger.synced(agreed);
            case Operation.Forget(SyncedNode synced) -> ledger.unsynced(synced);
            default -> throw new IllegalStateException("not only to be noted: " + operation);
        }
    }

    private Occasion occasion(Brakes brakes) {
        Set<FilePath> busy = crew.busy();
        busy.addAll(notes.awaited());
        return new Occasion(settings.mode(), settings.names(), brakes, settings.who(), workers.millis(), busy);
    }

    // What a person is told.

    private void tell() {
        Status.Phase now = phase();
        String detail = detail();
        if (now != told || !detail.equals(toldDetail)) {
            told = now;
            toldDetail = detail;
            listener.phase(now, detail);
        }
        if (!resting.isEmpty() && isAtRest(now)) {
            Status status = status();
            List<Consumer<Status>> all = List.copyOf(resting);
            resting.clear();
            all.forEach(one -> one.accept(status));
        }
    }

    private boolean isAtRest(Status.Phase now) {
        if (crew.hasUnderWay() || feed.isReading()) {
            return false;
        }
        return switch (now) {
            case STARTING -> false;
            case WORKING -> settings.dryRun() && !dirty;
            case IN_STEP -> retries.all().values().stream().noneMatch(Retries.Held::isPassing);
            case BRAKED, ROOT_LOST, OFFLINE, REFUSED, BROKEN, CLOSED -> true;
        };
    }

    private Status.Phase phase() {
        if (stopped) {
            return Status.Phase.CLOSED;
        } else if (broken != null) {
            return Status.Phase.BROKEN;
        } else if (rootLost != null) {
            return Status.Phase.ROOT_LOST;
        }
        FeedReader.Trouble trouble = feed.trouble();
        if (trouble != null) {
            return trouble.refused() ? Status.Phase.REFUSED : Status.Phase.OFFLINE;
        } else if (!scanned || plan == null) {
            return Status.Phase.STARTING;
        } else if (plan.brake().isPresent()) {
            return Status.Phase.BRAKED;
        }
        boolean planned = settings.dryRun() && !plan.isEmpty();
        return dirty || planned || !crew.isIdle() || !feed.isComplete() ? Status.Phase.WORKING : Status.Phase.IN_STEP;
    }

    private String detail() {
        String wrong = broken != null ? broken : rootLost;
        FeedReader.Trouble trouble = feed.trouble();
        if (wrong != null) {
            return wrong;
        } else if (trouble != null) {
            return trouble.what();
        }
        Plan.Brake brake = plan == null ? null : plan.brake().orElse(null);
        return brake == null
                ? ""
                : brake.removals() + " of " + brake.of() + " would be removed from the "
                        + (brake.local() ? "folder" : "space");
    }

    Status status() {
        List<Operation> next = new ArrayList<>();
        Plan now = plan;
        if (settings.dryRun() && now != null) {
            now.steps().forEach(step -> next.add(step.operation()));
        } else {
            next.addAll(crew.operations());
        }
        return new Snapshot(ledger.trees(), now, next, retries.all(), troubles)
                .status(phase(), detail(), brake(), tally.since());
    }

    private @Nullable List<Operation> brake() {
        return plan == null || plan.brake().isEmpty()
                ? null
                : Planner.plan(ledger.trees(), occasion(Brakes.OFF)).steps().stream()
                        .map(Plan.Step::operation)
                        .toList();
    }
}
