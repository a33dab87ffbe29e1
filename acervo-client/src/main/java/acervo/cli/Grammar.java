package acervo.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// The options and words of one verb, for picocli's programmatic interface: annotations would cost reflection at every
/// start.
final class Grammar {
    private final CommandSpec spec = CommandSpec.create();
    private int least;
    private int most;

    private Grammar(String verb) {
        spec.name(verb);
        flag("-h", "--help");
        flag("-v", "--verbose");
        flag("--json");
        value("--server");
        value("--lang");
    }

    /// A verb's grammar, with the options that every verb has.
    static Grammar of(String verb) {
        return new Grammar(verb);
    }

    /// Adds an option without a value.
    Grammar flag(String... names) {
        spec.addOption(OptionSpec.builder(names).type(boolean.class).arity("0").build());
        return this;
    }

    /// Adds an option with a value.
    Grammar value(String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(String.class)
                .arity("1")
                .paramLabel("VALUE")
                .build());
        return this;
    }

    /// Adds an option with a value that may be given several times.
    Grammar values(String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel("VALUE")
                .build());
        return this;
    }

    /// Says how many words there may be.
    Grammar words(int atLeast, int atMost) {
        least = atLeast;
        most = atMost;
        if (atMost > 0) {
            spec.addPositional(PositionalParamSpec.builder()
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .index("0..*")
                    .arity("0..*")
                    .build());
        }
        return this;
    }

    CommandSpec spec() {
        return spec;
    }

    /// Every option's longest name, for the test of the help pages.
    List<String> optionNames() {
        List<String> names = new ArrayList<>();
        spec.options().forEach(o -> names.add(o.longestName()));
        return names;
    }

    /// Reads a command line.
    ///
    /// @throws UsageException when it can't be understood
    Arguments parse(List<String> args) {
        CommandLine parser = new CommandLine(spec)
                .setExpandAtFiles(false)
                .setOverwrittenOptionsAllowed(true)
                .setTrimQuotes(false);
        ParseResult result;
        try {
            result = parser.parseArgs(args.toArray(String[]::new));
        } catch (UnmatchedArgumentException e) {
            throw new UsageException("usage.unknown", e.getUnmatched().getFirst());
        } catch (MissingParameterException e) {
            throw new UsageException(
                    "usage.missing.value", ((OptionSpec) e.getMissing().getFirst()).longestName());
        } catch (OverwrittenOptionException e) {
            throw new UsageException("usage.twice", e.getOverwritten().paramLabel());
        } catch (ParameterException e) {
            throw new UsageException("usage.other", String.valueOf(e.getMessage()));
        }
        Arguments arguments = new Arguments(result);
        if (!arguments.flag("--help")) {
            int count = arguments.words().size();
            if (count < least) {
                throw new UsageException("usage.too.few");
            }
            if (count > most) {
                throw new UsageException("usage.too.many", arguments.words().get(most));
            }
        }
        return arguments;
    }
}
