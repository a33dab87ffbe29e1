package acervo.cli;

import acervo.model.RefusedException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Asks until the answer is one that can be used, and says each time what is wrong with it.
final class Asking {
    private final Questions questions;
    private final Texts texts;
    private final Out out;

    Asking(Questions questions, Texts texts, Out out) {
        this.questions = questions;
        this.texts = texts;
        this.out = out;
    }

    /// Turns an answer into what is wanted.
    @FunctionalInterface
    interface Reading<T> {
        /// @throws UsageException saying what is wrong with the answer
        /// @throws RefusedException the same, of an address
        T read(String answer);
    }

    /// The person would rather not answer: back to the list of choices.
    static final class BackException extends RuntimeException {
        private static final long serialVersionUID = 1;

        BackException() {
            super("back", null, false, false);
        }
    }

    /// Asks for something that has no default; an empty answer goes back.
    ///
    /// @param key of the question
    /// @throws BackException then
    <T> T need(String key, Questions.Names names, Reading<T> reading) {
        return until(texts.get("menu.prompt.back", texts.get(key)), names, answer -> {
            if (answer.isEmpty()) {
                throw new BackException();
            }
            return reading.read(answer);
        });
    }

    /// Asks for something that has a default, which an empty answer takes.
    <T> T orElse(String key, String otherwise, Questions.Names names, Reading<T> reading) {
        return until(
                texts.get("menu.prompt.default", texts.get(key), otherwise),
                names,
                answer -> reading.read(answer.isEmpty() ? otherwise : answer));
    }

    /// The same of something that has no names to complete.
    <T> T orElse(String key, String otherwise, Reading<T> reading) {
        return orElse(key, otherwise, Questions.Names.NONE, reading);
    }

    /// Lists what there is to choose, and asks for one by its number, its name or the name's beginning.
    ///
    /// @param key of the question
    /// @param prefix of the keys of the choices' names; with `.is` behind it, of what they are
    /// @return the one that was chosen
    String choice(String key, String prefix, List<String> choices) {
        List<String> names =
                choices.stream().map(choice -> texts.get(prefix + choice)).toList();
        int width = names.stream().mapToInt(String::length).max().orElse(0);
        for (int i = 0; i < choices.size(); i++) {
            String padding = " ".repeat(width - names.get(i).length());
            out.line(
                    "  " + (i + 1) + "  " + names.get(i) + padding + "  " + texts.get(prefix + choices.get(i) + ".is"));
        }
        Questions.Names completion = beginning -> names.stream()
                .filter(name -> name.startsWith(beginning.toLowerCase(Locale.ROOT)))
                .map(name -> new Questions.Name(name, name, false))
                .toList();
        String prompt = texts.get("menu.prompt.choice", texts.get(key), choices.size());
        return choices.get(until(prompt, completion, answer -> place(answer, names)));
    }

    private static int place(String answer, List<String> names) {
        String word = answer.toLowerCase(Locale.ROOT);
        int found = -1;
        for (int i = 0; i < names.size(); i++) {
            if (word.equals(String.valueOf(i + 1)) || word.equals(names.get(i))) {
                return i;
            }
            if (!word.isEmpty() && names.get(i).startsWith(word)) {
                // Two that begin so are none.
                found = found == -1 ? i : -2;
            }
        }
        if (found >= 0) {
            return found;
        }
        throw new UsageException("menu.wrong.choice", answer, names.size());
    }

    /// Asks something of which an empty answer means no.
    ///
    /// @param question in words
    boolean agreed(String question) {
        return until(texts.get("menu.prompt.yes", question), Questions.Names.NONE, answer -> {
            String word = answer.toLowerCase(Locale.ROOT);
            if (List.of("y", "yes", "s", "sim").contains(word)) {
                return true;
            }
            if (List.of("", "n", "no", "não", "nao").contains(word)) {
                return false;
            }
            throw new UsageException("menu.wrong.yes", answer);
        });
    }

    /// Asks until `reading` takes the answer.
    ///
    /// @param prompt in words
    <T> T until(String prompt, Questions.Names names, Reading<T> reading) {
        while (true) {
            out.flush();
            Optional<T> read = attempt(questions.ask(out.name(prompt), names), reading);
            if (read.isPresent()) {
                return read.get();
            }
        }
    }

    private <T> Optional<T> attempt(String answer, Reading<T> reading) {
        try {
            return Optional.of(reading.read(answer));
        } catch (UsageException e) {
            wrong(e.sentence(texts));
        } catch (RefusedException e) {
            wrong(texts.refusal(e.refusal()));
        }
        return Optional.empty();
    }

    /// Says what is wrong.
    void wrong(String sentence) {
        out.line(out.name(texts.get("menu.wrong", sentence.endsWith(".") ? sentence : sentence + ".")));
    }
}
