package acervo.depot;

import acervo.blob.BlobStore;
import acervo.blob.StoreStatus;
import acervo.catalog.Catalog;
import acervo.catalog.Catalog.BlobView;
import acervo.model.BlobId;
import acervo.model.Command;
import acervo.model.Outcome;
import acervo.model.RequestId;
import acervo.model.Stamp;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets go of what nobody wants any more. Any thread; one at a time does the work.
///
/// Bytes go in three steps: nothing refers to them for the grace period; the catalog forgets them
/// ([Command.ForgetBlobs], which it does only to those that
/// are orphans still when it is applied); and the [Remover] removes them, unless they are wanted again by then. Between
/// the last two a crash
/// leaves bytes that the catalog does not know: [#reconcile] finds those.
final class Collector {
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

    /// Items of one command.
    private static final int BATCH = 1_000;

    /// Past versions that are let go of at once when the disk is short: few, so that no more goes than has to.
    private static final int TRIM_STEP = 100;

    /// Bytes that only the disk knows, remembered from one pass to the next; more than these wait for a later pass.
    private static final int MOST_STRAYS = 100_000;

    /// How long freed bytes may take to show in what the disk has free: segments are rewritten in the background.
    private static final Duration SHOWS_AFTER = Duration.ofSeconds(10);

    private final BlobStore blobs;
    private final Catalog catalog;
    private final Remover remover;
    private final Duration grace;
    private final Duration history;
    private final Clock clock;
    private final ReentrantLock one = new ReentrantLock();

    /// Bytes on disk that the catalog does not know, and when that was first seen. Guarded by [#one].
    private Map<BlobId, Long> strays = new LinkedHashMap<>();

    /// What the disk should have free once all shows that was let go of while it was short, and when that was last.
    /// Guarded by [#one].
    private long expectedFree;

    private long freedMillis;

    /// The catalog's position at which nothing more could be let go of: no use in trying again before it moves.
    /// Guarded by [#one].
    private long fruitlessIndex = -1;

    Collector(BlobStore blobs, Catalog catalog, Remover remover, Duration grace, Duration history, Clock clock) {
        this.blobs = blobs;
        this.catalog = catalog;
        this.remover = remover;
        this.grace = grace;
        this.history = history;
        this.clock = clock;
    }

    /// Collects what nothing has referred to for the grace period.
    ///
    /// @return bytes freed
    long collect() {
        one.lock();
        try {
            return forgetBefore(clock.millis() - grace.toMillis());
        } finally {
            one.unlock();
        }
    }

    /// Lets go of past versions that are older than their retention.
    void trim() {
        one.lock();
        try {
            long before = clock.millis() - history.toMillis();
            while (trimBefore(before, BATCH) == BATCH) {}
        } finally {
            one.unlock();
        }
    }

    /// Whether the disk is so full that history has to go early.
    static boolean isShort(StoreStatus status) {
        return shortage(status) > 0;
    }

    /// When the disk is short of room: lets go of orphans at once, then of history, oldest first, as far as needed.
    void relieve() {
        one.lock();
        try {
            if (isShort(blobs.status())) {
                free(0);
            }
        } finally {
            one.unlock();
        }
    }

    /// As [#relieve], for a deposit that found no room for `bytes`.
    ///
    /// @return whether it is worth trying again
    boolean makeRoom(long bytes) {
        one.lock();
        try {
            // Whoever waited for another one's turn may find room already.
            return shortage(blobs.status()) + bytes <= 0
                    || free(bytes) > 0
                    || blobs.status().freeBytes() - blobs.status().reserveBytes() > bytes;
        } finally {
            one.unlock();
        }
    }

