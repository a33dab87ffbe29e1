package acervo.blob;

import acervo.model.BlobId;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A store that a test of another package can step into or hold up, and whose copies it can spoil.
public final class HookedBlobs implements BlobStore {
    public final AtomicInteger opens = new AtomicInteger();
    public final AtomicInteger putAlls = new AtomicInteger();

    /// Run before the call, each time.
    public volatile Runnable beforePut = () -> {};

    public volatile Runnable beforeRemove = () -> {};
    public volatile Runnable beforeOpen = () -> {};
    public volatile Runnable beforeCommit = () -> {};
    public volatile Runnable beforeWrite = () -> {};
    public volatile Runnable beforeDiscard = () -> {};

    /// Run after the call took effect.
    public volatile Runnable afterPut = () -> {};

    public volatile Runnable afterCommit = () -> {};

    /// Run once, when a verification has found its copy spoilt.
    public volatile @Nullable Runnable afterSecondLook;

    /// What [#status] says instead.
    public volatile @Nullable StoreStatus status;

    /// Reads of any copy beyond this byte find damage.
    public volatile long damagedFrom = Long.MAX_VALUE;

    /// How often each copy still reads badly; [Integer#MAX_VALUE] for ever.
    private final Map<BlobId, AtomicInteger> spoilt = new ConcurrentHashMap<>();

    public final Set<BlobId> lost = ConcurrentHashMap.newKeySet();
    public final List<BlobId> quarantined = new ArrayList<>();
    /// Stages that were thrown away without opening them.
    public final List<StageId> discarded = new CopyOnWriteArrayList<>();

    /// Left out by [#list], though they are there.
    public final Set<BlobId> unlisted = ConcurrentHashMap.newKeySet();

    private final List<Stage> open = new CopyOnWriteArrayList<>();
    private final BlobStore store;

    public HookedBlobs(BlobStore store) {
        this.store = store;
    }

    public void spoil(BlobId id) {
        spoil(id, Integer.MAX_VALUE);
    }

    public void spoil(BlobId id, int reads) {
        spoilt.put(id, new AtomicInteger(reads));
    }

    public boolean has(BlobId id) {
        return list(null, Integer.MAX_VALUE).contains(id);
    }

    /// What the end of a process does: lets go of everything.
    public void forgetOpenStages() {
        open.forEach(Stage::close);
        open.clear();
    }

    @Override
    public Stage stage(StageId id) {
        Stage stage = store.stage(id);
        open.add(stage);
        return new Stage() {
            @Override
            public long length() {
                return stage.length();
            }

            @Override
            public BlobId digest() {
                return stage.digest();
            }

            @Override
            public void write(ByteBuffer bytes) {
                beforeWrite.run();
                stage.write(bytes);
            }

            @Override
            public BlobId commit() {
                beforeCommit.run();
                BlobId id = stage.commit();
                spoilt.remove(id);
                lost.remove(id);
                afterCommit.run();
                return id;
            }

            @Override
            public void discard() {
                beforeDiscard.run();
                stage.discard();
            }

            @Override
            public void close() {
                stage.close();
            }
        };
    }

    @Override
    public List<StagedBlob> stages() {
        return store.stages();
    }

    @Override
    public void discard(StageId id) {
        discarded.add(id);
        store.discard(id);
    }

    @Override
    public void putAll(List<SmallBlob> blobs) {
        putAlls.incrementAndGet();
        beforePut.run();
        // As a real store does: a damaged copy is no copy.
        for (SmallBlob blob : blobs) {
            if (spoilt.containsKey(blob.id()) || lost.contains(blob.id())) {
                store.remove(blob.id());
            }
        }
        store.putAll(blobs);
        blobs.forEach(blob -> {
            spoilt.remove(blob.id());
            lost.remove(blob.id());
        });
        afterPut.run();
    }

    @Override
    public Optional<StoredBlob> open(BlobId id) {
        opens.incrementAndGet();
        beforeOpen.run();
        return lost.contains(id) ? Optional.empty() : store.open(id).map(Opened::new);
    }

    @Override
    public void remove(BlobId id) {
        beforeRemove.run();
        store.remove(id);
    }

    @Override
    public void quarantine(BlobId id, String reason) {
        synchronized (quarantined) {
            quarantined.add(id);
        }
        spoilt.remove(id);
        store.quarantine(id, reason);
    }

    @Override
    public List<BlobId> list(@Nullable BlobId after, int limit) {
        return store.list(after, limit).stream()
                .filter(id -> !lost.contains(id) && !unlisted.contains(id))
                .toList();
    }

    @Override
    public StoreStatus status() {
        StoreStatus instead = status;
        return instead == null ? store.status() : instead;
    }

    @Override
    public void close() {
        store.close();
    }

    private void checkSpoilt(BlobId id) {
        AtomicInteger left = spoilt.get(id);
        if (left != null) {
            if (left.get() > 0) {
                left.decrementAndGet();
                throw new CorruptBlobException(id, "block 0 does not match its sum");
            }
            spoilt.remove(id);
        }
    }

    private final class Opened implements StoredBlob {
        private final StoredBlob blob;

        Opened(StoredBlob blob) {
            this.blob = blob;
        }

        @Override
        public BlobId id() {
            return blob.id();
        }

        @Override
        public long length() {
            return blob.length();
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            checkSpoilt(id());
            checkDamaged(offset + into.remaining());
            blob.read(offset, into);
        }

        @Override
        public void check(long offset, long length) {
            checkSpoilt(id());
            checkDamaged(offset + length);
            blob.check(offset, length);
        }

        @Override
        public void verify(LongConsumer progress) {
            try {
                checkSpoilt(id());
            } finally {
                Runnable then = afterSecondLook;
                afterSecondLook = null;
                if (then != null) {
                    then.run();
                }
            }
            checkDamaged(blob.length());
            blob.verify(progress);
        }

        @Override
        public void sums(long first, IntBuffer into) {
            blob.sums(first, into);
        }

        private void checkDamaged(long end) {
            if (end > damagedFrom) {
                throw new CorruptBlobException(id(), "damaged from byte " + damagedFrom + " on");
            }
        }

        @Override
        public Optional<Extent> extent() {
            return blob.extent();
        }

        @Override
        public void close() {
            blob.close();
        }
    }

    /// Copies of everything that it holds, for comparing.
    public Map<BlobId, Long> contents() {
        Map<BlobId, Long> all = new HashMap<>();
        for (BlobId id : list(null, Integer.MAX_VALUE)) {
            try (StoredBlob blob = store.open(id).orElseThrow()) {
                all.put(id, blob.length());
            }
        }
        return all;
    }
}
