package acervo.cli;

/// The command line can't be understood: exit code 2.
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Object[] arguments;

    /// @param key of the sentence that says what is wrong
    UsageException(String key, Object... arguments) {
        super(key, null, false, false);
        this.arguments = arguments;
    }

    String sentence(Texts texts) {
        return texts.get(String.valueOf(getMessage()), arguments);
    }
}
