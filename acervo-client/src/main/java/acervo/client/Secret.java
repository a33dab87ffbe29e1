package acervo.client;

import acervo.model.SecretHash;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/// The secret of a client: 256 random bits. Its text form is 64 lower-case hexadecimal digits; [#toString] does not
/// show it.
public final class Secret {
    /// Length in bytes.
    public static final int BYTES = 32;

    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /// A new one, from the system's own generator.
    public static Secret random() {
        return new Secret(Randomness.bytes(BYTES));
    }

    /// Reads 64 hexadecimal digits, with white space round them.
    ///
    /// @throws IllegalArgumentException for anything else; its message does not repeat the text
    public static Secret parse(String text) {
        String hex = text.strip();
        if (hex.length() != 2 * BYTES || !hex.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("a secret has 64 hexadecimal digits");
        }
        return new Secret(HexFormat.of().parseHex(hex));
    }

    /// The text form, for the owner's eyes and for the `Authorization` header.
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /// What the server keeps of it.
    public SecretHash hash() {
        return SecretHash.of(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret s && MessageDigest.isEqual(bytes, s.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
