package acervo.sync.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlTest {
    @TempDir
    Path home;

    private static String upper(String question) {
        return "said: " + question + "\nand ü\n";
    }

    @Test
    void whoKeepsAFolderAnswers() throws IOException {
        assertEquals(Optional.empty(), Control.ask(home, "status"));
        try (Control _ = Control.open(home, ControlTest::upper)) {
            assertEquals(Optional.of("said: status text pt\nand ü\n"), Control.ask(home, "status text pt"));
            assertEquals(Optional.of("said: é\nand ü\n"), Control.ask(home, "é"));
            assertEquals(Optional.of("said: \nand ü\n"), Control.ask(home, ""));
        }
        assertEquals(Optional.empty(), Control.ask(home, "status"));
        assertFalse(Files.exists(home.resolve("control"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void aLongAnswerComesWhole() throws IOException {
        String answer = "0123456789".repeat(300_000);
        try (Control _ = Control.open(home, _ -> answer)) {
            assertEquals(Optional.of(answer), Control.ask(home, "status"));
        }
    }

    @Test
    void severalAreAnsweredAtOnce() throws IOException, InterruptedException, ExecutionException {
        CountDownLatch all = new CountDownLatch(4);
        try (Control _ = Control.open(home, question -> {
                    all.countDown();
                    try {
                        all.await(); // nobody is answered before all have asked
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return question;
                });
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String question = "q" + i;
                answers.add(threads.submit(() -> Control.ask(home, question)));
            }
            for (int i = 0; i < 4; i++) {
                assertEquals(Optional.of("q" + i), answers.get(i).get());
            }
        }
    }

    @Test
    void whoLeavesOrSaysTooMuchKeepsNobodyElseFromBeingAnswered() throws IOException {
        try (Control _ = Control.open(home, ControlTest::upper)) {
            SocketChannel.open(UnixDomainSocketAddress.of(home.resolve("control")))
                    .close();
            Control.ask(home, "x".repeat(4095));
            assertTrue(Control.ask(home, "status").isPresent());
        }
    }

    @Test
    void aPathThatIsTooLongForASocketHasItElsewhere() throws IOException {
        Path deep = Files.createDirectories(home.resolve("d".repeat(60)).resolve("e".repeat(60)));
        Path elsewhere;
        try (Control _ = Control.open(deep, ControlTest::upper)) {
            assertTrue(Control.ask(deep, "status").isPresent());
            elsewhere = Files.readSymbolicLink(deep.resolve("control"));
            assertTrue(elsewhere.toString().length() <= 100);
        }
        assertEquals(Optional.empty(), Control.ask(deep, "status"));
        assertFalse(Files.exists(elsewhere.getParent()));
    }

    @Test
    void whatACrashLeftIsNobodyAndGivesWay() throws IOException {
        Path socket = home.resolve("control");
        try (var abandoned = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            abandoned.bind(UnixDomainSocketAddress.of(socket));
        }
        assertTrue(Files.exists(socket));
        assertEquals(Optional.empty(), Control.ask(home, "status"));
        try (Control _ = Control.open(home, ControlTest::upper)) {
            assertTrue(Control.ask(home, "status").isPresent());
        }
        Files.createSymbolicLink(socket, home.resolve("gone/control"));
        assertEquals(Optional.empty(), Control.ask(home, "status"));
        try (Control _ = Control.open(home, ControlTest::upper)) {
            assertTrue(Control.ask(home, "status").isPresent());
        }
    }
}
