package acervo.sync.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Version;
import acervo.sync.plan.Mode.Direction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The truth table of one file, and what takes more than one.
final class PlannerTest {
    private static final Mode UP = new Mode(Direction.UP, false);
    private static final Mode UP_DELETE = new Mode(Direction.UP, true);
    private static final Mode DOWN = new Mode(Direction.DOWN, false);
    private static final Mode DOWN_DELETE = new Mode(Direction.DOWN, true);

    private final Trees trees = new Trees();

    /// One path `f`. In each column what is there: `-` nothing, a letter its content.
    @ParameterizedTest(name = "synced {0}, local {1}, remote {2}")
    @CsvSource({
        // synced, local, remote, both ways, up, up --delete, down, down --delete
        "-, A, -, Upload, Upload, Upload, ONE_WAY, ONE_WAY",
        "-, -, A, Download, ONE_WAY, ONE_WAY, Download, Download",
        "-, A, A, AdoptSame, AdoptSame, AdoptSame, AdoptSame, AdoptSame",
        "-, A, B, KeepBothLocal Download, KeepBothRemote Upload, KeepBothRemote Upload,"
                + " KeepBothLocal Download, KeepBothLocal Download",
        "A, A, A, '', '', '', '', ''",
        "A, B, A, Upload, Upload, Upload, ONE_WAY, ONE_WAY",
        "A, A, B, Download, ONE_WAY, ONE_WAY, Download, Download",
        "A, B, B, AdoptSame, AdoptSame, AdoptSame, AdoptSame, AdoptSame",
        "A, B, C, KeepBothLocal Download, KeepBothRemote Upload, KeepBothRemote Upload,"
                + " KeepBothLocal Download, KeepBothLocal Download",
        "A, -, A, RemoveRemote, ONE_WAY, RemoveRemote, Download, Download",
        "A, A, -, RemoveLocal, Upload, Upload, ONE_WAY, RemoveLocal",
        "A, -, B, Download, ONE_WAY, ONE_WAY, Download, Download",
        "A, B, -, Upload, Upload, Upload, ONE_WAY, ONE_WAY",
        "A, -, -, Forget, Forget, Forget, Forget, Forget",
    })
    void oneFile(
            String synced,
            String local,
            String remote,
            String both,
            String up,
            String upDelete,
            String down,
            String downDelete) {
        if (!synced.equals("-")) {
            trees.put(new SyncedNode(1, 11, path("f"), 5, content(synced)));
        }
        if (!local.equals("-")) {
            local(1, "f", local);
        }
        if (!remote.equals("-")) {
            remote(11, "f", 5, remote);
        }
        trees.setCursor(9);
        assertEquals(both, shown(Mode.BOTH));
        assertEquals(up, shown(UP));
        assertEquals(upDelete, shown(UP_DELETE));
        assertEquals(down, shown(DOWN));
        assertEquals(downDelete, shown(DOWN_DELETE));
    }

    @Test
    void whatTheFeedHasNotToldYetIsWaitedFor() {
        inStep(1, 11, "f", "A");
        local(1, "f", "B");
        trees.put(new SyncedNode(1, 11, path("f"), 8, content("B"))); // uploaded, acknowledged as version 8
        local(1, "f", "C"); // and changed again
        assertEquals("", shown(Mode.BOTH), "a conflict with oneself");
        remote(11, "f", 8, "B");
        assertEquals("Upload", shown(Mode.BOTH));
    }

    @Test
    void aNewUploadThatTheFeedHasNotToldYetIsNotTakenForRemoved() {
        local(1, "f", "A");
        trees.setCursor(7);
        trees.put(new SyncedNode(1, 11, path("f"), 8, content("A")));
        assertEquals("", shown(Mode.BOTH));
        trees.setCursor(8);
        assertEquals("RemoveLocal", shown(Mode.BOTH));
    }

