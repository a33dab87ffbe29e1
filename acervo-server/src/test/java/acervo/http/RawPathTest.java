package acervo.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import acervo.model.Reason;
import acervo.model.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RawPathTest {
    @Test
    void decodesEachSegmentOnce() {
        assertEquals("a b/é/100%25", RawPath.file("/a%20b/%C3%A9/100%2525", 1).text());
    }

    @Test
    void leavesWhatIsNotEscapedAsItIs() {
        assertEquals("a+b/c~d", RawPath.file("/a+b/c~d", 1).text());
    }

    @Test
    void decodesFourByteCharacters() {
        assertEquals("📦", RawPath.file("/%F0%9F%93%A6", 1).text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "/",
                "a//b",
                "a/",
                "/a", // empty names
                "..",
                "a/../b",
                "%2e%2e",
                "a/%2E%2E/b",
                ".%2e",
                ".",
                "%2e",
                "a/./b", // upwards and nowhere
                "a%2Fb",
                "a%2fb",
                "%2F",
                "a%5Cb",
                "a\\b", // separators in disguise
                "a%00b",
                "%00",
                "a%0Ab",
                "a%7Fb",
                "a%1Bb", // control characters
                "%",
                "%2",
                "a%",
                "a%4",
                "%zz",
                "a%%20",
                "%+1",
                "% 1",
                "%0x", // half escapes
                "%C0%AE%C0%AE",
                "%C0%AF",
                "%E0%80%AF",
                "%F0%80%80%AF", // overlong
                "%ED%A0%80",
                "%ED%BF%BF",
                "%FF",
                "%C3",
                "%80",
                "%F5%80%80%80", // no UTF-8
                "a%E2%80%AEb",
                "a%E2%88%95b",
                "a%EF%BC%8Fb",
                "%EF%BC%8E%EF%BC%8E", // look-alikes
                "%C2%85",
                ".acervo",
                "%2eacervo-x",
                "CON",
                "nul",
                "lpt1" // reserved
            })
    void refusesWhatIsNoPath(String raw) {
        RefusedException refused =
                assertThrows(RefusedException.class, () -> RawPath.file("/v1/files/home/" + raw, 15));
        assertEquals(Reason.PATH_INVALID, refused.refusal().reason());
    }

    @Test
    void takesThePathOfATargetWithoutItsQuery() {
        assertEquals("/a%20b", RawPath.of("/a%20b?c=d?e"));
        assertEquals("/a", RawPath.of("http://host:80/a"));
        assertEquals("/", RawPath.of("http://host"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "a/b", "host:80", "/a b", "/a\u00e9", "/a#b", "ftp://x/y", "/a\u0000"})
    void refusesTargetsThatAreNone(String uri) {
        RefusedException refused = assertThrows(RefusedException.class, () -> RawPath.of(uri));
        assertEquals(Reason.ARGUMENT_INVALID, refused.refusal().reason());
    }
}
