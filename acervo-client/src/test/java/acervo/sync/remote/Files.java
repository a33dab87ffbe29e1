package acervo.sync.remote;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Version;
import acervo.sync.LocalBytes;
import acervo.sync.plan.RemoteNode;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.zip.CRC32C;

/// Local files and versions on a server, in memory.
final class Files {
    private Files() {}

    /// The seed of this run: `-Dacervo.seed=N` repeats one.
    static long seed() {
        String given = System.getProperty("acervo.seed", "");
        long seed = given.isBlank() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("seed " + seed);
        return seed;
    }

    static LocalBytes local(byte[] bytes) {
        return new LocalBytes() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public int read(ByteBuffer into, long at) {
                if (at >= bytes.length) {
                    return -1;
                }
                // In odd pieces, as a file system may.
                int n = (int) Math.min(Math.min(into.remaining(), 100_003), bytes.length - at);
                into.put(bytes, (int) at, n);
                return n;
            }

            @Override
            public boolean unchanged() {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    static RemoteNode version(byte[] bytes) {
        Content content = new Content(Kind.FILE, BlobId.EMPTY, bytes.length, 0, false);
        return new RemoteNode(1, new FilePath("f"), new Version(1), content);
    }

    /// A server that has `bytes`, and counts what it tells.
    static final class Server implements Comparison.Remote {
        private final byte[] bytes;
        long told;

        Server(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int[] blocks(RemoteNode version) {
            int[] sums = new int[(bytes.length + Comparison.BLOCK - 1) / Comparison.BLOCK];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = crc(i * Comparison.BLOCK, Math.min(bytes.length, (i + 1) * Comparison.BLOCK));
            }
            told += 4L * sums.length;
            return sums;
        }

        @Override
        public ByteBuffer pieces(RemoteNode version, List<Long> blocks) {
            if (blocks.size() > 1_024) {
                throw new AssertionError(blocks.size() + " blocks were asked for at once");
            }
            ByteBuffer sums = ByteBuffer.allocate(blocks.size() * 32 * 12);
            for (long block : blocks) {
                int end = (int) Math.min(bytes.length, (block + 1) * Comparison.BLOCK);
                for (int at = (int) block * Comparison.BLOCK; at < end; at += Comparison.PIECE) {
                    int to = Math.min(end, at + Comparison.PIECE);
                    MessageDigest sha256 = sha256();
                    sha256.update(bytes, at, to - at);
                    sums.putInt(crc(at, to)).put(sha256.digest(), 0, 8);
                }
            }
            told += sums.position();
            return sums.flip();
        }

        private int crc(int from, int to) {
            CRC32C crc = new CRC32C();
            crc.update(bytes, from, to - from);
            return (int) crc.getValue();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
