package acervo.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/// What was given on the command line.
final class Arguments {
    private final ParseResult result;
    private final List<String> words;

    Arguments(ParseResult result) {
        this.result = result;
        this.words = result.hasMatchedPositional(0) ? result.matchedPositionalValue(0, List.<String>of()) : List.of();
    }

    boolean flag(String name) {
        return result.matchedOptionValue(name, false);
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(result.matchedOptionValue(name, (String) null));
    }

    List<String> values(String name) {
        return result.matchedOptionValue(name, List.of());
    }

    List<String> words() {
        return words;
    }

    /// A whole number, or `otherwise` when the option is not there.
    ///
    /// @throws UsageException when it is no number from `least` to 1,000,000
    int number(String name, int least, int otherwise) {
        Optional<String> value = value(name);
        return value.isEmpty() ? otherwise : number(name, value.get(), least);
    }

    static int number(String what, String text, int least) {
        try {
            int n = Integer.parseInt(text);
            if (n >= least && n <= 1_000_000) {
                return n;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new UsageException("usage.number", what, text);
    }
}
