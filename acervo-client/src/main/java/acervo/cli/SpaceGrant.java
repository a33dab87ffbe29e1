package acervo.cli;

import acervo.model.ClientId;
import acervo.model.Role;
import acervo.model.SpaceName;
import java.io.IOException;

/// `acervo space grant`: lets a client read or write in a shared space.
final class SpaceGrant implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("space grant").words(2, 3);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        String role = args.words().size() == 3 ? args.words().get(2) : "read";
        return change(
                args,
                s,
                switch (role) {
                    case "read", "reader" -> Role.READER;
                    case "write", "writer" -> Role.WRITER;
                    case "own", "owner" -> Role.OWNER;
                    default -> throw new UsageException("usage.role", role);
                });
    }

    /// Gives or takes a role.
    static int change(Arguments args, Session s, Role role) throws IOException {
        SpaceName name = SpaceNames.parse(args.words().get(0));
        ClientId client = client(args.words().get(1));
        s.doing(role == Role.NONE ? "space.revoke" : "space.grant", name, client);
        var now = s.client().grant(name, client, role).getSpace();
        if (s.out().isJson()) {
            SpaceNames.write(s.out().document(), now);
        } else if (role == Role.NONE) {
            s.out().line(s.texts().get("space.revoked", name, client));
        } else {
            s.out().line(s.texts().get("space.granted", name, client, s.texts().get("role." + role.name())));
        }
        return Exit.DONE;
    }

    static ClientId client(String text) {
        try {
            return ClientId.parse(text);
        } catch (IllegalArgumentException _) {
            throw new UsageException("usage.uuid", text);
        }
    }
}
