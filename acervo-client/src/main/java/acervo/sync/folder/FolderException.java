package acervo.sync.folder;

import java.util.List;

/// A folder can't be kept in step as it was asked for. Nothing was changed.
public final class FolderException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final transient List<String> arguments;

    /// Why not. The arguments of each begin with the folder.
    public enum Kind {
        /// There is no such folder.
        ABSENT,
        /// It is something else.
        NOT_A_FOLDER,
        /// It lies in another folder that is kept in step, which follows.
        INSIDE,
        /// Another folder that is kept in step lies in it, which follows.
        AROUND,
        /// It is kept in step with something else, which follows.
        OTHER_SPACE,
        /// It was kept in step, and its marker is gone.
        MARKER_LOST,
        /// It was kept in step, and has the marker of another folder.
        MARKER_OTHER,
        /// It is a copy of another folder that is kept in step, which follows.
        COPY,
        /// It has a marker that nothing is known of here.
        MARKER_UNKNOWN,
        /// Another process keeps it in step now.
        KEPT,
        /// It is not kept in step.
        NOT_KEPT,
        /// This system lacks what is needed.
        SYSTEM
    }

    public FolderException(Kind kind, Object... arguments) {
        super(kind + " " + List.of(arguments), null, false, false);
        this.kind = kind;
        this.arguments = List.of(arguments).stream().map(String::valueOf).toList();
    }

    public Kind kind() {
        return kind;
    }

    public List<String> arguments() {
        return arguments;
    }
}
