package acervo.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerAddressTest {
    @ParameterizedTest
    @CsvSource({
        "example.org, example.org:8080",
        "example.org:80, example.org:80",
        "http://example.org:81/, example.org:81",
        "localhost, 127.0.0.1:8080",
        "'[::1]:9000', '[::1]:9000'",
        "::1, '[::1]:8080'",
        "[::1], '[::1]:8080'",
    })
    void readsWhatPeopleWrite(String text, String shown) {
        assertEquals(shown, ServerAddress.parse(text).toString());
        assertEquals(ServerAddress.parse(text), ServerAddress.parse(shown), "its text reads back as the same");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "a:",
                "a:0",
                "a:65536",
                "a:-1",
                "a:+1",
                "a:1x",
                "a b",
                "a/b",
                "https://a",
                "[::1",
                "[::1]x",
                "a\r\nX: y",
                "a:999999999999"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThrows(IllegalArgumentException.class, () -> ServerAddress.parse(text));
    }

    @Test
    void aHostCanNotSmuggleAHeader() {
        assertThrows(IllegalArgumentException.class, () -> new ServerAddress("a\r\nHost: b", 80));
    }
}
