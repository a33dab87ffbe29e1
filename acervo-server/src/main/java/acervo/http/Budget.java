package acervo.http;

import java.util.concurrent.atomic.AtomicLong;

/// So many bytes (or things) for all requests together. Any thread.
final class Budget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    Budget(long limit) {
        this.limit = limit;
    }

    /// Takes `amount` if there is that much left.
    boolean take(long amount) {
        long now = used.addAndGet(amount);
        if (now <= limit) {
            return true;
        }
        used.addAndGet(-amount);
        return false;
    }

    /// Takes `amount` even when that is more than is left: for what is there already and can only be counted.
    void force(long amount) {
        used.addAndGet(amount);
    }

    void give(long amount) {
        used.addAndGet(-amount);
    }

    long used() {
        return used.get();
    }

    long limit() {
        return limit;
    }
}
