package acervo.sync.remote;

import acervo.sync.LocalBytes;
import acervo.sync.plan.RemoteNode;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Finds what a version on the server and a local file have in common, in two steps.
///
/// 1. The server has the CRC32C of every block of 64 KiB on its disk, so that asking for them costs it nothing. They
///    are looked for in the local file at every byte.
/// 2. What is left (around a change of a few bytes: a block) is compared by pieces of 2 KiB, of which the server reads
///    and hashes just the blocks that are asked for.
///
/// So the second step finds the places of changes to 2 KiB, and the first one needs no more than 4 bytes for 64 KiB.
/// One thread.
final class Comparison {
    static final int BLOCK = 1 << 16;
    static final int PIECE = 1 << 11;

    /// Files up to that size, 256 GiB, are compared: 16 MiB of sums.
    static final long MOST_BYTES = 1L << 38;

    /// Blocks whose pieces are asked for at once.
    private static final int TOGETHER = 1_024;

    private static final int PIECES = BLOCK / PIECE;
    private static final int PIECE_SUM = Integer.BYTES + Long.BYTES;

    /// When less than so much of what was asked for was found, in so many bytes, the files have nothing in common.
    private static final int LEAST_SHARE = 16;

    private static final long TRIED = 64L << 20;

    private final Remote remote;
    private final RemoteNode version;
    private final LocalBytes local;
    private final Matcher matcher;
    private final List<Run> found = new ArrayList<>();
    private long asked;
    private long gained;

    /// Sums of versions on the server.
    interface Remote {
        /// CRC32C of each whole or last block.
        int[] blocks(RemoteNode version) throws ProtocolException;

        /// For each piece of each of the blocks: 4 bytes CRC32C, 8 bytes of the SHA-256.
        ///
        /// @param blocks at most 1,024
        ByteBuffer pieces(RemoteNode version, List<Long> blocks) throws ProtocolException;
    }

    private Comparison(Remote remote, RemoteNode version, LocalBytes local) {
        this.remote = remote;
        this.version = version;
        this.local = local;
        this.matcher = new Matcher(local, BLOCK);
    }

    static long blocks(long size) {
        return (size + BLOCK - 1) / BLOCK;
    }

    /// What of a local file the version has already.
    ///
    /// @return in the local file's order, disjoint there
    /// @throws acervo.model.RefusedException when the version is not there any more
    static List<Run> up(Remote remote, RemoteNode version, LocalBytes local) throws IOException {
        Comparison comparison = new Comparison(remote, version, local);
        comparison.compareBlocks();
        List<Run> same = comparison.byLocal();
        comparison.comparePieces(Gap.inLocal(same, version.content().size(), local.size()));
        return comparison.byLocal();
    }

    /// What of a version the local file has already.
    ///
    /// @return in the version's order, disjoint there
    /// @throws acervo.model.RefusedException when the version is not there any more
    static List<Run> down(Remote remote, RemoteNode version, LocalBytes local) throws IOException {
        Comparison comparison = new Comparison(remote, version, local);
        comparison.compareBlocks();
        List<Run> same = comparison.byRemote();
        comparison.comparePieces(Gap.inRemote(same, version.content().size(), local.size()));
        return comparison.byRemote();
    }

    private List<Run> byLocal() {
        found.sort(Comparator.comparingLong(Run::local));
        return Run.joined(found, true);
    }

    private List<Run> byRemote() {
        found.sort(Comparator.comparingLong(Run::remote));
        return Run.joined(found, false);
    }

    private void compareBlocks() throws IOException {
        int[] all = remote.blocks(version);
        // The last block is shorter than the others and left to the second step, unless it is whole.
        int whole = (int) (version.content().size() / BLOCK);
        int[] crcs = whole == all.length ? all : Arrays.copyOf(all, whole);
        matcher.find(Sums.ofWhole(BLOCK, crcs), 0, local.size(), this::same);
    }

    private void same(long remotely, long locally, int length) {
        new Run(remotely, locally, length).joinTo(found);
        gained += length;
    }

    private void comparePieces(List<Gap> gaps) throws IOException {
        asked = 0;
        gained = 0;
        for (int from = 0; from < gaps.size() && isWorthIt(); ) {
            List<Long> blocks = new ArrayList<>();
            int end = from;
            do {
                blocks.addAll(blocksOf(gaps.get(end++)));
            } while (end < gaps.size()
                    && blocks.size() + blocksOf(gaps.get(end)).size() <= TOGETHER);
            comparePieces(gaps.subList(from, end), blocks);
            from = end;
        }
    }

    private boolean isWorthIt() {
        return asked < TRIED || gained > asked / LEAST_SHARE;
    }

    private static List<Long> blocksOf(Gap gap) {
        List<Long> blocks = new ArrayList<>();
        for (Range range : gap.remoteParts()) {
            for (long block = range.from() / BLOCK; block < blocks(range.to()); block++) {
                if (blocks.isEmpty() || block > blocks.getLast()) {
                    blocks.add(block);
                }
            }
        }
        return blocks;
    }

    private void comparePieces(List<Gap> gaps, List<Long> blocks) throws IOException {
        ByteBuffer sums = ByteBuffer.allocate(0);
        for (int from = 0; from < blocks.size(); from += TOGETHER) {
            List<Long> some = blocks.subList(from, Math.min(blocks.size(), from + TOGETHER));
            sums = joined(sums, remote.pieces(version, some));
        }
        asked += (long) blocks.size() * BLOCK;
        for (Gap gap : gaps) {
            Sums wanted = sums(blocksOf(gap), sums);
            for (Range where : gap.localParts()) {
                matcher.find(wanted, where.from(), where.to(), this::same);
            }
        }
        if (sums.hasRemaining()) {
            throw new ProtocolException("the server sent more pieces than were asked for");
        }
    }

    private static ByteBuffer joined(ByteBuffer a, ByteBuffer b) {
        return a.hasRemaining()
                ? ByteBuffer.allocate(a.remaining() + b.remaining())
                        .put(a)
                        .put(b)
                        .flip()
                : b;
    }

    /// Takes the sums of those blocks' pieces out of an answer.
    private Sums sums(List<Long> blocks, ByteBuffer answer) throws ProtocolException {
        long size = version.content().size();
        int most = blocks.size() * PIECES;
        long[] places = new long[most];
        int[] crcs = new int[most];
        long[] strong = new long[most];
        int count = 0;
        for (long block : blocks) {
            long end = Math.min(size, (block + 1) * BLOCK);
            for (long at = block * BLOCK; at < end; at += PIECE) {
                if (answer.remaining() < PIECE_SUM) {
                    throw new ProtocolException("the server sent fewer pieces than were asked for");
                }
                int crc = answer.getInt();
                long hash = answer.getLong();
                // The file's last piece may be shorter, and is left out: it is sent.
                if (end - at >= PIECE) {
                    places[count] = at;
                    crcs[count] = crc;
                    strong[count++] = hash;
                }
            }
        }
        return new Sums(PIECE, Arrays.copyOf(places, count), Arrays.copyOf(crcs, count), Arrays.copyOf(strong, count));
    }
}
