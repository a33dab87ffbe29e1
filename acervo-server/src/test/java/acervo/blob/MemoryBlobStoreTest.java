package acervo.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class MemoryBlobStoreTest implements BlobStoreContract {
    @Override
    public BlobStore store() {
        return new MemoryBlobStore(256 << 20, () -> 0);
    }

    @Test
    void aFullStoreTakesNoMoreUntilSomethingIsRemoved() {
        BlobStore store = new MemoryBlobStore(1000, () -> 0);
        byte[] first = Bytes.random(700, 1);
        byte[] second = Bytes.random(700, 2);
        store.putAll(List.of(Bytes.small(first)));
        assertThrows(StoreFullException.class, () -> store.putAll(List.of(Bytes.small(second))));
        try (Stage stage = store.stage(new StageId(UUID.randomUUID()))) {
            assertThrows(StoreFullException.class, () -> stage.write(ByteBuffer.wrap(second)));
            store.remove(Bytes.id(first));
            stage.write(ByteBuffer.wrap(second));
            stage.commit();
        }
        assertEquals(300, store.status().freeBytes());
    }
}
