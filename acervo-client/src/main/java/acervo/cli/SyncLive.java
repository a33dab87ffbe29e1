package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.ServerAddress;
import acervo.sync.Threads;
import acervo.sync.folder.FolderBook;
import acervo.sync.folder.SyncedFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// Keeps folders in step until the process is told to stop, or all have come to an end.
final class SyncLive {
    private final Session s;
    private final FolderBook book;
    private final List<SyncKeeper> keepers = new ArrayList<>();
    private final Map<ServerAddress, AcervoClient> clients = new HashMap<>();

    SyncLive(Session session) {
        this.s = session;
        this.book = SyncFolder.book(session);
    }

    /// Runs until all folders have come to an end, which they don't by themselves.
    int run(List<SyncJob> jobs) throws IOException {
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(jobs.size());
        try (Threads threads = new Threads()) {
            for (SyncJob job : jobs) {
                SyncedFolder folder = take(job);
                SyncKeeper keeper = new SyncKeeper(s, folder, job.mode(), true, jobs.size() == 1);
                keeper.open(book.home(folder), client(folder.server()), threads, ended::countDown);
                keepers.add(keeper);
            }
            stopWithProcess(stopped);
            keepers.forEach(SyncKeeper::start);
            ended.await();
            return Exit.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Exit.FAILED;
        } finally {
            close();
            stopped.countDown();
        }
    }

    /// A new folder is asked about first, so that nothing is marked for a space that is not there. One that is
    /// known
    /// needs no server to begin.
    private SyncedFolder take(SyncJob job) throws IOException {
        s.doing(
                "sync",
                s.out().errorName(job.folder().path().toString()),
                job.folder().address());
        if (!job.folder().marked()) {
            SyncFolder.check(client(job.folder().server()), job.folder(), job.mode(), s);
        }
        return book.take(job.folder());
    }

    private AcervoClient client(ServerAddress server) throws IOException {
        AcervoClient there = clients.get(server);
        if (there == null) {
            there = SyncFolder.client(server, s);
            clients.put(server, there);
        }
        return there;
    }

    /// Told to stop, the process ends in order: what is under way comes to its end, and the status is 0.
    private void stopWithProcess(CountDownLatch stopped) {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("sync-stop").unstarted(() -> {
                    if (stopped.getCount() > 0) {
                        close();
                        Runtime.getRuntime().halt(Exit.DONE);
                    }
                }));
    }

    private synchronized void close() {
        keepers.forEach(SyncKeeper::close);
        clients.values().forEach(AcervoClient::close);
    }
}
