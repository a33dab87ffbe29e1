package acervo.client;

import acervo.model.FilePath;
import acervo.model.RefusedException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/// Walks a folder and tells of every file in it and of every empty folder; what can't be deposited is told as trouble.
/// Links
/// are not followed: they could lead out of the folder, or round in circles.
public final class FolderWalk {
    private FolderWalk() {}

    /// Told what is found, in no particular order.
    public interface Visitor {
        /// A file, or an empty folder.
        void found(LocalFile file, FilePath to);

        void trouble(LocalTrouble trouble);

        /// A name that Acervo does not hold.
        void refused(Path path, RefusedException e);
    }

    private record Pending(Path folder, FilePath to) {}

    /// Walks `root`, whose content goes to `into`.
    public static void walk(Path root, FilePath into, Visitor visitor) {
        Deque<Pending> pending = new ArrayDeque<>();
        pending.push(new Pending(root, into));
        while (!pending.isEmpty()) {
            Pending next = pending.pop();
            boolean empty = true;
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(next.folder())) {
                for (Path entry : entries) {
                    empty = false;
                    visit(entry, next.to(), pending, visitor);
                }
                if (empty && !next.to().isRoot()) {
                    visitor.found(LocalFile.look(next.folder(), false), next.to());
                }
            } catch (DirectoryIteratorException e) {
                visitor.trouble(unreadable(next.folder(), new IOException(e.getMessage(), e)));
            } catch (IOException e) {
                visitor.trouble(unreadable(next.folder(), e));
            }
        }
    }

    private static void visit(Path entry, FilePath folder, Deque<Pending> pending, Visitor visitor) {
        String name = String.valueOf(entry.getFileName());
        if (!isText(entry, name)) {
            visitor.trouble(new LocalTrouble(LocalTrouble.Kind.NAME_NOT_TEXT, entry.toString(), ""));
            return;
        }
        try {
            LocalFile file = LocalFile.look(entry, false);
            switch (file.type()) {
                case FILE -> visitor.found(file, folder.resolve(name));
                case FOLDER -> pending.push(new Pending(entry, folder.resolve(name)));
                case LINK -> visitor.trouble(new LocalTrouble(LocalTrouble.Kind.LINK, entry.toString(), ""));
                case OTHER -> visitor.trouble(new LocalTrouble(LocalTrouble.Kind.SPECIAL, entry.toString(), ""));
            }
        } catch (RefusedException e) {
            visitor.refused(entry, e);
        } catch (IOException e) {
            visitor.trouble(unreadable(entry, e));
        }
    }

    /// Whether a file's name survives the way through text: one that is no UTF-8 comes back as another name.
    public static boolean isText(Path path) {
        return isText(path, String.valueOf(path.getFileName()));
    }

    private static boolean isText(Path path, String name) {
        return name.indexOf('\uFFFD') < 0 || path.getFileSystem().getPath(name).equals(path.getFileName());
    }

    private static LocalTrouble unreadable(Path path, IOException e) {
        return LocalTroubleException.of(LocalTrouble.Kind.UNREADABLE, path.toString(), e)
                .trouble();
    }
}
