package acervo.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/// A store on a [FaultyDisk], random things to do with it, and what must be true of it whatever happens: the
/// model.
///
/// Of every content that was ever offered the model knows whether it *must* be there (its deposit was
/// acknowledged), *may* be there (it was tried, or removed), and nothing else may be.
final class World {
    static final DiskSettings SETTINGS = new DiskSettings(0, 8 << 10, 2000, false);
    private static final Path ROOT = Path.of("/store");

    final FaultyDisk disk;
    final MemoryRows rows;
    private final Random random;
    private final Map<BlobId, byte[]> offered = new HashMap<>();
    private final Set<BlobId> must = new HashSet<>();
    private final Map<StageId, byte[]> staged = new HashMap<>();
    private int erased;
    private DiskBlobStore store;

    /// @param chaos what the disk draws its accidents from
    World(long seed, Random chaos) throws IOException {
        random = new Random(seed);
        disk = new FaultyDisk(ROOT, chaos);
        rows = new MemoryRows(chaos);
        store = DiskBlobStore.open(disk, new Layout(ROOT), rows, SETTINGS, System::nanoTime);
    }

    DiskBlobStore store() {
        return store;
    }

    Layout layout() {
        return new Layout(ROOT);
    }

    /// Does something; what goes wrong is only noted.
    ///
    /// @return the trouble, if there was any
    Optional<StoreException> doSomething() {
        try {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> putSome();
                case 4, 5 -> stageAndCommit();
                case 6 -> stageSome();
                case 7, 8 -> remove();
                case 9 -> quarantine();
                case 10 -> store.compactOne();
                default -> reopen();
            }
            return Optional.empty();
        } catch (StoreException e) {
            return Optional.of(e);
        } catch (IOException e) {
            return Optional.of(new StoreFailedException("opening", e));
        }
    }

    private byte[] content() {
        // Few different ones, so that the same is stored, removed and stored again.
        int n = random.nextInt(40);
        int size = n % 5 == 0 ? 2001 + n * 2500 : n * 50;
        return Bytes.random(size, n);
    }

    private byte[] offer(byte[] bytes) {
        offered.put(Bytes.id(bytes), bytes);
        return bytes;
    }

    private void putSome() {
        List<SmallBlob> blobs = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            byte[] bytes = content();
            if (bytes.length <= SETTINGS.packedBytes()) {
                blobs.add(Bytes.small(offer(bytes)));
            }
        }
        store.putAll(blobs);
        blobs.forEach(blob -> must.add(blob.id()));
    }

    private void stageAndCommit() {
        byte[] bytes = offer(content());
        try (Stage stage = store.stage(new StageId(new UUID(0, random.nextLong())))) {
            stage.write(ByteBuffer.wrap(bytes));
            must.add(stage.commit());
        }
    }

    private void stageSome() {
        StageId id = new StageId(new UUID(1, random.nextInt(3)));
        byte[] all = staged.computeIfAbsent(id, i -> offer(Bytes.random(150_000, random.nextLong())));
        try (Stage stage = store.stage(id)) {
            int at = prefix(stage, all);
            stage.write(ByteBuffer.wrap(all, at, Math.min(all.length - at, random.nextInt(100_000))));
            if (stage.length() == all.length) {
                must.add(stage.commit());
                staged.remove(id);
            }
        }
    }

    /// Whatever a stage has kept is the beginning of what it was given.
    private static int prefix(Stage stage, byte[] all) {
        int length = Math.toIntExact(stage.length());
        assertTrue(length <= all.length);
        assertEquals(Bytes.id(java.util.Arrays.copyOf(all, length)), stage.digest());
        return length;
    }

    private BlobId any() {
        List<BlobId> all = List.copyOf(new java.util.TreeSet<>(offered.keySet()));
        return all.isEmpty() ? BlobId.EMPTY : all.get(random.nextInt(all.size()));
    }

    private void remove() {
        BlobId id = any();
        must.remove(id);
        store.remove(id);
    }

    private void quarantine() {
        BlobId id = any();
        must.remove(id);
        store.quarantine(id, "a test");
    }

    private void reopen() throws IOException {
        store.close();
        store = open();
    }

    private DiskBlobStore open() throws IOException {
        return DiskBlobStore.open(disk, layout(), rows, SETTINGS, System::nanoTime);
    }

    void closeAfterTrouble() {
        store.close();
    }

    void restartAfter(FaultyDisk.Fault fault) throws IOException {
        // Before the store is closed, which flushes: nothing does in a crash.
        rows.crash();
        store.close();
        if (fault == FaultyDisk.Fault.POWER) {
            disk.powerCycle();
        } else {
            disk.restart();
        }
        store = open();
    }

    /// What a store has shown after it was opened has to stay, acknowledged or not: a deposit may have relied
    /// on it.
    void relyOnWhatIsThere() {
        for (BlobId id : offered.keySet()) {
            store.open(id).ifPresent(blob -> {
                blob.close();
                must.add(id);
            });
        }
    }

    void loseIndex() throws IOException {
        store.close();
        rows.erase();
        erased = rows.erased();
        store = open();
    }

    /// Everything that must hold.
    void check() {
        assertEquals(erased, rows.erased(), "the index never has to be made again after a crash");
        // Before anything is opened: opening one puts a row right.
        List<BlobId> listed = store.list(null, Integer.MAX_VALUE);
        assertTrue(new HashSet<>(listed).containsAll(must), "all that is acknowledged is listed");
        for (BlobId id : must) {
            assertArrayEquals(offered.get(id), Bytes.read(store, id), () -> id + " is acknowledged");
        }
        assertTrue(offered.keySet().containsAll(listed), "nothing is listed that was never offered");
        long count = 0;
        long bytes = 0;
        for (BlobId id : listed) {
            try (StoredBlob blob = store.open(id).orElse(null)) {
                if (blob != null) {
                    blob.verify(n -> {});
                    count++;
                    bytes += blob.length();
                }
            }
        }
        // What was found absent in this walk is not counted any more.
        assertEquals(count, store.status().blobs());
        assertEquals(bytes, store.status().bytes());
        for (StagedBlob partial : store.stages()) {
            byte[] all = staged.get(partial.id());
            if (all != null) {
                try (Stage stage = store.stage(partial.id())) {
                    prefix(stage, all);
                } catch (StoreFullException e) {
                    // To open one may take a few bytes.
                    assertTrue(disk.struck());
                }
            }
        }
    }

    /// Stores everything again that was acknowledged, as a client does that lost its answer.
    void repeatDeposits() {
        for (BlobId id : Set.copyOf(offered.keySet())) {
            byte[] bytes = offered.get(id);
            if (bytes.length <= SETTINGS.packedBytes()) {
                store.putAll(List.of(Bytes.small(bytes)));
            } else {
                Bytes.stage(store, bytes);
            }
            must.add(id);
        }
    }
}
