package acervo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HelpPagesTest {
    @Test
    void everyPageFitsAScreenAndTellsEverything() {
        for (String language : Texts.LANGUAGES) {
            for (String name : Verbs.NAMES) {
                String page = Texts.in(language).help(Verbs.page(name));
                fits(page, language + " " + name);
                List<String> options = Verbs.find(name).orElseThrow().grammar().optionNames();
                options.forEach(o -> assertTrue(page.contains(o), language + " " + name + " does not tell " + o));
                assertTrue(page.contains(language.equals("en") ? "Example" : "Exemplo"), name);
                assertTrue(page.contains(language.equals("en") ? "Exit codes: 0" : "Códigos de saída: 0"), name);
            }
            fits(Texts.in(language).help("acervo"), language);
        }
    }

    @Test
    void theFirstPageNamesEveryVerb() {
        for (String language : Texts.LANGUAGES) {
            String page = Texts.in(language).help("acervo");
            Verbs.NAMES.stream()
                    .map(Verbs::page)
                    .filter(verb -> !verb.equals("help"))
                    .forEach(verb -> assertTrue(page.contains(verb), language + " " + verb));
        }
    }

    private static void fits(String page, String name) {
        List<String> lines = page.lines().toList();
        assertTrue(lines.size() <= 24, name + " has " + lines.size() + " lines");
        lines.forEach(line -> assertTrue(line.length() <= 80, name + ": " + line));
        assertTrue(page.endsWith("\n") && !page.endsWith("\n\n"), name);
        assertEquals(-1, page.indexOf('\t'), name);
    }
}
