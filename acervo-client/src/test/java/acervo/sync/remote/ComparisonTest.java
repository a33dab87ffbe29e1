package acervo.sync.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
    private static final int CASES = Integer.getInteger("acervo.cases", 300);

    private final Random random = new Random(Files.seed());

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /// What the two have in common, when `local` is to become the server's next version.
    private static List<Run> up(byte[] remote, byte[] local) throws IOException {
        List<Run> same = Comparison.up(new Files.Server(remote), Files.version(remote), Files.local(local));
        long at = 0;
        for (Run run : same) {
            assertTrue(run.local() >= at && run.length() > 0, () -> run + " in " + same);
            at = run.localEnd();
        }
        check(same, remote, local);
        return same;
    }

    /// What the two have in common, when `local` is to become the version on the server.
    private static List<Run> down(byte[] remote, byte[] local) throws IOException {
        List<Run> same = Comparison.down(new Files.Server(remote), Files.version(remote), Files.local(local));
        long at = 0;
        for (Run run : same) {
            assertTrue(run.remote() >= at && run.length() > 0, () -> run + " in " + same);
            at = run.remoteEnd();
        }
        check(same, remote, local);
        return same;
    }

    private static void check(List<Run> same, byte[] remote, byte[] local) {
        for (Run run : same) {
            assertTrue(
                    Arrays.equals(remote, (int) run.remote(), (int) run.remoteEnd(), local, (int) run.local(), (int)
                            run.localEnd()),
                    () -> run + " is not the same in both");
        }
    }

    private static long missing(List<Run> same, byte[] whole) {
        return whole.length - same.stream().mapToLong(Run::length).sum();
    }

    @Test
    void whatIsPutTogetherFromPartsIsTheWhole() throws IOException {
        for (int i = 0; i < CASES; i++) {
            byte[] old = some();
            byte[] next = changed(old);
            long changes = i;
            String name = "case " + changes + ": " + old.length + " to " + next.length;
            assertArrayEquals(next, made(up(old, next), old, next), name);
            assertArrayEquals(next, made(turned(down(next, old)), old, next), name);
        }
    }

    /// `up` tells the old file as the remote one, `down` as the local one.
    private static List<Run> turned(List<Run> down) {
        return down.stream()
                .map(run -> new Run(/* remote= */ run.local(), /* local= */ run.remote(), run.length()))
                .toList();
    }

    /// Puts the next file together: copies from the old one, and what is between them.
    private static byte[] made(List<Run> same, byte[] old, byte[] next) {
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        for (Run run : same) {
            made.write(next, made.size(), (int) run.local() - made.size());
            made.write(old, (int) run.remote(), (int) run.length());
        }
        made.write(next, made.size(), next.length - made.size());
        return made.toByteArray();
    }

    private byte[] some() {
        int length = random.nextInt(8) == 0 ? random.nextInt(5_000) : random.nextInt(1_500_000);
        byte[] bytes = new byte[length];
        switch (random.nextInt(4)) {
            // Zeros, few different bytes, a short period, and what has no pattern at all.
            case 0 -> {}
            case 1 -> {
                for (int i = 0; i < length; i++) {
                    bytes[i] = (byte) random.nextInt(2);
                }
            }
            case 2 -> {
                int period = 1 + random.nextInt(5_000);
                for (int i = 0; i < length; i++) {
                    bytes[i] = (byte) (i % period);
                }
            }
            default -> random.nextBytes(bytes);
        }
        return bytes;
    }

    private byte[] changed(byte[] old) {
        byte[] next = old;
        for (int i = random.nextInt(6); i > 0; i--) {
            int from = random.nextInt(next.length + 1);
            int to = Math.min(next.length, from + random.nextInt(random.nextBoolean() ? 200 : 200_000));
            byte[] head = Arrays.copyOf(next, from);
            byte[] part = Arrays.copyOfRange(next, from, to);
            byte[] tail = Arrays.copyOfRange(next, to, next.length);
            next = switch (random.nextInt(5)) {
                case 0 -> joined(head, bytes(part.length), tail);
                case 1 -> joined(head, tail);
                case 2 -> joined(head, bytes(random.nextInt(70_000)), part, tail);
                case 3 -> joined(tail, head, part);
                default -> joined(head, part, part, tail);
            };
        }
        return next;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void ofAChangeInPlaceOnlyItsPiecesAreMissing() throws IOException {
        byte[] old = bytes(5_000_000);
        for (int length : new int[] {1, 100, 2_048, 100_000}) {
            byte[] next = old.clone();
            int at = random.nextInt(old.length - length);
            System.arraycopy(bytes(length), 0, next, at, length);
            // A piece more at either end, and the file's end, which is shorter than a piece.
            long most = length + 2L * Comparison.PIECE + old.length % Comparison.PIECE;
            assertTrue(missing(up(old, next), next) <= most);
            assertTrue(missing(down(next, old), next) <= most);
        }
    }

    @Test
    void anInsertionAtTheFrontCostsNoMoreThanItself() throws IOException {
        byte[] old = bytes(5_000_000);
        for (int length : new int[] {1, 17, 65_536, 100_000}) {
            byte[] next = joined(bytes(length), old);
            long most = length + 2L * Comparison.PIECE + old.length % Comparison.PIECE;
            assertTrue(missing(up(old, next), next) <= most);
            assertTrue(missing(down(next, old), next) <= most + Comparison.PIECE);
        }
    }

    @Test
    void aRemovalCostsNearlyNothing() throws IOException {
        byte[] old = bytes(8_000_000);
        for (int length : new int[] {1, 1_000, 3_000_000}) {
            byte[] next =
                    joined(Arrays.copyOf(old, 2_500_001), Arrays.copyOfRange(old, 2_500_001 + length, old.length));
            long most = 3 * Comparison.PIECE;
            assertTrue(missing(up(old, next), next) <= most);
            assertTrue(missing(down(next, old), next) <= most);
        }
    }

    @Test
    void partsThatChangedPlacesAreFound() throws IOException {
        byte[] old = bytes(6_000_000);
        byte[] next = joined(
                Arrays.copyOfRange(old, 4_000_000, 6_000_000),
                Arrays.copyOfRange(old, 2_000_000, 4_000_000),
                Arrays.copyOf(old, 2_000_000));
        // At each border up to a block is left, unless its pieces are found where they should be.
        assertTrue(missing(up(old, next), next) <= 6 * Comparison.BLOCK);
        assertTrue(missing(down(next, old), next) <= 6 * Comparison.BLOCK);
    }

    @Test
    void aFewBytesInEveryBlockLeaveMostOfEachBlock() throws IOException {
        byte[] old = bytes(40_000_000);
        byte[] next = old.clone();
        for (int at = 30_000; at < next.length; at += 65_536) {
            next[at]++;
        }
        long most = (40_000_000 / 65_536 + 2) * (long) Comparison.PIECE;
        assertTrue(missing(up(old, next), next) <= most);
        assertTrue(missing(down(next, old), next) <= most);
    }

    @Test
    void filesWithNothingInCommonAreGivenUpEarly() throws IOException {
        byte[] old = bytes(150_000_000);
        byte[] next = bytes(150_000_000);
        Files.Server up = new Files.Server(old);
        assertEquals(List.of(), Comparison.up(up, Files.version(old), Files.local(next)));
        assertTrue(up.told < 1_000_000, () -> up.told + " bytes of sums");
        Files.Server down = new Files.Server(old);
        assertEquals(List.of(), Comparison.down(down, Files.version(old), Files.local(next)));
        assertTrue(down.told < 1_000_000, () -> down.told + " bytes of sums");
    }

    @Test
    void longRunsOfZerosAreNoTrap() throws IOException {
        byte[] old = new byte[20_000_000];
        // Islands of other bytes, so that single blocks of zeros look alike and what follows them does not.
        List<byte[]> islands = new ArrayList<>();
        for (int at = 60_000; at < old.length - 60_000; at += 200_000) {
            islands.add(bytes(100_000));
            System.arraycopy(islands.getLast(), 0, old, at, Math.min(100_000, old.length - at));
        }
        byte[] next = joined(bytes(3), old, bytes(50_000), new byte[1_000_000]);
        assertTrue(missing(up(old, next), next) < 2_000_000);
        assertTrue(missing(down(next, old), next) < 4_000_000);
    }

    @Test
    void filesOfAFewBytesHaveNothingInCommon() throws IOException {
        for (int length : new int[] {0, 1, 2_047}) {
            assertEquals(List.of(), up(bytes(length), bytes(5_000_000)));
            assertEquals(List.of(), down(bytes(5_000_000), bytes(length)));
        }
    }
}
