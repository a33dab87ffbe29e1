package acervo.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/// Files with random bytes, and their hashes.
final class Bytes {
    private Bytes() {}

    /// The seed of this run: `-Dacervo.seed=N` repeats one.
    static long seed() {
        String given = System.getProperty("acervo.seed", "");
        long seed = given.isBlank() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("seed " + seed);
        return seed;
    }

    /// Writes `length` random bytes and returns their SHA-256.
    static String make(Path file, long length, Random random) {
        MessageDigest sha = sha256();
        byte[] block = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(file)) {
            random.nextBytes(block);
            for (long left = length, n = 0; left > 0; n++) {
                // A counter makes every block differ without paying for randomness each time.
                block[(int) (n % 1000)]++;
                block[1000] = (byte) n;
                block[1001] = (byte) (n >> 8);
                int take = (int) Math.min(left, block.length);
                out.write(block, 0, take);
                sha.update(block, 0, take);
                left -= take;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    static String sha256(Path file) {
        MessageDigest sha = sha256();
        byte[] block = new byte[1 << 20];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n; (n = in.read(block)) >= 0; ) {
                sha.update(block, 0, n);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
