package acervo.sync.remote;

import java.util.zip.CRC32C;

/// CRC32C of a window that moves on byte by byte.
///
/// A CRC is linear: what a byte contributes to it depends on its distance from the window's end alone. So the byte that
/// falls out is taken off by a table of 256 entries, made for the window's length, and the one that comes in is added
/// the usual way. The sums that the server keeps of every block can thus be looked for at any place.
final class RollingCrc {
    /// Castagnoli's polynomial, its bits reversed.
    private static final int POLYNOMIAL = 0x82F6_3B78;

    private static final int[] IN = in();

    private final int window;
    private final int[] out;
    private final CRC32C crc = new CRC32C();

    /// @param window bytes, 1 or more
    RollingCrc(int window) {
        this.window = window;
        this.out = out(window);
    }

    private static int[] in() {
        int[] table = new int[256];
        for (int b = 0; b < 256; b++) {
            int sum = b;
            for (int bit = 0; bit < 8; bit++) {
                sum = (sum >>> 1) ^ ((sum & 1) == 0 ? 0 : POLYNOMIAL);
            }
            table[b] = sum;
        }
        return table;
    }

    /// What leaves with a byte: its contribution after `window` more bytes, and that of the start value, which is
    /// one
    /// byte too far back then.
    private static int[] out(int window) {
        int start = zeros(-1, window);
        int both = start ^ zeros(start, 1);
        int[] bit = new int[8];
        for (int i = 0; i < 8; i++) {
            bit[i] = zeros(IN[1 << i], window);
        }
        int[] table = new int[256];
        for (int b = 0; b < 256; b++) {
            table[b] = both;
            for (int i = 0; i < 8; i++) {
                table[b] ^= (b >> i & 1) == 0 ? 0 : bit[i];
            }
        }
        return table;
    }

    /// The sum's inner state after so many bytes of zero.
    private static int zeros(int state, int count) {
        int sum = state;
        for (int i = 0; i < count; i++) {
            sum = (sum >>> 8) ^ IN[sum & 0xFF];
        }
        return sum;
    }

    int window() {
        return window;
    }

    /// The sum of the window that starts at `from`.
    int of(byte[] bytes, int from) {
        return of(bytes, from, window);
    }

    int of(byte[] bytes, int from, int length) {
        crc.reset();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /// The sum when `gone`, the window's first byte, has left it and `come` was added.
    int moved(int sum, byte gone, byte come) {
        int state = ~sum;
        return ~((state >>> 8) ^ IN[(state ^ come) & 0xFF] ^ out[gone & 0xFF]);
    }
}
