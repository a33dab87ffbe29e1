package acervo.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import acervo.model.Reason;
import acervo.model.Refusal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
    @Test
    void readsWhatAServerAnswers() {
        assertEquals(
                Map.of("a", List.of("x\n\"é", 1.5, true), "b", Map.of()),
                Json.parse(" {\"a\": [\"x\\n\\\"\\u00e9\", 1.5, true] , \"b\":{}}\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[1", "{\"a\"}", "\"x", "x", "{} x", "\"\\u12", "[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]"
            })
    void refusesWhatIsNoJson(String text) {
        assertThrows(IllegalArgumentException.class, () -> Json.parse(text));
    }

    @Test
    void refusalOfANewerServerKeepsItsSentenceAndItsConsequences() {
        Refusal known =
                ServerRefusals.read(404, "{\"code\":\"not_found\",\"reason\":\"NO_SUCH_FILE\",\"arguments\":[\"x\"]}");
        assertEquals(new Refusal(Reason.NO_SUCH_FILE, "x"), known);
        Refusal unknown = ServerRefusals.read(
                400, "{\"code\":\"failed_precondition\",\"reason\":\"NEW_ONE\",\"message\":\"not today\"}");
        assertEquals("not today", unknown.toString());
        assertEquals(
                "HTTP 502: <html>bad gateway",
                ServerRefusals.read(502, "<html>bad gateway").toString());
    }
}
