package acervo.depot;

import acervo.blob.BlobStore;
import acervo.blob.CorruptBlobException;
import acervo.blob.StoredBlob;
import acervo.catalog.Catalog;
import acervo.catalog.Catalog.BlobView;
import acervo.catalog.Catalog.FileRef;
import acervo.catalog.Catalog.SpaceView;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.SpaceId;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pass that reads every copy on this server again and compares hashes, and that looks for copies that should be
/// here and are
/// not. Damaged ones go to quarantine. Any thread.
public final class Verification {
    private static final Logger LOG = LoggerFactory.getLogger(Verification.class);
    private static final int PAGE = 1_000;

    /// At most this many ids and files are kept of a pass.
    public static final int MOST = 1_000;

    private static final Progress NEVER = new Progress(false, 0, 0, 0, List.of(), List.of(), 0, 0, "");

    private final BlobStore blobs;
    private final Catalog catalog;
    private final Damage damage;
    private final VerifiedTimes times;
    private final Clock clock;

    /// The pass under way or the last one. Guarded by `this`, like [#thread] and [#stopping].
    private @Nullable Pass pass;

    private @Nullable Thread thread;
    private boolean stopping;

    Verification(BlobStore blobs, Catalog catalog, Damage damage, VerifiedTimes times, Clock clock) {
        this.blobs = blobs;
        this.catalog = catalog;
        this.damage = damage;
        this.times = times;
        this.clock = clock;
    }

    /// Starts a pass at full speed in the background, unless one is under way.
    ///
    /// @return whether this call started it
    public synchronized boolean start() {
        if (stopping || (pass != null && pass.progress().running())) {
            return false;
        }
        Pass next = new Pass(clock.millis(), blobs.status().blobs());
        pass = next;
        thread = Thread.ofPlatform().daemon().name("acervo-verify").start(next::run);
        return true;
    }

    /// How the current or the last pass stands; all zero before the first one.
    public synchronized Progress progress() {
        return pass == null ? NEVER : pass.progress();
    }

    /// The files that the last pass found damaged or missing, in all spaces: for the operator only.
    public synchronized List<FileRef> affected() {
        return pass == null ? List.of() : pass.affected();
    }

    /// Those of them in spaces that `caller` may read.
    public List<FileRef> affected(ClientId caller) {
        List<FileRef> all = affected();
        if (all.isEmpty()) {
            return all;
        }
        Set<SpaceId> readable =
                catalog.spaces(caller).stream().map(SpaceView::id).collect(Collectors.toUnmodifiableSet());
        return all.stream().filter(file -> readable.contains(file.space())).toList();
    }

