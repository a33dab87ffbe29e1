package acervo.cli;

import java.util.List;

/// Where the menu asks a person: a terminal, or a list of answers in a test.
interface Questions extends AutoCloseable {
    /// Asks for one line, with help in completing it.
    ///
    /// @param prompt shown before the place where the answer is typed
    /// @return the answer without space around it, perhaps empty
    /// @throws LeftException when the person wants to leave (Ctrl-C, Ctrl-D)
    String ask(String prompt, Names names);

    /// Gives the terminal back as it was found, for a command that is to run; the next question takes it again.
    void release();

    @Override
    void close();

    /// What a beginning may go on to.
    @FunctionalInterface
    interface Names {
        /// For an answer that can't be guessed.
        Names NONE = _ -> List.of();

        /// @param beginning what stands before the cursor
        /// @return whole answers that begin so; never throws, for a name that can't be looked up is no trouble
        /// to
        /// someone who types
        List<Name> startingWith(String beginning);
    }

    /// One way to go on.
    ///
    /// @param text the whole answer
    /// @param shown its last part, for a list of several
    /// @param open whether it is a folder, so that more may follow
    record Name(String text, String shown, boolean open) {}

    /// The person leaves the menu.
    final class LeftException extends RuntimeException {
        private static final long serialVersionUID = 1;

        LeftException() {
            super("left", null, false, false);
        }
    }
}
