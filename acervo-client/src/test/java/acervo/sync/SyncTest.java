package acervo.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.sync.SimClient.Thing;
import acervo.sync.plan.Brakes;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.Mode;
import acervo.sync.plan.Names;
import acervo.sync.plan.Operation;
import acervo.sync.plan.RemoteNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Engines in a calm world, where nothing goes wrong but what a test does.
final class SyncTest extends CalmWorld {
    @Test
    void whatOneWritesTheOtherGets() {
        SimClient ana = client("ana");
        SimClient rui = client("rui");
        ana.boot();
        rui.boot();
        Content content = bytes(5);
        write(ana, "report.odt", content);
        rest();
        assertEquals(content, rui.disk.get("report.odt").content());
        assertEquals(Status.Phase.IN_STEP, status(rui).phase());
        assertEquals(1, status(ana).inStep());
        assertEquals(1, status(ana).since().uploads());
    }

    @Test
    void inACalmWorldNothingIsTriedTwice() {
        SimClient ana = client("ana");
        SimClient rui = client("rui");
        for (int i = 0; i < 40; i++) {
            ana.disk.put("d" + i % 4, new Thing(ana.nextInode(), Hands.FOLDER));
            ana.disk.put("d" + i % 4 + "/f" + i, new Thing(ana.nextInode(), bytes(i)));
        }
        ana.boot();
        rui.boot();
        rest();
        List<String> d0 =
                ana.disk.keySet().stream().filter(p -> p.startsWith("d0")).toList();
        for (String path : d0) {
            ana.disk.put("new" + path.substring(2), ana.disk.remove(path));
        }
        ana.touched(ana.disk.keySet());
        ana.touched(d0);
        rest();
        assertEquals(0, ana.failures + rui.failures);
        assertEquals(ana.disk.keySet(), rui.disk.keySet());
        assertEquals(40, status(ana).since().uploads(), "a rename sends nothing"); // Syncthing #5660
        assertEquals(40, status(rui).since().downloads());
    }

    @Test
    void sameBytesOnBothSidesAreNoConflict() { // ownCloud #129, #333
        SimClient ana = client("ana");
        SimClient rui = client("rui");
        Content content = bytes(5);
        write(ana, "f", content);
        write(rui, "f", new Content(Kind.FILE, content.blob(), 10, 77, false));
        ana.boot();
        rui.boot();
        rest();
        assertEquals(List.of("f"), inSpace());
        assertEquals(0, status(ana).conflictCount());
        assertEquals(ana.disk.get("f").content(), rui.disk.get("f").content());
    }

    @Test
    void anOldTimeDoesNotMakeBytesOld() { // ownCloud #3276, Nextcloud #1676, #4016
        SimClient ana = client("ana");
        SimClient rui = client("rui");
        write(ana, "f", bytes(1_000_000));
        ana.boot();
        rui.boot();
        rest();
        Content newer = bytes(0);
        write(rui, "f", newer);
        rest();
        assertEquals(newer, ana.disk.get("f").content());
        assertEquals(List.of("f"), inSpace());
    }

    @Test
    void whatTwoEditedIsKeptTwiceAndListed() {
        SimClient ana = client("ana");
        SimClient rui = client("rui");
        write(ana, "f.txt", bytes(1));
        ana.boot();
        rui.boot();
        rest();
        ana.online = false;
        rui.online = false;
        Content hers = bytes(2);
        Content his = bytes(3);
        write(ana, "f.txt", hers);
        write(rui, "f.txt", his);
        rest();
        ana.online = true;
        rest();
        rui.online = true;
        rest();
        assertEquals(hers, ana.disk.get("f.txt").content());
        assertEquals(1, status(ana).conflictCount());
        FilePath conflict = status(ana).conflicts().getFirst();
        assertTrue(conflict.text().matches("f \\(conflict rui 2026-09-21 \\d\\d-\\d\\d-\\d\\d [0-9a-f]{6}\\)\\.txt"));
        assertEquals(his, ana.disk.get(conflict.text()).content());
        assertEquals(ana.disk.keySet(), rui.disk.keySet());
    }

    @Test
    void anEditAfterALostAnswerIsNoConflict() {
        SimClient ana = client("ana");
        ana.boot();
        rest();
        ana.answersLost = 1;
        write(ana, "f", bytes(1));
        while (ana.answersLost > 0) {
            assertTrue(sim.step());
        }
        Content edited = bytes(2);
        write(ana, "f", edited);
        rest();
        assertEquals(List.of("f"), inSpace());
        assertEquals(edited, sim.server.rows().getFirst().content());
    }

    @Test
    void whatIsSeenDuringAChangeIsNewerThanItsAnswer() {
        SimClient ana = client("ana");
        sim.server.deposit(new RemoteSpace.Deposit(new FilePath("f"), bytes(1), null, null));
        ana.afterChange = () -> {
            SimClient.Life life = ana.life();
            if (life != null && ana.disk.remove("f") != null) {
                life.observe(true);
            }
        };
        ana.boot();
        rest();
        assertEquals(List.of(), inSpace());
        assertEquals(Status.Phase.IN_STEP, status(ana).phase());
    }

    @Test
    void aDiskThatIsNotMountedRemovesNothing() { // Syncthing #10487, #4345; ownCloud #3066
        SimClient ana = client("ana");
        SimClient.Life life = fill(ana, 3);
        ana.mounted = false;
        life.scan();
        rest();
        assertEquals(Status.Phase.ROOT_LOST, status(ana).phase());
        assertEquals(3, inSpace().size());
        ana.mounted = true;
        life.scan();
        rest();
        assertEquals(Status.Phase.IN_STEP, status(ana).phase());
        assertEquals(3, inSpace().size());
    }

