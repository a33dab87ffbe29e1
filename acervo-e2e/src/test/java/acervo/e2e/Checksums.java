package acervo.e2e;

/// Changes bytes so that a CRC32C does not see it.
final class Checksums {
    /// Castagnoli's polynomial, its bits reversed.
    private static final int POLYNOMIAL = 0x82F6_3B78;

    private Checksums() {}

    /// Adds a multiple of the polynomial: the first bit of it, then its 32 others, lowest first.
    static void changeInSecret(byte[] bytes, int at) {
        bytes[at] ^= 0x01;
        long rest = Integer.toUnsignedLong(POLYNOMIAL) << 1;
        for (int i = 0; i < 5; i++) {
            bytes[at + i] ^= (byte) (rest >>> 8 * i);
        }
    }
}
