package acervo.cli;

import acervo.client.ServerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// `acervo logout`: this machine is nobody to the server any more. The identity is put aside, because without its
/// secret its
/// files could never be recovered; `--forget` deletes it.
final class Logout implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("logout").flag("--forget").words(0, 0);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        ServerAddress server = s.server();
        s.doing("logout", server);
        Optional<Identities.Identity> who = s.identities().load(server);
        String said;
        if (who.isEmpty()) {
            said = s.texts().get("logout.nobody", server);
        } else if (args.flag("--forget")) {
            s.identities().forget(server, who.get().credentials().id());
            said = s.texts().get("logout.forgotten", who.get().credentials().id(), server);
        } else {
            Path kept = s.identities().putAside(server).orElseThrow();
            said = s.texts().get("logout.aside", who.get().credentials().id(), server, kept);
        }
        s.identities().forgetRemembered();
        if (s.out().isJson()) {
            JsonWriter json = s.out().document().open().field("server", server.toString());
            json.field("id", who.map(w -> w.credentials().id().toString()).orElse(""))
                    .close();
        } else {
            s.out().line(said);
        }
        return Exit.DONE;
    }
}
