package acervo.cli;

import java.nio.file.Path;

/// Where things are kept on this machine, by the XDG rules.
///
/// @param config identities and the remembered server
/// @param state what is under way
/// @param data where `serve` keeps its data unless told otherwise
record Folders(Path config, Path state, Path data) {
    static Folders of(Surroundings io) {
        String home = io.variable("HOME");
        Path base = Path.of(home.isEmpty() ? System.getProperty("user.home", ".") : home);
        return new Folders(
                folder(io, "XDG_CONFIG_HOME", base.resolve(".config")),
                folder(io, "XDG_STATE_HOME", base.resolve(".local/state")),
                folder(io, "XDG_DATA_HOME", base.resolve(".local/share")));
    }

    /// A relative path in such a variable counts as not set, as the rules say.
    private static Path folder(Surroundings io, String variable, Path otherwise) {
        String value = io.variable(variable);
        return (value.startsWith("/") ? Path.of(value) : otherwise).resolve("acervo");
    }

    Path uploads() {
        return state.resolve("uploads");
    }
}
