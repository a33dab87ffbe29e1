package acervo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.client.Fixtures;
import acervo.model.RefusedException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
    @ParameterizedTest
    @CsvSource({
        "a.txt, home, a.txt, false",
        "home:a.txt, home, a.txt, false",
        "public:x/y, public, x/y, false",
        "public:x/y/, public, x/y, true",
        "public:, public, '', true",
        "public:/, public, '', true",
        "'', home, '', true",
        "home:12:30.txt, home, 12:30.txt, false",
    })
    void readsWhatPeopleWrite(String text, String space, String path, boolean folder) {
        Address address = Address.parse(text);
        assertEquals(space, address.space().text());
        assertEquals(path, address.path().text());
        assertEquals(folder, address.folder());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x",
                "home:../x",
                "home:/etc/passwd",
                "Home:x",
                ":x",
                "a b:x",
                "home:a//b",
                "home:a\\b",
                "home:a/./b",
                "x//"
            })
    void refusesWhatCanNotBe(String text) {
        assertThrows(RefusedException.class, () -> Address.parse(text));
    }

    @Test
    void itsTextReadsBackAsTheSame() {
        Random random = new Random(Fixtures.seed());
        String alphabet = "abc:- .é😀~#%";
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "home:" : "public:");
            for (int n = random.nextInt(12); n > 0; n--) {
                int at = random.nextInt(alphabet.codePointCount(0, alphabet.length()));
                text.appendCodePoint(alphabet.codePointAt(alphabet.offsetByCodePoints(0, at)));
                if (random.nextInt(5) == 0) {
                    text.append('/');
                }
            }
            try {
                Address address = Address.parse(text.toString());
                assertEquals(address, Address.parse(address.toString()), text.toString());
            } catch (RefusedException e) {
                assertTrue(e.refusal().arguments().size() > 0, "a refusal says what it is about");
            }
        }
    }
}
