package acervo.sync.folder;

import acervo.client.ServerAddress;
import acervo.model.FilePath;
import acervo.model.SpaceName;
import java.nio.file.Path;
import java.util.UUID;

/// A folder of this machine and the part of a space that it is kept in step with.
///
/// @param id what its marker says
/// @param path absolute, without links
/// @param root the folder of the space; [FilePath#ROOT] for all of it
/// @param marked whether its marker was made: from then on a folder without it is another one
public record SyncedFolder(UUID id, Path path, ServerAddress server, SpaceName space, FilePath root, boolean marked) {
    /// `space:path`.
    public String address() {
        return space + ":" + root;
    }

    SyncedFolder at(Path elsewhere) {
        return new SyncedFolder(id, elsewhere, server, space, root, marked);
    }

    SyncedFolder on(ServerAddress other) {
        return new SyncedFolder(id, path, other, space, root, marked);
    }

    SyncedFolder withMarker() {
        return new SyncedFolder(id, path, server, space, root, true);
    }
}
