package acervo.sync;

import acervo.model.FilePath;
import acervo.model.Kind;
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

    /// Folders that were made in the space, by path with their version, while the feed has yet to tell of them.
    /// Files have
    /// their versions in the synced tree; folders have none there.
    private final Map<FilePath, Long> awaited = new HashMap<>();

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
        if (ledger.page(page) || !awaited.isEmpty()) {
            dirty = true;
        }
        for (RemoteSpace.FeedRow row : page.rows()) {
            RemoteNode now = row.present();
            Operation sent = now == null ? null : unsure.remove(now.path().text());
            if (now != null && sent != null) {
                settle(sent, now);
            }
        }
        boolean last = page.rows().isEmpty() || ledger.trees().cursor() >= page.latest();
        if (last) {
            unsure.clear();
        }
        ledger.commit(false);
        return last;
    }

    /// A row turns out to be our own deposit, whose answer was lost: both sides had it, whatever came since.
    private void settle(Operation sent, RemoteNode now) {
        switch (sent) {
            case Operation.Upload upload
            when isOurs(now, upload.local(), upload.replaces()) -> ledger.synced(upload.synced(now));
            case Operation.SetRemoteMetadata set
            when isOurs(now, set.local(), set.remote()) -> ledger.synced(set.synced(now));
            default -> {}
        }
    }

    private static boolean isOurs(RemoteNode now, LocalNode sent, @Nullable RemoteNode replaced) {
        return now.content().equals(sent.content())
                && now.path().equals(sent.path())
                && (replaced == null || now.id() == replaced.id());
    }

    @Override
    public void merged() {
        awaited.clear();
        unsure.clear();
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
            noted |= noteBefore(operation);
        }
        if (noted) {
            ledger.commit(true);
        }
    }

    /// Notes what must be durable before an operation is begun, so that what it does is never taken, after a crash,
    /// for
    /// something that a person did.
    ///
    /// @return whether the index must be forced
    private boolean noteBefore(Operation operation) {
        Trees trees = ledger.trees();
        return switch (operation) {
            case Operation.KeepBothLocal(LocalNode local, var _, boolean forget) ->
                forget && forget(trees.syncedWithLocal(local.id()));
            case Operation.KeepBothRemote(RemoteNode remote, var _, boolean forget) ->
                forget && forget(trees.syncedWithRemote(remote.id()));
            case Operation.Upload(LocalNode local, RemoteNode replaces) -> replaces != null && rebind(local, replaces);
            // One half of a rename that can't be done as one: the other half may be taken back meanwhile.
            case Operation.RemoveLocal(LocalNode local) -> {
                SyncedNode base = trees.syncedWithLocal(local.id());
                yield base != null && trees.remote(base.remoteId()) != null && forget(base);
            }
            // That it was seen to be gone must be remembered first, at any rate: else, if it came back before a crash,
            // it
            // would pass for what was in step all along, and for removed by somebody else.
            case Operation.RemoveRemote(RemoteNode remote) -> {
                SyncedNode base = trees.syncedWithRemote(remote.id());
                if (base != null && trees.local(base.localId()) != null) {
                    forget(base);
                }
                yield true;
            }
            default -> false;
        };
    }

    private boolean forget(@Nullable SyncedNode base) {
        if (base != null) {
            ledger.unsynced(base);
        }
        return base != null;
    }

    /// What was in step with a row was made anew on disk, which is about to replace the row. That must be
    /// remembered
    /// first: else, after a crash, the old one would still pass for what the row is compared with, wherever it is
    /// now.
    ///
    /// @return whether it was noted
    private boolean rebind(LocalNode local, RemoteNode replaces) {
        SyncedNode base = ledger.trees().syncedWithRemote(replaces.id());
        if (base == null || base.localId() == local.id()) {
            return false;
        }
        ledger.synced(new SyncedNode(local.id(), replaces.id(), local.path(), base.version(), base.content()));
        return true;
    }

    @Override
    public void finished(Crew.Group group, List<Result> results) {
        List<FilePath> again = new ArrayList<>();
        boolean read = false;
        for (int i = 0; i < results.size(); i++) {
            Operation operation = group.operations.get(i);
            switch (results.get(i)) {
                case Result.OnDisk(LocalNode now) -> {
                    onDisk(group, operation, now);
                    done(operation);
                }
                case Result.InSpace(RemoteNode now) -> {
                    if (group.generation == ledger.generation() && isCredible(now)) {
                        inSpace(operation, now);
                    }
                    done(operation);
                    read = true;
                }
                case Result.GoneFromSpace(var by) -> {
                    if (group.generation == ledger.generation()
                            && operation instanceof Operation.RemoveRemote(RemoteNode row)) {
                        ledger.removedRemote(row, by);
                        removed(0, row.id(), row.path(), row.content().kind());
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

    /// Forgets what was agreed on about something that is gone.
    private void removed(long localId, long remoteId, FilePath path, Kind kind) {
        if (kind == Kind.FOLDER) {
            ledger.unsyncedFolder(path);
        } else {
            ledger.unsynced(localId, remoteId);
        }
    }

    /// Notes a change of the disk as its operation says.
    private void onDisk(Crew.Group group, Operation operation, @Nullable LocalNode now) {
        if (now != null && observedAt.getOrDefault(now.id(), 0L) <= group.observed) {
            ledger.trees().put(now);
        }
        boolean agreed = group.generation == ledger.generation();
        switch (operation) {
            case Operation.MakeLocalFolder(FilePath path) -> {
                if (agreed) {
                    ledger.synced(folder(path));
                }
            }
            case Operation.RemoveLocal(LocalNode node) -> {
                ledger.trees().removeLocal(node.id());
                removed(node.id(), 0, node.path(), node.content().kind());
            }
            case Operation.MoveLocal(var _, FilePath to, SyncedNode base, boolean aside) -> {
                if (agreed && !aside) {
                    ledger.synced(at(base, to, base.version()));
                }
            }
            case Operation.SetLocalMetadata(var _, var _, SyncedNode both) -> {
                if (agreed) {
                    ledger.synced(both);
                }
            }
            case Operation.Download(RemoteNode remote, var _, var _) -> {
                if (agreed && now != null) {
                    ledger.synced(new SyncedNode(
                            now.id(),
                            remote.id(),
                            remote.path(),
                            remote.version().number(),
                            remote.content()));
                }
            }
            default -> {}
        }
    }

    /// Whether a row that an answer tells of can belong to the space as it is known. One with a version that the
    /// feed has passed, and has not told of, comes from a server that was restored meanwhile; noted as agreed on,
    /// it would look as if somebody had removed it since. (Or somebody was fast, and has. Not to note it is always
    /// safe.)
    private boolean isCredible(RemoteNode now) {
        return now.version().number() > ledger.trees().cursor()
                || now.equals(ledger.trees().remote(now.id()));
    }

    /// Notes a change of the space as its operation says. The remote tree waits for the feed.
    private void inSpace(Operation operation, RemoteNode now) {
        switch (operation) {
            case Operation.Upload upload -> ledger.synced(upload.synced(now));
            case Operation.SetRemoteMetadata set -> ledger.synced(set.synced(now));
            case Operation.MakeRemoteFolder(FilePath path) -> {
                ledger.synced(folder(path));
                awaited.put(path, now.version().number());
            }
            case Operation.MoveRemote(var _, FilePath to, SyncedNode base, boolean aside) ->
                ledger.synced(at(base, aside ? base.path() : to, now.version().number()));
            default -> {}
        }
    }

    private static SyncedNode folder(FilePath path) {
        return new SyncedNode(0, 0, path, 0, Hands.FOLDER);
    }

    private static SyncedNode at(SyncedNode base, FilePath path, long version) {
        return new SyncedNode(base.localId(), base.remoteId(), path, version, base.content());
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
        awaited.values().removeIf(version -> version <= ledger.trees().cursor());
        busy.addAll(awaited.keySet());
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
        FeedReader.Trouble trouble = feed.trouble();
        if (broken != null) {
            return broken;
        } else if (rootLost != null) {
            return rootLost;
        } else if (trouble != null) {
            return trouble.what();
        }
        return plan == null
                ? ""
                : plan.brake()
                        .map(brake -> brake.removals() + " of " + brake.of()
                                + (brake.local()
                                        ? " would be removed from the folder"
                                        : " would be removed from the space"))
                        .orElse("");
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
