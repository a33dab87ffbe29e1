package acervo.blob;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

final class DiskBlobStoreTest implements BlobStoreContract {
    @TempDir
    Path folder;

    private final List<BlobStore> opened = new ArrayList<>();

    @Override
    public BlobStore store() {
        BlobStore store = DiskBlobStore.open(folder, DiskSettings.usual().withReserve(0));
        opened.add(store);
        return store;
    }

    @AfterEach
    void close() {
        opened.forEach(BlobStore::close);
    }
}
