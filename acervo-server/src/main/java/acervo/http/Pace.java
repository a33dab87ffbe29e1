package acervo.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.TimeUnit;

/// So many per minute from one address, all at once if need be. Remembers a bounded number of addresses. Any thread.
final class Pace {
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int ADDRESSES = 10_000;

    private final int perMinute;
    private final Cache<String, Bucket> buckets;

    Pace(int perMinute) {
        this.perMinute = perMinute;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(ADDRESSES)
                .expireAfterAccess(2, TimeUnit.MINUTES)
                .executor(Runnable::run)
                .build();
    }

    /// Counts one.
    ///
    /// @return false when that is too many
    boolean take(String address) {
        return buckets.get(address, _ -> new Bucket(perMinute, System.nanoTime()))
                .take(perMinute, System.nanoTime());
    }

    int perMinute() {
        return perMinute;
    }

    private static final class Bucket {
        private double left;
        private long at;

        Bucket(double left, long at) {
            this.left = left;
            this.at = at;
        }

        synchronized boolean take(int perMinute, long now) {
            left = Math.min(perMinute, left + (double) (now - at) * perMinute / MINUTE_NANOS);
            at = now;
            if (left < 1) {
                return false;
            }
            left--;
            return true;
        }
    }
}
