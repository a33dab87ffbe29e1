package acervo.blob;

import acervo.model.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Appends records to the newest segment. Callers queue; one thread writes all that has queued up, forces once,
/// tells the index, and only then lets them go: the more callers, the fewer forces each of them pays for.
///
/// A thread of its own and not the first caller, because a file channel is closed when the thread that uses it
/// is interrupted: no caller's interruption may break what all others share.
final class SegmentWriter implements AutoCloseable {
    private static final int BUFFER = 1 << 20;

    /// Records: a fraction of a second's reading.
    private static final int FLUSH_AFTER = 20_000;

    private final Medium medium;
    private final Layout layout;
    private final Segments segments;
    private final BlobIndex index;
    private final long segmentBytes;
    private final SecureRandom salts = new SecureRandom();
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private List<Group> queue = new ArrayList<>();
    private boolean closing;

    // The thread's own from here on.
    private @Nullable DiskFile file;
    private long number;
    private long salt;
    /// All before it was forced.
    private long forced;
    /// Where the buffer's first byte goes.
    private long buffered;
    /// Where the next record goes.
    private long end;
    /// Records that the index has, but not durably.
    private int unflushed;

    /// The newest segment as it was found at opening, if more can be appended to it.
    record Tail(long number, long salt, long end) {}

    /// What one caller waits for.
    private static final class Group {
        private final List<Note> notes;
        /// Of the index, when the caller saw that none of the blobs is there; -1: it did not look.
        private final long generation;

        private final boolean deposit;
        private final boolean seal;
        private final CountDownLatch done = new CountDownLatch(1);
        private @Nullable Throwable failure;

        Group(List<Note> notes, long generation, boolean deposit, boolean seal) {
            this.notes = notes;
            this.generation = generation;
            this.deposit = deposit;
            this.seal = seal;
        }

        void finish(@Nullable Throwable failure) {
            this.failure = failure;
            done.countDown();
        }
    }

