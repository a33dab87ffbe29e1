package acervo.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DatesTest {
    @Test
    void writesWhatTheGeneralFormatterWrites() {
        long seed = Objects.requireNonNullElse(Long.getLong("acervo.seed"), System.nanoTime());
        System.out.println("acervo.seed=" + seed);
        Random random = new Random(seed);
        DateTimeFormatter general = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
                .withZone(ZoneOffset.UTC);
        for (int i = 0; i < 10_000; i++) {
            long second = random.nextLong(0, 253_402_300_800L);
            assertEquals(general.format(Instant.ofEpochSecond(second)), Dates.format(second));
        }
    }

    @Test
    void readsWhatItWrites() {
        assertEquals(Instant.ofEpochSecond(1_795_255_305), Dates.parse(Dates.format(1_795_255_305)));
    }

    @Test
    void readsNothingElse() {
        assertNull(Dates.parse("yesterday"));
        assertNull(Dates.parse(null));
    }
}