    @Test
    void aFileThatWasRemovedAndMadeAgainIsAnEdit() {
        inStep(1, 11, "f", "A");
        trees.removeLocal(1);
        local(2, "f", "B");
        Operation.Upload upload = (Operation.Upload) only(Mode.BOTH);
        assertEquals(11, upload.replaces() == null ? 0 : upload.replaces().id());
    }

    @Test
    void aRowThatWasRemovedAndMadeAgainIsAnEdit() {
        inStep(1, 11, "f", "A");
        trees.removeRemote(11);
        remote(12, "f", 8, "B");
        Operation.Download download = (Operation.Download) only(Mode.BOTH);
        assertEquals(1, download.replaces() == null ? 0 : download.replaces().id());
    }

    @Test
    void whatWasRenamedIsNotReplacedByWhatTookItsOldPlace() {
        inStep(1, 11, "f", "A");
        local(1, "g", "A");
        trees.removeRemote(11);
        remote(12, "f", 9, "B");
        assertEquals("Download Upload", shown(Mode.BOTH));
    }

    @Test
    void whatBothSidesMadeAnewIsKeptTwice() {
        inStep(1, 11, "f", "A");
        trees.removeLocal(1);
        local(2, "f", "A");
        trees.removeRemote(11);
        remote(12, "f", 9, "B");
        assertEquals("KeepBothLocal Download", shown(Mode.BOTH));
    }

    @Test
    void makingAnewBeatsARemoval() {
        inStep(1, 11, "f", "A");
        trees.removeLocal(1);
        trees.removeRemote(11);
        remote(12, "f", 9, "A");
        assertEquals("Download", shown(Mode.BOTH));
    }

    @Test
    void aRowThatCameBeforeTheOldOneLeftIsFoundByItsPath() {
        inStep(1, 11, "f", "A");
        local(1, "f", "B");
        remote(12, "f", 9, "C");
        local(1, "f", "A"); // in step again
        remote(11, "g", 10, "A");
        RemoteNode found = trees.remoteAt(path("f"));
        assertEquals(12, found == null ? 0 : found.id());
    }

    @Test
    void aRenameMovesNoBytes() {
        inStep(1, 11, "f", "A");
        local(1, "g", "A");
        assertEquals("MoveRemote", shown(Mode.BOTH));
        inStep(2, 12, "h", "A");
        remote(12, "i", 9, "A");
        assertEquals("MoveRemote MoveLocal", shown(Mode.BOTH));
    }

    @Test
    void renamedAndEditedIsRenamedFirst() {
        inStep(1, 11, "f", "A");
        local(1, "g", "B");
        assertEquals("MoveRemote", shown(Mode.BOTH));
    }

    @Test
    void renamedOnBothSidesGetsTheSpacesName() {
        inStep(1, 11, "f", "A");
        local(1, "g", "A");
        remote(11, "h", 8, "A");
        Operation.MoveLocal move = (Operation.MoveLocal) only(Mode.BOTH);
        assertEquals(path("h"), move.to());
    }

    @Test
    void aRenameBeatsARemoval() {
        inStep(1, 11, "f", "A");
        trees.removeLocal(1);
        remote(11, "g", 8, "A");
        assertEquals("Download", shown(Mode.BOTH));
    }

    @Test
    void twoThatChangedPlacesLoseNoNames() {
        inStep(1, 11, "a", "A");
        inStep(2, 12, "b", "B");
        local(1, "b", "A");
        local(2, "a", "B");
        Plan plan = plan(Mode.BOTH);
        assertEquals("MoveRemote MoveRemote", shown(plan));
        Operation.MoveRemote aside = (Operation.MoveRemote) plan.steps().get(0).operation();
        assertTrue(aside.aside());
        // Whatever a crash leaves of it, the name is not taken for one that somebody gave.
        remote(aside.remote().id(), aside.to().text(), 8, aside.remote().id() == 11 ? "A" : "B");
        Plan next = plan(Mode.BOTH);
        assertTrue(
                next.steps().stream()
                        .noneMatch(s -> s.operation() instanceof Operation.MoveLocal
                                || s.operation() instanceof Operation.Download),
                next::toString);
    }

