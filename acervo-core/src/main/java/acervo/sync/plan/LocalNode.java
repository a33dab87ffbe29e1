package acervo.sync.plan;

import acervo.model.Content;
import acervo.model.FilePath;

/// What was seen on disk at one path: a file, a symbolic link (its target is its bytes) or a folder.
///
/// @param id positive; given by the index when the thing was first seen. It survives renames, overwriting in place and
/// replacing by a rename (an editor's atomic save), and is never used again
/// @param content kind, SHA-256 and size as they were read; the time in whole milliseconds. For a folder and a link
/// time and executable bit mean nothing and are not compared
public record LocalNode(long id, FilePath path, Content content) {
    public LocalNode {
        if (id <= 0 || path.isRoot()) {
            throw new IllegalArgumentException("no node on disk has the id " + id + " and the path '" + path + "'");
        }
    }
}
