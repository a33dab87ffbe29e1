package acervo.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A process of `acervo sync --json`, and the events it tells.
final class Syncing implements AutoCloseable {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final Process process;
    private final Path err;
    private final Thread reader;
    private final List<String> events = new ArrayList<>();
    private boolean ended;

    Syncing(List<String> command, Map<String, String> environment, Path folder) {
        try {
            err = Files.createTempFile("acervo-e2e", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(folder.toFile()).redirectError(err.toFile());
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reader = Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                tell(line);
            }
        } catch (IOException e) {
            tell("broken off: " + e);
        } finally {
            end();
        }
    }

    private synchronized void tell(String event) {
        events.add(event);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /// How many events there were.
    synchronized int count() {
        return events.size();
    }

    synchronized List<String> events() {
        return List.copyOf(events);
    }

    /// Waits for an event among those that come after the first `from`.
    ///
    /// @return its number
    synchronized int await(int from, Predicate<String> wanted, String what) {
        long deadline = System.nanoTime() + LONGEST_NANOS;
        for (int at = from; ; ) {
            for (; at < events.size(); at++) {
                if (wanted.test(events.get(at))) {
                    return at;
                }
            }
            long left = deadline - System.nanoTime();
            if (ended || left <= 0) {
                throw new AssertionError(
                        "never told: " + what + "\n" + String.join("\n", events) + "\n" + complaints());
            }
            try {
                wait(Math.max(1, left / 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /// Waits until it has told a phase for the first time.
    Syncing phase(String phase) {
        phase(phase, 0);
        return this;
    }

    int phase(String phase, int from) {
        return await(from, event -> event.contains("\"phase\":\"" + phase + "\""), phase);
    }

    /// Waits until it has done something to a path.
    int done(String deed, String path, int from) {
        return await(
                from,
                event -> event.contains("\"do\":\"" + deed + "\"") && event.contains("\"path\":\"" + path + "\""),
                deed + " " + path);
    }

    String complaints() {
        try {
            return Files.readString(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.descendants()
                .reduce((a, b) -> b)
                .orElse(process.toHandle())
                .pid();
    }

    /// SIGTERM.
    ///
    /// @return the exit status
    int stop() {
        process.descendants().forEach(ProcessHandle::destroy);
        // Not of the process itself: that would close what it prints to.
        process.toHandle().destroy();
        return await();
    }

    /// `kill -9`, and waits until it is gone.
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        await();
    }

    private int await() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it did not stop\n" + complaints());
            }
            reader.join();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
        try {
            Files.deleteIfExists(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
