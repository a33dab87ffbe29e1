package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.Credentials;
import acervo.client.Secret;
import acervo.client.ServerAddress;
import acervo.model.ClientId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// `acervo login`: becomes a client of a server, a new one or one that was made on another machine, and remembers the
/// server. Nothing is kept unless the server accepts the id and the secret.
final class Login implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("login").value("--id").value("--secret-file").words(0, 1);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        ServerAddress server = args.words().isEmpty()
                ? s.server()
                : Session.address(args.words().getFirst());
        s.doing("login", server);
        if (args.value("--id").isEmpty() && args.value("--secret-file").isPresent()) {
            throw new UsageException("usage.login");
        }
        Optional<ClientId> id = args.value("--id").map(SpaceGrant::client);
        Credentials who = id.isPresent() ? asOld(id.get(), args, server, s) : asNewOrSame(server, s);
        s.identities().remember(server);
        if (s.out().isJson()) {
            JsonWriter json = s.out().document().open();
            json.field("server", server.toString()).field("id", who.id().toString());
            json.field("file", s.identities().file(server).toString()).close();
        } else {
            s.out()
                    .line(s.texts()
                            .get("login.done", who.id(), server, s.identities().file(server)));
        }
        return Exit.DONE;
    }

    private static Credentials asNewOrSame(ServerAddress server, Session s) throws IOException {
        try (AcervoClient client = s.connect(server)) {
            client.whoAmI();
        }
        return s.identities().load(server).orElseThrow().credentials();
    }

    private static Credentials asOld(ClientId id, Arguments args, ServerAddress server, Session s) throws IOException {
        Credentials who = new Credentials(id, secret(id, args, s));
        try (AcervoClient client = s.client(server, who)) {
            client.whoAmI();
        }
        Optional<Identities.Identity> before = s.identities().load(server);
        if (before.isPresent() && !before.get().credentials().id().equals(id)) {
            Path kept = s.identities().putAside(server).orElseThrow();
            s.out()
                    .error(s.texts()
                            .get("login.aside", before.get().credentials().id(), kept));
        }
        s.identities().save(server, new Identities.Identity(who, true));
        s.identities().takenUp(id);
        return who;
    }

    private static Secret secret(ClientId id, Arguments args, Session s) throws IOException {
        Optional<String> file = args.value("--secret-file");
        if (file.isEmpty()) {
            return s.identities()
                    .aside(id)
                    .orElseThrow(() -> new UsageException("usage.login.secret"))
                    .credentials()
                    .secret();
        }
        try {
            return Identities.readSecret(s.io().path(file.get()));
        } catch (IllegalArgumentException _) {
            throw new UsageException("usage.secret", file.get());
        }
    }
}
