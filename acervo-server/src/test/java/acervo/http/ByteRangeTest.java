package acervo.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1", "bytes=0-9, 0, 10", "bytes=0-99, 0, 10", "bytes=9-, 9, 1", "bytes=3-, 3, 7",
        "bytes=-1, 9, 1", "bytes=-10, 0, 10", "bytes=-99, 0, 10", "BYTES=2-3, 2, 2", "' bytes=2-3 ', 2, 2"
    })
    void readsOneRangeOfTenBytes(String field, long offset, long length) {
        assertEquals(new ByteRange(offset, length), ByteRange.parse(field, 10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=",
                "bytes=-",
                "bytes=a-b",
                "bytes=1",
                "bytes=5-4",
                "bytes=1-2,4-5",
                "lines=1-2",
                "1-2",
                "bytes=+1-2",
                "bytes=1--2",
                "bytes=1-2-3",
                "bytes=99999999999999999999-",
                "bytes=0x1-2"
            })
    void ignoresWhatIsMalformedOrSeveral(String field) {
        assertNull(ByteRange.parse(field, 10));
    }

    @ParameterizedTest
    @CsvSource({"bytes=10-, 10", "bytes=10-20, 10", "bytes=-0, 10", "bytes=0-, 0", "bytes=-5, 0"})
    void refusesWhatBeginsAfterTheEnd(String field, long size) {
        Trouble.Met met = assertThrows(Trouble.Met.class, () -> ByteRange.parse(field, size));
        assertEquals(416, met.trouble().status());
    }

    @Test
    void writesContentRange() {
        assertEquals("bytes 3-9/10", new ByteRange(3, 7).of(10));
    }
}
