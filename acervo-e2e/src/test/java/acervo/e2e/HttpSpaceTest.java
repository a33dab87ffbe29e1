package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.client.AcervoClient;
import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.SpaceName;
import acervo.sync.RemoteSpace.Deposit;
import acervo.sync.RemoteSpace.FeedPage;
import acervo.sync.RemoteSpace.Move;
import acervo.sync.RemoteSpace.RemoteAnswer;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.RemoteNode;
import acervo.sync.remote.HttpSpace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The space of folder sync, against the real server.
final class HttpSpaceTest {
    private static final UUID FOLDER = new UUID(1, 2);

    @TempDir
    Path folder;

    private final Disk disk = new Disk();
    private final Random random = new Random(Bytes.seed());
    private InProcess server;
    private AcervoClient client;
    private HttpSpace space;

    @BeforeEach
    void start() throws IOException {
        server = new InProcess(folder);
        client = server.client();
        space = space(FilePath.ROOT);
    }

    @AfterEach
    void stop() throws IOException {
        space.close();
        client.close();
        server.close();
    }

    private HttpSpace space(FilePath root) {
        return new HttpSpace(client.transport(), SpaceName.HOME, root, FOLDER, disk::open);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private Deposit deposit(String path, byte[] bytes, @Nullable RemoteNode replaces) {
        LocalNode from = disk.file(path, bytes);
        return new Deposit(from.path(), from.content(), from, replaces);
    }

    private RemoteNode put(String path, byte[] bytes, @Nullable RemoteNode replaces) {
        return done(space.deposit(List.of(deposit(path, bytes, replaces))).getFirst());
    }

    private static RemoteNode done(RemoteAnswer answer) {
        return assertInstanceOf(RemoteAnswer.Done.class, answer).now();
    }

    private static Reason refused(RemoteAnswer answer) {
        return assertInstanceOf(RemoteAnswer.Refused.class, answer).why().reason();
    }

    private byte[] fetch(RemoteNode version, byte @Nullable [] replaced) throws IOException {
        Disk.Staged stage = new Disk.Staged(replaced);
        space.fetch(version, stage);
        return stage.bytes();
    }

    private static byte[] without(byte[] bytes, int from, int to) {
        byte[] rest = Arrays.copyOf(bytes, bytes.length - (to - from));
        System.arraycopy(bytes, to, rest, from, bytes.length - to);
        return rest;
    }

    private static byte[] joined(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    // Feed

    @Test
    void theFeedTellsWhatIsThereAndWhatIsGone() {
        RemoteNode a = put("a", bytes(10), null);
        RemoteNode b = put("b/c", bytes(20), null);
        assertInstanceOf(RemoteAnswer.Gone.class, space.remove(List.of(a)).getFirst());
        FeedPage page = space.feed(0, 100);
        assertEquals(
                List.of(b.id(), a.id()),
                page.rows().stream().map(row -> row.id()).toList());
        assertEquals(b, page.rows().getFirst().present());
        assertNull(page.rows().getLast().present());
        assertEquals(page.rows().getLast().version().number(), page.latest());
        assertEquals(page.epoch(), space.feed(page.latest(), 1).epoch());
        assertEquals(List.of(), space.feed(page.latest(), 100).rows());
    }

    @Test
    void ofAFolderOnlyWhatIsInsideIsSeenWithItsRelativePath() throws IOException {
        put("outside", bytes(10), null);
        HttpSpace inside = space(new FilePath("x/y"));
        byte[] content = bytes(30);
        RemoteNode a =
                done(inside.deposit(List.of(deposit("a/b", content, null))).getFirst());
        assertEquals("a/b", a.path().text());
        FeedPage page = inside.feed(0, 100);
        assertNull(page.rows().getFirst().present());
        assertEquals(a, page.rows().getLast().present());
        Disk.Staged stage = new Disk.Staged(null);
        inside.fetch(a, stage);
        assertArrayEquals(content, stage.bytes());
        RemoteNode moved =
                done(inside.move(List.of(new Move(a, new FilePath("c")))).getFirst());
        assertEquals("c", moved.path().text());
        assertEquals(
                List.of("outside", "x/y/c"),
                client.list(SpaceName.HOME, FilePath.ROOT, true, "", 100).getFilesList().stream()
                        .map(file -> file.getPath())
                        .filter(path -> !path.equals("x") && !path.equals("x/y"))
                        .toList());
    }

    @Test
    void anotherSpaceOfTheSameNameHasAnotherEpoch() {
        SpaceName team = new SpaceName("team");
        client.createSpace(team);
        HttpSpace shared = new HttpSpace(client.transport(), team, FilePath.ROOT, FOLDER, disk::open);
        long before = shared.feed(0, 1).epoch();
        client.removeSpace(team, true);
        client.createSpace(team);
        assertNotEquals(before, shared.feed(0, 1).epoch());
    }

    // Deposits

    @Test
    void depositsOfAllKindsAreAnsweredInTheirOrder() throws IOException {
        List<Deposit> deposits = new ArrayList<>();
        List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            contents.add(bytes(i == 700 ? 3_000_000 : i % 50));
            deposits.add(deposit("d" + i % 7 + "/f" + i, contents.getLast(), null));
        }
        byte[] target = "../elsewhere".getBytes(StandardCharsets.UTF_8);
        LocalNode link = disk.node("link", Disk.content(Kind.LINK, target), target);
        deposits.add(new Deposit(link.path(), link.content(), link, null));
        Content empty = new Content(Kind.FOLDER, BlobId.EMPTY, 0, 0, false);
        deposits.add(new Deposit(new FilePath("empty"), empty, null, null));
        List<RemoteAnswer> answers = space.deposit(deposits);
        for (int i = 0; i < answers.size(); i++) {
            RemoteNode now = done(answers.get(i));
            assertEquals(deposits.get(i).path(), now.path());
            assertEquals(deposits.get(i).content().kind(), now.content().kind());
            assertEquals(deposits.get(i).content().blob(), now.content().blob());
            if (i < contents.size() && i % 100 == 0) {
                assertArrayEquals(contents.get(i), fetch(now, null));
            }
        }
        assertArrayEquals(target, fetch(done(answers.get(1_500)), null));
        FeedPage page = space.feed(0, 10_000);
        assertEquals(1_502, page.rows().size());
    }

    @Test
    void whatIsBasedOnAnotherVersionIsRefusedByItself() {
        RemoteNode first = put("small", bytes(10), null);
        RemoteNode large = put("large", bytes(2_000_000), null);
        RemoteNode second = put("small", bytes(11), first);
        List<RemoteAnswer> answers = space.deposit(List.of(
                deposit("small", bytes(12), first),
                deposit("small", bytes(12), null),
                deposit("large", bytes(2_000_000), null),
                deposit("other", bytes(1), null),
                deposit("small/below", bytes(1), null),
                deposit("none", bytes(1), second)));
        assertEquals(Reason.VERSION_CHANGED, refused(answers.get(0)));
        assertEquals(Reason.FILE_EXISTS, refused(answers.get(1)));
        assertEquals(Reason.FILE_EXISTS, refused(answers.get(2)));
        done(answers.get(3));
        assertEquals(Reason.PATH_IN_THE_WAY, refused(answers.get(4)));
        assertEquals(Reason.NO_SUCH_FILE, refused(answers.get(5)));
        RemoteNode newer = put("large", bytes(2_000_001), large);
        assertEquals(
                Reason.VERSION_CHANGED,
                refused(space.deposit(List.of(deposit("large", bytes(2_000_000), large)))
                        .getFirst()));
        assertNotEquals(large.version(), newer.version());
    }

    @Test
    void aFileThatChangesWhileItIsReadGetsNoName() {
        for (int size : new int[] {100, 3_000_000}) {
            Deposit changing = deposit("changing", bytes(size), null);
            LocalNode from = changing.from();
            disk.atRead(from, () -> disk.replace(from, bytes(size)));
            Deposit gone = new Deposit(
                    new FilePath("gone"),
                    changing.content(),
                    new LocalNode(1_000_000, new FilePath("gone"), changing.content()),
                    null);
            Deposit lies = deposit("lies", bytes(size), null);
            disk.replace(lies.from(), bytes(size));
            List<RemoteAnswer> answers = space.deposit(List.of(changing, gone, lies));
            answers.forEach(answer -> assertInstanceOf(RemoteAnswer.Changed.class, answer));
        }
        assertEquals(List.of(), space.feed(0, 100).rows());
    }

    @Test
    void timeAndExecutableBitAreChangedWithoutBytes() throws IOException {
        byte[] content = bytes(5_000_000);
        RemoteNode first = put("large", content, null);
        Content was = first.content();
        server.wire.mend();
        Content other = new Content(Kind.FILE, was.blob(), was.size(), 1_600_000_000_000L, true);
        RemoteNode now = done(space.deposit(List.of(new Deposit(first.path(), other, null, first)))
                .getFirst());
        assertTrue(server.wire.up() < 2_000, () -> server.wire.up() + " bytes for a time");
        assertEquals(other, now.content());
        assertEquals(first.id(), now.id());
        assertArrayEquals(content, fetch(now, null));
        assertEquals(
                Reason.VERSION_CHANGED,
                refused(space.deposit(List.of(new Deposit(first.path(), was, null, first)))
                        .getFirst()));
    }

    @Test
    void anUploadThatWasCutGoesOnWhereItStands() throws Exception {
        byte[] content = bytes(12_000_000);
        server.wire.cutAfterUp(6_000_000);
        RemoteNode now;
        try (var _ = server.mending()) {
            now = put("large", content, null);
        }
        assertTrue(server.wire.up() < 9_000_000, () -> server.wire.up() + " bytes after the cut");
        assertArrayEquals(content, fetch(now, null));
    }

    @Test
    void theSameDepositAfterAllWasRemovedIsADepositOfItsOwn() {
        byte[] content = bytes(2_000_000);
        RemoteNode first = put("large", content, null);
        space.remove(List.of(first));
        RemoteNode again = put("large", content, null);
        assertNotEquals(first.version(), again.version());
        assertEquals(again, space.feed(0, 10).rows().getLast().present());
    }

    // Differences up

    @Test
    void onlyWhatChangedInALargeFileIsSent() throws IOException {
        byte[] content = bytes(20_000_000);
        RemoteNode now = put("large", content, null);
        for (int round = 0; round < 5; round++) {
            byte[] next = content.clone();
            for (int place = 0; place < 10; place++) {
                int at = random.nextInt(next.length - 100);
                System.arraycopy(bytes(100), 0, next, at, 100);
            }
            server.wire.mend();
            now = put("large", next, now);
            // Ten pieces of 2 KiB, or twenty where a change lies over a border, and their blocks' sums.
            assertTrue(server.wire.up() < 60_000, () -> server.wire.up() + " bytes up");
            assertTrue(server.wire.down() < 25_000, () -> server.wire.down() + " bytes down");
            assertArrayEquals(next, fetch(now, null));
            content = next;
        }
    }

    @Test
    void anInsertionARemovalAndAMovedPartDoNotSendTheRestAgain() throws IOException {
        byte[] content = bytes(10_000_000);
        RemoteNode now = put("large", content, null);
        List<byte[]> nexts = List.of(
                joined(bytes(17), content),
                without(content, 5_000_000, 5_000_333),
                joined(Arrays.copyOfRange(content, 7_000_000, 10_000_000), Arrays.copyOf(content, 7_000_000)),
                joined(content, bytes(1_000)));
        for (byte[] next : nexts) {
            server.wire.mend();
            RemoteNode changed = put("large", next, now);
            assertTrue(server.wire.up() < 30_000, () -> server.wire.up() + " bytes up");
            assertArrayEquals(next, fetch(changed, null));
            now = put("large", content, changed);
        }
    }

    @Test
    void aDifferenceThatWasCutGoesOnWhereItStands() throws Exception {
        byte[] content = bytes(16_000_000);
        RemoteNode first = put("large", content, null);
        byte[] next = joined(bytes(2_000_000), content, bytes(2_000_000));
        server.wire.mend();
        server.wire.cutAfterUp(3_000_000);
        RemoteNode now;
        try (var _ = server.mending()) {
            now = put("large", next, first);
        }
        // Not all that was sent before the cut had arrived.
        assertTrue(server.wire.up() < 4_000_000, () -> server.wire.up() + " bytes after the cut");
        assertArrayEquals(next, fetch(now, null));
    }

    @Test
    void aDifferenceGoesOnAfterTheServerWasStartedAgain() throws Exception {
        byte[] content = bytes(16_000_000);
        RemoteNode first = put("large", content, null);
        byte[] next = joined(bytes(2_000_000), content, bytes(4_000_000));
        server.wire.mend();
        // Within the second literal: the copies before it are bytes of the upload by then.
        server.wire.cutAfterUp(4_500_000);
        RemoteNode now;
        try (var _ = server.restartingWhenCut()) {
            now = put("large", next, first);
        }
        assertArrayEquals(next, fetch(now, null));
    }

    @Test
    void blocksThatOnlyHaveTheSameChecksumAreSentInTheEnd() throws IOException {
        byte[] content = bytes(4_000_000);
        RemoteNode first = put("large", content, null);
        byte[] next = content.clone();
        // Eight bytes that leave the CRC32C of their block as it is: a multiple of its polynomial is added.
        Checksums.changeInSecret(next, 1_000_000);
        assertNotEquals(Bytes.sha256(content), Bytes.sha256(next));
        RemoteNode now = put("large", next, first);
        assertArrayEquals(next, fetch(now, null));
        assertArrayEquals(next, fetchTwice(now, content));
    }

    /// As the engine does it: what has the wrong hash is dropped and fetched again.
    private byte[] fetchTwice(RemoteNode version, byte[] replaced) throws IOException {
        Disk.Staged stage = new Disk.Staged(replaced);
        space.fetch(version, stage);
        assertNotEquals(version.content().blob().toString(), Bytes.sha256(stage.bytes()));
        stage.discard();
        space.fetch(version, stage);
        return stage.bytes();
    }

    // Fetches

    @Test
    void manySmallVersionsAreFetchedAtTheSameTime() throws Exception {
        List<Deposit> deposits = new ArrayList<>();
        Map<String, byte[]> contents = new HashMap<>();
        for (int i = 0; i < 3_000; i++) {
            contents.put("f" + i, bytes(i % 4_000));
            deposits.add(deposit("f" + i, contents.get("f" + i), null));
        }
        List<RemoteNode> versions =
                space.deposit(deposits).stream().map(HttpSpaceTest::done).toList();
        Map<String, byte[]> got = new ConcurrentHashMap<>();
        CountDownLatch all = new CountDownLatch(versions.size());
        Semaphore atOnce = new Semaphore(100);
        server.wire.cutAfterDown(1_000_000);
        InProcess.Mending mending = server.mending();
        for (RemoteNode version : versions) {
            Thread.ofVirtual().start(() -> {
                atOnce.acquireUninterruptibly();
                try {
                    got.put(version.path().text(), fetch(version, null));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                } finally {
                    atOnce.release();
                    all.countDown();
                }
            });
        }
        all.await();
        mending.close();
        assertEquals(contents.size(), got.size());
        contents.forEach((path, bytes) -> assertArrayEquals(bytes, got.get(path), path));
    }

    @Test
    void aVersionThatIsNotThereAnyMoreIsRefused() {
        for (int size : new int[] {100, 3_000_000}) {
            byte[] content = bytes(size);
            RemoteNode first = put("f", content, null);
            RemoteNode second = put("f", bytes(size), first);
            for (byte[] replaced : new byte[][] {null, bytes(size), content}) {
                RefusedException changed = assertThrows(RefusedException.class, () -> fetch(first, replaced));
                assertEquals(Reason.VERSION_CHANGED, changed.refusal().reason());
            }
            space.remove(List.of(second));
            for (byte[] replaced : new byte[][] {null, content}) {
                RefusedException gone = assertThrows(RefusedException.class, () -> fetch(second, replaced));
                assertEquals(Reason.NO_SUCH_FILE, gone.refusal().reason());
            }
        }
        // The connections are in order after all those refusals.
        put("g", bytes(3_000_000), null);
    }

    @Test
    void onlyWhatTheLocalFileHasNotIsFetched() throws IOException {
        byte[] content = bytes(20_000_000);
        RemoteNode now = put("large", content, null);
        byte[] changed = content.clone();
        for (int place = 0; place < 40; place++) {
            System.arraycopy(bytes(50), 0, changed, random.nextInt(changed.length - 50), 50);
        }
        List<byte[]> olds = List.of(
                content,
                changed,
                joined(bytes(17), content),
                without(content, 5_000_000, 5_000_333),
                joined(Arrays.copyOfRange(content, 7_000_000, 20_000_000), Arrays.copyOf(content, 7_000_000)),
                Arrays.copyOf(content, 19_990_000));
        for (byte[] old : olds) {
            server.wire.mend();
            Disk.Staged stage = new Disk.Staged(old);
            // Another one each time: the same version asked for again from its start is taken for one that went wrong.
            space(FilePath.ROOT).fetch(now, stage);
            assertArrayEquals(content, stage.bytes());
            assertTrue(server.wire.down() < 250_000, () -> server.wire.down() + " bytes down");
        }
    }

    @Test
    void aFetchThatWasCutGoesOnWhereItStands() throws Exception {
        byte[] content = bytes(12_000_000);
        RemoteNode now = put("large", content, null);
        for (byte[] old : new byte[][] {null, joined(bytes(5_000_000), Arrays.copyOf(content, 3_000_000))}) {
            server.wire.mend();
            server.wire.cutAfterDown(4_000_000);
            Disk.Staged stage = new Disk.Staged(old);
            try (var _ = server.mending()) {
                space(FilePath.ROOT).fetch(now, stage);
            }
            assertArrayEquals(content, stage.bytes());
            assertTrue(server.wire.down() < 9_000_000, () -> server.wire.down() + " bytes after the cut");
        }
    }

    // Removes and moves

    @Test
    void thousandsAreMovedAndRemovedInOrder() {
        List<Deposit> deposits = new ArrayList<>();
        for (int i = 0; i < 4_100; i++) {
            deposits.add(deposit("old/f" + i, bytes(3), null));
        }
        List<RemoteNode> rows =
                space.deposit(deposits).stream().map(HttpSpaceTest::done).toList();
        server.wire.mend();
        List<RemoteAnswer> moved = space.move(rows.stream()
                .map(row -> new Move(row, new FilePath("new/" + row.path().name())))
                .toList());
        assertTrue(server.wire.up() < 200 * 4_100, () -> server.wire.up() + " bytes up");
        List<RemoteNode> there = moved.stream().map(HttpSpaceTest::done).toList();
        for (int i = 0; i < rows.size(); i++) {
            assertEquals("new/f" + i, there.get(i).path().text());
            assertEquals(rows.get(i).id(), there.get(i).id());
        }
        assertEquals(
                Reason.NO_SUCH_FILE,
                refused(space.remove(List.of(rows.getFirst())).getFirst()));
        space.remove(there).forEach(answer -> assertInstanceOf(RemoteAnswer.Gone.class, answer));
        assertTrue(space.feed(0, 10_000).rows().stream().allMatch(row -> row.present() == null));
    }

    // Watching

    @Test
    void aHintComesForEveryChangeAlsoAfterARestart() throws Exception {
        Semaphore hints = new Semaphore(0);
        space.watch(0, hints::release);
        hints.acquire();
        hints.drainPermits();
        put("a", bytes(1), null);
        hints.acquire();
        server.wire.cutAfterUp(0);
        try (var _ = server.mending()) {
            put("b", bytes(1), null);
            hints.acquire();
        }
        server.restart();
        hints.drainPermits();
        put("c", bytes(1), null);
        hints.acquire();
    }
}
