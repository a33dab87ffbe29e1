package acervo.model;

/// What stands at a path. Stored and sent by [#code], which never changes.
public enum Kind {
    /// A file with bytes.
    FILE(1),
    /// A folder that was made on purpose; most folders are only implied by the paths of what is in them.
    FOLDER(2),
    /// A symbolic link; its target is the content of its blob.
    LINK(3);

    private final int code;

    Kind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /// @throws IllegalArgumentException for a code that no kind has
    public static Kind of(int code) {
        return switch (code) {
            case 1 -> FILE;
            case 2 -> FOLDER;
            case 3 -> LINK;
            default -> throw new IllegalArgumentException("no kind of file has the code " + code);
        };
    }
}
