package acervo.cli;

import java.util.List;

/// `acervo help [VERB]`.
final class Help implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("help").words(0, 2);
    }

    @Override
    public int run(Arguments args, Session s) {
        List<String> words = args.words();
        String page = words.isEmpty() ? "acervo" : words.getFirst();
        boolean known = page.equals("acervo") || page.equals("space") || Verbs.NAMES.contains(page);
        if (!known) {
            throw new UsageException("usage.verb", page);
        }
        s.out().raw(s.texts().help(page));
        return Exit.DONE;
    }
}
