package acervo.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RemoteFileTest {
    @Test
    void everyByteButThePlainestIsEncoded() {
        assertEquals(
                "/v1/files/home/a%20b/%C3%A7%25%3F%23",
                Fixtures.home("a b/ç%?#").target("/v1/files"));
    }

    @Test
    void whatIsEncodedDecodesToTheSame() {
        Random random = new Random(Fixtures.seed());
        for (int i = 0; i < 500; i++) {
            StringBuilder name = new StringBuilder("x");
            for (int n = random.nextInt(20); n >= 0; n--) {
                int c = random.nextInt(4) == 0 ? 0x1F600 + random.nextInt(50) : 0x21 + random.nextInt(0x5D);
                name.appendCodePoint(c == '\\' || c == '/' ? '+' : c);
            }
            String target = Fixtures.home(name.toString()).target("");
            assertTrue(target.chars().allMatch(c -> c > 0x20 && c < 0x7F && c != '?' && c != '#'), target);
            assertEquals("/home/" + name, URLDecoder.decode(target.replace("+", "%2B"), StandardCharsets.UTF_8));
        }
    }
}
