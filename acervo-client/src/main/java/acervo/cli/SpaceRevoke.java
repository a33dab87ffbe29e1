package acervo.cli;

import acervo.model.Role;
import java.io.IOException;

/// `acervo space revoke`: takes a client's role in a shared space.
final class SpaceRevoke implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("space revoke").words(2, 2);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        return SpaceGrant.change(args, s, Role.NONE);
    }
}