    @Test
    void asideOnDiskIsNotARenameEither() {
        inStep(1, 11, "a", "A");
        inStep(2, 12, "b", "B");
        remote(11, "b", 8, "A");
        remote(12, "a", 9, "B");
        Plan plan = plan(Mode.BOTH);
        Operation.MoveLocal aside = (Operation.MoveLocal) plan.steps().get(0).operation();
        assertTrue(aside.aside());
        // The others take the change back before it goes on.
        local(aside.local().id(), aside.to().text(), aside.local().id() == 1 ? "A" : "B");
        remote(11, "a", 10, "A");
        remote(12, "b", 11, "B");
        assertEquals("MoveLocal", shown(Mode.BOTH));
    }

    @Test
    void whatWasChangedWhileItStoodAsideAndIsGoneElsewhereGetsItsNameBack() {
        inStep(3, 13, "d/other", "O");
        trees.put(new SyncedNode(0, 0, path("d"), 0, World.FOLDER));
        trees.put(new SyncedNode(1, 11, path("d/f"), 5, content("A")));
        local(1, "f (moving 1)", "B");
        trees.put(new SyncedNode(2, 12, path("d/g"), 5, content("A")));
        remote(12, "g (moving 12)", 8, "C");
        Plan plan = plan(Mode.BOTH);
        assertEquals("MoveLocal MoveRemote", shown(plan));
        assertEquals(
                "d/f",
                ((Operation.MoveLocal) plan.steps().get(0).operation()).to().text());
        assertEquals(
                "d/g",
                ((Operation.MoveRemote) plan.steps().get(1).operation()).to().text());
        local(1, "d/f", "B");
        remote(12, "d/g", 9, "C");
        assertEquals("Upload Download", shown(Mode.BOTH));
        // Where its name is taken, or its folder is gone, a person is told.
        local(1, "f (moving 1)", "B");
        local(4, "d/f", "D");
        remote(12, "g (moving 12)", 10, "C");
        trees.put(new SyncedNode(2, 12, path("gone/g"), 5, content("A")));
        Plan other = plan(Mode.BOTH);
        assertEquals("KeepBothLocal KeepBothRemote Upload", shown(other));
        assertTrue(OtherNames.isConflict(
                ((Operation.KeepBothLocal) other.steps().get(0).operation())
                        .to()
                        .text()));
    }

    @Test
    void idsOfTheDiskAndOfTheSpaceAreNumbersOfTheirOwn() {
        inStep(3, 1, "f", "A");
        // Another was in step at this path; its row has changed while it stood aside.
        trees.put(new SyncedNode(2, 12, path("f"), 5, content("B")));
        remote(12, "f (moving 12)", 8, "C");
        local(1, "new", "D"); // and has nothing to do with row 1
        assertEquals("KeepBothRemote Upload", shown(Mode.BOTH));
    }

    @Test
    void aFolderOnDiskStaysWhenTheLastFileInItGoes() {
        inStep(1, 11, "d/f", "A");
        folder(3, "d");
        trees.put(new SyncedNode(0, 0, path("d"), 0, World.FOLDER));
        assertTrue(trees.inStep());
        trees.removeLocal(1);
        Plan plan = plan(Mode.BOTH);
        assertEquals("MakeRemoteFolder RemoveRemote", shown(plan));
        assertEquals(List.of(0), plan.steps().get(1).after());
    }

    @Test
    void aFolderWithSomethingLeftAloneInItIsToldOfWhenItIsInTheWay() {
        folder(1, "f");
        local(2, "f/mine", "A");
        remote(11, "f", 5, "B");
        assertEquals("IN_THE_WAY ONE_WAY", shown(DOWN));
    }

