package acervo.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a full disk refuses, and how room comes back.
final class RoomTest {
    private static final long RESERVE = 10 << 20;

    private final Quiet quiet = new Quiet();
    private final Rig rig;

    RoomTest() throws IOException {
        rig = new Rig(new DiskSettings(RESERVE, 16 << 10, 4000, false));
    }

    @AfterEach
    void close() {
        rig.close();
        quiet.close();
    }

    @Test
    void depositsStopAtTheReserveWhileReadingAndRemovingGoOn() {
        byte[] small = rig.put(1000, 1, 1).getFirst();
        byte[] large = Bytes.random(100_000, 2);
        Bytes.stage(rig.store, large);
        Stage begun = rig.store.stage(new StageId(UUID.randomUUID()));
        begun.write(ByteBuffer.allocate(500));
        rig.disk.setSpace(RESERVE + 999, 1L << 40);
        rig.pass(1_000_000_000);

        StoreFullException full = assertThrows(StoreFullException.class, () -> rig.put(1000, 3, 1));
        assertEquals(RESERVE, full.reserveBytes());
        assertThrows(StoreFullException.class, () -> begun.write(ByteBuffer.allocate(1000)));
        assertEquals(500, begun.length());
        assertArrayEquals(small, Bytes.read(rig.store, Bytes.id(small)));
        assertArrayEquals(large, Bytes.read(rig.store, Bytes.id(large)));
        // What is there already needs no room.
        rig.store.putAll(List.of(Bytes.small(small)));
        rig.store.remove(Bytes.id(large));
        assertTrue(rig.store.open(Bytes.id(large)).isEmpty());
        assertFalse(rig.disk.files(Rig.ROOT).contains(Rig.LAYOUT.blob(Bytes.id(large))));
        assertTrue(rig.store.status().failure().isEmpty());

        rig.disk.setSpace(1L << 40, 1L << 40);
        rig.put(1000, 3, 1);
        begun.write(ByteBuffer.allocate(1000));
        begun.commit();
    }

    @Test
    void theReserveIsMeasuredAgainBeforeItIsEatenInto() {
        // Within the milliseconds for which one measurement serves, nothing may slip through.
        rig.disk.setSpace(RESERVE + 5000, 1L << 40);
        rig.pass(1_000_000_000);
        rig.put(1000, 1, 1);
        rig.disk.setSpace(RESERVE + 3000, 1L << 40);
        assertThrows(StoreFullException.class, () -> rig.put(1000, 10, 4));
        rig.put(1000, 20, 2);
    }

    @Test
    void theUsualReserveIsATwentiethButAQuarterOfASmallDisk() {
        assertEquals(50L << 30, Medium.usualReserve(1000L << 30));
        assertEquals(64L << 20, Medium.usualReserve(1L << 30));
        assertEquals(16L << 20, Medium.usualReserve(64L << 20));
    }

