package acervo.depot;

import acervo.model.BlobId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// When this machine's copies were last read again, at the price of 2 KiB whatever their number. Any thread.
///
/// Passes go through the ids in order; ids with the same first byte share a time, the moment at which the last pass
/// that went through all
/// of them began with them. So a copy's time is never later than its check. It may be earlier than the copy itself:
/// that one
/// was hashed on its way in, later than the time that stands here.
final class VerifiedTimes {
    private static final int BUCKETS = 256;

    private final long[] millis = new long[BUCKETS];

    /// Milliseconds since 1970, or 0 when no pass has come by.
    synchronized long at(BlobId id) {
        return millis[bucket(id)];
    }

    static int bucket(BlobId id) {
        return (int) (id.word0() >>> 56);
    }

    /// All ids from the first bucket to before the last one were read since `sinceMillis`.
    synchronized void verified(int fromBucket, int toBucket, long sinceMillis) {
        for (int i = fromBucket; i < toBucket; i++) {
            millis[i] = Math.max(millis[i], sinceMillis);
        }
    }

    synchronized void write(ByteBuffer to) {
        for (long time : millis) {
            to.putLong(time);
        }
    }

    synchronized void read(ByteBuffer from) {
        for (int i = 0; i < BUCKETS; i++) {
            millis[i] = from.getLong();
        }
    }

    static int bytes() {
        return BUCKETS * Long.BYTES;
    }

    @Override
    public synchronized String toString() {
        return "last verified since " + Arrays.stream(millis).min().orElse(0);
    }

    /// One pass of a verification on its way through the ids. One thread.
    final class Round {
        private int bucket;
        private long enteredMillis;

        /// @param position the last id that was read before, or null at the start
        /// @param enteredMillis when the pass began with the ids that share its first byte
        Round(@Nullable BlobId position, long enteredMillis) {
            this.bucket = position == null ? 0 : VerifiedTimes.bucket(position);
            this.enteredMillis = enteredMillis;
        }

        /// The pass comes to `id`: all before it are done.
        void reach(BlobId id, long nowMillis) {
            int next = VerifiedTimes.bucket(id);
            if (next != bucket) {
                verified(bucket, next, enteredMillis);
                bucket = next;
                enteredMillis = nowMillis;
            }
        }

        void end() {
            verified(bucket, BUCKETS, enteredMillis);
        }

        long enteredMillis() {
            return enteredMillis;
        }
    }
}
