package acervo.cli;

import acervo.client.AcervoClient;
import acervo.wire.v1.Interest;
import java.io.IOException;
import java.util.List;

/// `acervo unwant`: cancels interests, by number or by what they are for.
final class Unwant implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("unwant").words(1, 1_000);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        s.doing("unwant", s.out().errorName(String.join(" ", args.words())));
        AcervoClient client = s.client();
        List<Interest> all = client.wants().getInterestsList();
        JsonWriter json = s.out().document();
        if (s.out().isJson()) {
            json.open().name("cancelled").openList();
        }
        int cancelled = 0;
        int missing = 0;
        for (String word : args.words()) {
            int before = cancelled;
            for (Interest one : all) {
                // One that was met since the list was made is not cancelled: its notice is there to be read.
                if (is(one, word) && client.unwant(List.of(one.getNumber())) > 0) {
                    cancelled++;
                    if (s.out().isJson()) {
                        Wants.write(json, one);
                    }
                    s.out().line(s.texts().get("unwant.done", one.getNumber(), Wants.name(one, s)));
                }
            }
            if (cancelled == before) {
                missing++;
                String name = s.out().errorName(word);
                s.problem(word, "no_such_interest", s.texts().get("unwant.missing", name));
            }
        }
        if (s.out().isJson()) {
            json.closeList();
            s.writeProblems();
            json.close();
        }
        return missing == 0 ? Exit.DONE : cancelled > 0 ? Exit.PARTLY : Exit.REFUSED;
    }

    /// Digits are a number; a path of digits alone is written with its space.
    private static boolean is(Interest one, String word) {
        if (!word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return word.equals(Long.toString(one.getNumber()));
        }
        WantedPlace place = WantedPlace.parse(word);
        return one.getSpace().equals(place.space().text())
                && one.getPattern().equals(place.pattern().text());
    }
}
