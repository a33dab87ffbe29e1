package acervo.sync.index;

/// Numbers found by numbers, none of which is 0, without objects. Not thread-safe.
final class LongTable {
    private long[] keys = new long[64];
    private long[] values = new long[64];
    private int count;

    /// The number of a key; 0 for none.
    long get(long key) {
        return key == 0 ? 0 : values[place(keys, key)];
    }

    /// Sets a key's number; 0 takes it away. The key 0 has none.
    void set(long key, long value) {
        if (key == 0) {
            return;
        }
        int at = place(keys, key);
        if (keys[at] == 0) {
            if (value == 0) {
                return;
            }
            if (2 * (count + 1) > keys.length) {
                grow();
                at = place(keys, key);
            }
            keys[at] = key;
            count++;
        }
        values[at] = value;
    }

    void clear() {
        keys = new long[64];
        values = new long[64];
        count = 0;
    }

    private void grow() {
        long[] larger = new long[2 * keys.length];
        long[] numbers = new long[2 * keys.length];
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0) {
                int at = place(larger, keys[i]);
                larger[at] = keys[i];
                numbers[at] = values[i];
            }
        }
        keys = larger;
        values = numbers;
    }

    private static int place(long[] keys, long key) {
        int mask = keys.length - 1;
        int at = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
        while (keys[at] != 0 && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
