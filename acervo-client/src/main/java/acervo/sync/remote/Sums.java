package acervo.sync.remote;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The sums of some equally long parts of a file on the server, and a way to find the parts of a sum.
final class Sums {
    private static final int LEAST_FILTER_BITS = 1 << 12;
    private static final int MOST_FILTER_BITS = 1 << 20;

    private final int window;
    private final long[] places;
    private final int[] crcs;
    private final long @Nullable [] strong;
    private final int[] head;
    private final int[] next;
    private final long[] filter;

    /// @param window bytes of each part
    /// @param places where in the file each part starts, growing
    /// @param strong the first 8 bytes of each part's SHA-256; null when only the CRC32C is known
    Sums(int window, long[] places, int[] crcs, long @Nullable [] strong) {
        this.window = window;
        this.places = places;
        this.crcs = crcs;
        this.strong = strong;
        int size = Integer.highestOneBit(Math.max(1, crcs.length));
        this.head = new int[2 * size];
        this.filter = new long[Math.clamp(64L * size, LEAST_FILTER_BITS, MOST_FILTER_BITS) / Long.SIZE];
        this.next = new int[crcs.length];
        Arrays.fill(head, -1);
        // From the last one on, so that the first one is found first.
        for (int i = crcs.length - 1; i >= 0; i--) {
            int slot = slot(crcs[i]);
            next[i] = head[slot];
            head[slot] = i;
            filter[word(crcs[i])] |= 1L << crcs[i];
        }
    }

    /// All parts of a file, one behind the other from its start.
    static Sums ofWhole(int window, int[] crcs) {
        long[] places = new long[crcs.length];
        Arrays.setAll(places, i -> (long) i * window);
        return new Sums(window, places, crcs, null);
    }

    private int slot(int crc) {
        return (crc * 0x9E37_79B1) >>> 7 & (head.length - 1);
    }

    private int word(int crc) {
        return (crc >>> 6) & (filter.length - 1);
    }

    int window() {
        return window;
    }

    int count() {
        return crcs.length;
    }

    long place(int part) {
        return places[part];
    }

    int crc(int part) {
        return crcs[part];
    }

    /// Whether the part `after` follows `part` in the file without a gap.
    boolean follows(int part, int after) {
        return places[after] == places[part] + window * (long) (after - part);
    }

    /// Whether there may be a part of that sum; quick, and mostly right.
    boolean maybe(int crc) {
        return (filter[word(crc)] >>> crc & 1) != 0;
    }

    /// The first part of that sum, or -1.
    int find(int crc) {
        return from(head[slot(crc)], crc);
    }

    /// The next part of the same sum, or -1.
    int after(int part) {
        return from(next[part], crcs[part]);
    }

    private int from(int part, int crc) {
        int at = part;
        while (at >= 0 && crcs[at] != crc) {
            at = next[at];
        }
        return at;
    }

    boolean hasStrong() {
        return strong != null;
    }

    long strong(int part) {
        if (strong == null) {
            throw new IllegalStateException("only the CRC32C is known");
        }
        return strong[part];
    }
}
