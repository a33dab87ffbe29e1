package acervo.sync.remote;

import acervo.model.FilePath;
import acervo.sync.ChangedException;
import acervo.sync.LocalBytes;
import acervo.sync.RemoteSpace.Deposit;
import acervo.sync.plan.LocalNode;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads local files.
final class Reading {
    private Reading() {}

    /// Fills `into` with the whole of a deposit's bytes.
    ///
    /// @return false when the file is not what was observed
    static boolean whole(HttpSpace.Opener opener, Deposit deposit, ByteBuffer into) throws IOException {
        try (LocalBytes bytes = opener.open(from(deposit))) {
            return bytes.size() == into.remaining() && fill(bytes, into, 0) && bytes.unchanged();
        } catch (ChangedException _) {
            return false;
        }
    }

    /// @return false when the file ends before `into` is full
    static boolean fill(LocalBytes bytes, ByteBuffer into, long at) throws IOException {
        long next = at;
        while (into.hasRemaining()) {
            int n = bytes.read(into, next);
            if (n < 0) {
                return false;
            }
            next += n;
        }
        return true;
    }

    /// Fills `into` from `at` on.
    ///
    /// @throws LocalChangeException when that can't be done
    static void exactly(LocalBytes bytes, ByteBuffer into, long at, FilePath path) {
        try {
            if (fill(bytes, into, at)) {
                return;
            }
        } catch (IOException _) {
            // The same as one that has become shorter: it is looked at again.
        }
        throw new LocalChangeException(path);
    }

    static LocalNode from(Deposit deposit) {
        LocalNode from = deposit.from();
        if (from == null) {
            throw new IllegalArgumentException("nothing says where the bytes of " + deposit.path() + " are");
        }
        return from;
    }
}
