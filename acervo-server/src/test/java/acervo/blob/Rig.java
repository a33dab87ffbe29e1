package acervo.blob;

import acervo.model.BlobId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// A store on a [FaultyDisk], with small segments, a clock to turn, and ways to crash it.
final class Rig implements AutoCloseable {
    static final Path ROOT = Path.of("/store");
    static final Layout LAYOUT = new Layout(ROOT);

    private static final DiskSettings SMALL_SEGMENTS = new DiskSettings(0, 16 << 10, 4000, false);

    final FaultyDisk disk;
    final MemoryRows rows;
    private final DiskSettings settings;
    private long nanos;
    DiskBlobStore store;

    Rig() throws IOException {
        this(SMALL_SEGMENTS);
    }

    /// @param chaos what a crash draws its choices from
    Rig(long chaos) throws IOException {
        this(SMALL_SEGMENTS, chaos);
    }

    Rig(DiskSettings settings) throws IOException {
        this(settings, 1);
    }

    private Rig(DiskSettings settings, long chaos) throws IOException {
        this.settings = settings;
        disk = new FaultyDisk(ROOT, new Random(chaos));
        rows = new MemoryRows(new Random(chaos));
        store = open();
    }

    private DiskBlobStore open() throws IOException {
        return DiskBlobStore.open(disk, LAYOUT, rows, settings, () -> nanos);
    }

    void pass(long moreNanos) {
        nanos += moreNanos;
    }

    void reopen() throws IOException {
        store.close();
        store = open();
    }

    void cutPower() throws IOException {
        disk.failAt(1, FaultyDisk.Fault.POWER);
        // Before the store is closed, which flushes: nothing does in a crash.
        rows.crash();
        store.close();
        disk.powerCycle();
        store = open();
    }

    void kill() throws IOException {
        disk.failAt(1, FaultyDisk.Fault.KILL);
        rows.crash();
        store.close();
        disk.restart();
        store = open();
    }

    void loseIndex() throws IOException {
        store.close();
        rows.erase();
        store = open();
    }

    /// Stores contents of that size, made from the seeds from `first` on.
    List<byte[]> put(int size, int first, int count) {
        List<byte[]> all = java.util.stream.IntStream.range(first, first + count)
                .mapToObj(seed -> Bytes.random(size, seed))
                .toList();
        store.putAll(all.stream().map(Bytes::small).toList());
        return all;
    }

    Path segment(long number) {
        return LAYOUT.segment(number);
    }

    /// Where the content begins in a file of the disk; -1 when it is not there.
    int find(Path file, byte[] content) {
        byte[] all = disk.bytes(file);
        for (int at = 0; at + content.length <= all.length; at++) {
            if (java.util.Arrays.equals(all, at, at + content.length, content, 0, content.length)) {
                return at;
            }
        }
        return -1;
    }

    boolean isListed(BlobId id) {
        return store.list(null, Integer.MAX_VALUE).contains(id);
    }

    @Override
    public void close() {
        store.close();
    }
}
