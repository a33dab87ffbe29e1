package acervo.sync.remote;

import acervo.sync.LocalBytes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A part of a local file in memory, that moves towards its end.
final class Window {
    private static final int ROOM = 1 << 20;

    private final LocalBytes source;
    private final byte[] bytes;

    /// Where in the file `bytes` starts, and how many are filled.
    private long start;

    private int filled;

    /// @param most bytes that are ever asked for at once
    Window(LocalBytes source, int most) {
        this.source = source;
        this.bytes = new byte[ROOM + most];
    }

    byte[] bytes() {
        return bytes;
    }

    /// Loads bytes.
    ///
    /// @param at where in the file; not before what was asked for last, unless with [#restart]
    /// @return where in [#bytes] they are
    int load(long at, int length, long end) throws IOException {
        if (at < start || at > start + filled) {
            start = at;
            filled = 0;
        }
        int index = (int) (at - start);
        if (index + length > filled) {
            System.arraycopy(bytes, index, bytes, 0, filled - index);
            start = at;
            filled -= index;
            index = 0;
            read(end);
            if (filled < length) {
                throw new EOFException("the file ends before byte " + (at + length));
            }
        }
        return index;
    }

    private void read(long end) throws IOException {
        int most = (int) Math.min(bytes.length, end - start);
        ByteBuffer rest = ByteBuffer.wrap(bytes, filled, Math.max(0, most - filled));
        while (rest.hasRemaining()) {
            if (source.read(rest, start + rest.position()) < 0) {
                break;
            }
        }
        filled = rest.position();
    }

    /// How many bytes are in memory from `at` on, which was loaded.
    int loaded(long at) {
        return (int) (start + filled - at);
    }
}
