package acervo.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every [BlobStore] keeps.
interface BlobStoreContract {
    /// A new, empty store with at least 64 MiB of room, closed by whoever implements this.
    BlobStore store() throws Exception;

    /// Sizes around every boundary of packing, blocks and pieces.
    List<Integer> SIZES = List.of(
            0,
            1,
            4096,
            Blocks.SIZE - 1,
            Blocks.SIZE,
            Blocks.SIZE + 1,
            300_000,
            BlobStore.SMALL - 1,
            BlobStore.SMALL,
            BlobStore.SMALL + 1,
            3 * BlobStore.SMALL + 12_345);

    @Test
    default void smallBlobsOfEverySizeComeBack() throws Exception {
        BlobStore store = store();
        for (int size : SIZES) {
            if (size <= BlobStore.SMALL) {
                byte[] bytes = Bytes.random(size, size);
                store.putAll(List.of(Bytes.small(bytes)));
                assertArrayEquals(bytes, Bytes.read(store, Bytes.id(bytes)), "of " + size + " bytes");
            }
        }
    }

    @Test
    default void stagedBlobsOfEverySizeComeBack() throws Exception {
        BlobStore store = store();
        for (int size : SIZES) {
            byte[] bytes = Bytes.random(size, 100 + size);
            assertEquals(Bytes.id(bytes), Bytes.stage(store, bytes));
            assertArrayEquals(bytes, Bytes.read(store, Bytes.id(bytes)), "of " + size + " bytes");
        }
    }

    @Test
    default void directAndHeapBuffersInOddPiecesMakeTheSameBlob() throws Exception {
        BlobStore store = store();
        byte[] bytes = Bytes.random(2_500_000, 7);
        Stage stage = store.stage(new StageId(UUID.randomUUID()));
        int at = 0;
        for (int n = 1; at < bytes.length; n = n * 3 + 1) {
            int size = Math.min(n, bytes.length - at);
            ByteBuffer piece = n % 2 == 0 ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
            stage.write(piece.put(bytes, at, size).flip());
            assertFalse(piece.hasRemaining());
            at += size;
            assertEquals(at, stage.length());
        }
        assertEquals(Bytes.id(bytes), stage.digest());
        assertEquals(Bytes.id(bytes), stage.commit());
        assertArrayEquals(bytes, Bytes.read(store, Bytes.id(bytes)));
    }

    @Test
    default void anyRangeCanBeRead() throws Exception {
        BlobStore store = store();
        byte[] bytes = Bytes.random(400_000, 3);
        store.putAll(List.of(Bytes.small(bytes)));
        try (StoredBlob blob = store.open(Bytes.id(bytes)).orElseThrow()) {
            for (int offset : List.of(0, 1, 65_535, 65_536, 200_001, 399_999, 400_000)) {
                for (int size : List.of(0, 1, 65_536, 150_000)) {
                    if (offset + size <= bytes.length) {
                        ByteBuffer into = ByteBuffer.allocate(size);
                        blob.read(offset, into);
                        assertEquals(ByteBuffer.wrap(bytes, offset, size), into.flip());
                        blob.check(offset, size);
                    }
                }
            }
            blob.verify(n -> {});
        }
    }

    @Test
    default void aRangeOutsideTheBlobIsRefused() throws Exception {
        BlobStore store = store();
        byte[] bytes = Bytes.random(1000, 3);
        store.putAll(List.of(Bytes.small(bytes)));
        try (StoredBlob blob = store.open(Bytes.id(bytes)).orElseThrow()) {
            assertThrows(IndexOutOfBoundsException.class, () -> blob.read(999, ByteBuffer.allocate(2)));
            assertThrows(IndexOutOfBoundsException.class, () -> blob.read(-1, ByteBuffer.allocate(1)));
            assertThrows(IndexOutOfBoundsException.class, () -> blob.check(0, 1001));
        }
    }

    @Test
    default void theSumsOfBlocksAreThoseOfTheBytes() throws Exception {
        BlobStore store = store();
        for (int length : List.of(1, 65_536, 400_000, 3 * 65_536, 2_500_000)) {
            byte[] bytes = Bytes.random(length, 5);
            int[] expected = Blocks.sums(ByteBuffer.wrap(bytes));
            try (StoredBlob blob = store.open(Bytes.stage(store, bytes)).orElseThrow()) {
                for (int first = 0; first <= expected.length; first++) {
                    int[] sums = new int[expected.length - first];
                    blob.sums(first, IntBuffer.wrap(sums));
                    assertArrayEquals(Arrays.copyOfRange(expected, first, expected.length), sums);
                }
                assertThrows(
                        IndexOutOfBoundsException.class, () -> blob.sums(0, IntBuffer.allocate(expected.length + 1)));
                assertThrows(IndexOutOfBoundsException.class, () -> blob.sums(-1, IntBuffer.allocate(1)));
            }
        }
    }

