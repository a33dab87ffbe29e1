package acervo.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 of a client's secret: all that the server keeps of it. A secret is 256 random bits, so that a plain hash
/// can't be
/// searched and no slow one is needed. Compare with [#matches] only: it takes the same time wherever the difference is.
public record SecretHash(BlobId sha256) {
    /// Hashes the secret's 32 bytes.
    public static SecretHash of(byte[] secret) {
        try {
            return new SecretHash(BlobId.of(MessageDigest.getInstance("SHA-256").digest(secret)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Compares in constant time.
    public boolean matches(SecretHash other) {
        return MessageDigest.isEqual(sha256.toBytes(), other.sha256.toBytes());
    }

    /// Reads 64 hexadecimal digits.
    public static SecretHash parse(String hex) {
        return new SecretHash(BlobId.of(HexFormat.of().parseHex(hex)));
    }

    @Override
    public String toString() {
        return "(hash of a secret)";
    }
}
