package acervo.sync.remote;

import acervo.sync.LocalBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Finds parts of a file on the server in a local one, wherever they are there.
///
/// A window moves over the local file: by a whole part where one was found, by a byte where not. A CRC32C alone decides
/// nothing, but where a part follows on what was found before, at the distance at which it stands on the server, too:
/// there the chance of a wrong match is one in 2^32 for each *part*. Elsewhere, where it would be that for each *byte*
/// and
/// each part, a second sign is needed: the strong hash, or, when there is none, that the next part matches as well.
/// What is wrong in spite of that is found out by the SHA-256 of the whole.
final class Matcher {
    /// Parts of the same sum that are looked at more closely.
    private static final int TRIES = 8;

    private final Window window;
    private final MessageDigest digest = sha256();

    private Sums sums;
    private RollingCrc crc;
    private long end;

    /// The part that was found last, and where: what is in step with it is expected.
    private int lastPart;

    private long lastAt;

    /// A sum that was looked at more closely in vain, and up to where it is not looked at again: in a long run of
    /// zeros
    /// every window has the same sum.
    private int vain;

    private long vainUntil;

    /// Told of each part that was found.
    @FunctionalInterface
    interface Found {
        /// @param remote where it starts in the file on the server
        /// @param local where in the local one
        void same(long remote, long local, int length);
    }

    /// @param most the longest window that will be used
    Matcher(LocalBytes local, int most) {
        this.window = new Window(local, 2 * most + 1);
        this.crc = new RollingCrc(most);
        this.sums = Sums.ofWhole(most, new int[0]);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Looks in the local file from `from` to `to` (exclusive).
    ///
    /// @param wanted what to look for; the first part is expected at `from`
    /// @throws java.io.EOFException when the file is shorter
    void find(Sums wanted, long from, long to, Found found) throws IOException {
        sums = wanted;
        if (crc.window() != wanted.window()) {
            crc = new RollingCrc(wanted.window());
        }
        end = to;
        lastPart = 0;
        lastAt = from;
        vainUntil = from;
        if (wanted.count() == 0) {
            return;
        }
        int length = wanted.window();
        for (long at = from; end - at >= length; ) {
            int sum = crc.of(window.bytes(), window.load(at, length, end));
            int part = match(sum, at);
            if (part >= 0) {
                found.same(wanted.place(part), at, length);
                lastPart = part;
                lastAt = at;
                at += length;
            } else {
                at = roll(at, sum);
            }
        }
    }

    /// Moves on from `at`, where there is no match, to the next place that may be one, or to the end.
    private long roll(long at, int first) throws IOException {
        int length = sums.window();
        byte[] bytes = window.bytes();
        int sum = first;
        long place = at;
        while (end - place > length) {
            int index = window.load(place, length + 1, end);
            long most = Math.min(window.loaded(place), end - place);
            int stop = index + (int) most - length;
            int from = index;
            while (index < stop) {
                sum = crc.moved(sum, bytes[index], bytes[index + length]);
                index++;
                if (sums.maybe(sum) && sums.find(sum) >= 0) {
                    return place + index - from;
                }
            }
            place += index - from;
        }
        return end;
    }

    /// The part that stands at `at`, whose bytes have that sum; -1 for none.
    private int match(int sum, long at) throws IOException {
        if (!sums.maybe(sum)) {
            return -1;
        }
        int expected = expected(at);
        if (expected >= 0 && sums.crc(expected) == sum && isSame(expected, at, true)) {
            return expected;
        }
        if (sum == vain && at < vainUntil) {
            return -1;
        }
        int part = sums.find(sum);
        for (int tries = 0; part >= 0 && tries < TRIES; tries++) {
            if (isSame(part, at, false)) {
                return part;
            }
            part = sums.after(part);
        }
        vain = sum;
        vainUntil = at + sums.window();
        return -1;
    }

    /// The part that is in step with the last one found, or -1.
    private int expected(long at) {
        long distance = at - lastAt;
        if (distance % sums.window() != 0) {
            return -1;
        }
        long part = lastPart + distance / sums.window();
        return part < sums.count() && sums.follows(lastPart, (int) part) ? (int) part : -1;
    }

    private boolean isSame(int part, long at, boolean inStep) throws IOException {
        if (sums.hasStrong()) {
            digest.update(window.bytes(), window.load(at, sums.window(), end), sums.window());
            return ByteBuffer.wrap(digest.digest()).getLong() == sums.strong(part);
        }
        return inStep || nextToo(part, at);
    }

    private boolean nextToo(int part, long at) throws IOException {
        int length = sums.window();
        if (part + 1 >= sums.count() || !sums.follows(part, part + 1) || end - at < 2L * length) {
            return false;
        }
        int index = window.load(at, 2 * length, end);
        return crc.of(window.bytes(), index + length) == sums.crc(part + 1);
    }
}
