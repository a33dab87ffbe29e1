package acervo.cli;

import acervo.model.SpaceName;
import java.io.IOException;

/// `acervo space create`: makes a shared space.
final class SpaceCreate implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("space create").words(1, 1);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        SpaceName name = SpaceNames.parse(args.words().getFirst());
        s.doing("space.create", name);
        var made = s.client().createSpace(name).getSpace();
        if (s.out().isJson()) {
            SpaceNames.write(s.out().document(), made);
        } else {
            s.out().line(s.texts().get("space.created", name));
        }
        return Exit.DONE;
    }
}