    @Test
    void aRemovedFolderStaysForWhatIsNewInIt() {
        inStep(1, 11, "d/f", "A");
        folder(3, "d");
        trees.put(new SyncedNode(0, 0, path("d"), 0, World.FOLDER));
        trees.removeRemote(11);
        assertEquals("RemoveLocal RemoveLocal", shown(Mode.BOTH));
        local(2, "d/new", "B");
        assertEquals("MakeRemoteFolder Upload RemoveLocal", shown(Mode.BOTH));
    }

    @Test
    void theExecutableBitAndTheBytesMayChangeOnDifferentSides() {
        inStep(1, 11, "f", "A");
        trees.put(new RemoteNode(11, path("f"), new Version(8), content("A", 1, true)));
        local(1, "f", "B");
        assertEquals("SetLocalMetadata", shown(Mode.BOTH));
        inStep(1, 11, "f", "A");
        trees.put(new LocalNode(1, path("f"), content("A", 1, true)));
        remote(11, "f", 8, "B");
        Operation.Download download = (Operation.Download) only(Mode.BOTH);
        assertTrue(download.content().executable());
    }

    @Test
    void anOldTimeOnNewBytesIsStillAnEdit() { // ownCloud #3276, Nextcloud #4016
        trees.put(new SyncedNode(1, 11, path("f"), 5, content("A", 1_000, false)));
        trees.put(new RemoteNode(11, path("f"), new Version(5), content("A", 1_000, false)));
        trees.put(new LocalNode(1, path("f"), content("B", 0, false)));
        trees.setCursor(5);
        assertEquals("Upload", shown(Mode.BOTH));
    }

    @Test
    void theBrakeStopsAllOfIt() { // Syncthing #10487, ownCloud #3066
        for (int i = 1; i <= 200; i++) {
            inStep(i, 1000 + i, "f" + i, "A" + i);
        }
        for (int i = 1; i <= 100; i++) {
            trees.removeLocal(i);
        }
        local(900, "new", "N");
        Plan plan = Planner.plan(trees, occasion(Mode.BOTH, Brakes.USUAL));
        assertTrue(plan.isEmpty());
        assertEquals(Optional.of(new Plan.Brake(100, 200, false)), plan.brake());
    }

    @Test
    void renamesDoNotPullTheBrake() {
        for (int i = 1; i <= 200; i++) {
            inStep(i, 1000 + i, "d/f" + i, "A" + i);
        }
        for (int i = 1; i <= 200; i++) {
            if (i % 2 == 0) {
                local(i, "e/f" + i, "A" + i); // recognised
            } else {
                trees.removeLocal(i); // not recognised, but the bytes are there
                local(2000 + i, "e/f" + i, "A" + i);
            }
        }
        assertEquals(
                Optional.empty(),
                Planner.plan(trees, occasion(Mode.BOTH, Brakes.USUAL)).brake());
    }

    @Test
    void nothingIsRemovedOrReplacedOnceWhatWasAgreedIsForgotten() { // Nextcloud #171, #8171: a restored server
        inStep(1, 11, "same", "A");
        inStep(2, 12, "newer here", "B2");
        remote(12, "newer here", 3, "B1");
        inStep(3, 13, "not there any more", "C");
        trees.removeRemote(13);
        inStep(4, 14, "back again", "D");
        trees.removeLocal(4);
        trees.forgetSynced();
        assertEquals("AdoptSame KeepBothLocal Download Download Upload", shown(Mode.BOTH));
    }

    @Test
    void whatIsBusyIsLeftAlone() {
        inStep(1, 11, "a", "A");
        inStep(2, 12, "b", "B");
        local(1, "a", "A2");
        local(2, "b", "B2");
        Occasion occasion = new Occasion(Mode.BOTH, Names.EXACT, Brakes.OFF, "ana", 0, Set.of(path("a")));
        Plan plan = Planner.plan(trees, occasion);
        assertEquals(1, plan.steps().size());
        assertEquals("Upload", shown(plan));
    }

