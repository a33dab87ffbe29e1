package acervo.blob;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The disk with its room and its health: the one place that decides whether a write may begin, and what an
/// [IOException] means. Any thread.
///
/// A force that fails breaks the medium for writing, for good: the system may have dropped the pages that it
/// could not write and marked them clean, so that a second force would succeed and mean nothing.
final class Medium {
    private static final long MEASURE_BYTES = 4 << 20;
    private static final long MEASURE_NANOS = 5_000_000;

    private final Disk disk;
    private final long reserve;
    private final LongSupplier nanos;
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

    private long measuredFree;
    private long measuredAt;
    private long writtenSince = Long.MAX_VALUE;

    /// @param reserve bytes to keep free; negative: as [#usualReserve] has it
    Medium(Disk disk, long reserve, LongSupplier nanos) throws IOException {
        this.disk = disk;
        this.nanos = nanos;
        this.reserve = reserve >= 0 ? reserve : usualReserve(disk.space().total());
    }

    /// 5% of the file system, but at least 64 MiB, or a quarter of it where it is that small: room for the
    /// catalog to record removals and for compaction to move what is left, when deposits have filled all else.
    static long usualReserve(long total) {
        return Math.max(total / 20, Math.min(64L << 20, total / 4));
    }

    Disk disk() {
        return disk;
    }

    long reserve() {
        return reserve;
    }

    @Nullable
    String failure() {
        return failure.get();
    }

    /// Lets a deposit of that many bytes begin.
    ///
    /// @throws StoreFullException when it would eat into the reserve
    /// @throws StoreFailedException when a force failed before
    synchronized void admit(long bytes) {
        requireSound();
        if (writtenSince >= MEASURE_BYTES
                || nanos.getAsLong() - measuredAt > MEASURE_NANOS
                || measuredFree - writtenSince - bytes < reserve) {
            measuredFree = space().free();
            measuredAt = nanos.getAsLong();
            writtenSince = 0;
        }
        if (measuredFree - writtenSince - bytes < reserve) {
            throw new StoreFullException(measuredFree - writtenSince, reserve);
        }
        writtenSince += bytes;
    }

    Disk.Space space() {
        try {
            return disk.space();
        } catch (IOException e) {
            throw new StoreFailedException("asking the disk for its room: " + e.getMessage(), e);
        }
    }

    void requireSound() {
        String seen = failure.get();
        if (seen != null) {
            throw new StoreFailedException(
                    "the store takes no writes since " + seen + "; check the disk, then start the server again", null);
        }
    }

    void force(DiskFile file, String what) {
        try {
            file.force();
        } catch (ClosedChannelException interrupted) {
            throw unfinished("forcing " + what, interrupted);
        } catch (IOException e) {
            throw fail("forcing " + what, e);
        }
    }

    void forceFolder(Path folder) {
        forceFolder(folder, false);
    }

    /// As [#forceFolder], where the folder need not be there: then it holds nothing to force.
    void forceFolderIfThere(Path folder) {
        forceFolder(folder, true);
    }

    private void forceFolder(Path folder, boolean mayBeAbsent) {
        try {
            disk.forceFolder(folder);
        } catch (ClosedChannelException interrupted) {
            throw unfinished("forcing " + folder, interrupted);
        } catch (IOException e) {
            if (!mayBeAbsent || !(e instanceof NoSuchFileException)) {
                throw fail("forcing " + folder, e);
            }
        }
    }

    /// What a write, a rename or the like that went wrong means: a full disk passes, anything else breaks the
    /// medium.
    StoreException broken(String doing, IOException e) {
        if (e instanceof ClosedChannelException) {
            return unfinished(doing, e);
        }
        if (isFull(e)) {
            synchronized (this) {
                writtenSince = Long.MAX_VALUE;
            }
            return new StoreFullException(space().free(), reserve);
        }
        return fail(doing, e);
    }

    /// Breaks the medium for writing.
    StoreFailedException fail(String doing, Exception e) {
        String seen = doing + " failed: " + e.getMessage();
        failure.compareAndSet(null, seen);
        return new StoreFailedException(seen, e);
    }

    /// The caller was interrupted, which closes its file: nothing is known about the disk, and nothing was
    /// acknowledged.
    private static StoreFailedException unfinished(String doing, IOException e) {
        return new StoreFailedException(doing + " was interrupted", e);
    }

    /// The JDK has no type for it, and the system's message may be in the user's language: so the room decides
    /// when the words don't.
    private boolean isFull(IOException e) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        return message.contains("No space left") || message.contains("quota exceeded") || space().free() < Blocks.SIZE;
    }
}
