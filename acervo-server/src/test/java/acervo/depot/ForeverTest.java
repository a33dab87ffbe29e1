package acervo.depot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.Content;
import acervo.model.Kind;
import acervo.model.Outcome;
import acervo.model.RequestId;
import acervo.model.SpaceId;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForeverTest {
    /// More than two commands let go of.
    private static final int FILES = 9_000;

    @TempDir
    private Path folder;

    private static void comesAndGoes(World world, String path, int times) {
        for (int i = 0; i < times; i++) {
            Content content = new Content(Kind.FILE, new BlobId(i, 1, 1, 1), 9, 0, false);
            world.catalog.submit(
                    new Command.PutFiles(
                            World.HOME,
                            List.of(World.NODE),
                            List.of(new Command.Put(World.path(path), content, 0, Condition.ANY))),
                    World.ANA,
                    World.request());
            world.remove(path);
        }
    }

    private static Outcome.Result removeForEver(World world, String path, RequestId request) {
        Outcome outcome = world.depot.submit(
                World.ANA,
                request,
                new Command.RemoveFiles(
                        World.HOME, true, List.of(new Command.Remove(World.path(path), Condition.ANY))));
        return assertInstanceOf(Outcome.Files.class, outcome).results().getFirst();
    }

    @Test
    void oneRemovalForEverIsEnoughHoweverManyFilesStoodThere() {
        try (World world = new World(folder)) {
            SpaceId home =
                    world.catalog.space(World.ANA, World.HOME).orElseThrow().id();
            comesAndGoes(world, "a", FILES);
            comesAndGoes(world, "b", 1);
            RequestId request = World.request();
            Outcome.Result result = removeForEver(world, "a", request);
            assertInstanceOf(Outcome.Result.Gone.class, result);
            assertEquals(List.of(), world.catalog.history(home, World.path("a"), 10));
            assertEquals(1, world.catalog.history(home, World.path("b"), 10).size());
            assertEquals(result, removeForEver(world, "a", request));
            assertInstanceOf(Outcome.Result.No.class, removeForEver(world, "a", World.request()));
        }
    }

    @Test
    void aRequestThatIsRepeatedGoesOnWhereItEnded() {
        try (World world = new World(folder)) {
            SpaceId home =
                    world.catalog.space(World.ANA, World.HOME).orElseThrow().id();
            comesAndGoes(world, "a", FILES);
            RequestId request = World.request();
            // As far as a server came that died after the first command.
            world.catalog.submit(
                    new Command.RemoveFiles(
                            World.HOME, true, List.of(new Command.Remove(World.path("a"), Condition.ANY))),
                    World.ANA,
                    request);
            assertTrue(world.catalog.history(home, World.path("a"), 10).size() > 1);
            removeForEver(world, "a", request);
            assertEquals(List.of(), world.catalog.history(home, World.path("a"), 10));
        }
    }

    @Test
    void aFileThatIsDepositedMeanwhileStays() {
        try (World world = new World(folder)) {
            comesAndGoes(world, "a", FILES);
            RequestId request = World.request();
            world.catalog.submit(
                    new Command.RemoveFiles(
                            World.HOME, true, List.of(new Command.Remove(World.path("a"), Condition.ANY))),
                    World.ANA,
                    request);
            world.put("a", new byte[5]);
            removeForEver(world, "a", request);
            assertTrue(world.exists("a"));
        }
    }
}
