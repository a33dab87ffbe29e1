package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.ServerAddress;
import acervo.client.UnreachableException;
import acervo.model.ClientId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The menu's way to become a client: asks for the server and for who to be, and runs `login`.
final class Entrance {
    private final Session session;
    private final Texts texts;
    private final Asking asking;
    private final Menu.Runner runner;

    /// @param session for questions to the server, which has to give up soon
    Entrance(Session session, Asking asking, Menu.Runner runner) {
        this.session = session;
        this.texts = session.texts();
        this.asking = asking;
        this.runner = runner;
    }

    /// Asks until a server knows this machine.
    ///
    /// @return the server, which `login` has remembered
    /// @throws IOException when this machine's identities can't be read
    ServerAddress enter() throws IOException {
        while (true) {
            ServerAddress server = server();
            int code;
            do {
                code = runner.run(login(server));
            } while (code != Exit.DONE && code != Exit.UNREACHABLE);
            if (code == Exit.DONE) {
                return server;
            }
        }
    }

    /// Asks for an address until a server answers there.
    private ServerAddress server() throws IOException {
        ServerAddress usual = session.server();
        while (true) {
            ServerAddress host = asking.orElse("menu.host", usual.host(), Entrance::host);
            String port = String.valueOf(host.port() == ServerAddress.DEFAULT_PORT ? usual.port() : host.port());
            ServerAddress server = new ServerAddress(host.host(), asking.orElse("menu.port", port, Entrance::port));
            try (AcervoClient client = session.client(server, null)) {
                client.hello(server.host(), texts.language());
                return server;
            } catch (UnreachableException e) {
                asking.wrong(texts.get("failure.unreachable", server, e.seen()));
                usual = server;
            }
        }
    }

    private static ServerAddress host(String answer) {
        return Session.address(
                answer.indexOf(':') != answer.lastIndexOf(':') && !answer.startsWith("[")
                        ? "[" + answer + "]"
                        : answer);
    }

    /// Reads a port.
    static int port(String answer) {
        try {
            int port = Integer.parseInt(answer);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new UsageException("menu.wrong.port", answer);
    }

    /// Asks who to be.
    ///
    /// @return the command that does it
    private List<String> login(ServerAddress server) throws IOException {
        Optional<ClientId> here =
                session.identities().load(server).map(i -> i.credentials().id());
        List<String> command = new ArrayList<>(List.of("login", server.toString()));
        Optional<ClientId> wanted = asking.until(
                here.isEmpty() ? texts.get("menu.id") : texts.get("menu.id.or", here.get()),
                Questions.Names.NONE,
                answer -> answer.isEmpty() ? here : fresh(answer) ? Optional.empty() : id(answer));
        if (wanted.isEmpty() && here.isPresent()) {
            // The one that is here is put aside, not lost.
            runner.run(List.of("logout", "--server", server.toString()));
        }
        if (wanted.isPresent() && !wanted.equals(here)) {
            command.addAll(List.of("--id", wanted.get().toString()));
            if (session.identities().aside(wanted.get()).isEmpty()) {
                command.addAll(List.of("--secret-file", secretFile()));
            }
        }
        return command;
    }

    private static Optional<ClientId> id(String answer) {
        return Optional.of(SpaceGrant.client(answer));
    }

    private boolean fresh(String answer) {
        return answer.equals("new") || answer.equals(texts.get("menu.id.new"));
    }

    private String secretFile() {
        return asking.need("menu.secret", new LocalNames(session.io(), false), answer -> {
            String file = LocalNames.expanded(session.io(), answer);
            try {
                Identities.readSecret(session.io().path(file));
                return file;
            } catch (NoSuchFileException _) {
                throw new UsageException("trouble.NOT_FOUND", answer);
            } catch (IOException | IllegalArgumentException _) {
                throw new UsageException("usage.secret", answer);
            }
        });
    }
}
