package acervo.e2e;

import acervo.e2e.Program.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Someone with a home folder of their own who types `acervo` commands in a folder.
final class Person {
    private final Path home;
    private final Map<String, String> environment = new HashMap<>();

    /// @param home made when missing; also the folder in which commands run, below `work`
    Person(Path home, String server) {
        this.home = home;
        environment.put("HOME", home.toString());
        environment.put("XDG_CONFIG_HOME", home.resolve(".config").toString());
        environment.put("XDG_STATE_HOME", home.resolve(".local/state").toString());
        environment.put("XDG_DATA_HOME", home.resolve(".local/share").toString());
        environment.put("XDG_CACHE_HOME", home.resolve(".cache").toString());
        environment.put("ACERVO_SERVER", server);
        environment.put("LANG", "C.UTF-8");
        environment.put("LC_ALL", "");
        environment.put("LC_MESSAGES", "");
        try {
            Files.createDirectories(work());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path work() {
        return home.resolve("work");
    }

    Path file(String name) {
        return work().resolve(name);
    }

    Person speaking(String lang) {
        environment.put("LANG", lang);
        return this;
    }

    Person with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /// What this person's commands find in their environment.
    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    Run does(String... arguments) {
        return types(null, arguments);
    }

    Run types(@Nullable String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Program.LAUNCHER.toString()));
        command.addAll(List.of(arguments));
        return Program.run(command, environment, work(), input);
    }

    /// Starts a command and does not wait for it; its output is thrown away.
    Process starts(String... arguments) {
        return startsInto("background.log", arguments);
    }

    /// The same, printing into a file of its own in the home folder.
    Process startsInto(String log, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Program.LAUNCHER.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(work().toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve(log).toFile());
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts `acervo sync` and does not wait for it.
    Syncing syncs(String... arguments) {
        return syncsUnder(List.of(), arguments);
    }

    /// The same below another command, such as `unshare`.
    Syncing syncsUnder(List<String> prefix, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(Program.LAUNCHER.toString(), "sync", "--json"));
        command.addAll(List.of(arguments));
        return new Syncing(command, environment, work());
    }

    /// What the last command of [#starts] printed.
    String background() {
        return printed("background.log");
    }

    /// What a command of [#startsInto] printed so far.
    String printed(String log) {
        try {
            return Files.readString(home.resolve(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
