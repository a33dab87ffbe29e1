package acervo.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Compacting in the background, where nobody waits for what becomes of it.
final class CompactorTest {
    private final Heard heard = new Heard(Compactor.class);
    private final CountDownLatch forcing = new CountDownLatch(1);
    private final Rig rig;
    private final List<byte[]> all;

    CompactorTest() throws IOException {
        rig = new Rig(new DiskSettings(0, 16 << 10, 4000, true));
        all = rig.put(3000, 1, 12);
    }

    @AfterEach
    void close() {
        rig.close();
        heard.close();
    }

    private void remove(int from, int to) {
        all.subList(from, to).forEach(bytes -> rig.store.remove(Bytes.id(bytes)));
    }

    private boolean isThere(long segment) {
        return rig.disk.files(Rig.ROOT).contains(rig.segment(segment));
    }

    private void assertKept(int from) {
        all.subList(from, 12).forEach(bytes -> assertArrayEquals(bytes, Bytes.read(rig.store, Bytes.id(bytes))));
    }

    @Test
    void copiesThatCantBeForcedAreToldAndTheOldOnesStay() throws Exception {
        // Removing forces nothing: the first force is that of the copies.
        rig.disk.beforeForce(() -> {
            if (forcing.getCount() > 0) {
                rig.disk.failAt(1, FaultyDisk.Fault.FAIL);
                forcing.countDown();
            }
        });
        remove(0, 3);
        forcing.await();
        // Waits for the compaction.
        rig.store.close();
        assertTrue(rig.store.status().failure().isPresent());
        assertEquals(1, heard.warnings().size(), heard.warnings()::toString);
        assertTrue(heard.warnings().getFirst().contains("compacting stopped"), heard.warnings()::toString);
        assertTrue(isThere(1));
        rig.kill();
        assertKept(3);
    }

    @Test
    void whatTheFullDiskStoppedIsDoneAfterTheNextRemoval() throws Exception {
        rig.disk.beforeForce(forcing::countDown);
        rig.disk.failAt(1, FaultyDisk.Fault.FULL);
        remove(0, 3);
        while (!rig.disk.struck()) {
            Thread.onSpinWait();
        }
        rig.disk.makeRoom();
        remove(3, 4);
        forcing.await();
        rig.store.close();
        assertFalse(isThere(1));
        assertEquals(1, heard.warnings().size(), heard.warnings()::toString);
        rig.reopen();
        assertKept(4);
    }
}
