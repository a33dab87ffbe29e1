package acervo.sync;

import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.sync.Simulation.Sort;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.Mode;
import acervo.sync.plan.RemoteNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A machine with a folder, a person and an engine, which dies and comes back.
final class SimClient {
    /// Something on disk.
    record Thing(long inode, Content content) {
        boolean isFolder() {
            return content.kind() == Kind.FOLDER;
        }
    }

    final Simulation sim;
    final String name;
    final Settings settings;
    final TreeMap<String, Thing> disk = new TreeMap<>();
    final SimIndex index = new SimIndex();
    boolean mounted = true;
    boolean online = true;
    /// Whether the person answers when a brake holds.
    boolean deciding = true;
    /// So many answers get lost after the request was carried out.
    int answersLost;
    int failures;
    /// Happens when a change of the disk is done, and before its answer is told.
    Runnable afterChange = () -> {};
    private long inodes;
    private @Nullable Life life;

    SimClient(Simulation sim, String name, Settings settings) {
        this.sim = sim;
        this.name = name;
        this.settings = settings;
        sim.server.onChange(() -> {
            if (life != null) {
                life.hint();
            }
        });
    }

    @Nullable
    Life life() {
        return life;
    }

    void boot() {
        if (life == null) {
            sim.trace(name + " starts");
            Life now = new Life();
            life = now;
            now.workers.control(now.engine::start);
        }
    }

    /// Power fails.
    void crash() {
        if (life != null) {
            crash(sim.random.nextInt(index.unforced() + 1));
        }
    }

    /// Power fails, and of what the index did not force only the oldest `kept` entries are there.
    void crash(int kept) {
        Life old = life;
        if (old != null) {
            sim.trace(name + " loses power");
            old.dead = true;
            sim.forget(old);
            life = null;
            index.crash(kept);
        }
    }

    long nextInode() {
        return ++inodes;
    }

    /// Someone touched these paths; the watch may tell.
    void touched(Collection<String> paths) {
        Life now = life;
        if (now != null && !sim.happens(12)) {
            now.watch(paths);
        }
    }

    boolean sendsAndFetches() {
        return settings.mode().direction() == Mode.Direction.BOTH;
    }

    /// The mode lets changes go the other way only, or no removals.
    private void keepsToMode(Mode.Direction against, boolean removes) {
        Mode mode = settings.mode();
        if (mode.direction() == against || removes && !mode.delete()) {
            throw new AssertionError(name + " does what it may not do: " + mode);
        }
    }

