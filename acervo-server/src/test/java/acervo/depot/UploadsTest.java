package acervo.depot;

import static acervo.depot.World.ANA;
import static acervo.depot.World.BIA;
import static acervo.depot.World.HOME;
import static acervo.depot.World.announcing;
import static acervo.depot.World.bytes;
import static acervo.depot.World.id;
import static acervo.depot.World.on;
import static acervo.depot.World.path;
import static acervo.depot.World.reason;
import static acervo.depot.World.refusal;
import static acervo.depot.World.request;
import static acervo.depot.World.target;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.blob.StoreFailedException;
import acervo.blob.StoreFullException;
import acervo.blob.StoreStatus;
import acervo.catalog.CatalogUnavailableException;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.Kind;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RequestId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UploadsTest extends WithWorld {
    private static final Duration WEEK = Duration.ofDays(7);

    private final RequestId request = request();

    private Uploads uploads() {
        return world.depot.uploads();
    }

    private void append(long offset, byte[] bytes) {
        append(ANA, offset, bytes);
    }

    private void append(ClientId caller, long offset, byte[] bytes) {
        try (Uploads.Append append = uploads().append(caller, request, offset)) {
            append.write(ByteBuffer.wrap(bytes));
            assertEquals(offset + bytes.length, append.offset());
        }
    }

    private static byte[] part(byte[] bytes, int from, int to) {
        return java.util.Arrays.copyOfRange(bytes, from, to);
    }

    private long offset() {
        return uploads().find(ANA, request).offset();
    }

    private long records() {
        try (var files = Files.list(folder.resolve("uploads"))) {
            return files.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5_000, 2_000_000})
    void uploadInPartsBecomesAFile(int length) {
        byte[] bytes = bytes(length, 1);
        Uploads.Progress begun = uploads().create(ANA, target("f", request));
        assertEquals(new Uploads.Progress(request, 0, OptionalLong.empty(), false), begun);
        append(0, part(bytes, 0, length / 3));
        append(length / 3, part(bytes, length / 3, length));
        assertEquals(length, offset());
        assertFalse(world.exists("f"));
        Deposited deposited = uploads().complete(ANA, request, Optional.of(id(bytes)));
        assertTrue(deposited.created());
        assertArrayEquals(bytes, world.get("f"));
        assertEquals(0, records());
        assertTrue(world.blobs.stages().isEmpty());
        assertEquals(0, world.depot.status().uploads());
    }

    @Test
    void uploadGoesOnWhereItStoppedAfterARestart() {
        byte[] bytes = bytes(3_000_000, 1);
        uploads().create(ANA, announcing(target("f", request), bytes));
        append(0, part(bytes, 0, 1_234_567));
        world.restart();
        assertEquals(1, world.depot.status().uploads());
        assertEquals(1_234_567, world.depot.status().uploadBytes());
        assertEquals(1_234_567, offset());
        append(1_234_567, part(bytes, 1_234_567, 3_000_000));
        world.restart();
        uploads().complete(ANA, request, Optional.empty());
        assertArrayEquals(bytes, world.get("f"));
    }

    @Test
    void wrongOffsetIsRefusedWithTheRightOne() {
        uploads().create(ANA, target("f", request));
        append(0, bytes(10, 1));
        Refusal refusal = refusal(() -> uploads().append(ANA, request, 7));
        assertEquals(Reason.OFFSET_MISMATCH, refusal.reason());
        assertEquals(List.of("7", "10"), refusal.arguments());
        append(10, bytes(1, 1));
    }

    @Test
    void repeatedCreateFindsTheSameUpload() {
        Target target = target("f", request);
        uploads().create(ANA, target);
        append(0, bytes(10, 1));
        assertEquals(10, uploads().create(ANA, target).offset());
        assertEquals(Reason.REQUEST_REUSED, reason(() -> uploads().create(ANA, target("g", request))));
        assertEquals(1, records());
    }

    @Test
    void createAfterItTookEffectSaysThatItIsComplete() {
        Target target = on(target("f", request), Condition.ABSENT);
        uploads().create(ANA, target);
        append(0, bytes(10, 1));
        uploads().complete(ANA, request, Optional.of(id(bytes(10, 1))));
        Uploads.Progress again = uploads().create(ANA, target);
        assertTrue(again.complete());
        assertEquals(10, again.offset());
        assertEquals(0, records());
    }

    @Test
    void secondAppenderTakesOverAndTheFirstFails() {
        uploads().create(ANA, target("f", request));
        Uploads.Append first = uploads().append(ANA, request, 0);
        first.write(ByteBuffer.wrap(bytes(10, 1)));
        Uploads.Append second = uploads().append(ANA, request, 10);
        assertEquals(Reason.UNAVAILABLE, reason(() -> first.write(ByteBuffer.wrap(bytes(10, 9)))));
        second.write(ByteBuffer.wrap(bytes(10, 2)));
        first.close();
        second.write(ByteBuffer.wrap(bytes(10, 3)));
        second.close();
        assertEquals(30, offset());
        assertEquals(0, streams());
    }

    private int streams() {
        // All of them can be taken: none leaked.
        List<Uploads.Append> all = new java.util.ArrayList<>();
        int free = 0;
        try {
            for (; free < DepotSettings.DEFAULTS.appendsPerClient(); free++) {
                RequestId other = request();
                uploads().create(ANA, target("s" + free, other));
                all.add(uploads().append(ANA, other, 0));
            }
        } finally {
            all.forEach(Uploads.Append::close);
        }
        return DepotSettings.DEFAULTS.appendsPerClient() - free;
    }

    @Test
    void askingForTheOffsetStopsTheAppenderSoThatTheOffsetStandsStill() {
        uploads().create(ANA, target("f", request));
        try (Uploads.Append append = uploads().append(ANA, request, 0)) {
            append.write(ByteBuffer.wrap(bytes(10, 1)));
            assertEquals(10, offset());
            assertEquals(Reason.UNAVAILABLE, reason(() -> append.write(ByteBuffer.wrap(bytes(10, 1)))));
        }
        assertEquals(10, offset());
    }

    @Test
    void othersSeeNoUploadAndMayUseTheSameIdForTheirOwn() {
        uploads().create(ANA, target("f", request));
        append(0, bytes(10, 1));
        assertEquals(Reason.NO_SUCH_UPLOAD, reason(() -> uploads().find(BIA, request)));
        assertEquals(Reason.NO_SUCH_UPLOAD, reason(() -> uploads().append(BIA, request, 10)));
        assertEquals(
                Reason.NO_SUCH_UPLOAD, reason(() -> uploads().complete(BIA, request, Optional.of(id(bytes(10, 1))))));
        assertEquals(Reason.NO_SUCH_UPLOAD, reason(() -> uploads().cancel(BIA, request)));
        uploads().create(BIA, target("g", request));
        append(BIA, 0, bytes(5, 2));
        uploads().complete(ANA, request, Optional.of(id(bytes(10, 1))));
        uploads().complete(BIA, request, Optional.of(id(bytes(5, 2))));
        assertArrayEquals(bytes(10, 1), world.get("f"));
        assertArrayEquals(bytes(5, 2), world.get(BIA, HOME, "g"));
    }

    @Test
    void wrongDigestOrLengthKeepsTheUpload() {
        byte[] bytes = bytes(100, 1);
        uploads().create(ANA, announcing(target("f", request), bytes));
        append(0, part(bytes, 0, 50));
        assertEquals(Reason.LENGTH_MISMATCH, reason(() -> uploads().complete(ANA, request, Optional.empty())));
        append(50, part(bytes, 50, 100));
        assertEquals(Reason.DIGEST_MISMATCH, reason(() -> uploads().complete(ANA, request, Optional.of(BlobId.EMPTY))));
        assertFalse(world.exists("f"));
        assertEquals(Reason.LENGTH_MISMATCH, reason(() -> append(100, bytes(1, 1))));
        uploads().complete(ANA, request, Optional.empty());
        assertArrayEquals(bytes, world.get("f"));
    }

    @Test
    void digestIsNeededToComplete() {
        uploads().create(ANA, target("f", request));
        append(0, bytes(10, 1));
        assertEquals(Reason.ARGUMENT_INVALID, reason(() -> uploads().complete(ANA, request, Optional.empty())));
    }

    @Test
    void repeatedCompleteGivesTheSameAnswer() {
        uploads().create(ANA, on(target("f", request), Condition.ABSENT));
        append(0, bytes(10, 1));
        Optional<BlobId> digest = Optional.of(id(bytes(10, 1)));
        Deposited first = uploads().complete(ANA, request, digest);
        assertEquals(first.entry(), uploads().complete(ANA, request, digest).entry());
        world.restart();
        assertEquals(first.entry(), uploads().complete(ANA, request, digest).entry());
        assertEquals(1, world.depot.file(ANA, HOME, path("f")).version().number());
        assertEquals(
                new Uploads.Progress(request, 10, OptionalLong.of(10), true),
                uploads().find(ANA, request));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2_000_000})
    void completeAfterALostAnswerTakesEffectOnce(int length) {
        byte[] bytes = bytes(length, 1);
        uploads().create(ANA, on(target("f", request), Condition.ABSENT));
        append(0, bytes);
        Optional<BlobId> digest = Optional.of(id(bytes));
        world.catalog.losingAnswersOf = Command.PutFiles.class;
        assertThrows(CatalogUnavailableException.class, () -> uploads().complete(ANA, request, digest));
        world.catalog.losingAnswersOf = null;
        assertEquals(
                1, uploads().complete(ANA, request, digest).entry().version().number());
        assertArrayEquals(bytes, world.get("f"));
        assertEquals(0, records());
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2_000_000})
    void completeWhoseCommandWasNeverAppliedCanBeRepeatedAlsoAfterARestart(int length) {
        byte[] bytes = bytes(length, 1);
        uploads().create(ANA, target("f", request));
        append(0, bytes);
        Optional<BlobId> digest = Optional.of(id(bytes));
        world.catalog.before = command -> {
            throw new CatalogUnavailableException("the log is full", null);
        };
        assertThrows(CatalogUnavailableException.class, () -> uploads().complete(ANA, request, digest));
        assertFalse(world.exists("f"));
        assertEquals(length, offset());
        world.restart();
        world.catalog.before = command -> {};
        // Nothing refers to the bytes, and they are needed: the collector must know.
        world.depot.collector().reconcile();
        world.clock.pass(Duration.ofHours(2));
        world.depot.collector().reconcile();
        assertEquals(length, offset());
        uploads().complete(ANA, request, digest);
        assertArrayEquals(bytes, world.get("f"));
        assertTrue(world.blobs.stages().isEmpty());
    }

    @Test
    void crashBetweenSealingAndStoringCostsNothing() {
        byte[] bytes = bytes(2_000_000, 1);
        uploads().create(ANA, target("f", request));
        append(0, bytes);
        Optional<BlobId> digest = Optional.of(id(bytes));
        world.blobs.beforeCommit = () -> {
            throw new Crash();
        };
        assertThrows(Crash.class, () -> uploads().complete(ANA, request, digest));
        world.blobs.beforeCommit = () -> {};
        world.restart();
        assertEquals(2_000_000, offset());
        uploads().complete(ANA, request, digest);
        assertArrayEquals(bytes, world.get("f"));
    }

    /// The process dies here.
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Test
    void storeThatFailsLeavesTheUploadToBeCompletedAfterARestart() {
        byte[] bytes = bytes(2_000_000, 1);
        uploads().create(ANA, target("f", request));
        append(0, bytes);
        Optional<BlobId> digest = Optional.of(id(bytes));
        world.blobs.beforeCommit = () -> {
            throw new StoreFailedException("a force failed", null);
        };
        assertThrows(StoreFailedException.class, () -> uploads().complete(ANA, request, digest));
        assertFalse(world.exists("f"));
        world.blobs.beforeCommit = () -> {};
        world.restart();
        uploads().complete(ANA, request, digest);
        assertArrayEquals(bytes, world.get("f"));
    }

    @Test
    void uploadThatFindsTheDiskFullWhenItIsCompletedIsCompletedLater() {
        byte[] bytes = bytes(2_000_000, 1);
        uploads().create(ANA, target("f", request));
        append(0, part(bytes, 0, 1_500_000));
        Optional<BlobId> tooEarly = Optional.of(id(part(bytes, 0, 1_500_000)));
        world.blobs.beforeCommit = () -> {
            throw new StoreFullException(0, 1);
        };
        assertEquals(Reason.NO_ROOM, reason(() -> uploads().complete(ANA, request, tooEarly)));
        world.blobs.beforeCommit = () -> {};
        assertEquals(1_500_000, offset());
        append(1_500_000, part(bytes, 1_500_000, 2_000_000));
        uploads().complete(ANA, request, Optional.of(id(bytes)));
        assertArrayEquals(bytes, world.get("f"));
    }

    @Test
    void uploadThatAFullCatalogTurnsAwayIsCompletedLater() {
        byte[] bytes = bytes(2_000_000, 1);
        uploads().create(ANA, target("f", request));
        append(0, bytes);
        Optional<BlobId> digest = Optional.of(id(bytes));
        world.catalog.before = command -> {
            throw CatalogUnavailableException.notTried("only removing is possible now");
        };
        world.blobs.status = new StoreStatus(0, 0, 5, 10, 0, Optional.empty());
        assertEquals(Reason.NO_ROOM, reason(() -> uploads().complete(ANA, request, digest)));
        world.blobs.status = null;
        world.catalog.before = command -> {};
        assertEquals(2_000_000, offset());
        world.depot.collector().reconcile();
        world.clock.pass(Duration.ofHours(2));
        world.depot.collector().reconcile();
        uploads().complete(ANA, request, digest);
        assertArrayEquals(bytes, world.get("f"));
    }

    @Test
    void catalogsNoEndsTheUploadAndIsRepeated() {
        byte[] bytes = bytes(2_000_000, 1);
        uploads().create(ANA, on(target("f", request), Condition.ABSENT));
        append(0, bytes);
        world.put("f", bytes(1, 1));
        Optional<BlobId> digest = Optional.of(id(bytes));
        assertEquals(Reason.FILE_EXISTS, reason(() -> uploads().complete(ANA, request, digest)));
        assertEquals(Reason.FILE_EXISTS, reason(() -> uploads().complete(ANA, request, digest)));
        assertEquals(Reason.NO_SUCH_UPLOAD, reason(() -> uploads().find(ANA, request)));
        assertFalse(world.blobs.has(id(bytes)));
        assertEquals(0, records());
    }

    @Test
    void uploadThatCannotSucceedIsRefusedAtOnce() {
        world.put("f", bytes(1, 1));
        assertEquals(
                Reason.FILE_EXISTS, reason(() -> uploads().create(ANA, on(target("f", request), Condition.ABSENT))));
        assertEquals(0, records());
    }

    @Test
    void cancelledUploadIsGone() {
        uploads().create(ANA, target("f", request));
        Uploads.Append append = uploads().append(ANA, request, 0);
        append.write(ByteBuffer.wrap(bytes(2_000_000, 1)));
        uploads().cancel(ANA, request);
        assertEquals(Reason.UNAVAILABLE, reason(() -> append.write(ByteBuffer.wrap(bytes(1, 1)))));
        append.close();
        assertEquals(Reason.NO_SUCH_UPLOAD, reason(() -> uploads().find(ANA, request)));
        assertEquals(Reason.NO_SUCH_UPLOAD, reason(() -> uploads().cancel(ANA, request)));
        assertTrue(world.blobs.stages().isEmpty());
        assertEquals(0, records());
    }

    @Test
    void uploadExpiresAfterAWeekWithoutProgressAlsoAcrossARestart() {
        uploads().create(ANA, target("f", request));
        append(0, bytes(10, 1));
        world.clock.pass(WEEK.minusMillis(1));
        uploads().tidy();
        append(10, bytes(10, 1));
        world.clock.pass(WEEK.minusMillis(1));
        world.restart();
        uploads().tidy();
        assertEquals(20, offset());
        world.clock.pass(Duration.ofMillis(2));
        uploads().tidy();
        assertEquals(Reason.NO_SUCH_UPLOAD, reason(() -> uploads().find(ANA, request)));
        assertTrue(world.blobs.stages().isEmpty());
        assertEquals(0, records());
    }

    @Test
    void restingUploadLetsGoOfItsStageAndGoesOnLater() {
        byte[] bytes = bytes(200, 1);
        uploads().create(ANA, target("f", request));
        append(0, part(bytes, 0, 100));
        world.clock.pass(Duration.ofMinutes(2));
        uploads().tidy();
        append(100, part(bytes, 100, 200));
        uploads().complete(ANA, request, Optional.of(id(bytes)));
        assertArrayEquals(bytes, world.get("f"));
    }

    @Test
    void uploadsOfOneClientAndOfAllAreLimited() {
        DepotSettings few =
                new DepotSettings(0, Duration.ofHours(1), Duration.ofDays(30), WEEK, 3, 2, 5, Duration.ofDays(30), 0);
        try (World small = new World(folder.resolve("few"), few, 1 << 30)) {
            Uploads uploads = small.depot.uploads();
            RequestId first = request();
            uploads.create(ANA, target("0", first));
            uploads.create(ANA, target("1"));
            uploads.create(ANA, target("2"));
            assertEquals(Reason.TOO_MANY, reason(() -> uploads.create(ANA, target("3"))));
            uploads.create(BIA, target("0"));
            uploads.create(BIA, target("1"));
            assertEquals(Reason.TOO_MANY, reason(() -> uploads.create(BIA, target("2"))));
            uploads.cancel(ANA, first);
            uploads.create(ANA, target("3"));
        }
    }

    @Test
    void stagesOfBrokenDepositsAreSweptAndUploadsAreNot() {
        uploads().create(ANA, target("f", request));
        append(0, bytes(10, 1));
        Intake cutOff = world.depot.begin(ANA, target("g"));
        World.write(cutOff, bytes(2_000_000, 1));
        world.depot.housekeeping().tick();
        assertEquals(2, world.blobs.stages().size(), "neither is swept while it goes on");
        assertEquals(List.of(), world.blobs.discarded);
        world.restart();
        // As after a crash the stage is not open any more.
        world.blobs.forgetOpenStages();
        world.depot.housekeeping().tick();
        assertEquals(1, world.blobs.stages().size());
        assertEquals(10, offset());
    }

    @Test
    void brokenRecordsAreThrownAwayAtStart() throws IOException {
        uploads().create(ANA, target("f", request));
        append(0, bytes(10, 1));
        Files.write(folder.resolve("uploads").resolve(new UUID(1, 2).toString()), new byte[] {1, 2, 3, 4, 5, 6});
        Files.write(folder.resolve("uploads").resolve("x.new"), new byte[100]);
        world.restart();
        assertEquals(1, records());
        assertEquals(10, offset());
    }

    @Test
    void recordKeepsItsBytesForEver() {
        Target target = new Target(
                acervo.model.SpaceName.PUBLIC,
                path("ação/x"),
                Kind.LINK,
                -7,
                true,
                3,
                new Condition.At(new acervo.model.Version(17)),
                new RequestId(new UUID(0x1122334455667788L, 0x99AABBCCDDEEFF00L)),
                Optional.of(BlobId.EMPTY),
                OptionalLong.of(4096));
        UploadRecord record = new UploadRecord(ANA, target, 99, Optional.empty()).sealed(new BlobId(1, 2, 3, 4), 5);
        assertEquals(
                "01" + "00000000000000010000000000000001" + "112233445566778899aabbccddeeff00" + "0000000000000063"
                        + "00067075626c6963" + "000861c3a7c3a36f2f78" + "03" + "fffffffffffffff9" + "01" + "00000003"
                        + "03" + "0000000000000011" + "01" + BlobId.EMPTY + "0000000000001000" + "01"
                        + "0000000000000001000000000000000200000000000000030000000000000004" + "0000000000000005",
                HexFormat.of().formatHex(record.encode()));
        assertEquals(Optional.of(record), UploadRecord.decode(record.encode()));
        for (Condition condition : List.of(Condition.ANY, Condition.ABSENT, Condition.PRESENT)) {
            UploadRecord plain = new UploadRecord(BIA, on(target("f", request), condition), 1, Optional.empty());
            assertEquals(Optional.of(plain), UploadRecord.decode(plain.encode()));
        }
    }

    @Test
    void completedUploadLeavesNothingElse() {
        uploads().create(ANA, target("f", request));
        append(0, bytes(2_000_000, 1));
        uploads().complete(ANA, request, Optional.of(id(bytes(2_000_000, 1))));
        assertEquals(Map.of(id(bytes(2_000_000, 1)), 2_000_000L), world.blobs.contents());
    }
}