    @Test
    void aConflictIsNamedAfterWhoAndWhenAndWhat() {
        local(1, "report.pdf", "A");
        remote(11, "report.pdf", 5, "B");
        Operation.KeepBothLocal keep =
                (Operation.KeepBothLocal) plan(Mode.BOTH).steps().get(0).operation();
        String hash = content("A").blob().toString().substring(0, 6);
        assertEquals(
                "report (conflict ana 2026-09-21 14-13-20 " + hash + ").pdf",
                keep.to().text());
    }

    @Test
    void aFolderOfTenThousandIsRenamedWithoutBytes() {
        folder(20_001, "old");
        trees.put(new SyncedNode(0, 0, path("old"), 0, World.FOLDER));
        for (int i = 1; i <= 10_000; i++) {
            inStep(i, 100_000 + i, "old/f" + i, "A" + i);
        }
        trees.removeLocal(20_001);
        folder(20_002, "new");
        for (int i = 1; i <= 10_000; i++) {
            local(i, "new/f" + i, "A" + i);
        }
        Plan plan = plan(Mode.BOTH);
        assertEquals(
                10_000,
                plan.steps().stream()
                        .filter(s -> s.operation() instanceof Operation.MoveRemote)
                        .count());
        assertEquals(10_001, plan.steps().size());
    }

    @Test
    void aLongChainOfRenamesIsOnePlan() {
        for (int i = 0; i < 1_000; i++) {
            inStep(i + 1, 10_000 + i, "f" + i, "A" + i);
        }
        for (int i = 999; i >= 0; i--) {
            local(i + 1, "f" + (i + 1), "A" + i);
        }
        Plan plan = plan(Mode.BOTH);
        assertEquals(1_000, plan.steps().size());
        assertEquals(
                "f1000",
                ((Operation.MoveRemote) plan.steps().get(0).operation()).to().text());
    }

    // What the tests are written with.

    private static FilePath path(String text) {
        return new FilePath(text);
    }

    private static Content content(String name) {
        return content(name, 1, false);
    }

    private static Content content(String name, long millis, boolean executable) {
        return new Content(Kind.FILE, new BlobId(name.hashCode(), 1, 2, 3), 10, millis, executable);
    }

    private void local(long id, String path, String name) {
        trees.put(new LocalNode(id, path(path), content(name)));
    }

    private void folder(long id, String path) {
        trees.put(new LocalNode(id, path(path), World.FOLDER));
    }

    private void remote(long id, String path, long version, String name) {
        trees.put(new RemoteNode(id, path(path), new Version(version), content(name)));
        trees.setCursor(Math.max(trees.cursor(), version));
    }

    private void inStep(long localId, long remoteId, String path, String name) {
        local(localId, path, name);
        remote(remoteId, path, 5, name);
        trees.put(new SyncedNode(localId, remoteId, path(path), 5, content(name)));
    }

    private static Occasion occasion(Mode mode, Brakes brakes) {
        return new Occasion(mode, Names.EXACT, brakes, "ana", 1_790_000_000_000L, Set.of());
    }

    private Plan plan(Mode mode) {
        return Planner.plan(trees, occasion(mode, Brakes.OFF));
    }

    private Operation only(Mode mode) {
        Plan plan = plan(mode);
        assertEquals(1, plan.steps().size(), plan::toString);
        return plan.steps().getFirst().operation();
    }

    private String shown(Mode mode) {
        return shown(plan(mode));
    }

    /// The operations' names in order, or why there are none.
    private static String shown(Plan plan) {
        List<String> names = plan.steps().stream()
                .map(s -> s.operation().getClass().getSimpleName())
                .toList();
        List<String> troubles =
                plan.reports().stream().map(r -> r.trouble().name()).toList();
        return String.join(" ", names.isEmpty() ? troubles : names);
    }
}
