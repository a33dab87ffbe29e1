package acervo.cli;

import java.io.IOException;

/// One command: its grammar and what it does.
interface Verb {
    Grammar grammar();

    /// @return an exit code of [Exit]
    /// @throws IOException for trouble with this machine's files that is not told more precisely
    int run(Arguments args, Session session) throws IOException;
}