    @Test
    void aRestoredServerGetsBackWhatItLostAndLosesNothing() { // Nextcloud desktop #171, #8171
        SimClient ana = client("ana");
        fill(ana, 2);
        sim.server.backup();
        Content newer = bytes(9);
        write(ana, "f0", newer);
        write(ana, "after", bytes(10));
        rest();
        assertTrue(sim.server.restore());
        rest();
        List<BlobId> blobs = sim.server.rows().stream()
                .map(RemoteNode::content)
                .map(Content::blob)
                .toList();
        assertTrue(blobs.contains(newer.blob()));
        assertEquals(4, blobs.size(), "f0, f1, after and the newer f0");
        assertEquals(1, status(ana).conflictCount());
        assertEquals(blobs.size(), ana.disk.size());
    }

    private static final Brakes TIGHT = new Brakes(2, 40, 100, 0);

    private List<String> names(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("f" + i);
        }
        return names;
    }

    @Test
    void aBrakedRemovalWaitsForAPersonWhoAgrees() {
        SimClient ana = client("ana", new Settings(Mode.BOTH, Names.EXACT, TIGHT, "ana", false));
        SimClient.Life life = fill(ana, 10);
        ana.deciding = false;
        remove(ana, names(6));
        rest();
        assertEquals(Status.Phase.BRAKED, status(ana).phase());
        assertEquals(
                Optional.of(new Status.Brake(
                        6, 10, false, names(6).stream().map(FilePath::new).toList())),
                status(ana).brake());
        assertEquals(10, inSpace().size());
        life.workers.control(life.engine::confirm);
        rest();
        assertEquals(4, inSpace().size());
        assertEquals(Status.Phase.IN_STEP, status(ana).phase());
    }

    @Test
    void aBrakedRemovalIsPutBackForAPersonWhoDoesNotAgree() {
        SimClient ana = client("ana", new Settings(Mode.BOTH, Names.EXACT, TIGHT, "ana", false));
        SimClient.Life life = fill(ana, 10);
        ana.deciding = false;
        remove(ana, names(6));
        rest();
        life.workers.control(life.engine::putBack);
        rest();
        assertEquals(10, inSpace().size());
        assertEquals(10, ana.disk.size());
    }

    @Test
    void aSlowRemovalIsBrakedAsWell() {
        SimClient ana = client("ana", new Settings(Mode.BOTH, Names.EXACT, TIGHT, "ana", false));
        fill(ana, 10);
        ana.deciding = false;
        for (String name : names(6)) {
            remove(ana, List.of(name));
            while (sim.step()) {} // no time passes
        }
        assertEquals(Status.Phase.BRAKED, status(ana).phase());
        assertEquals(6, inSpace().size());
    }

    @Test
    void aDryRunTellsAndTouchesNothing() {
        SimClient ana = client("ana", new Settings(Mode.BOTH, Names.EXACT, Brakes.USUAL, "ana", true));
        write(ana, "f", bytes(1));
        ana.boot();
        List<Status> ends = new ArrayList<>();
        SimClient.Life life = ana.life();
        if (life != null) {
            life.workers.control(() -> engine(ana).whenAtRest(ends::add));
        }
        rest();
        assertEquals(List.of(), inSpace());
        assertEquals(1, ends.size());
        assertEquals(
                List.of(Operation.Upload.class),
                ends.getFirst().next().stream().map(Object::getClass).collect(Collectors.toList()));
    }

    @Test
    void upOnlyLeavesTheFolderAlone() {
        SimClient ana = client(
                "ana", new Settings(new Mode(Mode.Direction.UP, false), Names.EXACT, Brakes.USUAL, "ana", false));
        sim.server.deposit(new RemoteSpace.Deposit(new FilePath("theirs"), bytes(1), null, null));
        write(ana, "mine", bytes(2));
        ana.boot();
        rest();
        assertEquals(List.of("mine", "theirs"), inSpace());
        assertNull(ana.disk.get("theirs"));
        assertEquals(Status.Why.ONE_WAY, status(ana).open().getFirst().why());
    }

    @Test
    void withRealThreadsOnceComesToAnEnd() throws InterruptedException {
        try (Threads threads = new Threads()) {
            Sync sync = new Sync(
                    new EmptyDisk(),
                    new EmptySpace(),
                    new SimIndex().open(null),
                    threads,
                    Settings.of("ana"),
                    SyncListener.NONE);
            assertEquals(Status.Phase.IN_STEP, sync.once().phase());
            assertEquals(Status.Phase.CLOSED, sync.status().phase());
        }
    }

    private static final class EmptyDisk implements LocalDisk {
        @Override
        public void start(LocalSink sink) {
            sink.scanned();
        }

        @Override
        public void look(Collection<FilePath> paths) {}

        @Override
        public LocalBytes open(LocalNode node) throws ChangedException {
            throw new ChangedException(node.path());
        }

        @Override
        public Stage stage(RemoteNode version, @Nullable LocalNode replaced) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<LocalAnswer> apply(List<LocalChange> changes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private static final class EmptySpace implements RemoteSpace {
        @Override
        public FeedPage feed(long after, int limit) {
            return new FeedPage(1, List.of(), 0);
        }

        @Override
        public void watch(long after, Runnable hint) {}

        @Override
        public List<RemoteAnswer> deposit(List<Deposit> deposits) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<RemoteAnswer> remove(List<RemoteNode> rows) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<RemoteAnswer> move(List<Move> moves) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void fetch(RemoteNode version, Stage stage) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
