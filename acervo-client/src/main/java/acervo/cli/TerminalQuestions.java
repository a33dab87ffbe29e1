package acervo.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/// Questions on the terminal of the process, with line editing and completion. The only class that knows JLine, so that
/// no command but the menu loads it. One thread.
final class TerminalQuestions implements Questions {
    private @Nullable Terminal terminal;
    private @Nullable LineReader reader;
    private Names names = Names.NONE;

    @Override
    public String ask(String prompt, Names wanted) {
        names = wanted;
        try {
            return reader().readLine(prompt).strip();
        } catch (UserInterruptException | EndOfFileException _) {
            throw new LeftException();
        }
    }

    private LineReader reader() {
        LineReader r = reader;
        if (r == null) {
            try {
                Terminal t = TerminalBuilder.builder()
                        .system(true)
                        // Where it can do nothing better it reads plain lines, and has nothing to say about it.
                        .dumb(true)
                        .encoding(StandardCharsets.UTF_8)
                        .build();
                terminal = t;
                r = reader(t);
                reader = r;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return r;
    }

    private LineReader reader(Terminal t) {
        return LineReaderBuilder.builder()
                .terminal(t)
                .parser(new OneWord())
                .completer((_, line, candidates) -> complete(line, candidates))
                // An answer is a name, not a command of a shell: `!` is a letter of it.
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .variable(LineReader.DISABLE_HISTORY, true)
                .build();
    }

    private void complete(ParsedLine line, List<Candidate> candidates) {
        for (Name name : names.startingWith(line.word().substring(0, line.wordCursor()))) {
            String shown = Out.printable(name.shown());
            candidates.add(new Candidate(name.text(), shown, null, null, null, null, !name.open()));
        }
    }

    /// While a command runs, Ctrl-C must mean to the process what it always means, and JLine's handlers are in
    /// place
    /// for as long as its terminal is open.
    @Override
    public void release() {
        Terminal t = terminal;
        terminal = null;
        reader = null;
        if (t != null) {
            try {
                t.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        release();
    }

    /// The whole line is one word: names have spaces and quotes in them.
    private static final class OneWord implements Parser {
        @Override
        public ParsedLine parse(String line, int cursor, ParseContext context) {
            return new Word(line, cursor);
        }
    }

    private record Word(String line, int cursor) implements CompletingParsedLine {
        @Override
        public String word() {
            return line;
        }

        @Override
        public int wordCursor() {
            return cursor;
        }

        @Override
        public int wordIndex() {
            return 0;
        }

        @Override
        public List<String> words() {
            return List.of(line);
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return candidate;
        }

        @Override
        public int rawWordCursor() {
            return cursor;
        }

        @Override
        public int rawWordLength() {
            return line.length();
        }
    }
}