    @Test
    default void verifyTellsHowManyBytesItRead() throws Exception {
        BlobStore store = store();
        byte[] bytes = Bytes.random(2_000_000, 4);
        BlobId id = Bytes.stage(store, bytes);
        long[] seen = {0};
        try (StoredBlob blob = store.open(id).orElseThrow()) {
            blob.verify(n -> seen[0] += n);
        }
        assertEquals(bytes.length, seen[0]);
    }

    @Test
    default void whoeverVerifiesCanStopIt() throws Exception {
        BlobStore store = store();
        BlobId id = Bytes.stage(store, Bytes.random(2_000_000, 4));
        try (StoredBlob blob = store.open(id).orElseThrow()) {
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> blob.verify(n -> {
                        throw new UnsupportedOperationException("enough");
                    }));
        }
    }

    @Test
    default void whatIsAbsentIsEmptyAndCanBeRemoved() throws Exception {
        BlobStore store = store();
        BlobId id = Bytes.id(new byte[] {1});
        assertTrue(store.open(id).isEmpty());
        store.remove(id);
        store.quarantine(id, "no reason");
        store.discard(new StageId(UUID.randomUUID()));
        assertEquals(0, store.status().blobs());
        assertEquals(0, store.status().quarantined());
    }

    @Test
    default void storingTwiceKeepsOneCopy() throws Exception {
        BlobStore store = store();
        byte[] small = Bytes.random(5000, 1);
        byte[] large = Bytes.random(1_500_000, 2);
        for (int i = 0; i < 2; i++) {
            store.putAll(List.of(Bytes.small(small), Bytes.small(small)));
            Bytes.stage(store, small);
            Bytes.stage(store, large);
        }
        assertEquals(2, store.status().blobs());
        assertEquals(1_505_000, store.status().bytes());
        assertArrayEquals(large, Bytes.read(store, Bytes.id(large)));
    }

    @Test
    default void removedBlobsAreGoneAndCanComeBack() throws Exception {
        BlobStore store = store();
        for (byte[] bytes : List.of(Bytes.random(5000, 1), Bytes.random(1_500_000, 2))) {
            BlobId id = Bytes.stage(store, bytes);
            store.remove(id);
            assertTrue(store.open(id).isEmpty());
            assertEquals(List.of(), store.list(null, 10));
            assertEquals(0, store.status().blobs());
            assertEquals(0, store.status().bytes());
            Bytes.stage(store, bytes);
            assertArrayEquals(bytes, Bytes.read(store, id));
            store.remove(id);
        }
    }

    @Test
    default void removingDoesNotDisturbAReader() throws Exception {
        BlobStore store = store();
        for (byte[] bytes : List.of(Bytes.random(5000, 1), Bytes.random(1_500_000, 2))) {
            BlobId id = Bytes.stage(store, bytes);
            try (StoredBlob blob = store.open(id).orElseThrow()) {
                store.remove(id);
                assertTrue(store.open(id).isEmpty());
                ByteBuffer into = ByteBuffer.allocate(bytes.length);
                blob.read(0, into);
                assertArrayEquals(bytes, into.array());
                Bytes.stage(store, bytes);
            }
            assertArrayEquals(bytes, Bytes.read(store, id));
        }
    }

    @Test
    default void quarantineHidesABlobUntilItIsStoredAgain() throws Exception {
        BlobStore store = store();
        for (byte[] bytes : List.of(Bytes.random(5000, 1), Bytes.random(1_500_000, 2))) {
            BlobId id = Bytes.stage(store, bytes);
            long before = store.status().quarantined();
            store.quarantine(id, "a test");
            assertTrue(store.open(id).isEmpty());
            assertFalse(store.list(null, 10).contains(id));
            assertEquals(before + 1, store.status().quarantined());
            Bytes.stage(store, bytes);
            assertArrayEquals(bytes, Bytes.read(store, id));
        }
        assertEquals(2, store.status().blobs());
    }

    @Test
    default void listingGoesThroughAllIdsInOrder() throws Exception {
        BlobStore store = store();
        TreeSet<BlobId> ids = new TreeSet<>();
        List<SmallBlob> blobs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            blobs.add(Bytes.small(Bytes.random(10, i)));
            ids.add(blobs.getLast().id());
        }
        store.putAll(blobs);
        ids.add(Bytes.stage(store, Bytes.random(1_500_000, 1)));
        for (int limit : List.of(1, 7, 1000)) {
            List<BlobId> seen = new ArrayList<>();
            List<BlobId> page = store.list(null, limit);
            while (!page.isEmpty()) {
                assertTrue(page.size() <= limit);
                seen.addAll(page);
                page = store.list(page.getLast(), limit);
            }
            assertEquals(new ArrayList<>(ids), seen);
        }
        assertEquals(List.of(), store.list(null, 0));
    }

    @Test
    default void aStageCanBeLetGoOfAndTakenUpAgain() throws Exception {
        BlobStore store = store();
        StageId id = new StageId(UUID.randomUUID());
        byte[] bytes = Bytes.random(1_700_000, 9);
        int at = 0;
        for (int size : List.of(0, 10, 65_526, 1, 900_000, 0, 734_463)) {
            try (Stage stage = store.stage(id)) {
                assertEquals(at, stage.length());
                stage.write(ByteBuffer.wrap(bytes, at, size));
            }
            at += size;
            assertEquals(
                    List.of(id), store.stages().stream().map(StagedBlob::id).toList());
            assertEquals(at, store.stages().getFirst().bytes());
        }
        try (Stage stage = store.stage(id)) {
            assertEquals(Bytes.id(bytes), stage.commit());
        }
        assertEquals(List.of(), store.stages());
        assertArrayEquals(bytes, Bytes.read(store, Bytes.id(bytes)));
    }

    @Test
    default void aStageIsOpenedOnceAtATime() throws Exception {
        BlobStore store = store();
        StageId id = new StageId(UUID.randomUUID());
        try (Stage stage = store.stage(id)) {
            assertEquals(0, stage.length());
            assertThrows(IllegalStateException.class, () -> store.stage(id));
            assertThrows(IllegalStateException.class, () -> store.discard(id));
        }
        store.stage(id).close();
    }

    @Test
    default void aDiscardedStageLeavesNothing() throws Exception {
        BlobStore store = store();
        StageId id = new StageId(UUID.randomUUID());
        try (Stage stage = store.stage(id)) {
            stage.write(ByteBuffer.allocate(100_000));
            stage.discard();
        }
        assertEquals(List.of(), store.stages());
        try (Stage stage = store.stage(id)) {
            assertEquals(0, stage.length());
            stage.write(ByteBuffer.allocate(100_000));
        }
        store.discard(id);
        assertEquals(List.of(), store.stages());
        assertEquals(0, store.status().blobs());
    }

    @Test
    default void anEndedStageTakesNoMore() throws Exception {
        BlobStore store = store();
        Stage stage = store.stage(new StageId(UUID.randomUUID()));
        stage.write(ByteBuffer.allocate(10));
        stage.commit();
        assertThrows(IllegalStateException.class, () -> stage.write(ByteBuffer.allocate(1)));
        assertThrows(IllegalStateException.class, stage::commit);
        stage.close();
    }

    @Test
    default void tooLargeASmallBlobIsRefused() throws Exception {
        BlobStore store = store();
        SmallBlob blob = Bytes.small(new byte[BlobStore.SMALL + 1]);
        assertThrows(IllegalArgumentException.class, () -> store.putAll(List.of(blob)));
        assertEquals(0, store.status().blobs());
    }

    @Test
    default void theCallersBuffersAreLeftAlone() throws Exception {
        BlobStore store = store();
        byte[] bytes = Bytes.random(1000, 5);
        ByteBuffer buffer =
                ByteBuffer.allocate(1010).position(5).put(bytes).flip().position(5);
        store.putAll(List.of(new SmallBlob(Bytes.id(bytes), buffer)));
        assertEquals(5, buffer.position());
        assertEquals(1005, buffer.limit());
        buffer.clear().put(new byte[1010]);
        assertArrayEquals(bytes, Bytes.read(store, Bytes.id(bytes)));
    }

    @Test
    default void manyThreadsStoreReadAndRemoveTheSameBlobs() throws Exception {
        BlobStore store = store();
        List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            contents.add(Bytes.random(i % 4 == 0 ? 1_100_000 : 3000 + i, i));
        }
        List<Future<?>> done = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int t = 0; t < 8; t++) {
                int first = t * 5;
                done.add(threads.submit(() -> {
                    for (int i = 0; i < contents.size(); i++) {
                        byte[] bytes = contents.get((first + i) % contents.size());
                        Bytes.stage(store, bytes);
                        // Another thread may have removed it meanwhile, but half of one must never be seen.
                        store.open(Bytes.id(bytes)).ifPresent(blob -> {
                            try (blob) {
                                blob.verify(n -> {});
                            }
                        });
                        if (i % 7 == 0) {
                            store.remove(Bytes.id(bytes));
                        }
                    }
                }));
            }
        }
        for (Future<?> future : done) {
            future.get();
        }
        long bytes = 0;
        for (byte[] content : contents) {
            Bytes.stage(store, content);
            bytes += content.length;
        }
        assertEquals(contents.size(), store.status().blobs());
        assertEquals(bytes, store.status().bytes());
    }
}
