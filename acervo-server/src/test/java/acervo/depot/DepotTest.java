package acervo.depot;

import static acervo.depot.World.ANA;
import static acervo.depot.World.BIA;
import static acervo.depot.World.HOME;
import static acervo.depot.World.announcing;
import static acervo.depot.World.bytes;
import static acervo.depot.World.id;
import static acervo.depot.World.in;
import static acervo.depot.World.on;
import static acervo.depot.World.path;
import static acervo.depot.World.reason;
import static acervo.depot.World.refusal;
import static acervo.depot.World.request;
import static acervo.depot.World.small;
import static acervo.depot.World.target;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.blob.BlobStore;
import acervo.blob.StoreFailedException;
import acervo.blob.StoreStatus;
import acervo.catalog.Catalog.Item;
import acervo.catalog.CatalogUnavailableException;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Outcome;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RequestId;
import acervo.model.Role;
import acervo.model.SpaceName;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DepotTest extends WithWorld {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 8192, 8193, BlobStore.SMALL, BlobStore.SMALL + 1, 3_000_000})
    void whatIsDepositedComesBack(int length) {
        byte[] bytes = bytes(length, 1);
        Deposited deposited = world.put("a/b", bytes);
        assertTrue(deposited.created());
        assertTrue(deposited.changed());
        assertEquals(1, deposited.verified());
        assertEquals(id(bytes), deposited.entry().content().blob());
        assertEquals(length, deposited.entry().content().size());
        assertArrayEquals(bytes, world.get("a/b"));
        assertArrayEquals(bytes, world.get("a/b"), "from memory, where it is small");
        assertTrue(world.blobs.stages().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, BlobStore.SMALL + 1})
    void announcedLengthAndDigestAreTakenWhenTheyAreRight(int length) {
        byte[] bytes = bytes(length, 2);
        world.put(ANA, announcing(target("f"), bytes), bytes);
        assertArrayEquals(bytes, world.get("f"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, BlobStore.SMALL + 1, 2_500_000})
    void wrongDigestIsRefusedAndLeavesNothing(int length) {
        Target target = announcing(target("f"), bytes(length, 3));
        Refusal refusal = refusal(() -> world.put(ANA, target, bytes(length, 4)));
        assertEquals(Reason.DIGEST_MISMATCH, refusal.reason());
        assertEquals(id(bytes(length, 3)).toString(), refusal.arguments().getFirst());
        assertNothingLeft();
    }

    @Test
    void wrongDigestInATrailerIsRefusedAndLeavesNothing() {
        try (Intake intake = world.depot.begin(ANA, target("f"))) {
            intake.write(ByteBuffer.wrap(bytes(10, 1)));
            assertEquals(Reason.DIGEST_MISMATCH, reason(() -> intake.finish(Optional.of(id(bytes(10, 2))))));
        }
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, BlobStore.SMALL + 1})
    void fewerBytesThanAnnouncedAreRefusedAndLeaveNothing(int length) {
        byte[] bytes = bytes(length, 5);
        Target target = announcing(target("f"), bytes);
        byte[] cut = java.util.Arrays.copyOf(bytes, length - 1);
        assertEquals(Reason.LENGTH_MISMATCH, reason(() -> world.put(ANA, target, cut)));
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, BlobStore.SMALL, BlobStore.SMALL + 1})
    void moreBytesThanAnnouncedAreRefusedAndLeaveNothing(int length) {
        byte[] bytes = bytes(length, 5);
        Target target = announcing(target("f"), bytes);
        byte[] longer = java.util.Arrays.copyOf(bytes, length + 1);
        assertEquals(Reason.LENGTH_MISMATCH, reason(() -> world.put(ANA, target, longer)));
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 2_000_000})
    void abandonedDepositLeavesNothing(int length) {
        try (Intake intake = world.depot.begin(ANA, target("f"))) {
            World.write(intake, bytes(length, 6));
        }
        assertNothingLeft();
    }

    private void assertNothingLeft() {
        assertFalse(world.exists("f"));
        assertEquals(Map.of(), world.blobs.contents());
        assertTrue(world.blobs.stages().isEmpty());
    }

    @Test
    void nothingIsVisibleBeforeFinish() {
        byte[] bytes = bytes(3_000_000, 7);
        try (Intake intake = world.depot.begin(ANA, target("f"))) {
            World.write(intake, bytes);
            assertEquals(3_000_000, intake.received());
            assertFalse(world.exists("f"));
            intake.finish();
        }
        assertTrue(world.exists("f"));
    }

    @Test
    void bytesAreForcedBeforeTheCatalogHearsOfThem() {
        byte[] bytes = bytes(10, 8);
        world.catalog.before = command -> {
            if (command instanceof Command.PutFiles) {
                assertTrue(world.blobs.has(id(bytes)));
            }
        };
        world.put("f", bytes);
    }

    @Test
    void noFilesOfOthersCanBeListedReadOrWritten() {
        world.put("secret", bytes(10, 1));
        assertEquals(Reason.NO_SUCH_FILE, reason(() -> world.get(BIA, HOME, "secret")));
        assertEquals(Reason.NO_SUCH_FILE, reason(() -> world.depot.file(BIA, HOME, path("secret"))));
        assertTrue(world.depot
                .list(BIA, HOME, FilePath.ROOT, true, null, 10)
                .items()
                .isEmpty());
        SpaceName hers = new SpaceName("hers");
        world.depot.submit(ANA, request(), new Command.CreateSpace(hers));
        assertEquals(Reason.NO_SUCH_SPACE, reason(() -> world.get(BIA, hers, "f")));
        assertEquals(Reason.NO_SUCH_SPACE, reason(() -> world.depot.begin(BIA, in(hers, "f"))));
        assertEquals(Reason.NO_SUCH_SPACE, reason(() -> world.depot.members(BIA, hers)));
        world.depot.submit(ANA, request(), new Command.Grant(hers, BIA, Role.READER));
        assertEquals(Reason.FORBIDDEN, reason(() -> world.depot.begin(BIA, in(hers, "f"))));
        assertEquals(
                Reason.FORBIDDEN,
                reason(() -> world.depot.depositAll(BIA, hers, 0, request(), List.of(small("f", bytes(1, 1))))));
    }

    @Test
    void depositsThatCannotSucceedAreRefusedBeforeTheirBytes() {
        world.put("f", bytes(1, 1));
        assertEquals(Reason.FILE_EXISTS, reason(() -> world.depot.begin(ANA, on(target("f"), Condition.ABSENT))));
        assertEquals(Reason.NO_SUCH_FILE, reason(() -> world.depot.begin(ANA, on(target("g"), Condition.PRESENT))));
        assertEquals(
                Reason.VERSION_CHANGED,
                reason(() -> world.depot.begin(ANA, on(target("f"), new Condition.At(new acervo.model.Version(77))))));
        assertEquals(Reason.PATH_INVALID, reason(() -> world.depot.begin(ANA, target(""))));
        Target three = new Target(
                HOME,
                path("h"),
                Kind.FILE,
                0,
                false,
                3,
                Condition.ANY,
                request(),
                Optional.empty(),
                OptionalLong.empty());
        Refusal refusal = refusal(() -> world.depot.begin(ANA, three));
        assertEquals(Reason.NOT_ENOUGH_NODES, refusal.reason());
        assertEquals(List.of("3", "1"), refusal.arguments());
        ClientId nobody = new ClientId(new UUID(7, 7));
        assertEquals(Reason.NO_SUCH_SPACE, reason(() -> world.depot.begin(nobody, target("f"))));
    }

    @Test
    void announcedLengthThatDoesNotFitIsRefusedBeforeItsBytes() {
        Target huge = new Target(
                HOME,
                path("h"),
                Kind.FILE,
                0,
                false,
                0,
                Condition.ANY,
                request(),
                Optional.empty(),
                OptionalLong.of(Long.MAX_VALUE));
        assertEquals(Reason.NO_ROOM, reason(() -> world.depot.begin(ANA, huge)));
        assertEquals(Reason.NO_ROOM, reason(() -> world.depot.uploads().create(ANA, huge)));
        world.put("f", bytes(2_000_000, 1));
    }

    @Test
    void roomThatAnotherDepositAnnouncedIsSpokenFor() {
        Target most = withLength(700 << 20);
        Target more = withLength(400 << 20);
        try (Intake first = world.depot.begin(ANA, most)) {
            assertEquals(Reason.NO_ROOM, reason(() -> world.depot.begin(BIA, more)));
            assertEquals(0, first.received());
        }
        world.depot.begin(BIA, more).close();
    }

    private static Target withLength(long length) {
        return new Target(
                HOME,
                path("h"),
                Kind.FILE,
                0,
                false,
                0,
                Condition.ANY,
                request(),
                Optional.empty(),
                OptionalLong.of(length));
    }

    @Test
    void conditionIsDecidedAgainWhenTheBytesAreIn() {
        byte[] late = bytes(2_000_000, 2);
        try (Intake intake = world.depot.begin(ANA, on(target("f"), Condition.ABSENT))) {
            World.write(intake, late);
            world.put("f", bytes(5, 1));
            assertEquals(Reason.FILE_EXISTS, reason(intake::finish));
        }
        assertArrayEquals(bytes(5, 1), world.get("f"));
        assertFalse(world.blobs.has(id(late)), "nothing refers to what was refused");
    }

    @Test
    void retryAfterALostAnswerTakesEffectOnceAndAnswersTheSame() {
        RequestId request = request();
        Target target = on(target("f", request), Condition.ABSENT);
        world.catalog.losingAnswersOf = Command.PutFiles.class;
        assertThrows(CatalogUnavailableException.class, () -> world.put(ANA, target, bytes(9, 1)));
        world.catalog.losingAnswersOf = null;
        Deposited again = world.put(ANA, target, bytes(9, 1));
        assertEquals(1, again.entry().version().number());
        assertEquals(again.entry(), world.depot.file(ANA, HOME, path("f")));
    }

    @Test
    void requestIdUsedForSomethingElseIsRefused() {
        RequestId request = request();
        world.put(ANA, target("f", request), bytes(9, 1));
        assertEquals(Reason.REQUEST_REUSED, reason(() -> world.put(ANA, target("g", request), bytes(9, 1))));
    }

    @Test
    void secondDepositSaysWhatItDid() {
        world.put("f", bytes(9, 1));
        Deposited replaced = world.put("f", bytes(9, 2));
        assertFalse(replaced.created());
        assertTrue(replaced.changed());
        Deposited same = world.put("f", bytes(9, 2));
        assertFalse(same.created());
        assertFalse(same.changed());
        assertEquals(replaced.entry(), same.entry());
    }

    @Test
    void folderHasNoBytesAndALinkFewOnes() {
        Target folderTarget = of(Kind.FOLDER, "d");
        world.put(ANA, folderTarget, new byte[0]);
        assertEquals(
                Kind.FOLDER, world.depot.file(ANA, HOME, path("d")).content().kind());
        assertEquals(Reason.ARGUMENT_INVALID, reason(() -> world.put(ANA, of(Kind.FOLDER, "e"), new byte[1])));
        assertEquals(Reason.ARGUMENT_INVALID, reason(() -> world.get("d")));
        world.put(ANA, of(Kind.LINK, "l"), "d/x".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(Reason.TOO_LARGE, reason(() -> world.put(ANA, of(Kind.LINK, "m"), new byte[5000])));
    }

    private static Target of(Kind kind, String path) {
        return new Target(
                HOME, path(path), kind, 0, false, 0, Condition.ANY, request(), Optional.empty(), OptionalLong.empty());
    }

    @Test
    void listingAFileListsThatFileAndListingNothingIsRefused() {
        world.put("a/b", bytes(1, 1));
        List<Item> one =
                world.depot.list(ANA, HOME, path("a/b"), false, null, 10).items();
        assertEquals(List.of(new Item.Entry(world.depot.file(ANA, HOME, path("a/b")))), one);
        assertEquals(
                List.of(new Item.Folder(path("a"))),
                world.depot.list(ANA, HOME, FilePath.ROOT, false, null, 10).items());
        assertEquals(Reason.NO_SUCH_FILE, reason(() -> world.depot.list(ANA, HOME, path("x"), false, null, 10)));
        world.put(ANA, of(Kind.FOLDER, "empty"), new byte[0]);
        assertTrue(world.depot
                .list(ANA, HOME, path("empty"), false, null, 10)
                .items()
                .isEmpty());
    }

    @Test
    void onlyWhatClientsMayAskForIsSubmitted() {
        assertThrows(
                IllegalArgumentException.class,
                () -> world.depot.submit(ANA, request(), new Command.ForgetBlobs(0, List.of())));
        assertThrows(
                IllegalArgumentException.class,
                () -> world.depot.submit(ANA, request(), new Command.TrimHistory(0, 1)));
        assertEquals(
                Reason.NO_SUCH_SPACE,
                reason(() ->
                        world.depot.submit(ANA, request(), new Command.RemoveSpace(new SpaceName("none"), false))));
    }

    @Test
    void receiptTellsCopiesAndHistory() {
        world.put("f", bytes(1, 1));
        world.put("f", bytes(1, 2));
        Receipt receipt = world.depot.receipt(ANA, HOME, path("f"));
        assertEquals(1, receipt.verified());
        assertEquals(World.NODE, receipt.copies().getFirst().node());
        assertEquals(1, receipt.history().size());
        assertEquals(id(bytes(1, 1)), receipt.history().getFirst().content().blob());
    }

    @Test
    void batchDecidesItemByItemWithOneForceAndOneCommand() {
        world.put("there", bytes(3, 9));
        int puts = world.blobs.putAlls.get();
        world.catalog.submitted.clear();
        List<Outcome.Result> results = world.depot.depositAll(
                ANA,
                HOME,
                0,
                request(),
                List.of(
                        small("a", bytes(10, 1)),
                        new SmallDeposit(
                                path("bad"),
                                Kind.FILE,
                                0,
                                false,
                                Condition.ANY,
                                Optional.of(BlobId.EMPTY),
                                false,
                                ByteBuffer.wrap(bytes(10, 2))),
                        new SmallDeposit(
                                path("there"),
                                Kind.FILE,
                                0,
                                false,
                                Condition.ABSENT,
                                Optional.empty(),
                                false,
                                ByteBuffer.wrap(bytes(10, 3))),
                        small("empty", new byte[0]),
                        small("same", bytes(10, 1)),
                        small("big", new byte[BlobStore.SMALL + 1])));
        assertEquals(puts + 1, world.blobs.putAlls.get());
        assertEquals(1, world.catalog.submitted.size());
        assertEquals(path("a"), ((Outcome.Result.Now) results.get(0)).entry().path());
        assertEquals(Reason.DIGEST_MISMATCH, no(results.get(1)));
        assertEquals(Reason.FILE_EXISTS, no(results.get(2)));
        assertEquals(
                path("empty"), ((Outcome.Result.Now) results.get(3)).entry().path());
        assertEquals(path("same"), ((Outcome.Result.Now) results.get(4)).entry().path());
        assertEquals(Reason.TOO_LARGE, no(results.get(5)));
        assertArrayEquals(bytes(10, 1), world.get("same"));
        assertFalse(world.blobs.has(id(bytes(10, 3))), "nothing refers to what was refused");
        assertTrue(world.blobs.has(id(bytes(10, 1))));
    }

    @Test
    void batchRepeatedAfterALostAnswerTakesEffectOnce() {
        RequestId request = request();
        List<SmallDeposit> items = List.of(small("a", bytes(10, 1)), small("b", bytes(10, 2)));
        world.catalog.losingAnswersOf = Command.PutFiles.class;
        assertThrows(CatalogUnavailableException.class, () -> world.depot.depositAll(ANA, HOME, 0, request, items));
        world.catalog.losingAnswersOf = null;
        List<Outcome.Result> results = world.depot.depositAll(ANA, HOME, 0, request, items);
        assertEquals(2, results.size());
        assertEquals(2, world.depot.file(ANA, HOME, path("b")).version().number());
    }

    private static Reason no(Outcome.Result result) {
        return ((Outcome.Result.No) result).refusal().reason();
    }

    @Test
    void failedStoreRefusesLargeDepositsEarlyAndSaysSoInTheStatus() {
        world.blobs.status = new StoreStatus(0, 0, 1 << 30, 0, 0, Optional.of("a force failed"));
        assertThrows(StoreFailedException.class, () -> world.depot.begin(ANA, withLength(5 << 20)));
        DepotStatus status = world.depot.status();
        assertFalse(status.writable());
        assertEquals(1, status.troubles().size());
    }

    @Test
    void storeThatFailsWhileStoringLeavesNothingVisible() {
        world.blobs.beforePut = () -> {
            throw new StoreFailedException("a force failed", null);
        };
        assertThrows(StoreFailedException.class, () -> world.put("f", bytes(1, 1)));
        assertFalse(world.exists("f"));
    }

    @Test
    void manySlowSmallDepositsTakeLittleMemory() {
        // A MiB each is announced, and a byte sent: the buffers are a few KiB.
        List<Intake> intakes = new java.util.ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Intake intake = world.depot.begin(ANA, withLength(BlobStore.SMALL));
            intake.write(ByteBuffer.wrap(new byte[1]));
            intakes.add(intake);
        }
        assertTrue(world.blobs.stages().isEmpty());
        intakes.forEach(Intake::close);
    }

    @Test
    void memoryIsGivenBackHoweverADepositEnds() {
        world.put("small", bytes(100_000, 1));
        world.put("large", bytes(2_000_000, 1));
        try (Intake abandoned = world.depot.begin(ANA, target("f"))) {
            abandoned.write(ByteBuffer.wrap(bytes(100_000, 2)));
            assertTrue(world.depot.memoryInUse() >= 100_000);
        }
        reason(() -> world.put(ANA, announcing(target("f"), bytes(10, 1)), bytes(10, 2)));
        assertEquals(0, world.depot.memoryInUse());
    }

    @Test
    void smallDepositsThatFindNoMemoryGoToDisk() {
        List<Intake> intakes = new java.util.ArrayList<>();
        byte[] bytes = bytes(BlobStore.SMALL, 3);
        for (int i = 0; i < 64 + 10; i++) {
            Intake intake = world.depot.begin(i % 2 == 0 ? ANA : BIA, target("f" + i));
            World.write(intake, bytes);
            intakes.add(intake);
        }
        assertTrue(world.blobs.stages().size() >= 10);
        intakes.forEach(Intake::finish);
        assertArrayEquals(bytes, world.get("f72"));
        assertTrue(world.blobs.stages().isEmpty());
    }

    @Test
    void largeDepositsOfOneClientAtOnceAreLimited() {
        List<Intake> intakes = new java.util.ArrayList<>();
        for (int i = 0; i < DepotSettings.DEFAULTS.appendsPerClient(); i++) {
            intakes.add(world.depot.begin(ANA, withLength(2 << 20)));
        }
        assertEquals(Reason.TOO_MANY, reason(() -> world.depot.begin(ANA, withLength(2 << 20))));
        world.depot.begin(BIA, withLength(2 << 20)).close();
        world.depot.begin(ANA, withLength(100)).close();
        intakes.forEach(Intake::close);
        world.depot.begin(ANA, withLength(2 << 20)).close();
    }
}
