package acervo.sync.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class RollingCrcTest {
    @Test
    void theSumOfAWindowThatMovedIsThatOfItsBytes() {
        Random random = new Random(Files.seed());
        for (int window : new int[] {1, 2, 3, 7, 64, 2_048, 65_536}) {
            byte[] bytes = new byte[window + 1_000];
            random.nextBytes(bytes);
            RollingCrc rolling = new RollingCrc(window);
            int sum = rolling.of(bytes, 0);
            for (int at = 0; at < 1_000; at++) {
                CRC32C crc = new CRC32C();
                crc.update(bytes, at, window);
                assertEquals((int) crc.getValue(), sum, "window " + window + " at " + at);
                assertEquals(sum, rolling.of(bytes, at));
                sum = rolling.moved(sum, bytes[at], bytes[at + window]);
            }
        }
    }
}
