package acervo.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What rots is found, is never handed out, and heals when it is stored again.
final class DamageTest {
    private static final byte[] SMALL = Bytes.random(3000, 1);
    private static final byte[] LARGE = Bytes.random(200_000, 2);

    private final Quiet quiet = new Quiet();
    private final Rig rig;

    DamageTest() throws IOException {
        rig = new Rig();
    }

    @AfterEach
    void close() {
        rig.close();
        quiet.close();
    }

    private Path largePath() {
        return Rig.LAYOUT.blob(Bytes.id(LARGE));
    }

    private void assertDamaged(BlobId id) {
        assertThrows(CorruptBlobException.class, () -> Bytes.read(rig.store, id));
        assertThrows(CorruptBlobException.class, () -> {
            try (StoredBlob blob = rig.store.open(id).orElseThrow()) {
                blob.verify(n -> {});
            }
        });
    }

    private void assertHeals(byte[] bytes) {
        rig.store.quarantine(Bytes.id(bytes), "a test");
        assertTrue(rig.store.open(Bytes.id(bytes)).isEmpty());
        assertFalse(rig.isListed(Bytes.id(bytes)));
        Bytes.stage(rig.store, bytes);
        assertArrayEquals(bytes, Bytes.read(rig.store, Bytes.id(bytes)));
    }

    @Test
    void aFlippedBitAnywhereInALargeBlobIsFoundWhereItIs() {
        BlobId id = Bytes.stage(rig.store, LARGE);
        rig.disk.rot(largePath(), 70_000);
        assertDamaged(id);
        try (StoredBlob blob = rig.store.open(id).orElseThrow()) {
            blob.check(0, Blocks.SIZE);
            blob.read(2 * Blocks.SIZE, ByteBuffer.allocate(1000));
            ByteBuffer into = ByteBuffer.allocate(100);
            assertThrows(CorruptBlobException.class, () -> blob.read(Blocks.SIZE, into));
            assertEquals(0, into.position());
        }
        assertHeals(LARGE);
    }

    @Test
    void rottenSumsCountAsDamage() {
        BlobId id = Bytes.stage(rig.store, LARGE);
        rig.disk.rot(Layout.side(largePath()), SideFile.HEAD + 5);
        assertDamaged(id);
        assertHeals(LARGE);
        rig.disk.rot(Layout.side(largePath()), (int) SideFile.size(LARGE.length) - 20);
        assertThrows(CorruptBlobException.class, () -> rig.store.open(id));
        assertHeals(LARGE);
    }

    @Test
    void aLargeBlobThatLostItsEndOrItsSumsIsNotOpened() {
        BlobId id = Bytes.stage(rig.store, LARGE);
        rig.disk.cut(largePath(), LARGE.length - 1);
        assertThrows(CorruptBlobException.class, () -> rig.store.open(id));
        assertHeals(LARGE);
        rig.disk.lose(Layout.side(largePath()));
        assertThrows(CorruptBlobException.class, () -> rig.store.open(id));
        assertHeals(LARGE);
    }

    @Test
    void aFlippedBitInAPackedBlobIsFoundAndItsNeighboursAreNotHurt() {
        List<byte[]> others = rig.put(1000, 50, 2);
        rig.store.putAll(List.of(Bytes.small(SMALL)));
        List<byte[]> more = rig.put(1000, 60, 2);
        rig.disk.rot(rig.segment(1), rig.find(rig.segment(1), SMALL) + 1234);
        assertDamaged(Bytes.id(SMALL));
        others.forEach(bytes -> assertArrayEquals(bytes, Bytes.read(rig.store, Bytes.id(bytes))));
        more.forEach(bytes -> assertArrayEquals(bytes, Bytes.read(rig.store, Bytes.id(bytes))));
        assertHeals(SMALL);
    }

