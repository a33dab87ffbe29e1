package acervo.depot;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class PinsTest {
    private static final BlobId ID = new BlobId(1, 2, 3, 4);
    private static final BlobId NEIGHBOUR = new BlobId(9, 9, 9, 4);

    private final Pins pins = new Pins();

    @Test
    void nothingHappensToAPinnedBlobUntilTheLastPinIsClosed() {
        Pins.Pin first = pins.pin(ID);
        Pins.Pin second = pins.pin(ID);
        assertFalse(pins.unlessPinned(ID, () -> {}));
        first.close();
        first.close();
        assertFalse(pins.unlessPinned(ID, () -> {}));
        second.close();
        assertTrue(pins.unlessPinned(ID, () -> {}));
        assertTrue(pins.unlessPinned(NEIGHBOUR, () -> {}));
    }

    @Test
    void pinThatIsKeptIsHeldForEver() {
        try (Pins.Pin pin = pins.pin(ID)) {
            pin.keep();
        }
        assertFalse(pins.unlessPinned(ID, () -> {}));
    }

    @Test
    void pinWaitsWhileTheBlobIsBeingRemoved() throws InterruptedException {
        CountDownLatch removing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean removed = new AtomicBoolean();
        Thread remover = Thread.ofVirtual()
                .start(() -> pins.unlessPinned(ID, () -> {
                    removing.countDown();
                    await(goOn);
                    removed.set(true);
                }));
        removing.await();
        AtomicBoolean removedBeforePin = new AtomicBoolean();
        Thread pinner = Thread.ofVirtual().start(() -> {
            Pins.Pin pin = pins.pin(ID);
            removedBeforePin.set(removed.get());
            pin.close();
        });
        goOn.countDown();
        remover.join();
        pinner.join();
        assertTrue(removedBeforePin.get());
    }

    @Test
    void watchSeesThatABlobWasPinnedMeanwhile() {
        try (Pins.Watch watch = pins.watch(ID)) {
            assertTrue(watch.ifUndisturbed(() -> {}));
            pins.pin(NEIGHBOUR).close();
            assertTrue(watch.ifUndisturbed(() -> {}));
            pins.pin(ID).close();
            assertFalse(watch.ifUndisturbed(() -> {}));
        }
        Pins.Pin before = pins.pin(ID);
        try (Pins.Watch watch = pins.watch(ID)) {
            assertFalse(watch.ifUndisturbed(() -> {}));
            before.close();
            assertFalse(watch.ifUndisturbed(() -> {}));
        }
        try (Pins.Watch watch = pins.watch(ID)) {
            assertTrue(watch.ifUndisturbed(() -> {}));
        }
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
