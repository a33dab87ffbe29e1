package acervo.cli;

import acervo.wire.v1.Member;
import acervo.wire.v1.Space;
import java.io.IOException;
import java.util.List;

/// `acervo space ls`: the spaces that this client may read.
final class SpaceLs implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("space ls").words(0, 0);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        s.doing("space.ls");
        List<Space> spaces = s.client().spaces().getSpacesList();
        if (s.out().isJson()) {
            JsonWriter json = s.out().document().open().name("spaces").openList();
            spaces.forEach(space -> SpaceNames.write(json, space));
            json.closeList().close();
            return Exit.DONE;
        }
        Texts t = s.texts();
        for (Space space : spaces) {
            s.out()
                    .line(t.get(
                            "space.line",
                            space.getName(),
                            SpaceNames.role(space.getRole(), t),
                            Shown.count(space.getFiles(), t),
                            Shown.size(space.getBytes(), t)));
            for (Member m : space.getMembersList()) {
                s.out().line(t.get("space.member", m.getClientId(), SpaceNames.role(m.getRole(), t)));
            }
        }
        return Exit.DONE;
    }
}
