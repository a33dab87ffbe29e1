package acervo.share;

import acervo.model.Command.Sighting;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is known of a shared folder, and where news of it is told. One thread; what fails is thrown as a
/// [RuntimeException], and nothing is known to have been told then.
public interface Known {
    /// The file that is known at a path.
    Optional<FileEntry> file(FilePath path);

    /// A page of what is known in a folder: its files and sub-folders, or all files below it, in the order of
    /// paths.
    ///
    /// @param after the last path of the page before, or null
    SharedFolder.Listing list(FilePath folder, boolean recursive, @Nullable FilePath after);

    /// Tells what was seen; to tell it again is no harm.
    ///
    /// @return whether all of it could be taken: otherwise something that is known and gone is in the way
    boolean tell(List<Sighting> seen);
}