    private long free(long wanted) {
        long now = clock.millis();
        if (catalog.status().appliedIndex() == fruitlessIndex) {
            return 0;
        }
        StoreStatus status = blobs.status();
        boolean lately = now - freedMillis <= SHOWS_AFTER.toMillis();
        long underWay = lately ? Math.max(0, expectedFree - status.freeBytes()) : 0;
        long needed = shortage(status) + wanted - underWay;
        long freedHere = forgetBefore(Long.MAX_VALUE);
        boolean more = true;
        while (more && freedHere < needed) {
            more = trimBefore(Long.MAX_VALUE, TRIM_STEP) > 0;
            freedHere += forgetBefore(Long.MAX_VALUE);
        }
        if (!more && freedHere == 0) {
            freedHere += strayBytes();
        }
        if (freedHere > 0) {
            freedMillis = now;
            expectedFree = status.freeBytes() + underWay + freedHere;
            LOG.info("the disk is short of room: let go of {} of old versions", Room.human(freedHere));
        } else if (!more) {
            fruitlessIndex = catalog.status().appliedIndex();
        }
        return freedHere;
    }

    /// The last resort: bytes that crashes left behind.
    private long strayBytes() {
        long before = blobs.status().bytes();
        reconcile(Duration.ZERO);
        return Math.max(0, before - blobs.status().bytes());
    }

    private static long shortage(StoreStatus status) {
        long margin = Math.clamp(status.reserveBytes() / 4, 4L << 20, 64L << 20);
        return status.reserveBytes() + margin - status.freeBytes();
    }

    /// @return how many rows went
    private int trimBefore(long millis, int limit) {
        Outcome outcome = own(new Command.TrimHistory(millis, limit));
        if (outcome instanceof Outcome.Trimmed(int count)) {
            return count;
        }
        throw new IllegalStateException("the catalog does not trim: " + outcome);
    }

    /// @return bytes removed
    private long forgetBefore(long millis) {
        long bytes = 0;
        while (true) {
            List<BlobId> orphans = catalog.orphans(millis, BATCH);
            if (orphans.isEmpty()) {
                return bytes;
            }
            Map<BlobId, Long> sizes = new LinkedHashMap<>();
            orphans.forEach(
                    id -> sizes.put(id, catalog.blob(id).map(BlobView::size).orElse(0L)));
            Outcome outcome = own(new Command.ForgetBlobs(millis, orphans));
            if (!(outcome instanceof Outcome.Forgotten(List<BlobId> forgotten))) {
                throw new IllegalStateException("the catalog does not forget: " + outcome);
            }
            for (BlobId id : forgotten) {
                if (remover.removeUnlessWanted(id)) {
                    bytes += sizes.getOrDefault(id, 0L);
                }
            }
            if (forgotten.isEmpty()) {
                return bytes;
            }
        }
    }

    /// Compares the disk with the catalog and removes what only the disk knows, when it was seen so for the grace
    /// period: what crashes left
    /// between storing and naming, and between forgetting and removing.
    ///
    /// @return how many were removed
    int reconcile() {
        return reconcile(grace);
    }

    /// Whether the last [#reconcile] saw bytes that may have to go when it comes again.
    boolean hasStrays() {
        one.lock();
        try {
            return !strays.isEmpty();
        } finally {
            one.unlock();
        }
    }

    private int reconcile(Duration age) {
        one.lock();
        try {
            long now = clock.millis();
            Map<BlobId, Long> seen = new LinkedHashMap<>();
            int[] removed = {0};
            Walk.all(blobs, catalog, new Walk.Visitor() {
                @Override
                public void onlyOnDisk(BlobId id) {
                    long since = strays.getOrDefault(id, now);
                    if (now - since >= age.toMillis() && remover.removeUnlessWanted(id)) {
                        removed[0]++;
                    } else if (seen.size() < MOST_STRAYS) {
                        seen.put(id, since);
                    }
                }

                @Override
                public void onlyInCatalog(BlobView blob) {}
            });
            strays = seen;
            if (removed[0] > 0) {
                LOG.info("removed {} blobs that nothing referred to, left over from a crash", removed[0]);
            }
            return removed[0];
        } finally {
            one.unlock();
        }
    }

    private Outcome own(Command command) {
        return catalog.submit(command, Stamp.SERVER, new RequestId(UUID.randomUUID()));
    }
}
