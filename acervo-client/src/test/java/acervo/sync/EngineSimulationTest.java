package acervo.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole engines in a world of which a seed decides everything: people who write on several disks and in the space,
/// late and lost messages, power cuts between any two durable steps, a folder that is not mounted, a server that is
/// restored from a backup. `-Dacervo.seed=N` repeats one, `-Dacervo.seeds=N` runs so many, `-Dacervo.trace=true` tells.
final class EngineSimulationTest {
    @Test
    void nothingIsLostAndAllComeToAgree() {
        run(SimWorld::bothWays);
    }

    /// A mode in which changes go one way only keeps to it, whoever else keeps the space in step.
    @Test
    void oneWayNothingGoesTheOtherWayAndNothingIsLost() {
        run(SimWorld::oneWay);
    }

    private static void run(LongFunction<SimWorld> worlds) {
        String given = System.getProperty("acervo.seed", "");
        long first = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        int seeds = Integer.getInteger("acervo.seeds", given.isEmpty() ? 500 : 1);
        System.out.println("EngineSimulationTest: -Dacervo.seed=" + first + " and " + (seeds - 1) + " more");
        for (int i = 0; i < seeds; i++) {
            long seed = first + i;
            try {
                worlds.apply(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dacervo.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /// Seeds that once went wrong: bytes that were nowhere between the two halves of a rename; a space that was
    /// restored to the state in which it was empty; a name to step aside to that was taken; a crash between the two
    /// pages of a feed that say who took a path and what became of who had it; a file with the number of a row that
    /// has nothing to do with it.
    @ParameterizedTest
    @ValueSource(longs = {3069697, 3138453, 3221491, 5057525, 5132997})
    void whatOnceWentWrongDoesSoNoMore(long seed) {
        SimWorld.bothWays(seed).run();
    }

    /// One way: a file of the space in whose way is a folder with something in it that is only here.
    @ParameterizedTest
    @ValueSource(longs = {4})
    void whatOnceWentWrongOneWayDoesSoNoMore(long seed) {
        SimWorld.oneWay(seed).run();
    }

    @Test
    void theSameSeedGivesTheSameEnd() {
        for (long seed = 1; seed <= 20; seed++) {
            assertEquals(SimWorld.bothWays(seed).run(), SimWorld.bothWays(seed).run(), "seed " + seed);
        }
    }
}