    /// Waits until the pass under way has ended.
    void await() throws InterruptedException {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null) {
            running.join();
        }
    }

    /// Ends the pass under way and starts no more.
    void stop() {
        synchronized (this) {
            stopping = true;
        }
        boolean interrupted = false;
        while (true) {
            try {
                await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void checkStopping() {
        if (stopping) {
            throw new CancellationException("the server stops");
        }
    }

    /// Reports copies that the catalog counts on and that are not here.
    static void findMissing(BlobStore blobs, Catalog catalog, Damage damage, Consumer<BlobId> found) {
        Walk.all(blobs, catalog, new Walk.Visitor() {
            @Override
            public void onlyOnDisk(BlobId id) {}

            @Override
            public void onlyInCatalog(BlobView blob) {
                BlobId id = blob.id();
                if (blob.references() == 0 || id.equals(BlobId.EMPTY)) {
                    return;
                }
                // The catalog was read first, the disk is looked at again now, and the catalog once more: a blob that
                // came or went meanwhile is
                // not missing.
                boolean wanted = catalog.blob(id).map(BlobView::references).orElse(0L) > 0;
                if (wanted && damage.reportMissing(id)) {
                    found.accept(id);
                }
            }
        });
    }

    /// One pass. Its fields are guarded by itself.
    private final class Pass {
        private final long startedMillis;
        private final Set<BlobId> damaged = new LinkedHashSet<>();
        private final Set<BlobId> missing = new LinkedHashSet<>();
        private List<FileRef> affected = List.of();
        private long blobsDone;
        private long blobsTotal;
        private long bytesDone;
        private long endedMillis;
        private String failure = "";

        Pass(long startedMillis, long blobsTotal) {
            this.startedMillis = startedMillis;
            this.blobsTotal = blobsTotal;
        }

        void run() {
            LOG.info("verifying all copies");
            String trouble = "";
            try {
                readAll();
                findMissing(blobs, catalog, damage, this::missing);
                findFiles();
            } catch (CancellationException e) {
                trouble = String.valueOf(e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("verifying stopped before its end", e);
                trouble = String.valueOf(e.getMessage());
            }
            end(trouble);
        }

        private void readAll() {
            VerifiedTimes.Round seen = times.new Round(null, clock.millis());
            BlobId last = null;
            List<BlobId> page = blobs.list(null, PAGE);
            while (!page.isEmpty()) {
                for (BlobId id : page) {
                    checkStopping();
                    seen.reach(id, clock.millis());
                    read(id);
                    last = id;
                }
                page = blobs.list(last, PAGE);
            }
            seen.end();
        }

        private void read(BlobId id) {
            try (StoredBlob blob = blobs.open(id).orElse(null)) {
                if (blob == null) {
                    return;
                }
                blob.verify(bytes -> {
                    checkStopping();
                    read(bytes);
                });
            } catch (CorruptBlobException e) {
                if (damage.report(e)) {
                    damaged(e.id());
                }
            }
            done();
        }

        private void findFiles() {
            Set<BlobId> bad = new LinkedHashSet<>();
            synchronized (this) {
                bad.addAll(damaged);
                bad.addAll(missing);
            }
            List<FileRef> files = bad.isEmpty() ? List.of() : catalog.referring(Set.copyOf(bad), MOST);
            synchronized (this) {
                affected = files;
            }
        }

        private synchronized void read(long bytes) {
            bytesDone += bytes;
        }

        private synchronized void done() {
            blobsDone++;
            blobsTotal = Math.max(blobsTotal, blobsDone);
        }

        private synchronized void damaged(BlobId id) {
            if (damaged.size() < MOST) {
                damaged.add(id);
            }
        }

        private synchronized void missing(BlobId id) {
            // Those in quarantine are not on disk either: they are told of as damaged.
            if (missing.size() < MOST && !damaged.contains(id)) {
                missing.add(id);
            }
        }

        private synchronized void end(String trouble) {
            failure = trouble;
            endedMillis = Math.max(startedMillis, clock.millis());
            blobsTotal = trouble.isEmpty() ? blobsDone : blobsTotal;
            LOG.info(
                    "verified {} copies, {}: {} damaged, {} missing",
                    blobsDone,
                    Room.human(bytesDone),
                    damaged.size(),
                    missing.size());
        }

        synchronized List<FileRef> affected() {
            return affected;
        }

        synchronized Progress progress() {
            return new Progress(
                    endedMillis == 0,
                    blobsDone,
                    blobsTotal,
                    bytesDone,
                    List.copyOf(damaged),
                    List.copyOf(missing),
                    startedMillis,
                    endedMillis,
                    failure);
        }
    }

    /// @param blobsTotal a guess until the pass ends
    /// @param damaged blobs whose bytes were not those stored, at most [#MOST]
    /// @param missing blobs that files refer to and that are not there, at most [#MOST]
    /// @param endedMillis 0 while it runs
    /// @param failure why the pass stopped before its end, in English; empty for none
    public record Progress(
            boolean running,
            long blobsDone,
            long blobsTotal,
            long bytesDone,
            List<BlobId> damaged,
            List<BlobId> missing,
            long startedMillis,
            long endedMillis,
            String failure) {}
}