    @Test
    void aSegmentWithNothingLeftInItGoesEvenOnAFullDisk() {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            all.addAll(rig.put(3000, i, 1));
        }
        rig.disk.setSpace(0, 1L << 40);
        all.forEach(bytes -> rig.store.remove(Bytes.id(bytes)));
        while (rig.store.compactOne()) {
            // Until nothing is left to do.
        }
        // The last one is still being written to.
        assertEquals(1, rig.disk.files(Rig.LAYOUT.segments()).size());
    }

    @Test
    void nothingIsCopiedWithoutRoomForTheCopy() {
        List<byte[]> all = rig.put(3000, 1, 12);
        all.subList(0, 3).forEach(bytes -> rig.store.remove(Bytes.id(bytes)));
        rig.disk.setSpace(1 << 20, 1L << 40);
        assertFalse(rig.store.compactOne());
        rig.disk.setSpace(1L << 40, 1L << 40);
        assertTrue(rig.store.compactOne());
        all.subList(3, 12).forEach(bytes -> assertArrayEquals(bytes, Bytes.read(rig.store, Bytes.id(bytes))));
    }

    @Test
    void theSegmentThatIsBeingWrittenToIsEndedWhenMostOfItIsGarbage() throws IOException {
        try (Rig wide = new Rig(new DiskSettings(0, 64 << 20, 4000, false))) {
            List<byte[]> all = wide.put(4000, 1, 600);
            all.subList(1, 600).forEach(bytes -> wide.store.remove(Bytes.id(bytes)));
            assertTrue(wide.store.compactOne());
            assertFalse(wide.disk.files(Rig.ROOT).contains(wide.segment(1)));
            assertArrayEquals(all.getFirst(), Bytes.read(wide.store, Bytes.id(all.getFirst())));
            wide.loseIndex();
            assertEquals(List.of(Bytes.id(all.getFirst())), wide.store.list(null, 10));
        }
    }

    @Test
    void theNumberOfASegmentThatIsGoneIsNotUsedAgain() throws IOException {
        // The index remembers up to where it knows the segment of that number.
        try (Rig wide = new Rig(new DiskSettings(0, 64 << 20, 4000, false))) {
            wide.put(4000, 1, 600).forEach(bytes -> wide.store.remove(Bytes.id(bytes)));
            assertTrue(wide.store.compactOne());
            assertEquals(List.of(), wide.disk.files(Rig.LAYOUT.segments()));
            byte[] next = wide.put(100, 1000, 1).getFirst();
            assertEquals(List.of(wide.segment(2)), wide.disk.files(Rig.LAYOUT.segments()));
            wide.cutPower();
            assertArrayEquals(next, Bytes.read(wide.store, Bytes.id(next)));
        }
    }

    @Test
    void compactionKeepsWhatIsLeftAndLetsReadersFinish() throws IOException {
        List<byte[]> all = rig.put(3000, 1, 12);
        byte[] removed = all.get(0);
        byte[] kept = all.get(4);
        try (StoredBlob one = rig.store.open(Bytes.id(removed)).orElseThrow();
                StoredBlob two = rig.store.open(Bytes.id(kept)).orElseThrow()) {
            all.subList(0, 3).forEach(bytes -> rig.store.remove(Bytes.id(bytes)));
            assertTrue(rig.store.compactOne());
            // Its readers have the path, for zero-copy.
            assertTrue(rig.disk.files(Rig.ROOT).contains(rig.segment(1)));
            one.verify(n -> {});
            two.verify(n -> {});
            assertTrue(rig.store.open(Bytes.id(removed)).isEmpty());
        }
        assertFalse(rig.disk.files(Rig.ROOT).contains(rig.segment(1)));
        assertArrayEquals(kept, Bytes.read(rig.store, Bytes.id(kept)));
        assertEquals(9, rig.store.status().blobs());
        rig.cutPower();
        all.subList(3, 12).forEach(bytes -> assertArrayEquals(bytes, Bytes.read(rig.store, Bytes.id(bytes))));
    }

    /// Or the index would be taken for another store's, and made again by reading everything.
    @Test
    void theIndexHasTheNewPlacesDurablyBeforeTheOldSegmentGoes() throws IOException {
        // Each seed takes the index back to another moment since it was last flushed.
        for (long chaos = 0; chaos < 20; chaos++) {
            try (Rig killed = new Rig(chaos)) {
                List<byte[]> all = killed.put(3000, 1, 12);
                killed.reopen();
                all.subList(0, 3).forEach(bytes -> killed.store.remove(Bytes.id(bytes)));
                assertTrue(killed.store.compactOne());
                assertFalse(killed.disk.files(Rig.ROOT).contains(killed.segment(1)));
                killed.kill();
                assertEquals(0, killed.rows.erased(), "chaos " + chaos);
                all.subList(3, 12)
                        .forEach(bytes -> assertArrayEquals(bytes, Bytes.read(killed.store, Bytes.id(bytes))));
                assertEquals(9, killed.store.status().blobs());
            }
        }
    }

    @Test
    void aLargeBlobsFileStaysUntilItsLastReaderIsDone() {
        byte[] bytes = Bytes.random(100_000, 1);
        BlobId id = Bytes.stage(rig.store, bytes);
        try (StoredBlob blob = rig.store.open(id).orElseThrow()) {
            rig.store.remove(id);
            assertTrue(rig.disk
                    .files(Rig.ROOT)
                    .contains(blob.extent().orElseThrow().file()));
            assertTrue(rig.store.open(id).isEmpty());
        }
        assertFalse(rig.disk.files(Rig.ROOT).contains(Rig.LAYOUT.blob(id)));
        assertFalse(rig.disk.files(Rig.ROOT).contains(Layout.side(Rig.LAYOUT.blob(id))));
    }

    @Test
    void compactionPutsADamagedBlobInQuarantineInsteadOfLosingIt() throws IOException {
        List<byte[]> all = rig.put(3000, 1, 12);
        byte[] rotten = all.get(4);
        byte[] headless = all.get(3);
        rig.disk.rot(rig.segment(1), rig.find(rig.segment(1), rotten) + 10);
        rig.disk.rot(rig.segment(1), rig.find(rig.segment(1), headless) - 20);
        all.subList(0, 3).forEach(bytes -> rig.store.remove(Bytes.id(bytes)));
        assertTrue(rig.store.compactOne());
        assertFalse(rig.disk.files(Rig.ROOT).contains(rig.segment(1)));
        assertEquals(2, rig.store.status().quarantined());
        assertArrayEquals(headless, rig.disk.bytes(Rig.LAYOUT.quarantine().resolve(Bytes.id(headless) + "-1")));
        assertEquals(7, rig.store.status().blobs());
    }
}
