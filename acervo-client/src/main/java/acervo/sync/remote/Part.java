package acervo.sync.remote;

import acervo.client.RemoteFile;
import acervo.model.FilePath;
import acervo.model.SpaceName;
import org.jspecify.annotations.Nullable;

/// What of a space is kept in step: all of it, or one folder. Inside, paths are relative to that folder.
///
/// @param root the folder; the space's root for all of it
record Part(SpaceName space, FilePath root) {
    /// The space's path of what is at `inner`.
    FilePath outer(FilePath inner) {
        return root.isRoot() ? inner : root.resolve(inner.text());
    }

    RemoteFile file(FilePath inner) {
        return new RemoteFile(space, outer(inner));
    }

    /// The relative path of what is at `outer`; null for what is not inside. The folder itself is not inside.
    @Nullable
    FilePath inner(FilePath outer) {
        if (outer.equals(root) || !outer.isIn(root)) {
            return null;
        }
        return root.isRoot()
                ? outer
                : new FilePath(outer.text().substring(root.text().length() + 1));
    }
}