    boolean hasBelow(String path) {
        String next = disk.higherKey(path + "/");
        return next != null && next.startsWith(path + "/");
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    boolean isFolder(String path) {
        Thing there = disk.get(path);
        return path.isEmpty() || there != null && there.isFolder();
    }

    /// One incarnation.
    final class Life {
        final Workers workers = new SimWorkers();
        final Engine engine;
        final SimDisk folder = new SimDisk();
        private boolean dead;
        private boolean controlled;
        private boolean watching;
        private boolean applying;
        private boolean lost;
        private boolean scanned;
        private @Nullable LocalSink sink;
        private @Nullable Runnable hinted;
        private final Set<String> dirty = new TreeSet<>();

        Life() {
            engine = new Engine(
                    folder,
                    new SimSpace(SimClient.this, this),
                    index.open(this),
                    workers,
                    settings,
                    new SyncListener() {
                        @Override
                        public void phase(Status.Phase now, String detail) {
                            sim.trace(name + " is " + now + " " + detail);
                            if (now == Status.Phase.BRAKED && deciding) {
                                sim.add(Sort.WORK, Life.this, 0, Life.this::decide);
                            }
                        }

                        @Override
                        public void done(acervo.sync.plan.Operation operation) {
                            sim.trace(name + " did " + operation);
                        }

                        @Override
                        public void failed(acervo.sync.plan.Operation operation, Status.Open why) {
                            failures++;
                            sim.trace(name + " failed " + why + " " + operation);
                        }
                    });
        }

        private void decide() {
            workers.control(sim.random.nextBoolean() ? engine::confirm : engine::putBack);
        }

        boolean isDead() {
            return dead;
        }

        boolean isControlled() {
            return controlled;
        }

        void control(boolean now) {
            controlled = now;
        }

        /// A durable step: power may fail before or after.
        void step() {
            check();
            if (sim.happens(150)) {
                crash();
            }
            check();
        }

        /// Nothing may be done before all was seen, nor when the folder is lost and that was told.
        void mayAct() {
            if (!scanned && !lost) {
                throw new AssertionError(name + " acts before it has seen the folder");
            }
        }

        /// The space is about to be changed.
        void maySend(boolean removes) {
            mayAct();
            keepsToMode(Mode.Direction.DOWN, removes);
        }

        void check() {
            if (dead) {
                throw new Simulation.Crash();
            }
        }

        void hintAt(Runnable to) {
            hinted = to;
        }

        void hint() {
            Runnable to = hinted;
            if (to != null && online && !sim.happens(8)) {
                sim.add(Sort.WORK, this, 0, to);
            }
        }

        void watch(Collection<String> paths) {
            dirty.addAll(paths);
            if (!watching) {
                watching = true;
                sim.add(Sort.WORK, this, 0, () -> {
                    watching = false;
                    observe(false);
                });
            }
        }

        void scan() {
            sim.add(Sort.WORK, this, 0, () -> observe(true));
        }

        void observe(boolean all) {
            LocalSink to = sink;
            if (to == null) {
                return;
            }
            if (applying) {
                sim.add(Sort.WORK, this, 0, () -> observe(all));
            } else if (!mounted) {
                if (!lost) {
                    lost = true;
                    scanned = false;
                    to.rootLost("the folder is not there");
                }
                if (sim.happens(2)) { // what is seen then means nothing
                    List<LocalNode> rows = index.rows().values().stream()
                            .map(SimIndex.Row::node)
                            .toList();
                    index.seen(rows, List.of());
                    to.observed(rows.stream().map(LocalNode::id).toList(), List.of());
                }
            } else {
                boolean whole = all || lost;
                Set<String> paths = new TreeSet<>();
                if (whole) {
                    lost = false;
                    paths.addAll(disk.keySet());
                    paths.addAll(index.rows().keySet());
                    dirty.clear();
                } else {
                    for (String path : List.copyOf(dirty)) {
                        if (!sim.happens(3)) {
                            paths.add(path);
                            dirty.remove(path);
                        }
                    }
                    if (!dirty.isEmpty()) {
                        watch(List.of());
                    }
                }
                look(to, paths);
                if (whole) {
                    scanned = true;
                    to.scanned();
                }
            }
        }

        /// What belongs together is looked at together: the way to a path, what was below one that is no folder
        /// any more, both ends of a rename.
        private void widen(Set<String> paths, Map<Long, String> where) {
            List<String> open = new ArrayList<>(paths);
            while (!open.isEmpty()) {
                String path = open.removeLast();
                List<String> more = new ArrayList<>();
                if (!parent(path).isEmpty()) {
                    more.add(parent(path));
                }
                SimIndex.Row row = index.rows().get(path);
                if (row != null && where.containsKey(row.inode())) {
                    more.add(where.get(row.inode()));
                }
                Thing there = disk.get(path);
                if (there != null) {
                    index.rows().values().stream()
                            .filter(r -> r.inode() == there.inode())
                            .forEach(r -> more.add(r.node().path().text()));
                }
                if (there == null || !there.isFolder()) {
                    index.rows().keySet().stream()
                            .filter(other -> other.startsWith(path + "/"))
                            .forEach(more::add);
                }
                more.stream().filter(paths::add).forEach(open::add);
            }
        }

        private void look(LocalSink to, Set<String> paths) {
            Map<Long, String> where = new HashMap<>();
            disk.forEach((path, thing) -> where.put(thing.inode(), path));
            widen(paths, where);
            Map<Long, SimIndex.Row> byInode = new HashMap<>();
            index.rows().values().forEach(row -> byInode.put(row.inode(), row));
            List<LocalNode> present = new ArrayList<>();
            List<LocalNode> seen = new ArrayList<>();
            Set<Long> ids = new HashSet<>();
            for (String path : paths) {
                Thing thing = disk.get(path);
                if (thing == null) {
                    continue;
                }
                SimIndex.Row here = index.rows().get(path);
                SimIndex.Row moved = byInode.get(thing.inode());
                long id;
                if (moved != null
                        && (moved.node().content().kind() == Kind.FOLDER) == thing.isFolder()
                        && (moved.equals(here) || !sim.happens(10))) {
                    id = moved.node().id();
                } else if (here != null
                        && (here.node().content().kind() == Kind.FOLDER) == thing.isFolder()
                        && !where.containsKey(here.inode())) {
                    id = here.node().id();
                } else {
                    id = index.nextId();
                }
                ids.add(id);
                LocalNode node = new LocalNode(id, new FilePath(path), thing.content());
                seen.add(node);
                if (here == null || !here.node().equals(node)) {
                    present.add(node);
                }
            }
            List<LocalNode> gone = new ArrayList<>();
            for (String path : paths) {
                SimIndex.Row row = index.rows().get(path);
                if (row != null && !ids.contains(row.node().id())) {
                    gone.add(row.node());
                }
            }
            index.seen(
                    gone,
                    seen.stream()
                            .map(node -> new SimIndex.Row(
                                    node, disk.get(node.path().text()).inode()))
                            .toList());
            if (!gone.isEmpty() || !present.isEmpty()) {
                sim.trace(name + " sees gone " + gone + " present " + present);
                to.observed(gone.stream().map(LocalNode::id).toList(), present);
            }
        }

        private final class SimWorkers implements Workers {
            @Override
            public long millis() {
                return sim.millis();
            }

            @Override
            public void work(Runnable task) {
                sim.add(Sort.WORK, Life.this, 0, task);
            }

            @Override
            public void control(Runnable task) {
                sim.add(Sort.CONTROL, Life.this, 0, task);
            }

            @Override
            public void later(long millis, Runnable task) {
                sim.add(Sort.TIMER, Life.this, millis, () -> workers.control(task));
            }
        }

        final class SimDisk implements LocalDisk {
            @Override
            public void start(LocalSink to) {
                check();
                sink = to;
                scan();
            }

            @Override
            public void look(Collection<FilePath> paths) {
                check();
                Set<String> all = new TreeSet<>();
                for (FilePath path : paths) {
                    all.add(path.text());
                    disk.keySet().stream()
                            .filter(p -> path.isRoot() || p.startsWith(path.text() + "/"))
                            .forEach(all::add);
                }
                all.remove("");
                watch(all);
            }

            private boolean isAsSeen(LocalNode node) {
                SimIndex.Row row = index.rows().get(node.path().text());
                Thing there = disk.get(node.path().text());
                return mounted
                        && row != null
                        && row.node().equals(node)
                        && there != null
                        && there.inode() == row.inode()
                        && there.content().equals(node.content());
            }

            @Override
            public LocalBytes open(LocalNode node) throws ChangedException {
                check();
                if (!isAsSeen(node)) {
                    look(List.of(node.path()));
                    throw new ChangedException(node.path());
                }
                return new LocalBytes() {
                    @Override
                    public long size() {
                        return node.content().size();
                    }

                    @Override
                    public int read(ByteBuffer into, long at) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public boolean unchanged() {
                        return isAsSeen(node);
                    }

                    @Override
                    public void close() {}
                };
            }

            @Override
            public Stage stage(RemoteNode version, @Nullable LocalNode replaced) {
                check();
                return new SimStage();
            }

            @Override
            public List<LocalAnswer> apply(List<LocalChange> changes) throws RootLostException {
                step();
                if (applying) {
                    // Real ones wait for a lock; here whoever holds it is further up on the stack.
                    return changes.stream()
                            .map(_ -> (LocalAnswer) new LocalAnswer.Changed())
                            .toList();
                }
                if (!mounted) {
                    throw new RootLostException("the folder is not there");
                }
                applying = true;
                mayAct();
                changes.forEach(change -> keepsToMode(Mode.Direction.UP, change instanceof LocalChange.Remove));
                List<LocalAnswer> answers = new ArrayList<>();
                try {
                    List<Runnable> notes = new ArrayList<>();
                    for (LocalChange change : changes) {
                        sim.meanwhile();
                        check();
                        LocalAnswer answer = mounted ? make(change, notes) : new LocalAnswer.Changed();
                        sim.trace(name + "'s disk " + answer + " " + change);
                        answers.add(answer);
                        step();
                    }
                    notes.forEach(Runnable::run);
                    index.force();
                    step();
                } finally {
                    applying = false;
                }
                afterChange.run();
                sim.meanwhile();
                check();
                return answers;
            }

            private LocalAnswer make(LocalChange change, List<Runnable> notes) {
                String path = change.path().text();
                switch (change) {
                    case LocalChange.Place(Stage stage, var _, Content content, LocalNode replaced) -> {
                        if (!content.blob().equals(((SimStage) stage).blob)) {
                            return new LocalAnswer.Failed("not what the server has");
                        }
                        if (replaced != null
                                ? !isAsSeen(replaced)
                                : disk.containsKey(path) || index.rows().containsKey(path) || !isFolder(parent(path))) {
                            return new LocalAnswer.Changed();
                        }
                        return put(
                                replaced != null ? replaced.id() : index.nextId(), path, nextInode(), content, notes);
                    }
                    case LocalChange.MakeFolder(var _) -> {
                        SimIndex.Row row = index.rows().get(path);
                        if (row != null && row.node().content().kind() != Kind.FOLDER || !isFolder(parent(path))) {
                            return new LocalAnswer.Changed();
                        }
                        Thing there = disk.get(path);
                        if (there != null && !there.isFolder()) {
                            return new LocalAnswer.Changed();
                        }
                        if (there != null && row != null) {
                            return new LocalAnswer.Done(row.node());
                        }
                        return put(
                                row != null ? row.node().id() : index.nextId(),
                                path,
                                there != null ? there.inode() : nextInode(),
                                Hands.FOLDER,
                                notes);
                    }
                    case LocalChange.Remove(LocalNode node) -> {
                        if (!isAsSeen(node)) {
                            return new LocalAnswer.Changed();
                        }
                        if (hasBelow(path)) {
                            return new LocalAnswer.Failed("it has things in it");
                        }
                        disk.remove(path);
                        index.rows().remove(path);
                        notes.add(() -> index.note(List.of(node), List.of()));
                        return new LocalAnswer.Done(null);
                    }
                    case LocalChange.Move(LocalNode node, var _) -> {
                        if (!isAsSeen(node)
                                || disk.containsKey(path)
                                || index.rows().containsKey(path)
                                || !isFolder(parent(path))) {
                            return new LocalAnswer.Changed();
                        }
                        Thing thing = disk.remove(node.path().text());
                        index.rows().remove(node.path().text());
                        return put(node.id(), path, thing.inode(), thing.content(), notes);
                    }
                    case LocalChange.SetMetadata(LocalNode node, long modified, boolean executable) -> {
                        if (!isAsSeen(node)) {
                            return new LocalAnswer.Changed();
                        }
                        Content old = node.content();
                        Content now = new Content(old.kind(), old.blob(), old.size(), modified, executable);
                        return put(node.id(), path, disk.get(path).inode(), now, notes);
                    }
                }
            }

            private LocalAnswer put(long id, String path, long inode, Content content, List<Runnable> notes) {
                disk.put(path, new Thing(inode, content));
                LocalNode node = new LocalNode(id, new FilePath(path), content);
                index.rows().put(path, new SimIndex.Row(node, inode));
                notes.add(() -> index.note(List.of(), List.of(new SimIndex.Row(node, inode))));
                return new LocalAnswer.Done(node);
            }

            @Override
            public void close() {}
        }
    }
}
