package acervo.cli;

import acervo.client.Credentials;
import acervo.client.ServerAddress;
import acervo.wire.v1.Space;
import acervo.wire.v1.WhoAmIReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// `acervo whoami`: who this machine is to the server; with `--secret FILE`, writes the secret down for another
/// machine.
final class WhoAmI implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("whoami").value("--secret").words(0, 0);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        ServerAddress server = s.server();
        s.doing("whoami", server);
        WhoAmIReply reply = s.client().whoAmI();
        Credentials who = s.identities().load(server).orElseThrow().credentials();
        Optional<String> export = args.value("--secret");
        if (export.isPresent()) {
            return export(who, server, s.io().path(export.get()), s);
        }
        if (s.out().isJson()) {
            JsonWriter json = s.out().document().open().field("id", who.id().toString());
            json.field("server", server.toString());
            json.field("file", s.identities().file(server).toString())
                    .name("spaces")
                    .openList();
            for (Space space : reply.getSpacesList()) {
                SpaceNames.write(json, space);
            }
            json.closeList().close();
        } else {
            s.out().line(s.texts().get("whoami.line", who.id(), server));
            s.out().line(s.texts().get("whoami.file", s.identities().file(server)));
        }
        return Exit.DONE;
    }

    private static int export(Credentials who, ServerAddress server, Path file, Session s) throws IOException {
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(file, options, mode)) {
            channel.write(
                    java.nio.charset.StandardCharsets.UTF_8.encode(who.secret().hex() + "\n"));
        }
        if (s.out().isJson()) {
            s.out()
                    .document()
                    .open()
                    .field("id", who.id().toString())
                    .field("file", file.toString())
                    .close();
        } else {
            s.out().line(s.texts().get("whoami.exported", who.id(), server, file));
        }
        return Exit.DONE;
    }
}
