package acervo.cli;

import acervo.model.SpaceName;
import java.io.IOException;

/// `acervo space rm`: removes a shared space.
final class SpaceRm implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("space rm").flag("-r", "--recursive").words(1, 1);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        SpaceName name = SpaceNames.parse(args.words().getFirst());
        s.doing("space.rm", name);
        s.client().removeSpace(name, args.flag("--recursive"));
        if (s.out().isJson()) {
            s.out().document().open().field("removed", name.text()).close();
        } else {
            s.out().line(s.texts().get("space.removed", name));
        }
        return Exit.DONE;
    }
}