    SegmentWriter(
            Medium medium, Layout layout, Segments segments, BlobIndex index, long segmentBytes, @Nullable Tail tail)
            throws IOException {
        this.medium = medium;
        this.layout = layout;
        this.segments = segments;
        this.index = index;
        this.segmentBytes = segmentBytes;
        if (tail != null) {
            file = medium.disk().open(layout.segment(tail.number()), Disk.Mode.WRITE);
            number = tail.number();
            salt = tail.salt();
            forced = tail.end();
            end = tail.end();
            buffered = tail.end();
            segments.activate(number);
        }
        thread = Thread.ofPlatform().daemon().name("acervo-blob-writer").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Returns when all the records are durable and in the index. Blobs that are there already are left out.
    ///
    /// @param generation of the index before the caller saw that none of the blobs is there; -1 when it did not
    ///     look
    /// @throws StoreFullException when they would eat into the reserve: then none of them was written
    void deposit(List<Note> notes, long generation) {
        await(new Group(notes, generation, true, false));
    }

    /// As [#deposit], but may eat into the reserve: for records that help to free space, or are a few bytes.
    void keep(List<Note> notes) {
        await(new Group(notes, -1, false, false));
    }

    /// Ends the segment that is being written to, so that it can be compacted.
    void seal() {
        await(new Group(List.of(), -1, false, true));
    }

    private void await(Group group) {
        lock.lock();
        try {
            if (closing) {
                throw new IllegalStateException("the blob store is closed");
            }
            queue.add(group);
            arrived.signal();
        } finally {
            lock.unlock();
        }
        // Not interruptible: the writer reads the caller's buffers until it is done.
        boolean interrupted = false;
        while (true) {
            try {
                group.done.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        rethrow(group.failure);
    }

    /// Throws it anew, so that the trace shows the caller too.
    private static void rethrow(@Nullable Throwable failure) {
        switch (failure) {
            case null -> {}
            case StoreFullException e -> throw new StoreFullException(e.freeBytes(), e.reserveBytes());
            case StoreFailedException e -> throw new StoreFailedException(String.valueOf(e.getMessage()), e);
            default -> throw new IllegalStateException("storing small blobs", failure);
        }
    }

    private void run() {
        while (true) {
            List<Group> groups = take();
            if (groups.isEmpty()) {
                Closing.quietly(file);
                return;
            }
            write(groups);
        }
    }

    /// Everything that is queued; empty once closed.
    private List<Group> take() {
        lock.lock();
        try {
            while (queue.isEmpty() && !closing) {
                arrived.awaitUninterruptibly();
            }
            List<Group> all = queue;
            queue = new ArrayList<>();
            return all;
        } finally {
            lock.unlock();
        }
    }

    private void write(List<Group> groups) {
        List<Group> admitted = new ArrayList<>(groups.size());
        Throwable failure = null;
        try {
            List<BlobIndex.Edit> edits = new ArrayList<>();
            Set<BlobId> fresh = new HashSet<>();
            for (Group group : groups) {
                if (admit(group)) {
                    admitted.add(group);
                    append(group, edits, fresh);
                }
            }
            force();
            tellIndex(edits);
        } catch (IOException e) {
            failure = takeBack(medium.broken("writing to " + path(), e));
        } catch (RuntimeException | Error e) {
            failure = takeBack(e);
        }
        for (Group group : admitted) {
            group.finish(failure);
        }
    }

    private boolean admit(Group group) {
        try {
            if (group.deposit) {
                medium.admit(group.notes.stream().mapToLong(Note::size).sum());
            } else {
                medium.requireSound();
            }
            return true;
        } catch (StoreException e) {
            group.finish(e);
            return false;
        }
    }

    private void append(Group group, List<BlobIndex.Edit> edits, Set<BlobId> fresh) throws IOException {
        // Only here can it be decided what is there already: what is in the index is durable, and what is in this
        // round will be.
        List<@Nullable Place> places = group.generation == index.generation()
                ? List.of()
                : index.getAll(group.notes.stream().map(Note::id).toList());
        for (int i = 0; i < group.notes.size(); i++) {
            Note note = group.notes.get(i);
            boolean isNew = note.kind() == SegmentRecord.BLOB && note.from() == null;
            if (!isNew || (fresh.add(note.id()) && (places.isEmpty() || places.get(i) == null))) {
                append(note, edits);
            }
        }
        if (group.seal) {
            finishSegment();
        }
    }

    private void append(Note note, List<BlobIndex.Edit> edits) throws IOException {
        int size = note.size();
        if (file != null && end + size > segmentBytes && end > SegmentHead.SIZE) {
            finishSegment();
        }
        if (file == null) {
            beginSegment();
        }
        long offset = end;
        reserve(SegmentRecord.headSize(BlobStore.SMALL));
        note.at(salt, offset).write(out);
        ByteBuffer content = note.content().duplicate();
        end += size;
        while (content.hasRemaining()) {
            reserve(1);
            int n = Math.min(out.remaining(), content.remaining());
            out.put(content.slice(content.position(), n));
            content.position(content.position() + n);
        }
        reserve(SegmentRecord.ALIGNMENT);
        int padding = (int) ((end - offset)
                - (SegmentRecord.MIN_HEAD + note.sums().length * Integer.BYTES)
                - note.content().remaining());
        out.put(new byte[padding]);
        BlobIndex.Edit edit = note.edit(number, offset);
        if (edit != null) {
            edits.add(edit);
        }
    }

    /// Makes room in the buffer.
    private void reserve(int bytes) throws IOException {
        if (out.remaining() < bytes) {
            flushBuffer();
        }
    }

    private void flushBuffer() throws IOException {
        DiskFile to = file;
        if (to != null) {
            int n = out.flip().remaining();
            to.writeFully(out, buffered);
            buffered += n;
        }
        out.clear();
    }

    private void beginSegment() throws IOException {
        // The newest may have been compacted away: its number is not used again, or the index would skip what it
        // believes to know.
        long next = Math.max(segments.newest(), index.indexed().segment()) + 1;
        long nextSalt = salts.nextLong();
        DiskFile created = medium.disk().open(layout.segment(next), Disk.Mode.CREATE);
        try {
            created.writeFully(new SegmentHead(next, nextSalt).toBytes(), 0);
            medium.forceFolder(layout.segments());
        } catch (IOException | RuntimeException e) {
            Closing.quietly(created);
            throw e;
        }
        file = created;
        number = next;
        salt = nextSalt;
        out.clear();
        buffered = SegmentHead.SIZE;
        forced = 0;
        end = SegmentHead.SIZE;
        segments.resized(next, end);
        segments.activate(next);
    }

    private void finishSegment() throws IOException {
        force();
        segments.activate(0);
        Closing.quietly(file);
        file = null;
    }

    private void force() throws IOException {
        if (file != null && forced < end) {
            flushBuffer();
            medium.force(file, path());
            forced = end;
            segments.resized(number, end);
        }
    }

    private void tellIndex(List<BlobIndex.Edit> edits) {
        BlobIndex.Position upTo = new BlobIndex.Position(number, end);
        if (upTo.equals(index.indexed())) {
            return;
        }
        try {
            index.apply(edits, upTo);
            flushNowAndThen(edits);
        } catch (StoreFailedException e) {
            long free = medium.space().free();
            throw free < medium.reserve() ? new StoreFullException(free, medium.reserve()) : medium.fail("indexing", e);
        }
    }

    /// Bounds what has to be read again after a crash.
    private void flushNowAndThen(List<BlobIndex.Edit> edits) {
        for (BlobIndex.Edit edit : edits) {
            // Each large blob is looked at by itself: folders, file and sums.
            unflushed += edit.place() instanceof Place.Large ? 50 : 1;
        }
        if (unflushed >= FLUSH_AFTER) {
            unflushed = 0;
            index.flush(false);
        }
    }

    /// After a failure: whatever was written since the last force goes, so that the next record follows the
    /// last whole one.
    private Throwable takeBack(Throwable failure) {
        out.clear();
        if (medium.failure() == null && file != null && forced < end) {
            try {
                end = Math.max(forced, SegmentHead.SIZE);
                buffered = end;
                file.truncate(end);
            } catch (IOException e) {
                return medium.fail("cutting back " + path(), e);
            }
        }
        return failure;
    }

    private String path() {
        Path segment = layout.segment(number);
        return "segment " + segment;
    }

    /// Finishes what is queued, then ends the thread.
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
