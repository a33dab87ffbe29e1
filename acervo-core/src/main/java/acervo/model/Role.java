package acervo.model;

/// What a client may do in a space. Each role includes the ones before it.
public enum Role {
    NONE(0),
    READER(1),
    WRITER(2),
    OWNER(3);

    private final int code;

    Role(int code) {
        this.code = code;
    }

    /// The stored and sent form; never changes.
    public int code() {
        return code;
    }

    /// @throws IllegalArgumentException for a code that no role has
    public static Role of(int code) {
        return switch (code) {
            case 0 -> NONE;
            case 1 -> READER;
            case 2 -> WRITER;
            case 3 -> OWNER;
            default -> throw new IllegalArgumentException("no role has the code " + code);
        };
    }

    public boolean mayRead() {
        return this != NONE;
    }

    public boolean mayWrite() {
        return this == WRITER || this == OWNER;
    }
}
