package acervo.cli;

import acervo.client.OutputException;
import acervo.model.Build;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the command line, finds the verb, runs it, and turns what comes of it into an exit code and, if need be, a
/// message.
final class Cli {
    private final Surroundings io;

    Cli(Surroundings io) {
        this.io = io;
    }

    /// Runs one command.
    ///
    /// @return the exit code for the process
    int run(List<String> args) {
        Texts texts = Texts.in(Texts.choose(optionValue(args, "--lang"), io));
        int verbAt = verbAt(args);
        if (verbAt == args.size()) {
            return withoutVerb(args, texts);
        }
        String name = args.get(verbAt);
        int rest = verbAt + 1;
        if (name.equals("space") && rest < args.size() && !args.get(rest).startsWith("-")) {
            name = name + " " + args.get(rest++);
        }
        Optional<Verb> verb = Verbs.find(name);
        Out out = new Out(io, args.contains("--json"));
        if (verb.isEmpty()) {
            return unknown(name, args, texts, out);
        }
        List<String> own = new ArrayList<>(args.subList(0, verbAt));
        own.addAll(args.subList(rest, args.size()));
        return run(name, verb.get(), own, texts, out);
    }

    private int unknown(String name, List<String> args, Texts texts, Out out) {
        if (name.equals("space")) {
            if (args.contains("--help") || args.contains("-h")) {
                return print(texts.help("space"), out);
            }
            return usage(new UsageException("usage.space"), "space", texts, out);
        }
        return usage(new UsageException("usage.verb", name), "", texts, out);
    }

    private int withoutVerb(List<String> args, Texts texts) {
        Out out = new Out(io, false);
        if (args.contains("--version") || args.contains("-V")) {
            return print("acervo " + Build.version() + "\n", out);
        }
        for (String arg : args) {
            if (!List.of("-h", "--help", "--json", "-v", "--verbose", "--lang", "--server")
                            .contains(arg)
                    && arg.startsWith("-")
                    && !arg.startsWith("--lang=")
                    && !arg.startsWith("--server=")) {
                return usage(new UsageException("usage.unknown", arg), "", texts, out);
            }
        }
        boolean plain = args.contains("-h") || args.contains("--help") || args.contains("--json");
        if (!plain && io.inIsTerminal() && io.outIsTerminal()) {
            Optional<String> server = Optional.of(optionValue(args, "--server")).filter(given -> !given.isEmpty());
            return new Menu(io, texts, new TerminalQuestions(), server).run();
        }
        return print(texts.help("acervo"), out);
    }

    private static int print(String text, Out out) {
        try {
            out.raw(text);
            out.flush();
            return Exit.DONE;
        } catch (OutputException _) {
            return Exit.FAILED;
        }
    }

    private int run(String name, Verb verb, List<String> own, Texts texts, Out out) {
        Arguments arguments;
        try {
            arguments = verb.grammar().parse(own);
        } catch (UsageException e) {
            return usage(e, Verbs.page(name), texts, out);
        }
        if (arguments.flag("--help")) {
            return print(texts.help(Verbs.page(name)), out);
        }
        boolean verbose = arguments.flag("--verbose");
        try (Session session = new Session(io, texts, out, arguments.value("--server"), verbose)) {
            return new Failures(session).guard(() -> {
                int code = verb.run(arguments, session);
                session.endProgress();
                out.finish();
                return code;
            });
        } catch (UsageException e) {
            return usage(e, Verbs.page(name), texts, out);
        }
    }

    private static int usage(UsageException e, String page, Texts texts, Out out) {
        out.error("acervo: " + e.sentence(texts) + " "
                + texts.get("usage.see", page.isEmpty() ? "acervo --help" : "acervo " + page + " --help"));
        return Exit.USAGE;
    }

    /// Where the verb stands: the first argument that is neither an option nor an option's value.
    private static int verbAt(List<String> args) {
        int at = 0;
        while (at < args.size() && args.get(at).startsWith("-")) {
            boolean takesNext = args.get(at).equals("--server") || args.get(at).equals("--lang");
            at += takesNext ? 2 : 1;
        }
        return Math.min(at, args.size());
    }

    private static String optionValue(List<String> args, String name) {
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals("--")) {
                break;
            }
            if (arg.startsWith(name + "=")) {
                return arg.substring(name.length() + 1);
            }
            if (arg.equals(name) && i + 1 < args.size()) {
                return args.get(i + 1);
            }
        }
        return "";
    }
}
