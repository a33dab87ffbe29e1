package acervo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HelloIT {
    @TempDir
    private static Path folder;

    private static Server server;

    @BeforeAll
    static void start() {
        server = Server.start(folder.resolve("data"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void asksAndGreetsInPortuguese() {
        Person joao = new Person(folder.resolve("joao"), server.address()).speaking("pt_BR.UTF-8");
        assertEquals(
                "Digite seu nome: Olá, João!\n",
                joao.types("João\n", "hello").ok().out());
    }

    @Test
    void asksAndGreetsInEnglishOtherwise() {
        Person john = new Person(folder.resolve("john"), server.address()).speaking("en_US.UTF-8");
        Program.Run run = john.types("John\n", "hello").ok();
        assertTrue(run.out().endsWith("Hello, John!\n"), run.out());
        assertEquals("Hello, Ana!\n", john.does("hello", "Ana").ok().out());
        assertEquals(
                "Olá, Ana!\n", john.does("hello", "Ana", "--lang", "pt").ok().out());
    }

    @Test
    void twentyAtOnceAreGreetedByTheirNames() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> all = IntStream.range(0, 20)
                    .<Callable<String>>mapToObj(n -> () -> new Person(folder.resolve("p" + n), server.address())
                            .does("hello", "Person " + n)
                            .ok()
                            .out())
                    .toList();
            List<Future<String>> said = threads.invokeAll(all);
            for (int n = 0; n < 20; n++) {
                assertEquals("Hello, Person " + n + "!\n", said.get(n).get());
            }
        }
    }

    @Test
    void anUnreachableServerIsSaidSo() {
        Person ana = new Person(folder.resolve("ana"), "127.0.0.1:1");
        Program.Run run = ana.does("hello", "Ana").ended(5);
        assertTrue(run.err().contains("127.0.0.1:1"), run.err());
        assertTrue(run.err().lines().count() <= 2, run.err());
    }
}
