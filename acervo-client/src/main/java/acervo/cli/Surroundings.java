package acervo.cli;

import acervo.client.RetryPolicy;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// What the process gives a command: everything that a test replaces.
///
/// @param env the environment, plus `acervo.locale`: the user's locale as the launcher saw it before it chose UTF-8 for
/// Java
/// @param inIsTerminal whether a person types `in`
/// @param outIsTerminal whether a person looks at `out`
/// @param errIsTerminal whether a person looks at `err`
/// @param folder the working folder
record Surroundings(
        Map<String, String> env,
        InputStream in,
        OutputStream out,
        OutputStream err,
        boolean inIsTerminal,
        boolean outIsTerminal,
        boolean errIsTerminal,
        Path folder,
        RetryPolicy policy) {

    /// The real ones.
    static Surroundings ofProcess() {
        Map<String, String> env = new HashMap<>(System.getenv());
        String locale = System.getProperty("acervo.locale");
        if (locale != null) {
            env.put("acervo.locale", locale);
        }
        return new Surroundings(
                env,
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                isTerminal(0),
                isTerminal(1),
                isTerminal(2),
                Path.of(""),
                RetryPolicy.USUAL.patient(patience(env)));
    }

    /// The same with a variable set.
    Surroundings with(String variable, String value) {
        Map<String, String> changed = new HashMap<>(env);
        changed.put(variable, value);
        return new Surroundings(changed, in, out, err, inIsTerminal, outIsTerminal, errIsTerminal, folder, policy);
    }

    /// The same for questions to the server while a person waits at the keyboard: nothing is tried again.
    Surroundings hasty() {
        return new Surroundings(
                env, in, out, err, inIsTerminal, outIsTerminal, errIsTerminal, folder, policy.patient(Duration.ZERO));
    }

    /// Asks the system what a descriptor is: Java's own console needs a terminal at both ends, and time to load.
    @SuppressWarnings("SystemConsoleNull") // It may still be null, when another console provider is chosen.
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException _) {
            Console console = System.console();
            return console != null && console.isTerminal();
        }
    }

    /// A variable, or "" when it is not set.
    String variable(String name) {
        return env.getOrDefault(name, "");
    }

    /// A local path as the user named it.
    Path path(String name) {
        return folder.resolve(name);
    }

    /// `ACERVO_RETRY_SECONDS`: how long a command goes on trying when the server can't be reached; anything but a
    /// number of
    /// seconds up to a day counts as not set.
    private static Duration patience(Map<String, String> env) {
        try {
            long seconds = Long.parseLong(env.getOrDefault("ACERVO_RETRY_SECONDS", ""));
            return seconds >= 0 && seconds <= 86_400 ? Duration.ofSeconds(seconds) : RetryPolicy.USUAL.patience();
        } catch (NumberFormatException _) {
            return RetryPolicy.USUAL.patience();
        }
    }
}
