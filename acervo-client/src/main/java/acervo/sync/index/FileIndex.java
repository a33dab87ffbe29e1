package acervo.sync.index;

import acervo.model.BlobId;
import acervo.model.FilePath;
import acervo.sync.Index;
import acervo.sync.index.IndexFormat.Entry;
import acervo.sync.plan.LocalNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The index in one [Journal], which is written anew when most of it is of the past. Only the local tree stays in
/// memory, as [Rows]: whoever uses those holds [#lock] meanwhile. Everything else is thread-safe.
///
/// What was committed waits in memory until something is forced. Right before it is written, the folder's own data is
/// forced ([#dataFirst]): so the index never says of a file that it was in step when a power cut can still take the
/// file's bytes back, which would look like someone's wish to empty or remove it.
///
/// A write that fails throws an [UncheckedIOException], and nothing is taken any more: the engine stops and begins
/// again from what is on disk.
public final class FileIndex implements Index {
    private static final int GROUP = 1 << 16;
    /// So much waits in memory at most.
    private static final int WAITING = 4 << 20;
    /// Below this size a rewrite is not worth its forces.
    private static final long SMALL = 4 << 20;

    private final FileChannel lockFile;
    /// Guards the journal; taken before the other one.
    private final Object journalLock = new Object();

    private final Journal journal;
    /// How many bytes the journal had when nothing in it was of the past.
    private long rewrittenTo;

    private final Object lock = new Object();
    private final Rows rows = new Rows();
    private Bytes waiting = new Bytes();
    private boolean dataWaits;
    private Position position = Position.START;
    private DataFirst dataFirst = () -> true;
    private Runnable onWaiting = () -> {};

    /// Forces the data that the index is about to speak of.
    @FunctionalInterface
    public interface DataFirst {
        /// @return false when the folder is not there now: then nothing is written until it is back
        /// @throws IOException when it is not known what is on disk
        boolean force() throws IOException;
    }

    private FileIndex(FileChannel lockFile, Journal journal) {
        this.lockFile = lockFile;
        this.journal = journal;
    }

