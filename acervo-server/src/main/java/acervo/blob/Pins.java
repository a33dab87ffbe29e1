package acervo.blob;

import java.util.HashMap;
import java.util.Map;

/// Counts who is reading what, so that a file goes only after its last reader: a path handed out for zero-copy
/// must stay valid. Any thread.
final class Pins<K> {
    private final Map<K, Count> counts = new HashMap<>();

    private static final class Count {
        private int readers;
        private boolean doomed;
    }

    /// Keeps the file; false when it is to go already.
    synchronized boolean pin(K key) {
        Count count = counts.computeIfAbsent(key, k -> new Count());
        if (count.doomed) {
            return false;
        }
        count.readers++;
        return true;
    }

    /// Undoes one [#pin].
    ///
    /// @return whether the file is to go, and can go now
    synchronized boolean unpin(K key) {
        Count count = counts.get(key);
        if (count == null || count.readers == 0) {
            throw new IllegalStateException(key + " is not pinned");
        }
        count.readers--;
        if (count.readers == 0 && !count.doomed) {
            counts.remove(key);
        }
        return isFree(key);
    }

    /// Lets nobody pin the file any more.
    ///
    /// @return whether it can go now
    synchronized boolean doom(K key) {
        counts.computeIfAbsent(key, k -> new Count()).doomed = true;
        return isFree(key);
    }

    synchronized boolean isDoomed(K key) {
        Count count = counts.get(key);
        return count != null && count.doomed;
    }

    /// Whether the file is to go, and nobody reads it.
    synchronized boolean isFree(K key) {
        Count count = counts.get(key);
        return count != null && count.doomed && count.readers == 0;
    }

    /// The file is gone, or is to stay after all.
    synchronized void pardon(K key) {
        Count count = counts.get(key);
        if (count != null) {
            count.doomed = false;
            if (count.readers == 0) {
                counts.remove(key);
            }
        }
    }
}
