package acervo.client;

import acervo.model.FilePath;
import acervo.model.SpaceName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/// What the tests of the client share.
public final class Fixtures {
    private Fixtures() {}

    /// A policy whose clock moves only by its own pauses, so that no test waits.
    public static RetryPolicy impatient() {
        AtomicLong nanos = new AtomicLong();
        return new RetryPolicy(
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                nanos::get,
                millis -> nanos.addAndGet(millis * 1_000_000));
    }

    /// A client of `server` that is registered.
    public static AcervoClient client(FakeServer server, Path state) {
        Credentials who = Credentials.random();
        AcervoClient client = client(server, who, state);
        client.register(who);
        return client;
    }

    static AcervoClient client(FakeServer server, Credentials who, Path state) {
        return new AcervoClient(server.address(), who, state.resolve("uploads"), impatient());
    }

    static RemoteFile home(String path) {
        return new RemoteFile(SpaceName.HOME, new FilePath(path));
    }

    /// A seed that is printed, so that a failure can be repeated with `-Dacervo.seed=N`.
    public static long seed() {
        String given = System.getProperty("acervo.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("acervo.seed=" + seed);
        return seed;
    }

    public static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static LocalFile write(Path path, byte[] content) {
        try {
            Files.write(path, content);
            return LocalFile.look(path, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads JSON, for tests of other packages.
    public static Object json(String text) {
        return Json.parse(text);
    }
}