    /// Opens the index in `folder`, which exists, or begins one. A file that is damaged from its beginning on is
    /// put aside under another name, and the index begins anew: nothing is in step then, so nothing will be
    /// removed.
    ///
    /// @return nothing when another process, or another part of this one, has it open
    public static Optional<FileIndex> open(Path folder) throws IOException {
        FileChannel lockFile =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!isLocked(lockFile)) {
                lockFile.close();
                return Optional.empty();
            }
            return Optional.of(new FileIndex(lockFile, journal(folder.resolve("index"))));
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    private static boolean isLocked(FileChannel lockFile) throws IOException {
        try {
            FileLock held = lockFile.tryLock();
            return held != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    private static Journal journal(Path file) throws IOException {
        long salt = new SecureRandom().nextLong();
        try {
            return Journal.open(file, salt);
        } catch (Journal.DamagedException _) {
            Files.move(file, file.resolveSibling("index.damaged"), StandardCopyOption.REPLACE_EXISTING);
            return Journal.open(file, salt);
        }
    }

    /// Has `force` called before anything is written that was seen on disk since it was called last.
    public void dataFirst(DataFirst force) {
        synchronized (lock) {
            dataFirst = force;
        }
    }

    /// Calls `wake`, from any thread, when something was committed and nothing waited before. It returns at once.
    public void onWaiting(Runnable wake) {
        synchronized (lock) {
            onWaiting = wake;
        }
    }

    @Override
    public Position load(Trees trees) {
        synchronized (journalLock) {
            try {
                Living living = Living.in(journal);
                Position loaded = living.position();
                rewrittenTo = 0;
                synchronized (lock) {
                    living.visit(journal, (entry, from, start) -> {
                        rewrittenTo += from.position() - start;
                        hand(entry, trees);
                    });
                    rows.idsUpTo(living.lastId());
                    position = loaded;
                }
                if (isWorthRewriting()) {
                    rewrite(living);
                }
                return loaded;
            } catch (IOException e) {
                throw new UncheckedIOException("the index of a synced folder can't be read", e);
            }
        }
    }

    private void hand(Entry entry, Trees trees) {
        switch (entry) {
            case Entry.Local(long id, String path, Facts facts, BlobId blob) -> {
                rows.put(path, id, facts, blob);
                trees.local().accept(new LocalNode(id, new FilePath(path), facts.content(blob)));
            }
            case Entry.Engine(Edit.Remote(long _, var now))
            when now != null -> trees.remote().accept(now);
            case Entry.Engine(Edit.Synced(var now)) -> trees.synced().accept(now);
            case Entry.Engine _, Entry.LocalGone _, Entry.At _, Entry.LastId _ -> {
                // These take back; nothing that holds is of their kind.
            }
        }
    }

    @Override
    public void commit(List<Edit> edits, Position now, boolean force) {
        Runnable wake;
        synchronized (lock) {
            boolean waited = waiting.length() > 0;
            edits.forEach(edit -> IndexFormat.edit(waiting, edit));
            if (!now.equals(position)) {
                IndexFormat.position(waiting, now);
                position = now;
            }
            wake = waited || waiting.length() == 0 ? () -> {} : onWaiting;
        }
        if (force) {
            force();
        } else {
            relieve();
            wake.run();
        }
    }

    /// The lock of the rows. Held while rows are read or changed, and over what belongs together of that.
    public Object lock() {
        return lock;
    }

    /// What was seen on disk, once it was loaded. Only under the lock.
    public Rows rows() {
        return rows;
    }

    /// One change of what was seen on disk.
    public sealed interface Seen {
        /// Something is at a path.
        ///
        /// @param before its row until now, at this path or another one; null when it is new
        record Present(
                long id,
                String path,
                Facts facts,
                BlobId blob,
                @Nullable Row before) implements Seen {}

        /// Something is gone.
        ///
        /// @param id the row's; the row itself forgets it
        record Gone(Row row, long id) implements Seen {
            public Gone(Row row) {
                this(row, row.id());
            }
        }
    }

    /// Changes the rows, `Gone` before `Present`. Only under the lock. Durable, and known after a restart, is only
    /// what is then also given to [#note].
    ///
    /// @return the rows that are present, in the order of `changes`
    public List<Row> change(List<Seen> changes) {
        for (Seen change : changes) {
            switch (change) {
                case Seen.Gone(Row row, long _) -> rows.remove(row);
                case Seen.Present(long _, String path, Facts _, BlobId _, @Nullable Row before) -> {
                    if (before != null && rows.find(path) != before) {
                        rows.remove(before);
                    }
                }
            }
        }
        List<Row> present = new ArrayList<>();
        for (Seen change : changes) {
            if (change instanceof Seen.Present(long id, String path, Facts facts, BlobId blob, var _)) {
                present.add(rows.put(path, id, facts, blob));
            }
        }
        return present;
    }

    /// Has changes written with the next forced commit; never an engine's edit without those that were noted before
    /// it. After a crash that loses them, the next scan sees them again.
    ///
    /// @param durable whether what they speak of is durable on disk already
    public void note(List<Seen> changes, boolean durable) {
        synchronized (lock) {
            for (Seen change : changes) {
                switch (change) {
                    case Seen.Gone(Row _, long id) -> IndexFormat.localGone(waiting, id);
                    case Seen.Present(long id, String path, Facts facts, BlobId blob, var _) ->
                        IndexFormat.local(waiting, id, path, facts, blob);
                }
            }
            dataWaits |= !durable;
        }
    }

    /// Whether something was committed or noted that is not on disk yet.
    public boolean isWaiting() {
        synchronized (lock) {
            return waiting.length() > 0;
        }
    }

    /// Makes all durable when much waits; not under the lock.
    public void relieve() {
        boolean full;
        synchronized (lock) {
            full = waiting.length() > WAITING;
        }
        if (full) {
            force();
        }
    }

    /// Makes durable all that was committed and noted; not under the lock. While the folder is not there, so that
    /// its data can't be forced, nothing is written and all goes on to wait.
    public void force() {
        synchronized (journalLock) {
            try {
                Bytes taken;
                boolean data;
                DataFirst first;
                synchronized (lock) {
                    taken = waiting;
                    data = dataWaits;
                    first = dataFirst;
                    waiting = new Bytes();
                    dataWaits = false;
                }
                if (data && taken.length() > 0 && !first.force()) {
                    synchronized (lock) {
                        taken.append(waiting);
                        waiting = taken;
                        dataWaits = true;
                    }
                    return;
                }
                journal.append(taken.toBuffer(), true);
                if (isWorthRewriting()) {
                    rewrite(Living.in(journal));
                }
            } catch (IOException e) {
                journal.fail(e);
                throw new UncheckedIOException("the index of a synced folder can't be written", e);
            }
        }
    }

    private boolean isWorthRewriting() {
        return journal.length() > SMALL && journal.length() > 3 * rewrittenTo;
    }

    private void rewrite(Living living) throws IOException {
        journal.replace(new SecureRandom().nextLong(), fresh -> {
            Bytes group = new Bytes();
            IndexFormat.lastId(group, living.lastId());
            IndexFormat.position(group, living.position());
            living.visit(journal, (_, from, start) -> {
                group.copy(from, start, from.position());
                if (group.length() >= GROUP) {
                    append(fresh, group);
                }
            });
            append(fresh, group);
        });
        rewrittenTo = journal.length();
    }

    private static void append(Journal fresh, Bytes group) {
        try {
            fresh.append(group.toBuffer(), false);
            group.clear();
        } catch (IOException e) {
            throw new UncheckedIOException("the index of a synced folder can't be written anew", e);
        }
    }

    /// Makes all durable and lets go of it.
    @Override
    public void close() {
        try {
            force();
        } finally {
            abandon();
        }
    }

    /// Lets go of it without writing anything more: what a crash does.
    void abandon() {
        synchronized (journalLock) {
            try (lockFile) {
                journal.close();
            } catch (IOException e) {
                throw new UncheckedIOException("the index of a synced folder can't be closed", e);
            }
        }
    }
}
