package acervo.sync;

import acervo.model.Content;
import acervo.model.FilePath;
import acervo.sync.plan.LocalNode;
import org.jspecify.annotations.Nullable;

/// One change of the local folder, with the observation that it is based on.
public sealed interface LocalChange {
    /// Where it takes effect.
    FilePath path();

    /// Gives a complete stage its name: a file or a link, by `content.kind()`.
    ///
    /// @param content what it must be: the bytes are checked against hash and size; then time and executable bit
    /// are set
    /// @param replaced what stands there now and is replaced (keeps its id); null when nothing may stand there
    record Place(
            Stage stage,
            FilePath path,
            Content content,
            @Nullable LocalNode replaced) implements LocalChange {}

    /// Makes a folder. One that is there already will do. Its parent is there.
    record MakeFolder(FilePath path) implements LocalChange {}

    /// Removes a file, a link or an empty folder.
    record Remove(LocalNode node) implements LocalChange {
        @Override
        public FilePath path() {
            return node.path();
        }
    }

    /// Renames a file or link; nothing may stand at `path`, whose parent is there. Keeps its id.
    record Move(LocalNode node, FilePath path) implements LocalChange {}

    /// Sets a file's time and executable bit.
    record SetMetadata(LocalNode node, long modifiedMillis, boolean executable) implements LocalChange {
        @Override
        public FilePath path() {
            return node.path();
        }
    }
}