    @Test
    void storingADamagedPackedBlobAgainHealsItEvenIfNobodyNoticed() {
        rig.store.putAll(List.of(Bytes.small(SMALL)));
        rig.disk.rot(rig.segment(1), rig.find(rig.segment(1), SMALL) + 1);
        rig.store.putAll(List.of(Bytes.small(SMALL)));
        assertArrayEquals(SMALL, Bytes.read(rig.store, Bytes.id(SMALL)));
        assertEquals(1, rig.store.status().quarantined());
        assertEquals(1, rig.store.status().blobs());
    }

    @Test
    void storingADamagedLargeBlobAgainHealsItEvenIfNobodyNoticed() {
        Bytes.stage(rig.store, LARGE);
        rig.disk.rot(largePath(), 1);
        Bytes.stage(rig.store, LARGE);
        assertArrayEquals(LARGE, Bytes.read(rig.store, Bytes.id(LARGE)));
    }

    @Test
    void aRottenHeadInTheMiddleOfASegmentHidesNothingThatFollowsWhenTheIndexIsMadeAgain() throws IOException {
        List<byte[]> before = rig.put(1000, 50, 3);
        rig.store.putAll(List.of(Bytes.small(SMALL)));
        List<byte[]> after = rig.put(1000, 60, 20);
        rig.disk.rot(rig.segment(1), rig.find(rig.segment(1), SMALL) - 30);
        rig.loseIndex();
        assertFalse(rig.isListed(Bytes.id(SMALL)));
        before.forEach(bytes -> assertArrayEquals(bytes, Bytes.read(rig.store, Bytes.id(bytes))));
        after.forEach(bytes -> assertArrayEquals(bytes, Bytes.read(rig.store, Bytes.id(bytes))));
        assertEquals(23, rig.store.status().blobs());
    }

    @Test
    void aRottenSegmentHeadHidesNothingWhenTheIndexIsMadeAgain() throws IOException {
        List<byte[]> all = rig.put(1000, 50, 30);
        rig.disk.rot(rig.segment(1), 20);
        rig.loseIndex();
        all.forEach(bytes -> assertArrayEquals(bytes, Bytes.read(rig.store, Bytes.id(bytes))));
    }

    @Test
    void quarantineOutlivesACrashAndTheLossOfTheIndex() throws IOException {
        // Its sums match, as they do when a blob was damaged before it was stored: only the record of its quarantine
        // keeps it away.
        rig.put(500, 70, 1);
        rig.store.putAll(List.of(Bytes.small(SMALL)));
        rig.store.quarantine(Bytes.id(SMALL), "its SHA-256 differs");
        assertEquals(1, rig.store.status().quarantined());
        for (int i = 0; i < 3; i++) {
            rig.cutPower();
            assertTrue(rig.store.open(Bytes.id(SMALL)).isEmpty());
            assertFalse(rig.isListed(Bytes.id(SMALL)));
            rig.loseIndex();
            assertTrue(rig.store.open(Bytes.id(SMALL)).isEmpty());
        }
        rig.store.putAll(List.of(Bytes.small(SMALL)));
        rig.loseIndex();
        assertArrayEquals(SMALL, Bytes.read(rig.store, Bytes.id(SMALL)));
        assertEquals(2, rig.store.status().blobs());
    }

    @Test
    void compactionCarriesTheRecordOfAQuarantineOnWhileItIsNeeded() throws IOException {
        rig.store.putAll(List.of(Bytes.small(SMALL)));
        rig.put(3000, 100, 4);
        // In the second segment: the record that the first one's is void, and blobs to remove.
        List<byte[]> gone = rig.put(3000, 200, 3);
        rig.store.quarantine(Bytes.id(SMALL), "its SHA-256 differs");
        rig.put(3000, 300, 8);
        gone.forEach(bytes -> rig.store.remove(Bytes.id(bytes)));
        assertTrue(rig.disk.files(Rig.ROOT).contains(rig.segment(2)));
        rig.put(3000, 400, 4).forEach(bytes -> rig.store.remove(Bytes.id(bytes)));
        while (rig.store.compactOne()) {
            // Until nothing is left to do.
        }
        assertFalse(rig.disk.files(Rig.ROOT).contains(rig.segment(2)));
        assertTrue(rig.disk.files(Rig.ROOT).contains(rig.segment(1)));
        rig.loseIndex();
        assertTrue(rig.store.open(Bytes.id(SMALL)).isEmpty());
    }

