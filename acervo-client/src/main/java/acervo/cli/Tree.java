package acervo.cli;

import acervo.client.AcervoClient;
import acervo.model.FilePath;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.wire.v1.File;
import acervo.wire.v1.ListReply;
import java.util.List;
import java.util.function.Consumer;

/// What stands at an address and below it, page by page.
final class Tree {
    private static final int PAGE = 1_000;

    private Tree() {}

    /// Hands every page of a listing to `page`.
    ///
    /// @return whether there was anything; an empty root counts as nothing
    static boolean pages(AcervoClient client, Address at, boolean recursive, Consumer<List<File>> page) {
        String after = "";
        boolean any = false;
        while (true) {
            ListReply reply = list(client, at, recursive, after, PAGE);
            List<File> files = reply.getFilesList();
            if (!files.isEmpty()) {
                any = true;
                page.accept(files);
                after = files.getLast().getPath();
            }
            if (!reply.getMore() || files.isEmpty()) {
                return any;
            }
        }
    }

    /// One page; nothing at the address is an empty one.
    private static ListReply list(AcervoClient client, Address at, boolean recursive, String after, int limit) {
        try {
            return client.list(at.space(), at.path(), recursive, after, limit);
        } catch (RefusedException e) {
            if (e.refusal().reason() != Reason.NO_SUCH_FILE) {
                throw e;
            }
            return ListReply.getDefaultInstance();
        }
    }

    /// What one path is.
    enum What {
        NOTHING,
        FILE,
        FOLDER
    }

    /// Asks what stands at an address; the root is always a folder.
    static What what(AcervoClient client, Address at) {
        if (at.path().isRoot()) {
            return What.FOLDER;
        }
        List<File> files = list(client, at, false, "", 1).getFilesList();
        if (files.isEmpty()) {
            return What.NOTHING;
        }
        File first = files.getFirst();
        boolean itself = first.getPath().equals(at.path().text());
        return itself && !FileJson.isFolder(first) ? What.FILE : What.FOLDER;
    }

    /// The refusal for an address with nothing at it.
    static RefusedException nothing(Address at) {
        return new RefusedException(Reason.NO_SUCH_FILE, at.file());
    }

    /// A path below a folder, without the folder.
    static String below(FilePath folder, String path) {
        return folder.isRoot() || path.equals(folder.text())
                ? path
                : path.substring(folder.text().length() + 1);
    }
}
