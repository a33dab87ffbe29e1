package acervo.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.watch.Waiting.Wait;
import java.util.List;
import org.junit.jupiter.api.Test;

/// When a path is looked at, on a clock of the test's own.
final class SettleTest {
    private static final long MILLISECOND = 1_000_000L;
    private final Waiting waiting = new Waiting();

    private List<String> due(long millis) {
        return waiting.due(millis * MILLISECOND, 100).stream().map(Wait::path).toList();
    }

    private void closed(String path, long millis) {
        waiting.touch(path, true, false, millis * MILLISECOND);
    }

    private void seen(String path, long millis) {
        waiting.touch(path, false, false, millis * MILLISECOND);
    }

    @Test
    void aClosedFileIsDueInTwoMilliseconds() {
        seen("a", 0);
        closed("a", 10);
        assertEquals(12 * MILLISECOND, waiting.nextDue());
        assertEquals(List.of(), due(11));
        assertEquals(List.of("a"), due(12));
        assertEquals(List.of(), due(1000));
    }

    @Test
    void aFileThatWasOnlySeenIsDueAfterATenthOfASecondOfQuiet() {
        seen("a", 0);
        seen("a", 90);
        assertEquals(List.of(), due(189));
        assertEquals(List.of("a"), due(190));
    }

    @Test
    void aBurstOnOneFileIsOneLookAndEndsIt() {
        for (int at = 0; at < 50; at++) {
            closed("a", at);
        }
        assertEquals(List.of("a"), due(50), "a file that is written all the time must be read some time");
        assertEquals(List.of(), due(1000));
    }

    @Test
    void aFileThatChangesAllTheTimeIsDueAfterHalfAMinute() {
        for (int at = 0; at <= 30_000; at += 50) {
            seen("log", at);
            assertEquals(at == 30_000, !due(at).isEmpty(), "at " + at);
        }
        assertTrue(Settle.isOverdue(0, 30_000 * MILLISECOND));
        assertFalse(Settle.isOverdue(0, 29_999 * MILLISECOND));
    }

    @Test
    void namesThatPassSoonWaitLonger() {
        for (String name : List.of("4913", ".a.swp", "a~", "a.tmp", "a.TMP", ".#a", "~$a.docx", "a.part")) {
            assertEquals(Settle.TEMPORARY, Settle.quiet(name, true, 10, false), name);
        }
        assertEquals(Settle.FINISHED, Settle.quiet("a.txt", true, 10, false));
    }

    @Test
    void quietGrowsWithSizeAndRepetition() {
        long small = Settle.quiet("a", false, 1000, false);
        long large = Settle.quiet("a", false, 500L << 20, false);
        assertEquals(Settle.SEEN, small);
        assertEquals(Settle.SEEN + 500 * MILLISECOND, large);
        assertEquals(Settle.SEEN + 2000 * MILLISECOND, Settle.quiet("a", false, 1L << 40, false));
        // A small file that is saved again and again is read each time; a large one for a fifth of the time.
        assertEquals(Settle.FINISHED, Settle.quiet("a", true, 4096, true));
        assertEquals(400 * MILLISECOND, Settle.quiet("a", true, 100_000_000, true));
        assertEquals(3000 * MILLISECOND, Settle.quiet("a", true, 1L << 40, true));
    }

    @Test
    void whatIsNotReadyKeepsItsFirstTime() {
        seen("a", 0);
        Wait one = waiting.due(200 * MILLISECOND, 1).getFirst();
        waiting.again(one, 100 * MILLISECOND, 200 * MILLISECOND);
        seen("a", 250);
        Wait two = waiting.due(400 * MILLISECOND, 1).getFirst();
        assertEquals(0, two.first());
        assertEquals(1, two.times());
    }
}