    @Test
    void theDamagedBytesAreKeptAsideWithTheReason() {
        rig.store.putAll(List.of(Bytes.small(SMALL)));
        Bytes.stage(rig.store, LARGE);
        rig.store.quarantine(Bytes.id(SMALL), "seen in a test");
        rig.store.quarantine(Bytes.id(LARGE), "seen in a test");
        Path small = Rig.LAYOUT.quarantine().resolve(Bytes.id(SMALL) + "-1");
        Path large = Rig.LAYOUT.quarantine().resolve(Bytes.id(LARGE) + "-1");
        assertArrayEquals(SMALL, rig.disk.bytes(small));
        assertArrayEquals(LARGE, rig.disk.bytes(large));
        assertEquals(SideFile.size(LARGE.length), rig.disk.bytes(Layout.side(large)).length);
        assertArrayEquals(
                "seen in a test\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                rig.disk.bytes(small.resolveSibling(small.getFileName() + ".txt")));
    }

    @Test
    void aBlobThatIsACopyOfItsOwnSegmentIsNotReadAsRecordsWhenItsHeadRots() throws IOException {
        List<byte[]> all = rig.put(100, 50, 5);
        byte[] copy = rig.disk.bytes(rig.segment(1));
        rig.store.putAll(List.of(Bytes.small(copy)));
        rig.disk.rot(rig.segment(1), copy.length + SegmentRecord.SUMS_AT);
        rig.loseIndex();
        assertFalse(rig.isListed(Bytes.id(copy)));
        for (byte[] bytes : all) {
            try (StoredBlob blob = rig.store.open(Bytes.id(bytes)).orElseThrow()) {
                assertTrue(blob.extent().orElseThrow().offset() < copy.length);
                blob.verify(n -> {});
            }
        }
        assertEquals(5, rig.store.status().blobs());
    }

    @Test
    void checkingIsSkippedForTenMinutesUnlessTheFileChanged() {
        BlobId id = Bytes.stage(rig.store, LARGE);
        check(id, 0, LARGE.length);
        rig.disk.rot(largePath(), 5);
        check(id, 0, LARGE.length);
        rig.pass(600_000_000_000L);
        assertThrows(CorruptBlobException.class, () -> check(id, 0, LARGE.length));

        Bytes.stage(rig.store, LARGE);
        check(id, 0, LARGE.length);
        rig.disk.rot(largePath(), 5);
        rig.disk.cut(largePath(), LARGE.length);
        assertThrows(CorruptBlobException.class, () -> check(id, 0, LARGE.length));
    }

    @Test
    void checkingOneRangeSaysNothingOfAnother() {
        BlobId id = Bytes.stage(rig.store, LARGE);
        check(id, 0, 1);
        rig.disk.rot(largePath(), Blocks.SIZE);
        check(id, 0, Blocks.SIZE);
        assertThrows(CorruptBlobException.class, () -> check(id, 0, Blocks.SIZE + 1));
    }

    private void check(BlobId id, long offset, long length) {
        try (StoredBlob blob = rig.store.open(id).orElseThrow()) {
            blob.check(offset, length);
        }
    }

    @Test
    void aFileThatTurnsUpUnderItsNameIsFoundAndListed() throws IOException {
        BlobId id = Bytes.stage(rig.store, LARGE);
        rig.store.close();
        rig.rows.erase();
        rig.reopen();
        assertTrue(rig.isListed(id));
        assertEquals(LARGE.length, rig.store.status().bytes());
    }

    @Test
    void aFileThatIsGoneIsAbsentAndNoLongerCounted() {
        BlobId id = Bytes.stage(rig.store, LARGE);
        rig.disk.lose(largePath());
        assertTrue(rig.store.open(id).isEmpty());
        assertFalse(rig.isListed(id));
        assertEquals(0, rig.store.status().blobs());
    }
}
