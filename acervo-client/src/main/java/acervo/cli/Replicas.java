package acervo.cli;

import acervo.client.AcervoClient;
import acervo.wire.v1.File;
import acervo.wire.v1.StatusReply;
import java.io.IOException;
import java.util.List;

/// `acervo replicas`: shows or changes how many copies are wanted.
final class Replicas implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("replicas").words(1, 2);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        Address at = Address.parse(args.words().getFirst());
        AcervoClient client = s.client();
        if (args.words().size() == 1) {
            s.doing("info", at);
            File f = client.info(at.file()).getFile();
            StatusReply status = client.status();
            if (s.out().isJson()) {
                JsonWriter json = s.out().document().open().name("file");
                FileJson.write(json, f);
                json.field("nodes", status.getNodes()).close();
            } else {
                s.out()
                        .line(line("replicas.show", at, f, s) + " "
                                + s.texts().get("replicas.nodes", status.getNodes()));
            }
            return Exit.DONE;
        }
        int wanted = Arguments.number("N", args.words().get(1), 1);
        s.doing("replicas", at, wanted);
        Changes changes = new Changes(s, at.space());
        changes.add(
                client.setReplicas(at.space(), List.of(at.path().text()), wanted)
                        .getResultsList(),
                (_, r) -> s.out().line(line("replicas.set", at, r.getNow(), s)));
        return changes.finish();
    }

    private static String line(String key, Address at, File f, Session s) {
        return s.texts().get(key, s.out().name(at.toString()), f.getReplicas(), f.getVerified());
    }
}
