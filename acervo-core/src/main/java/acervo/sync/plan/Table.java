package acervo.sync.plan;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Entries found by one of their fields: a reference in an array per entry and no object of its own. Open
/// addressing with linear probing; a removed entry's followers move up, so that there are no gaps to step over. One
/// thread.
final class Table {
    /// What entries are found by.
    enum Key {
        LOCAL,
        REMOTE,
        PATH
    }

    private final Key key;
    private @Nullable Entry[] slots = new @Nullable Entry[16];
    private int size;

    Table(Key key) {
        this.key = key;
    }

    int size() {
        return size;
    }

    @Nullable
    Entry get(long id) {
        for (int i = spread(id) & (slots.length - 1); ; i = (i + 1) & (slots.length - 1)) {
            Entry there = slots[i];
            if (there == null || id(there) == id) {
                return there;
            }
        }
    }

    @Nullable
    Entry get(String path) {
        for (int i = spread(path.hashCode()) & (slots.length - 1); ; i = (i + 1) & (slots.length - 1)) {
            Entry there = slots[i];
            if (there == null || there.path.equals(path)) {
                return there;
            }
        }
    }

    /// Puts an entry in place of the one with the same key, and returns that one.
    @Nullable
    Entry put(Entry entry) {
        if ((size + 1) * 4L > slots.length * 3L) {
            grow();
        }
        int i = home(entry);
        while (true) {
            Entry there = slots[i];
            if (there == null || same(there, entry)) {
                slots[i] = entry;
                size += there == null ? 1 : 0;
                return there;
            }
            i = (i + 1) & (slots.length - 1);
        }
    }

    /// Takes out the entry with this one's key.
    void remove(Entry entry) {
        int mask = slots.length - 1;
        int i = home(entry);
        while (true) {
            Entry there = slots[i];
            if (there == null) {
                return;
            }
            if (same(there, entry)) {
                break;
            }
            i = (i + 1) & mask;
        }
        size--;
        int gap = i;
        for (int next = (gap + 1) & mask; ; next = (next + 1) & mask) {
            Entry there = slots[next];
            if (there == null) {
                break;
            }
            // It may move up unless its home lies between the gap and where it is.
            if (((next - home(there)) & mask) >= ((next - gap) & mask)) {
                slots[gap] = there;
                gap = next;
            }
        }
        slots[gap] = null;
    }

    void clear() {
        slots = new @Nullable Entry[16];
        size = 0;
    }

    /// In no order that means anything.
    void forEach(Consumer<Entry> each) {
        for (Entry entry : slots) {
            if (entry != null) {
                each.accept(entry);
            }
        }
    }

    private void grow() {
        @Nullable Entry[] before = slots;
        slots = new @Nullable Entry[before.length * 2];
        Arrays.fill(slots, null);
        for (Entry entry : before) {
            if (entry != null) {
                int i = home(entry);
                while (slots[i] != null) {
                    i = (i + 1) & (slots.length - 1);
                }
                slots[i] = entry;
            }
        }
    }

    private int home(Entry entry) {
        return spread(key == Key.PATH ? entry.path.hashCode() : id(entry)) & (slots.length - 1);
    }

    private boolean same(Entry a, Entry b) {
        return key == Key.PATH ? a.path.equals(b.path) : id(a) == id(b);
    }

    private long id(Entry entry) {
        return key == Key.LOCAL ? entry.local : entry.remote;
    }

    private static int spread(long value) {
        long mixed = value * 0x9E3779B97F4A7C15L;
        return (int) (mixed ^ (mixed >>> 32));
    }
}
