package acervo.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The store on the system's disk, with RocksDB.
final class DiskBlobStoreTest implements BlobStoreContract {
    @TempDir
    Path temporary;

    private final Quiet quiet = new Quiet();
    private final List<BlobStore> opened = new ArrayList<>();
    private Path folder;

    @BeforeEach
    void folder() {
        folder = temporary.resolve("data").resolve("blobs");
    }

    @Override
    public BlobStore store() {
        BlobStore store = DiskBlobStore.open(folder, DiskSettings.usual().withReserve(0));
        opened.add(store);
        return store;
    }

    @AfterEach
    void close() {
        opened.forEach(BlobStore::close);
        quiet.close();
    }

    private List<byte[]> fill(BlobStore store) {
        List<byte[]> all = new ArrayList<>();
        for (int size : SIZES) {
            all.add(Bytes.random(size, size));
            Bytes.stage(store, all.getLast());
        }
        return all;
    }

    private static void assertHolds(BlobStore store, List<byte[]> all) {
        assertEquals(all.size(), store.status().blobs());
        assertEquals(all.stream().mapToLong(b -> b.length).sum(), store.status().bytes());
        for (byte[] bytes : all) {
            assertArrayEquals(bytes, Bytes.read(store, Bytes.id(bytes)));
            try (StoredBlob blob = store.open(Bytes.id(bytes)).orElseThrow()) {
                blob.verify(n -> {});
            }
        }
    }

    @Test
    void everythingIsThereWhenItIsOpenedAgain() {
        BlobStore store = store();
        List<byte[]> all = fill(store);
        store.close();
        assertHolds(store(), all);
    }

    @Test
    void withoutItsIndexEverythingIsFoundAgain() throws IOException {
        BlobStore store = store();
        List<byte[]> all = fill(store);
        store.close();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.resolve("index"))) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        assertHolds(store(), all);
    }

    @Test
    void aBrokenIndexIsMadeAgain() throws IOException {
        BlobStore store = store();
        List<byte[]> all = fill(store);
        store.close();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.resolve("index"))) {
            for (Path file : files) {
                Files.write(file, new byte[] {1, 2, 3});
            }
        }
        assertHolds(store(), all);
    }

    @Test
    void anIndexOfOtherSegmentsIsMadeAgain() throws IOException {
        BlobStore store = store();
        byte[] lost = Bytes.random(100, 1);
        store.putAll(List.of(Bytes.small(lost)));
        store.close();
        Files.delete(folder.resolve("segments").resolve("0000000000000001.seg"));
        BlobStore again = store();
        assertEquals(0, again.status().blobs());
        assertTrue(again.open(Bytes.id(lost)).isEmpty());
    }

    @Test
    void theExtentIsTheBytesThemselves() throws IOException {
        BlobStore store = store();
        for (byte[] bytes : fill(store)) {
            try (StoredBlob blob = store.open(Bytes.id(bytes)).orElseThrow()) {
                StoredBlob.Extent extent = blob.extent().orElseThrow();
                ByteBuffer into = ByteBuffer.allocate((int) extent.length());
                try (FileChannel file = FileChannel.open(extent.file(), StandardOpenOption.READ)) {
                    while (into.hasRemaining() && file.read(into, extent.offset() + into.position()) >= 0) {
                        // Until all is read.
                    }
                }
                assertArrayEquals(bytes, into.array());
            }
        }
    }

    @Test
    void aByteFlippedInALargeFileIsFound() throws IOException {
        BlobStore store = store();
        byte[] bytes = Bytes.random(2_000_000, 1);
        BlobId id = Bytes.stage(store, bytes);
        assertArrayEquals(bytes, Bytes.read(store, id));
        Path file = folder.resolve("blobs")
                .resolve(id.toString().substring(0, 2))
                .resolve(id.toString().substring(2, 4))
                .resolve(id.toString());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (bytes[1_234_567] + 1)}), 1_234_567);
        }
        try (StoredBlob blob = store.open(id).orElseThrow()) {
            assertThrows(CorruptBlobException.class, () -> blob.check(0, blob.length()));
            assertThrows(CorruptBlobException.class, () -> blob.verify(n -> {}));
        }
    }

    @Test
    void aStageOutlivesTheStore() {
        BlobStore store = store();
        StageId id = new StageId(UUID.randomUUID());
        byte[] bytes = Bytes.random(3_000_001, 1);
        Stage begun = store.stage(id);
        begun.write(ByteBuffer.wrap(bytes, 0, 1_500_000));
        // As after a crash: nobody closed it, and its last, partial block has no sum.
        store.close();
        BlobStore again = store();
        try (Stage stage = again.stage(id)) {
            int length = Math.toIntExact(stage.length());
            assertEquals(1_500_000 / Blocks.SIZE * Blocks.SIZE, length);
            stage.write(ByteBuffer.wrap(bytes, length, bytes.length - length));
            stage.commit();
        }
        assertArrayEquals(bytes, Bytes.read(again, Bytes.id(bytes)));
    }
}
