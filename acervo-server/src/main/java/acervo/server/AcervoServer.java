package acervo.server;

import acervo.http.JsonText;
import acervo.model.Build;
import acervo.model.ServerProgram;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/// `acervo serve`: starts a server, says where it is, and runs until the process is told to stop.
public final class AcervoServer implements ServerProgram {
    private static final int DONE = 0;
    private static final int FAILED = 1;

    private final PrintStream out;
    private final PrintStream err;

    /// For `ServiceLoader`.
    public AcervoServer() {
        this(System.out, System.err);
    }

    AcervoServer(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public int serve(Options options) {
        prepareLibraries();
        Messages messages = Messages.in(language());
        Logs logs = null;
        try {
            Settings settings = Settings.of(options);
            logs = Logs.to(err, options.json(), settings.verbosity());
            CountDownLatch told = new CountDownLatch(1);
            CountDownLatch stopped = new CountDownLatch(1);
            Wiring server = Wiring.start(options, settings, Build.version());
            // Until the server is closed: a second signal ends a close that takes too long.
            try (Signals _ = Signals.tell(told::countDown);
                    server;
                    Beside beside = new Beside(options.companion())) {
                stopWithProcess(told, stopped);
                beside.start(server.port());
                announce(messages, options, server.port());
                told.await();
            } finally {
                LoggerFactory.getLogger("acervo.server").info("stopped");
                logs.close();
                stopped.countDown();
            }
            return DONE;
        } catch (StartException e) {
            err.println(messages.text("error", messages.text(e.key(), e.arguments())));
            return FAILED;
        } catch (IOException | RuntimeException e) {
            LoggerFactory.getLogger("acervo.server").error("the server failed", e);
            err.println(messages.text("error", messages.text("failed", String.valueOf(e.getMessage()))));
            return FAILED;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return DONE;
        } finally {
            if (logs != null) {
                logs.close();
            }
        }
    }

    /// For a process that is ended in another way than by [Signals]: the hook waits until everything is closed.
    private static void stopWithProcess(CountDownLatch told, CountDownLatch stopped) {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("acervo-stop").unstarted(() -> {
                    told.countDown();
                    try {
                        stopped.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                }));
    }

    /// Told before the first class of theirs is loaded.
    private static void prepareLibraries() {
        // By its name: to load the class would start the usual one first.
        System.setProperty("java.util.logging.manager", "acervo.server.KeptLogs");
        // Our own meters count what matters; theirs would be paid for by every request.
        System.setProperty("vertx.disableMetrics", "true");
        // Addresses to listen on are resolved by the system.
        System.setProperty("vertx.disableDnsResolver", "true");
        System.setProperty("vertx.disableWebsockets", "true");
        System.setProperty("io.netty.tryReflectionSetAccessible", "false");
        if (System.getProperty("io.netty.machineId") == null) {
            System.setProperty("io.netty.machineId", machineId());
        }
    }

    /// Random, of eight bytes. Netty would look for a network card's address, and warn where a machine has none.
    private static String machineId() {
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        return HexFormat.ofDelimiter(":").formatHex(random);
    }

    /// The companion, if there is one.
    private record Beside(Optional<Companion> companion) implements AutoCloseable {
        void start(int port) throws IOException {
            if (companion.isPresent()) {
                companion.get().start(port);
            }
        }

        @Override
        public void close() {
            companion.ifPresent(Companion::close);
        }
    }

    private static String language() {
        String named = System.getProperty("acervo.language", "");
        if (!named.isEmpty()) {
            return named;
        }
        for (String variable : new String[] {"LC_ALL", "LC_MESSAGES", "LANG"}) {
            String value = System.getenv(variable);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    private void announce(Messages messages, Options options, int port) throws IOException {
        String host = options.listenHost().contains(":") ? "[" + options.listenHost() + "]" : options.listenHost();
        String address = host + ":" + port;
        if (options.portFile().isPresent()) {
            write(options.portFile().get(), port + "\n");
        }
        if (options.json()) {
            StringBuilder json = new StringBuilder("{\"event\":\"listening\",\"address\":");
            JsonText.string(json, address);
            json.append(",\"port\":").append(port).append(",\"data\":");
            if (options.ephemeral()) {
                json.append("null");
            } else {
                JsonText.string(json, options.data().toString());
            }
            json.append(",\"version\":");
            JsonText.string(json, Build.version());
            out.println(json.append('}'));
        } else if (options.ephemeral()) {
            out.println(messages.text("listening.memory", Build.version(), address));
        } else {
            out.println(messages.text("listening", Build.version(), address, options.data()));
        }
        out.flush();
    }

    /// Whole or not at all, since others wait for it to appear.
    private static void write(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
