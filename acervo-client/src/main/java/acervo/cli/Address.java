package acervo.cli;

import acervo.client.RemoteFile;
import acervo.model.FilePath;
import acervo.model.SpaceName;

/// What a person writes for a place on the server: `space:path`, or `path` at home. A `/` at the end says that a folder
/// is
/// meant.
record Address(SpaceName space, FilePath path, boolean folder) {
    /// Reads an address; without a colon it is at home.
    ///
    /// @throws acervo.model.RefusedException for a space or a path that can't be
    static Address parse(String text) {
        int colon = text.indexOf(':');
        SpaceName space = colon < 0 ? SpaceName.HOME : new SpaceName(text.substring(0, colon));
        String path = text.substring(colon + 1);
        // `space:/` is the root as well.
        boolean root = path.isEmpty() || path.equals("/");
        boolean folder = root || path.endsWith("/");
        FilePath checked = new FilePath(root ? "" : folder ? path.substring(0, path.length() - 1) : path);
        return new Address(space, checked, folder);
    }

    /// Whether an argument can only be an address, where a local file could stand as well.
    static boolean hasColon(String text) {
        return text.indexOf(':') >= 0;
    }

    RemoteFile file() {
        return new RemoteFile(space, path);
    }

    /// The path of something of this name that goes to this address: inside it when it is a folder.
    FilePath forName(String name) {
        return folder ? path.resolve(name) : path;
    }

    /// `space:path`, with the `/` of a folder.
    @Override
    public String toString() {
        return space + ":" + path + (folder ? "/" : "");
    }
}
