package acervo.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One large blob gets its name, and is cut off at every operation of that, again and again, until every choice
/// that a power cut has of what it keeps was made.
final class NamingTest {
    private static final byte[] BYTES = Bytes.random(70_000, 1);
    private static final StageId STAGE = new StageId(new UUID(1, 1));

    /// Two changes of names wait for a force when it matters, so that one of these in four is the worst; and they
    /// are
    /// the same in each run.
    private static final int CHOICES = 40;

    private final Quiet quiet = new Quiet();

    @AfterEach
    void speak() {
        quiet.close();
    }

    /// What is to be true after the store was cut off and opened again.
    private interface Check {
        void of(Rig rig, boolean acknowledged) throws IOException;
    }

    private static void cutOffEverywhere(FaultyDisk.Fault fault, Check check) throws IOException {
        for (long chaos = 0; chaos < CHOICES; chaos++) {
            boolean struck = true;
            for (int n = 1; struck; n++) {
                try (Rig rig = new Rig(chaos)) {
                    rig.disk.failAt(n, fault);
                    boolean acknowledged = isStored(rig);
                    struck = rig.disk.struck();
                    check.of(rig, acknowledged);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(fault + " at " + n + ", chaos " + chaos + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private static boolean isStored(Rig rig) {
        try {
            store(rig);
            return true;
        } catch (StoreFailedException cutOff) {
            return false;
        }
    }

    /// Goes on with what an earlier attempt has left.
    private static void store(Rig rig) {
        try (Stage stage = rig.store.stage(STAGE)) {
            int length = Math.toIntExact(stage.length());
            stage.write(ByteBuffer.wrap(BYTES, length, BYTES.length - length));
            stage.commit();
        }
    }

    private static boolean isThereAndWhole(Rig rig) {
        try (StoredBlob blob = rig.store.open(Bytes.id(BYTES)).orElse(null)) {
            if (blob != null) {
                blob.verify(n -> {});
            }
            return blob != null;
        }
    }

    @Test
    void whicheverNamesAPowerCutKeepsTheBlobIsWholeOrAbsent() throws IOException {
        cutOffEverywhere(FaultyDisk.Fault.POWER, (rig, acknowledged) -> {
            rig.cutPower();
            boolean there = isThereAndWhole(rig);
            assertTrue(there || !acknowledged, "it was acknowledged");
            assertEquals(there ? 1 : 0, rig.store.status().blobs());
            store(rig);
            assertArrayEquals(BYTES, Bytes.read(rig.store, Bytes.id(BYTES)));
        });
    }

    /// Between renaming and forcing the folder nothing was acknowledged; but whoever finds the blob in the store
    /// that
    /// was opened again may tell others of it.
    @Test
    void whatIsFoundAfterAKillSurvivesAPowerCut() throws IOException {
        cutOffEverywhere(FaultyDisk.Fault.KILL, (rig, acknowledged) -> {
            rig.kill();
            boolean there = isThereAndWhole(rig);
            assertTrue(there || !acknowledged, "it was acknowledged");
            rig.cutPower();
            assertEquals(there, isThereAndWhole(rig));
        });
    }

    /// It may be the blob's file by now, and no disk that failed is in the way of a write.
    @Test
    void aStageWhoseNamingWasInterruptedTakesNoMore() throws IOException {
        int named = 0;
        boolean struck = true;
        for (int n = 1; struck; n++) {
            try (Rig rig = new Rig(1)) {
                rig.disk.failAt(n, FaultyDisk.Fault.INTERRUPT);
                try (Stage stage = rig.store.stage(STAGE)) {
                    stage.write(ByteBuffer.wrap(BYTES));
                    assertEnds(stage);
                    if (rig.disk.files(Rig.LAYOUT.blobs()).contains(Rig.LAYOUT.blob(Bytes.id(BYTES)))) {
                        named++;
                        assertThrows(IllegalStateException.class, () -> stage.write(ByteBuffer.allocate(1)));
                        assertThrows(IllegalStateException.class, stage::commit);
                    }
                } catch (StoreFailedException beforeItsEnd) {
                    assertTrue(rig.disk.struck());
                }
                struck = rig.disk.struck();
                assertTrue(rig.store.status().failure().isEmpty(), "an interruption says nothing about the disk");
                rig.disk.restart();
                isThereAndWhole(rig);
                store(rig);
                assertArrayEquals(BYTES, Bytes.read(rig.store, Bytes.id(BYTES)));
            }
        }
        // Cut off at either of the two forces that follow the rename; and once not at all.
        assertEquals(3, named);
    }

    private static void assertEnds(Stage stage) {
        try {
            stage.commit();
        } catch (StoreFailedException interrupted) {
            // Then it must have ended all the same.
        }
    }
}
