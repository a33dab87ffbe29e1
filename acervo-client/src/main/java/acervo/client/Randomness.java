package acervo.client;

import acervo.model.RequestId;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/// Random bytes straight from the system's generator: loading Java's providers takes longer than a whole `ls`.
public final class Randomness {
    private Randomness() {}

    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        try (InputStream in = new FileInputStream("/dev/urandom")) {
            if (in.readNBytes(bytes, 0, count) == count) {
                return bytes;
            }
        } catch (IOException _) {
            // No such device here: Java's own generator is as good, and slower to start.
        }
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /// A random UUID (version 4).
    public static UUID uuid() {
        ByteBuffer b = ByteBuffer.wrap(bytes(16));
        long high = b.getLong() & ~0xF000L | 0x4000L;
        long low = b.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /// A request id that nobody used before.
    public static RequestId request() {
        return new RequestId(uuid());
    }
}
