package acervo.depot;

import static acervo.depot.World.ANA;
import static acervo.depot.World.HOME;
import static acervo.depot.World.bytes;
import static acervo.depot.World.id;
import static acervo.depot.World.path;
import static acervo.depot.World.reason;
import static acervo.depot.World.request;
import static acervo.depot.World.target;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.blob.DiskBlobStore;
import acervo.blob.DiskSettings;
import acervo.blob.StoredBlob;
import acervo.model.Reason;
import acervo.model.RequestId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The depot on the store that is used for real.
final class DiskDepotTest extends WithWorld {
    @Override
    World make() {
        return new World(
                folder,
                DepotSettings.DEFAULTS,
                clock -> DiskBlobStore.open(
                        folder.resolve("blobs"), DiskSettings.usual().withReserve(0)));
    }

    /// Flips a byte in the middle of a blob, where it lies.
    private void flip(String name) throws IOException {
        StoredBlob.Extent extent;
        try (StoredBlob blob = world.blobs
                .open(world.depot.file(ANA, HOME, path(name)).content().blob())
                .orElseThrow()) {
            extent = blob.extent().orElseThrow();
        }
        try (RandomAccessFile file = new RandomAccessFile(extent.file().toFile(), "rw")) {
            long at = extent.offset() + extent.length() / 2;
            file.seek(at);
            int was = file.read();
            file.seek(at);
            file.write(was ^ 0x10);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096, 200_000, 3_000_000})
    void flippedByteIsReportedByGetAndQuarantinedAndHealedByADeposit(int length) throws IOException {
        byte[] bytes = bytes(length, 1);
        world.put("f", bytes);
        flip("f");
        assertEquals(Reason.CORRUPT, reason(() -> world.get("f")));
        assertEquals(1, world.blobs.status().quarantined());
        assertEquals(Reason.CORRUPT, reason(() -> world.get("f")));
        assertEquals(1, world.depot.status().damaged());
        world.put("again", bytes);
        assertArrayEquals(bytes, world.get("f"));
        assertEquals(0, world.depot.status().damaged());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096, 3_000_000})
    void flippedByteIsFoundByVerify(int length) throws IOException {
        byte[] bytes = bytes(length, 1);
        world.put("f", bytes);
        world.put("good", bytes(5_000, 2));
        flip("f");
        world.depot.verification().start();
        World.await(world.depot.verification());
        Verification.Progress progress = world.depot.verification().progress();
        assertEquals(List.of(id(bytes)), progress.damaged());
        assertEquals(List.of(), progress.missing());
        assertEquals("", progress.failure());
        assertEquals(
                "f",
                world.depot.verification().affected().getFirst().entry().path().text());
        assertEquals(1, world.depot.verification().affected().size());
    }

    @Test
    void depositHealsAFlippedByteThatNobodyHasSeen() throws IOException {
        for (int length : new int[] {4096, 3_000_000}) {
            byte[] bytes = bytes(length, 1);
            world.put("f", bytes);
            flip("f");
            world.put("g", bytes);
            assertArrayEquals(bytes, world.get("f"), "acknowledged, and so whole");
            world.remove("f");
        }
    }

    @Test
    void deletedFileOfALargeBlobIsReportedAsMissing() throws IOException {
        byte[] bytes = bytes(3_000_000, 1);
        world.put("f", bytes);
        try (StoredBlob blob = world.blobs.open(id(bytes)).orElseThrow()) {
            java.nio.file.Files.delete(blob.extent().orElseThrow().file());
        }
        world.depot.verification().start();
        World.await(world.depot.verification());
        assertEquals(List.of(id(bytes)), world.depot.verification().progress().missing());
        assertEquals(Reason.CORRUPT, reason(() -> world.get("f")));
        world.put("f", bytes);
        assertArrayEquals(bytes, world.get("f"));
    }

    @Test
    void extentIsCheckedAndLiesInTheFile() throws IOException {
        byte[] bytes = bytes(3_000_000, 1);
        world.put("f", bytes);
        try (Download download = world.depot.open(ANA, HOME, path("f"))) {
            assertTrue(download.memory().isEmpty());
            StoredBlob.Extent extent = download.extent(1_000_000, 500_000).orElseThrow();
            ByteBuffer read = ByteBuffer.allocate(500_000);
            try (FileChannel channel = FileChannel.open(extent.file())) {
                assertEquals(500_000, channel.read(read, extent.offset()));
            }
            assertEquals(500_000, extent.length());
            assertArrayEquals(Arrays.copyOfRange(bytes, 1_000_000, 1_500_000), read.array());
        }
    }

    @Test
    void uploadSurvivesARestartOfStoreAndDepot() {
        byte[] bytes = bytes(5_000_000, 1);
        RequestId request = request();
        world.depot.uploads().create(ANA, target("f", request));
        try (Uploads.Append append = world.depot.uploads().append(ANA, request, 0)) {
            append.write(ByteBuffer.wrap(bytes, 0, 4_000_000));
        }
        world.restart();
        long at = world.depot.uploads().find(ANA, request).offset();
        assertEquals(4_000_000, at);
        try (Uploads.Append append = world.depot.uploads().append(ANA, request, at)) {
            append.write(ByteBuffer.wrap(bytes, (int) at, bytes.length - (int) at));
        }
        world.depot.uploads().complete(ANA, request, Optional.of(id(bytes)));
        assertArrayEquals(bytes, world.get("f"));
    }

    @Test
    void collectedBytesLeaveTheDisk() {
        world.put("small", bytes(4096, 1));
        world.put("large", bytes(3_000_000, 2));
        for (String name : List.of("small", "large")) {
            world.removeForEver(name);
        }
        world.clock.pass(Duration.ofHours(2));
        assertEquals(3_004_096, world.depot.collector().collect());
        assertEquals(0, world.blobs.status().blobs());
        assertEquals(0, world.blobs.status().bytes());
    }
}
