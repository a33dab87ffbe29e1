package acervo.sync.folder;

import acervo.client.AcervoClient;
import acervo.client.StateFile;
import acervo.sync.Settings;
import acervo.sync.Sync;
import acervo.sync.SyncListener;
import acervo.sync.Workers;
import acervo.sync.folder.FolderException.Kind;
import acervo.sync.index.FileIndex;
import acervo.sync.local.DiskFolder;
import acervo.sync.local.Pace;
import acervo.sync.remote.HttpSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Puts together what keeps one folder in step: index, disk, space and engine.
public final class KeptFolder {
    private KeptFolder() {}

    /// Opens a folder that was taken down in the book, or one that is only looked at.
    ///
    /// @param home where its state lies; made when needed
    /// @param client stays the caller's to close, after the engine
    /// @throws FolderException KEPT when another process has it
    public static Sync open(
            SyncedFolder folder,
            Path home,
            AcervoClient client,
            Workers workers,
            Settings settings,
            SyncListener listener)
            throws IOException {
        StateFile.makeFolders(home);
        Optional<FileIndex> opened = FileIndex.open(home);
        if (opened.isEmpty()) {
            throw new FolderException(Kind.KEPT, folder.path());
        }
        FileIndex index = opened.get();
        DiskFolder disk = folder.marked()
                ? DiskFolder.open(folder.path(), folder.id(), index, Pace.USUAL)
                : DiskFolder.look(folder.path(), index, Pace.USUAL);
        HttpSpace space = new HttpSpace(client.transport(), folder.space(), folder.root(), folder.id(), disk::open);
        return new Sync(disk, space, index, workers, settings, listener);
    }
}
