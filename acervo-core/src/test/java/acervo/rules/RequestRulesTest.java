package acervo.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.FileEntry;
import acervo.model.Outcome;
import acervo.model.Reason;
import acervo.model.RequestId;
import acervo.model.Stamp;
import acervo.model.Stamped;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Retries and time, one rule at a time.
final class RequestRulesTest extends RulesCase {

    @Test
    void aRequestInOneEntryTwiceTakesEffectOnce() {
        RequestId request = new RequestId(new UUID(5, 5));
        Stamp stamp = new Stamp(now, ANA, request);
        Decision decision = Rules.decide(
                state, List.of(new Stamped(stamp, putting(HOME, "a", 1)), new Stamped(stamp, putting(HOME, "a", 1))));
        assertEquals(decision.outcomes().get(0), decision.outcomes().get(1));
        state.write(decision);
        assertEquals(1, access(ANA, HOME).sequence());
    }

    @Test
    void aRefusalIsKeptAsWell() {
        RequestId request = new RequestId(new UUID(5, 5));
        Outcome first =
                decide(new Stamp(now, ANA, request), new Command.MoveFiles(HOME, List.of(move("a", "b", false))));
        put(ANA, HOME, "a", 1);
        assertEquals(
                first,
                decide(new Stamp(now, ANA, request), new Command.MoveFiles(HOME, List.of(move("a", "b", false)))));
    }

    @Test
    void twoClientsMayUseTheSameRequestId() {
        RequestId request = new RequestId(new UUID(5, 5));
        now(decide(new Stamp(now, ANA, request), putting(HOME, "a", 1)));
        now(decide(new Stamp(now, RUI, request), putting(HOME, "b", 2)));
    }

    @Test
    void aRetryMayFindItsBytesOnOtherNodes() {
        own(new Command.AddNode(SECOND));
        RequestId request = new RequestId(new UUID(5, 5));
        Outcome first = decide(new Stamp(now, ANA, request), putting(HOME, "a", 1));
        Command again = new Command.PutFiles(
                HOME, List.of(SECOND), List.of(new Command.Put(path("a"), content(1), 0, Condition.ANY)));
        assertEquals(first, decide(new Stamp(now, ANA, request), again));
    }

    @Test
    void requestsAreForgottenAfterADay() {
        RequestId request = new RequestId(new UUID(5, 5));
        now(decide(new Stamp(now, ANA, request), putting(HOME, "a", 1)));
        now += DAY - 1;
        assertRefused(Reason.REQUEST_REUSED, decide(new Stamp(now, ANA, request), putting(HOME, "b", 2)));
        now += 1;
        now(decide(new Stamp(now, ANA, request), putting(HOME, "b", 2)));
        now += 2 * DAY;
        put(ANA, HOME, "c", 3);
        assertEquals(1, state.count(Tables.REQUESTS));
        assertEquals(1, state.count(Tables.REQUEST_TIMES));
    }

    @Test
    void timeNeverRunsBackwards() {
        FileEntry first = put(ANA, HOME, "a", 1);
        now -= DAY;
        FileEntry second = put(ANA, HOME, "b", 2);
        assertEquals(first.storedMillis(), second.storedMillis());
    }
}
