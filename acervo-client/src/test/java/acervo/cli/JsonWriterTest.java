package acervo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import acervo.client.Fixtures;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class JsonWriterTest {
    @Test
    void whatIsWrittenReadsBack() {
        Random random = new Random(Fixtures.seed());
        for (int i = 0; i < 500; i++) {
            StringBuilder s = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                s.append((char) (random.nextInt(3) == 0 ? random.nextInt(0x10000) : random.nextInt(0x80)));
            }
            JsonWriter json = new JsonWriter();
            json.open()
                    .field("k" + s, "v")
                    .field("n", i)
                    .name("l")
                    .openList()
                    .value(s.toString())
                    .value(true);
            json.closeList().close();
            Map<String, Object> expected = Map.of("k" + s, "v", "n", (double) i, "l", List.of(s.toString(), true));
            assertEquals(expected, Fixtures.json(json.take()));
        }
    }

    @Test
    void aDocumentThatIsCutShortCanStillBeClosed() {
        JsonWriter json = new JsonWriter();
        json.open().name("files").openList().open().field("a", 1);
        String begun = json.take();
        json.unwind().field("error", "x").close();
        assertEquals(Map.of("files", List.of(Map.of("a", 1.0)), "error", "x"), Fixtures.json(begun + json.take()));
    }
}
