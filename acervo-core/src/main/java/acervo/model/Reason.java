package acervo.model;

/// Why something was refused: the caller's "no". Each has the code that programs see (the names of gRPC and Connect)
/// and an
/// English sentence with `{0}`, `{1}` for the refusal's arguments; the command line has the same sentences in
/// Portuguese.
public enum Reason {
    NO_SUCH_FILE("not_found", "there is no file {0}"),
    NO_SUCH_SPACE("not_found", "there is no space {0} that you may see"),
    NO_SUCH_CLIENT("not_found", "there is no client {0}"),
    NO_SUCH_UPLOAD("not_found", "there is no upload {0}; it may have expired: start again"),
    FILE_EXISTS("already_exists", "{0} is there already"),
    SPACE_EXISTS("already_exists", "the name {0} is taken"),
    CLIENT_EXISTS("already_exists", "the client {0} is registered with another secret"),
    PATH_IN_THE_WAY(
            "already_exists",
            "{0} can't be stored: {1} is a file where a folder is needed, or a folder where a file is"),
    FORBIDDEN("permission_denied", "you may not {1} in {0}"),
    READ_ONLY("permission_denied", "{0} is a folder that the server shares: it can be read, and not changed from here"),
    UNAUTHENTICATED("unauthenticated", "the client's id or secret is wrong"),
    VERSION_CHANGED("aborted", "{0} was changed meanwhile: it is at version {1}"),
    NOT_ENOUGH_NODES("failed_precondition", "{0} copies were asked for and {1} node(s) can hold one"),
    SPACE_NOT_EMPTY("failed_precondition", "the space {0} still holds {1} file(s)"),
    PATH_INVALID("invalid_argument", "the path {0} can't be used: {1}"),
    PATTERN_INVALID("invalid_argument", "the pattern {0} can't be used: {1}"),
    SPACE_NAME_INVALID(
            "invalid_argument",
            "{0} can't be the name of a space: use 1 to 63 of a-z, 0-9, '-', '_' and '.', a letter or digit first"),
    SPACE_NAME_RESERVED("invalid_argument", "the name {0} is reserved"),
    ARGUMENT_INVALID("invalid_argument", "{0}"),
    LENGTH_MISMATCH("invalid_argument", "{0} bytes were announced and {1} arrived"),
    DIGEST_MISMATCH("invalid_argument", "the bytes have SHA-256 {1}, and {0} was announced"),
    OFFSET_MISMATCH("failed_precondition", "the upload stands at byte {1}, not {0}"),
    REQUEST_REUSED("invalid_argument", "the request id {0} was used for something else"),
    TOO_MANY("resource_exhausted", "too many {0} at once: at most {1}; try again shortly"),
    TOO_LARGE("resource_exhausted", "{0} is larger than the limit of {1}"),
    INTERESTS_FULL("resource_exhausted", "you wait for {0} things already, and more can't be kept: cancel some"),
    LOOK_AGAIN("aborted", "{0} changed too much meanwhile: look again"),
    NO_ROOM("resource_exhausted", "the server's disk is full: {0} free, {1} kept in reserve"),
    CORRUPT("data_loss", "the only copy of {0} here is damaged; it was put in quarantine"),
    UNAVAILABLE("unavailable", "{0}");

    private final String code;
    private final String english;

    Reason(String code, String english) {
        this.code = code;
        this.english = english;
    }

    /// The code for programs, one of gRPC's names in lower case.
    public String code() {
        return code;
    }

    /// The sentence, with `{0}`, `{1}` for arguments.
    public String english() {
        return english;
    }
}
