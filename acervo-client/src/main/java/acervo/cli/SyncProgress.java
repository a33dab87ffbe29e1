package acervo.cli;

import acervo.client.Progress;
import acervo.sync.Status;
import acervo.sync.Sync;
import acervo.sync.SyncListener;
import acervo.sync.folder.SyncedFolder;
import acervo.sync.plan.Operation;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Draws what the first sync of a folder does, for a person who looks on. Any thread.
final class SyncProgress implements SyncListener {
    private static final long HALF_SECOND = 500_000_000;

    private final Progress progress;
    private final boolean watched;
    private volatile boolean over;
    private volatile Consumer<Status.Phase> phases = _ -> {};
    private long files;
    private long bytes;
    private long doneFiles;
    private long doneBytes;

    SyncProgress(Session s, SyncedFolder folder) {
        this.watched = s.io().errIsTerminal();
        this.progress = s.progress(folder.address());
    }

    /// Has each phase told, on the engine's control thread.
    void hears(Consumer<Status.Phase> each) {
        phases = each;
    }

    @Override
    public void done(Operation operation) {
        Deed deed = Deed.of(operation);
        if (!over && deed.size() >= 0) {
            synchronized (this) {
                doneFiles++;
                doneBytes += deed.size();
            }
            progress.moved(deed.size());
            progress.done(1);
        }
    }

    @Override
    public void phase(Status.Phase now, String detail) {
        phases.accept(now);
    }

    /// Asks every half second how much there is in all, for as long as someone looks on and the first sync lasts.
    void follow(Sync sync) {
        if (watched) {
            Thread.ofVirtual().name("sync-progress").start(() -> {
                while (!over) {
                    LockSupport.parkNanos(HALF_SECOND);
                    if (!over) {
                        planned(sync.status().todo());
                    }
                }
            });
        }
    }

    /// The first sync is over.
    void end() {
        over = true;
    }

    private void planned(Status.Todo todo) {
        long moreFiles;
        long moreBytes;
        synchronized (this) {
            moreFiles = Math.max(0, doneFiles + todo.uploads() + todo.downloads() - files);
            moreBytes = Math.max(0, doneBytes + todo.bytesUp() + todo.bytesDown() - bytes);
            files += moreFiles;
            bytes += moreBytes;
        }
        progress.found(moreFiles, moreBytes);
    }
}
