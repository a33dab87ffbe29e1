package acervo.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A real terminal of 100 columns and 50 lines, in a tmux of its own, in which a person runs the program.
final class Screen implements AutoCloseable {
    private static final Path KEPT = Path.of("target/screens").toAbsolutePath();

    private final Path socket;
    private final String name;
    private final Path history;

    /// Starts `acervo ARGUMENT...`; when it has ended, `exit=CODE` is shown.
    ///
    /// @param name of the file in `target/screens` that keeps all that was shown
    Screen(String name, Person person, String... arguments) {
        this.name = name;
        this.socket = person.work().resolveSibling("tmux-" + name);
        this.history = KEPT.resolve(name + ".txt");
        try {
            Files.createDirectories(KEPT);
            Files.deleteIfExists(history);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>(List.of("new-session", "-d", "-x", "100", "-y", "50", "env"));
        // tmux wants a UTF-8 locale for itself; the program gets the person's.
        for (Map.Entry<String, String> e : person.environment().entrySet()) {
            command.add(e.getKey() + "=" + e.getValue());
        }
        command.addAll(List.of("sh", "-c", "trap : INT; cd \"$1\"; shift; \"$@\"; echo \"exit=$?\"; read -r _", "sh"));
        command.add(person.work().toString());
        command.add(Program.LAUNCHER.toString());
        command.addAll(List.of(arguments));
        tmux(command);
    }

    private String tmux(List<String> words) {
        List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", socket.toString(), "-f", "/dev/null"));
        command.addAll(words);
        Map<String, String> environment = Map.of("LC_ALL", "C.UTF-8", "TERM", "xterm-256color", "TMUX", "");
        return Program.run(command, environment, KEPT, null).ok().out();
    }

    /// All that was shown so far, without colours.
    String text() {
        return tmux(List.of("capture-pane", "-p", "-J", "-S", "-"));
    }

    /// Waits until `expected` is at the end of what is shown: the program asks, and waits for the answer.
    Screen asks(String expected) {
        return until("a question: " + expected, text -> text.stripTrailing().endsWith(expected.strip()));
    }

    /// Waits until `expected` is shown.
    Screen shows(String expected) {
        return until(expected, text -> text.contains(expected));
    }

    private Screen until(String what, Predicate<String> there) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String text;
        do {
            text = text();
            if (there.test(text)) {
                keep(text);
                return this;
            }
        } while (System.nanoTime() < deadline);
        keep(text);
        throw new AssertionError(name + ": no <" + what + "> on the screen:\n" + text);
    }

    private void keep(String text) {
        try {
            Files.writeString(history, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Types a line and Enter.
    Screen types(String line) {
        if (!line.isEmpty()) {
            tmux(List.of("send-keys", "-l", "--", line));
        }
        return presses("Enter");
    }

    /// Types without Enter.
    Screen begins(String text) {
        tmux(List.of("send-keys", "-l", "--", text));
        return this;
    }

    /// Presses a key, as tmux names it: `Tab`, `C-c`, `C-d`, `BSpace`.
    Screen presses(String key) {
        tmux(List.of("send-keys", key));
        return this;
    }

    /// Waits until the program has ended so.
    Screen ended(int code) {
        return shows("exit=" + code);
    }

    @Override
    public void close() {
        tmux(List.of("kill-server"));
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
