package acervo.cli;

import acervo.client.AcervoClient;
import acervo.sync.Status;
import acervo.sync.Sync;
import acervo.sync.SyncListener;
import acervo.sync.Threads;
import acervo.sync.folder.FolderBook;
import acervo.sync.folder.KeptFolder;
import acervo.sync.folder.SyncedFolder;
import acervo.sync.plan.Operation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/// Brings folders in step once, one after the other, or says what would be done.
final class SyncOnce {
    private static final int LINES = 200;

    private final Session s;
    private final FolderBook book;

    SyncOnce(Session session) {
        this.s = session;
        this.book = SyncFolder.book(session);
    }

    /// Brings all in step.
    ///
    /// @param agree what a person says about a removal that is held; empty when nobody was asked
    int run(List<SyncJob> jobs, Optional<Boolean> agree) throws IOException {
        int worst = Exit.DONE;
        if (s.out().isJson()) {
            s.out().document().open().name("folders").openList();
        }
        for (SyncJob job : jobs) {
            worst = Math.max(worst, run(job, agree));
        }
        if (s.out().isJson()) {
            s.out().document().closeList().close();
        }
        return worst;
    }

    private int run(SyncJob job, Optional<Boolean> agree) throws IOException {
        s.doing(
                "sync",
                s.out().errorName(job.folder().path().toString()),
                job.folder().address());
        try (AcervoClient client = SyncFolder.client(job.folder().server(), s);
                Threads threads = new Threads()) {
            if (!job.folder().marked()) {
                SyncFolder.check(client, job.folder(), job.mode(), s);
            }
            SyncedFolder folder = book.take(job.folder());
            SyncProgress progress = new SyncProgress(s, folder);
            Sync sync = KeptFolder.open(
                    folder, book.home(folder), client, threads, SyncFolder.settings(job.mode(), false), progress);
            progress.follow(sync);
            Status status = agree.isPresent() ? decided(sync, agree.get(), progress) : sync.once();
            progress.end();
            s.endProgress();
            show(new SyncShown(folder, job.mode(), false), status);
            return SyncFolder.exit(status);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// Runs until it is at rest; what is held meanwhile is what the person has decided about.
    private static Status decided(Sync sync, boolean agree, SyncProgress progress) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        progress.hears(phase -> {
            switch (phase) {
                case BRAKED -> held.countDown();
                case IN_STEP, ROOT_LOST, OFFLINE, REFUSED, BROKEN, CLOSED -> {
                    held.countDown();
                    over.countDown();
                }
                case STARTING, WORKING -> {}
            }
        });
        sync.start();
        held.await();
        if (over.getCount() > 0) {
            if (agree) {
                sync.confirm();
            } else {
                sync.putBack();
            }
        }
        over.await();
        Status status = sync.status();
        sync.close();
        return status;
    }

    private void show(SyncShown shown, Status status) {
        if (s.out().isJson()) {
            s.out().document().json(shown.json(status));
            return;
        }
        Status.Since since = status.since();
        Texts t = s.texts();
        if (status.phase() == Status.Phase.IN_STEP) {
            s.out()
                    .line(t.get(
                            "sync.once",
                            s.out().name(shown.folder().path().toString()),
                            shown.folder().address(),
                            Shown.count(since.uploads(), t),
                            Shown.count(since.downloads(), t),
                            Shown.count(since.renames(), t),
                            Shown.count(since.removals(), t)));
        } else {
            s.out().error("acervo: " + shown.folder().path() + ": " + shown.phase(status, t));
        }
        status.open().stream()
                .limit(LINES)
                .forEach(one -> s.out().error("acervo: " + s.out().errorName(SyncShown.open(one, t))));
        if (status.conflictCount() > 0) {
            s.out()
                    .error("acervo: "
                            + t.get(
                                    "sync.conflicts",
                                    Shown.count(status.conflictCount(), t),
                                    shown.folder().path()));
        }
    }

    /// Says what would be done, and changes nothing.
    int dryRun(List<SyncJob> jobs) throws IOException {
        int worst = Exit.DONE;
        if (s.out().isJson()) {
            s.out().document().open().name("folders").openList();
        }
        for (SyncJob job : jobs) {
            worst = Math.max(worst, dryRun(job));
        }
        if (s.out().isJson()) {
            s.out().document().closeList().close();
        }
        return worst;
    }

    private int dryRun(SyncJob job) throws IOException {
        s.doing(
                "sync",
                s.out().errorName(job.folder().path().toString()),
                job.folder().address());
        // Of a folder that was never kept in step nothing stays, and nothing is written into it.
        Optional<Path> passing =
                job.folder().marked() ? Optional.empty() : Optional.of(Files.createTempDirectory("acervo-sync"));
        try (AcervoClient client = SyncFolder.client(job.folder().server(), s);
                Threads threads = new Threads()) {
            SyncFolder.check(client, job.folder(), job.mode(), s);
            Sync sync = KeptFolder.open(
                    job.folder(),
                    passing.isPresent() ? passing.get() : book.home(job.folder()),
                    client,
                    threads,
                    SyncFolder.settings(job.mode(), true),
                    SyncListener.NONE);
            Status status = sync.once();
            plan(new SyncShown(job.folder(), job.mode(), false), status);
            return status.phase() == Status.Phase.WORKING ? Exit.DONE : SyncFolder.exit(status);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            if (passing.isPresent()) {
                remove(passing.get());
            }
        }
    }

    private void plan(SyncShown shown, Status status) {
        if (s.out().isJson()) {
            s.out().document().json(shown.json(status));
            return;
        }
        Texts t = s.texts();
        for (Operation operation : status.next()) {
            Deed deed = Deed.of(operation);
            if (deed.isSeen()) {
                s.out().line(s.out().name(deed.text(t)));
            }
        }
        Status.Todo todo = status.todo();
        long all = (long) todo.uploads() + todo.downloads() + todo.renames() + todo.removals() + todo.others();
        if (all > status.next().size()) {
            s.out().line(t.get("sync.more", Shown.count(all - status.next().size(), t)));
        }
        if (status.next().isEmpty() || status.brake().isPresent()) {
            s.out().line(shown.phase(status, t));
        }
        status.open().stream().limit(LINES).forEach(one -> s.out().line(s.out().name(SyncShown.open(one, t))));
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }

    private static InterruptedIOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException io = new InterruptedIOException("interrupted");
        io.initCause(e);
        return io;
    }
}
