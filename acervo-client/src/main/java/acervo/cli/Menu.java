package acervo.cli;

import acervo.client.ServerAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `acervo` with no arguments on a terminal: asks which role to take, and only for what that role needs. Every choice
/// becomes a command line, which is shown and then run by [Cli] as if it had been typed.
final class Menu {
    private static final List<String> ROLES = List.of("server", "client", "mirror");

    private final Surroundings io;
    private final Texts texts;
    private final Out out;
    private final Questions questions;
    private final Asking asking;
    private final Optional<String> serverOption;

    /// @param serverOption what `--server` said
    Menu(Surroundings io, Texts texts, Questions questions, Optional<String> serverOption) {
        // The commands that are run choose their language by their surroundings.
        this.io = io.with("acervo.locale", texts.language());
        this.texts = texts;
        this.out = new Out(io, false);
        this.questions = questions;
        this.asking = new Asking(questions, texts, out);
        this.serverOption = serverOption;
    }

    /// Runs until the person leaves, or until a server that was started has been told to stop.
    ///
    /// @return the exit code for the process
    int run() {
        try (questions) {
            out.line(texts.get("menu.welcome"));
            roles();
        } catch (Questions.LeftException _) {
            out.line(texts.get("menu.bye"));
        }
        out.flush();
        return Exit.DONE;
    }

    private void roles() {
        while (true) {
            switch (asking.choice("menu.which", "menu.role.", ROLES)) {
                case "server" -> {
                    if (serve() == Exit.DONE) {
                        return;
                    }
                }
                case "client" -> client();
                default -> out.line(texts.get("menu.mirror"));
            }
        }
    }

    private int serve() {
        int port = asking.orElse("menu.port", String.valueOf(ServerAddress.DEFAULT_PORT), Entrance::port);
        out.line(texts.get("menu.reach", port));
        return command(io, List.of("serve", "--listen", "127.0.0.1:" + port));
    }

    /// Becomes a client of a server and offers what a client can do; comes back when that came to nothing.
    private void client() {
        try (Session session = new Session(io.hasty(), texts, out, serverOption, false)) {
            ServerAddress server = new Entrance(session, asking, words -> command(io, words)).enter();
            Surroundings as = io.with("ACERVO_SERVER", server.toString());
            // Said with each command only where the person's own surroundings name another server.
            String named = io.variable("ACERVO_SERVER");
            boolean understood = named.isEmpty() || Session.address(named).equals(server);
            List<String> suffix = understood ? List.of() : List.of("--server", server.toString());
            try (Session inside = new Session(as.hasty(), texts, out, Optional.empty(), false)) {
                new ClientMenu(inside, asking, words -> command(as, joined(words, suffix))).run();
            }
        } catch (Asking.BackException _) {
            // To the roles again.
        } catch (UsageException e) {
            asking.wrong(e.sentence(texts));
        } catch (IOException e) {
            asking.wrong(texts.get("failure.io", String.valueOf(e.getMessage())));
        }
    }

    private static List<String> joined(List<String> words, List<String> suffix) {
        List<String> all = new ArrayList<>(words);
        all.addAll(suffix);
        return all;
    }

    /// Runs a command line.
    @FunctionalInterface
    interface Runner {
        /// @return its exit code
        int run(List<String> words);
    }

    /// Shows a command as it would be typed, and runs it with the terminal to itself.
    private int command(Surroundings with, List<String> words) {
        out.line(out.name("$ acervo " + typed(words)));
        out.flush();
        questions.release();
        return new Cli(with).run(words);
    }

    /// Words as a person would type them to a shell.
    static String typed(List<String> words) {
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            line.append(line.isEmpty() ? "" : " ");
            boolean plain = !word.isEmpty()
                    && word.chars().allMatch(c -> Character.isLetterOrDigit(c) || "@%+=:,./_-".indexOf(c) >= 0);
            line.append(plain ? word : "'" + word.replace("'", "'\\''") + "'");
        }
        return line.toString();
    }
}
