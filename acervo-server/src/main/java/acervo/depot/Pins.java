package acervo.depot;

import acervo.model.BlobId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Which blobs are about to be referred to. Any thread.
///
/// The invariant, on which the safety of every deposit rests: *bytes are removed only while their id is not pinned and
/// the catalog
/// does not know it, both looked at in one step that no pin can enter.* A deposit pins its id before it asks the store
/// to keep the bytes
/// (which may find them there already, about to be collected), and lets go only when the catalog has answered. So when
/// the collector
/// looks, a deposit is in one of three states: not yet pinned, and then it will store the bytes after the removal;
/// pinned, and
/// then the collector leaves the bytes alone; or answered, and then the catalog knows the blob if anything refers to
/// it. Looking at the pin alone would not do:
/// the blob may have been forgotten, deposited again and unpinned between the collector's command and its removal.
///
/// A deposit whose answer never came is pinned until the process ends: its command may still be applied. After a
/// restart the log has been replayed and
/// the catalog knows.
final class Pins {
    private static final int STRIPES = 64;

    private final Stripe[] stripes = new Stripe[STRIPES];

    Pins() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /// Keeps the bytes of `id`, there or not yet, from being removed until the pin is closed. Waits while they are
    /// being removed.
    Pin pin(BlobId id) {
        Stripe stripe = stripe(id);
        stripe.lock.lock();
        try {
            stripe.pinned.merge(id, 1, Integer::sum);
            stripe.watched.computeIfPresent(id, (same, touched) -> true);
        } finally {
            stripe.lock.unlock();
        }
        return new Pin(stripe, id);
    }

    /// Runs `action` while nobody can pin `id`, unless it is pinned.
    ///
    /// @return whether it ran
    boolean unlessPinned(BlobId id, Runnable action) {
        Stripe stripe = stripe(id);
        stripe.lock.lock();
        try {
            if (stripe.pinned.containsKey(id)) {
                return false;
            }
            action.run();
            return true;
        } finally {
            stripe.lock.unlock();
        }
    }

    /// Notes from now on whether `id` is pinned, however shortly: what is seen of its bytes meanwhile may be of the
    /// past afterwards. One
    /// watch per id at a time.
    Watch watch(BlobId id) {
        Stripe stripe = stripe(id);
        stripe.lock.lock();
        try {
            stripe.watched.put(id, stripe.pinned.containsKey(id));
        } finally {
            stripe.lock.unlock();
        }
        return new Watch(stripe, id);
    }

    private Stripe stripe(BlobId id) {
        return stripes[(int) (id.word3() & (STRIPES - 1))];
    }

    private static final class Stripe {
        final ReentrantLock lock = new ReentrantLock();
        final Map<BlobId, Integer> pinned = new HashMap<>();
        final Map<BlobId, Boolean> watched = new HashMap<>();
    }

    /// One deposit's hold on a blob. Not safe for several threads.
    static final class Pin implements AutoCloseable {
        private final Stripe stripe;
        private final BlobId id;
        private boolean held = true;

        private Pin(Stripe stripe, BlobId id) {
            this.stripe = stripe;
            this.id = id;
        }

        /// Holds on until the process ends.
        void keep() {
            held = false;
        }

        @Override
        public void close() {
            if (!held) {
                return;
            }
            held = false;
            stripe.lock.lock();
            try {
                stripe.pinned.computeIfPresent(id, (same, count) -> count == 1 ? null : count - 1);
            } finally {
                stripe.lock.unlock();
            }
        }
    }

    /// A look at a blob that must not be disturbed.
    static final class Watch implements AutoCloseable {
        private final Stripe stripe;
        private final BlobId id;

        private Watch(Stripe stripe, BlobId id) {
            this.stripe = stripe;
            this.id = id;
        }

        /// Runs `action` while nobody can pin the id, unless it was pinned at any time since the watch began.
        ///
        /// @return whether it ran
        boolean ifUndisturbed(Runnable action) {
            stripe.lock.lock();
            try {
                if (stripe.watched.getOrDefault(id, true)) {
                    return false;
                }
                action.run();
                return true;
            } finally {
                stripe.lock.unlock();
            }
        }

        @Override
        public void close() {
            stripe.lock.lock();
            try {
                stripe.watched.remove(id);
            } finally {
                stripe.lock.unlock();
            }
        }
    }
}
