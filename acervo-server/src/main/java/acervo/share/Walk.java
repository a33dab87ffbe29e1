package acervo.share;

import acervo.model.FilePath;
import acervo.model.RefusedException;
import acervo.share.SharedFolder.Line;
import acervo.share.SharedFolder.Listing;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Gathers one page of a listing. One thread.
final class Walk {
    private final SharedFolder share;
    private final boolean recursive;
    private final @Nullable FilePath after;
    private final int limit;
    private final List<Line> lines = new ArrayList<>();
    private boolean more;

    Walk(SharedFolder share, boolean recursive, @Nullable FilePath after, int limit) {
        this.share = share;
        this.recursive = recursive;
        this.after = after;
        this.limit = limit;
    }

    Listing listing() {
        return new Listing(List.copyOf(lines), more);
    }

    /// Takes what is in a folder.
    ///
    /// @return whether there was anything that can be shown, on this page or before it
    boolean folder(SecureDirectoryStream<Path> at, FilePath folder) throws IOException {
        boolean any = false;
        for (FilePath path : names(at, folder)) {
            if (more) {
                return true;
            }
            any |= take(at, path);
        }
        return any;
    }

    /// Names that can be said in an address, in the order of paths.
    private static List<FilePath> names(SecureDirectoryStream<Path> at, FilePath folder) {
        List<FilePath> names = new ArrayList<>();
        for (Path entry : at) {
            try {
                names.add(folder.resolve(String.valueOf(entry.getFileName())));
            } catch (RefusedException _) {
                // No client could ask for it: the documentation says which names these are.
            }
        }
        names.sort(Comparator.naturalOrder());
        return names;
    }

    private boolean take(SecureDirectoryStream<Path> at, FilePath path) throws IOException {
        Path name = Path.of(path.name());
        boolean passed = after != null && path.compareTo(after) <= 0;
        boolean through = after != null && after.isIn(path);
        if (passed && !(recursive && through)) {
            return true;
        }
        try {
            Optional<Seen> seen = share.look(at, name, path);
            if (seen.isPresent()) {
                if (!passed) {
                    add(new Line(path, Optional.of(share.entry(seen.get()))));
                }
                return true;
            }
            if (!recursive) {
                add(new Line(path, Optional.empty()));
                return true;
            }
            if (!below(at, name, path) && !passed) {
                add(new Line(path, Optional.of(SharedFolder.emptyFolder(path))));
            }
            return true;
        } catch (FileSystemException _) {
            // Gone since its name was read, or a link, or a pipe.
            return false;
        }
    }

    /// @return whether there was anything below
    /// @throws RefusedException for a folder that the server may not read: it must not pass for an empty one
    private boolean below(SecureDirectoryStream<Path> at, Path name, FilePath path) throws IOException {
        try {
            return SharedFolder.below(at, name, folder -> folder(folder, path));
        } catch (AccessDeniedException _) {
            throw share.unreadable(path);
        }
    }

    private void add(Line line) {
        if (lines.size() == limit) {
            more = true;
        } else {
            lines.add(line);
        }
    }
}
