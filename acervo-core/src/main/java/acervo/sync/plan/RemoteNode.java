package acervo.sync.plan;

import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Version;

/// A row of a space, as its feed told it: a file, a link or a folder that was made on purpose.
///
/// @param id the file's id, positive; stays the same through renames and overwrites
public record RemoteNode(long id, FilePath path, Version version, Content content) {
    public RemoteNode {
        if (id <= 0 || path.isRoot()) {
            throw new IllegalArgumentException("no row has the id " + id + " and the path '" + path + "'");
        }
    }
}
