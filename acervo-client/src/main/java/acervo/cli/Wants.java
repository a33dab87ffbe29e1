package acervo.cli;

import acervo.wire.v1.Interest;
import acervo.wire.v1.WantsReply;
import java.io.IOException;

/// `acervo wants`: what this client waits for.
final class Wants implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("wants").words(0, 0);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        s.doing("wants");
        WantsReply reply = s.client().wants();
        if (s.out().isJson()) {
            JsonWriter json = s.out().document().open().name("interests").openList();
            for (Interest one : reply.getInterestsList()) {
                write(json, one);
            }
            json.closeList().close();
            return Exit.DONE;
        }
        for (Interest one : reply.getInterestsList()) {
            String key = one.getKeep() ? "wants.line.keep" : "wants.line";
            s.out().line(s.texts().get(key, one.getNumber(), name(one, s), Shown.time(one.getExpiresMillis())));
        }
        if (reply.getInterestsCount() == 0) {
            s.out().line(s.texts().get("wants.none"));
        }
        return Exit.DONE;
    }

    static String name(Interest one, Session s) {
        return s.out().name(one.getSpace() + ":" + one.getPattern());
    }

    static void write(JsonWriter json, Interest one) {
        json.open().field("number", one.getNumber()).field("space", one.getSpace());
        json.field("pattern", one.getPattern()).field("keep", one.getKeep());
        json.field("created", one.getCreatedMillis())
                .field("expires", one.getExpiresMillis())
                .close();
    }
}
