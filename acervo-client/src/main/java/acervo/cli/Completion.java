package acervo.cli;

import java.util.Optional;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// `acervo completion bash|zsh`: a script for the shell, made from the verbs' own grammars.
final class Completion implements Verb {
    @Override
    public Grammar grammar() {
        return Grammar.of("completion").words(1, 1);
    }

    @Override
    public int run(Arguments args, Session s) {
        String shell = args.words().getFirst();
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw new UsageException("usage.shell", shell);
        }
        CommandSpec root = CommandSpec.create().name("acervo");
        CommandSpec space = CommandSpec.create().name("space");
        for (String name : Verbs.NAMES) {
            Optional<Verb> verb = Verbs.find(name);
            String own = name.substring(name.indexOf(' ') + 1);
            CommandSpec spec = verb.orElseThrow().grammar().spec().name(own);
            (name.equals(own) ? root : space).addSubcommand(own, spec);
        }
        root.addSubcommand("space", space);
        s.out().raw(AutoComplete.bash("acervo", new CommandLine(root)));
        return Exit.DONE;
    }
}
