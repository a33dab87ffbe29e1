package acervo.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class LogsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @AfterEach
    void giveTheLogBack() throws java.io.IOException {
        java.util.logging.LogManager.getLogManager().readConfiguration();
    }

    private String logged(boolean json, int verbosity, Runnable work) {
        try (Logs _ = Logs.to(new PrintStream(out, true, StandardCharsets.UTF_8), json, verbosity)) {
            work.run();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLineHasTimeLevelLoggerAndText() {
        String line = logged(false, 0, () -> LoggerFactory.getLogger("acervo.x").info("seen {}", 7));
        assertTrue(
                line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  acervo\\.x: seen 7\n"), line);
    }

    @Test
    void nobodyForgesALine() {
        String line = logged(false, 0, () -> LoggerFactory.getLogger("acervo.x").info("a\nb\rc"));
        assertEquals(1, line.lines().count(), line);
    }

    @Test
    void jsonLinesHaveTheSame() {
        String line = logged(
                true,
                0,
                () -> LoggerFactory.getLogger("acervo.x").warn("\"quoted\"", new IllegalStateException("why")));
        assertTrue(line.contains("\"level\":\"WARN\",\"logger\":\"acervo.x\",\"message\":\"\\\"quoted\\\"\""), line);
        assertTrue(line.contains("\"thrown\":\"java.lang.IllegalStateException: why\\n"), line);
        assertEquals(1, line.lines().count(), line);
    }

    @Test
    void accessesAreLoggedWhenAskedFor() {
        Runnable access = () -> LoggerFactory.getLogger("acervo.access").info("an access");
        assertFalse(logged(false, 0, access).contains("an access"));
        assertTrue(logged(false, 1, access).contains("an access"));
    }
}
