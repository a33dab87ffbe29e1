package acervo.cli;

import acervo.client.AcervoClient;
import acervo.model.Interest;
import acervo.wire.v1.File;
import acervo.wire.v1.WantReply;
import java.io.IOException;

/// `acervo want`: registers interest in files that may not be there yet, and may wait for them.
final class Want implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("want")
                .value("--for")
                .flag("--keep")
                .flag("--wait")
                .value("--get")
                .value("--run")
                .flag("--force")
                .words(1, 1);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        String word = args.words().getFirst();
        s.doing("want", s.out().errorName(word));
        WantedPlace place = WantedPlace.parse(word);
        long millis = args.value("--for").map(Span::millis).orElse(Interest.USUAL_MILLIS);
        boolean keep = args.flag("--keep");
        // To fetch a file, or to run a command, somebody has to be there when it comes.
        boolean wait = args.flag("--wait")
                || args.value("--get").isPresent()
                || args.value("--run").isPresent();
        AcervoClient client = s.client();
        Arrivals arrivals = new Arrivals(s, place, args);
        long deadline = System.nanoTime() + millis * 1_000_000;
        WantReply wanted = client.want(place.space(), place.pattern().text(), millis, keep);
        begin(place, wanted, s);
        for (File f : wanted.getThereList()) {
            arrivals.there(f);
        }
        if (wanted.getMore()) {
            s.out().error("acervo: " + s.texts().get("want.more", wanted.getThereCount()));
        }
        Waiting.End end = Waiting.End.MET;
        if (wanted.getInterest() > 0 && wait) {
            if (s.io().errIsTerminal()) {
                s.out().error(s.texts().get("want.waiting", name(place, s), until(wanted), wanted.getInterest()));
            }
            end = new Waiting(s, place, wanted, arrivals, keep, deadline).run();
        } else if (wanted.getInterest() > 0) {
            s.out()
                    .line(s.texts()
                            .get(
                                    "want.registered",
                                    wanted.getInterest(),
                                    s.out().name(place.toString()),
                                    until(wanted)));
        }
        return finish(place, args, end, arrivals, s);
    }

    private static String name(WantedPlace place, Session s) {
        return s.out().errorName(place.toString());
    }

    private static String until(WantReply wanted) {
        return Shown.time(wanted.getExpiresMillis());
    }

    private static void begin(WantedPlace place, WantReply wanted, Session s) {
        if (s.out().isJson()) {
            JsonWriter json = s.out().document().open();
            json.field("space", place.space().text())
                    .field("pattern", place.pattern().text());
            json.field("interest", wanted.getInterest()).field("expires", wanted.getExpiresMillis());
            json.name("files").openList();
            s.out().spill();
        }
    }

    private static int finish(WantedPlace place, Arguments args, Waiting.End end, Arrivals arrivals, Session s) {
        if (s.out().isJson()) {
            s.out().document().closeList();
            s.writeProblems();
            s.out().document().field("ranOut", end == Waiting.End.RAN_OUT).close();
        }
        String span = args.value("--for").orElse("7d");
        return switch (end) {
            case MET -> arrivals.exit();
            case RAN_OUT -> {
                s.out().error("acervo: " + s.texts().get("want.ran.out", name(place, s), span));
                yield Exit.RAN_OUT;
            }
            case CANCELLED -> {
                s.out().error("acervo: " + s.texts().get("want.cancelled", name(place, s)));
                yield Exit.REFUSED;
            }
            case UNKNOWN -> {
                s.out().error("acervo: " + s.texts().get("want.unknown", name(place, s), span));
                yield Exit.UNREACHABLE;
            }
        };
    }
}
