package acervo.watch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Linux's inotify. It watches single folders, so a folder that appears gets a watch of its own, is then listed for
/// folders in it, and is told as [WatchEvent.Appeared]: whatever came before its watch is found by looking, and
/// whatever came after by the watch.
///
/// A thread of its own does nothing but move the system's events to memory, up to a bound, so that the system's own
/// short queue has room; beyond either bound everything is to be looked at. [#drain] makes sense of them.
public final class InotifyWatch implements Watch {
    private static final int ATTRIB = 0x4;
    private static final int CLOSE_WRITE = 0x8;
    private static final int MOVED_FROM = 0x40;
    private static final int MOVED_TO = 0x80;
    private static final int CREATE = 0x100;
    private static final int DELETE = 0x200;
    private static final int DELETE_SELF = 0x400;
    private static final int MOVE_SELF = 0x800;
    private static final int UNMOUNT = 0x2000;
    private static final int QUEUE_OVERFLOW = 0x4000;
    private static final int IGNORED = 0x8000;
    private static final int ONLY_FOLDERS = 0x1000000;
    private static final int NOT_UNLINKED = 0x4000000;
    private static final int IS_FOLDER = 0x40000000;
    private static final int WATCHED = ATTRIB
            | CLOSE_WRITE
            | MOVED_FROM
            | MOVED_TO
            | CREATE
            | DELETE
            | DELETE_SELF
            | MOVE_SELF
            | ONLY_FOLDERS
            | NOT_UNLINKED;

    private static final int CHUNK = 64 << 10;
    private static final int HEAD = 16;
    private static final int USUAL_BOUND = 16 << 20;

    private final Posix posix = new Posix();
    private final Predicate<String> skipped;
    private final Runnable wake;
    private final int bound;
    private final Path folder;
    private final boolean across;
    private long device;
    private final int queue;
    private final int bell;
    private final Thread reader;
    private final Object lock = new Object();
    /// Guarded by the lock, like the two below.
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();

    private int held;
    private boolean overflowed;

    private final Map<Integer, WatchedFolder> folders = new HashMap<>();
    private final WatchedFolder root = new WatchedFolder(null, "");
    /// Folders that were renamed away and have not turned up at a new name, by the event's cookie.
    private final Map<Integer, Departed> departed = new HashMap<>();

    private boolean blind;
    private boolean closed;

    private record Departed(WatchedFolder folder, long drain) {}

    private long drains;

    private InotifyWatch(
            Path folder, Predicate<String> skipped, boolean across, Runnable wake, int bound, Runnable beforeReading)
            throws PosixException {
        this.skipped = skipped;
        this.across = across;
        this.wake = wake;
        this.bound = bound;
        this.folder = folder;
        int opened = -1;
        try {
            opened = posix.watchQueue();
            bell = posix.bell();
        } catch (PosixException e) {
            if (opened >= 0) {
                posix.close(opened);
            }
            posix.close();
            throw e;
        }
        queue = opened;
        reader = Thread.ofPlatform().daemon().name("acervo-watch").unstarted(() -> read(beforeReading));
    }

    /// Watches `folder` and all below it.
    ///
    /// @param skipped paths of folders that are not to be watched
    /// @param wake called, by the watch's own thread, when there is something to drain
    /// @throws PosixException when the system gives no queue, or the folder can't be opened; that it has no room
    ///     for watches is told by [WatchEvent.Blind] instead
    public static InotifyWatch open(Path folder, Predicate<String> skipped, Runnable wake, Consumer<WatchEvent> to)
            throws PosixException {
        return open(folder, skipped, wake, to, USUAL_BOUND, () -> {});
    }

    /// As [#open], and also what stands on other disks that are mounted inside.
    public static InotifyWatch openAcrossDisks(Path folder, Runnable wake, Consumer<WatchEvent> to)
            throws PosixException {
        return start(new InotifyWatch(folder, _ -> false, true, wake, USUAL_BOUND, () -> {}), to);
    }

    /// @param bound how many bytes of events wait in memory at most
    /// @param beforeReading runs on the reader's thread each time before it takes events from the system
    public static InotifyWatch open(
            Path folder,
            Predicate<String> skipped,
            Runnable wake,
            Consumer<WatchEvent> to,
            int bound,
            Runnable beforeReading)
            throws PosixException {
        return start(new InotifyWatch(folder, skipped, false, wake, bound, beforeReading), to);
    }

    private static InotifyWatch start(InotifyWatch watch, Consumer<WatchEvent> to) {
        watch.cover("", to);
        watch.reader.start();
        return watch;
    }

    private void read(Runnable beforeReading) {
        try (Posix own = new Posix()) {
            MemorySegment buffer = own.allocate(CHUNK);
            while (own.awaitFirst(queue, bell)) {
                beforeReading.run();
                long count = own.read(queue, buffer, CHUNK);
                keep(buffer.asSlice(0, count).toArray(JAVA_BYTE));
                wake.run();
            }
        } catch (PosixException e) {
            synchronized (lock) {
                overflowed = true;
            }
            wake.run();
            throw new IllegalStateException("watching has ended: " + e.getMessage(), e);
        }
    }

    private void keep(byte[] chunk) {
        synchronized (lock) {
            if (held + chunk.length > bound) {
                overflowed = true;
                chunks.clear();
                held = 0;
            } else {
                chunks.add(chunk);
                held += chunk.length;
            }
        }
    }

    @Override
    public void drain(Consumer<WatchEvent> to) {
        boolean missed;
        ArrayDeque<byte[]> taken;
        synchronized (lock) {
            missed = overflowed;
            overflowed = false;
            taken = new ArrayDeque<>(chunks);
            chunks.clear();
            held = 0;
        }
        drains++;
        if (missed) {
            lost(to);
        }
        for (byte[] chunk : taken) {
            ByteBuffer events = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
            while (events.remaining() >= HEAD) {
                int number = events.getInt();
                int mask = events.getInt();
                int cookie = events.getInt();
                byte[] name = new byte[events.getInt()];
                events.get(name);
                take(number, mask, cookie, name, to);
            }
        }
        // A rename tells both names at once; who has not turned up by the drain after is elsewhere.
        departed.values().removeIf(gone -> {
            boolean old = gone.drain() < drains - 1;
            if (old) {
                forget(gone.folder());
            }
            return old;
        });
    }

    /// Names of folders may be wrong by now, too, if a rename was among what was lost: all watches are made anew.
    private void lost(Consumer<WatchEvent> to) {
        departed.values().forEach(gone -> forget(gone.folder()));
        departed.clear();
        for (WatchedFolder child : root.children()) {
            forget(child);
        }
        cover("", to);
        to.accept(new WatchEvent.Missed());
    }

    private void take(int number, int mask, int cookie, byte[] rawName, Consumer<WatchEvent> to) {
        if ((mask & QUEUE_OVERFLOW) != 0) {
            lost(to);
            return;
        }
        WatchedFolder folder = folders.get(number);
        if (folder == null) {
            return;
        }
        if ((mask & (DELETE_SELF | MOVE_SELF | UNMOUNT)) != 0 && folder == root) {
            to.accept(new WatchEvent.RootGone());
        } else if ((mask & UNMOUNT) != 0) {
            to.accept(new WatchEvent.Touched(folder.path(), false));
        }
        if ((mask & IGNORED) != 0) {
            folders.remove(number);
            folder.number = WatchedFolder.NOT_WATCHED;
            return;
        }
        if (rawName.length > 0) {
            String name = decoded(rawName);
            if (name == null) {
                to.accept(new WatchEvent.Appeared(folder.path()));
            } else {
                named(folder, name, mask, cookie, to);
            }
        }
    }

    private void named(WatchedFolder folder, String name, int mask, int cookie, Consumer<WatchEvent> to) {
        String path = folder.path(name);
        boolean isFolder = (mask & IS_FOLDER) != 0;
        if (!isFolder) {
            to.accept(new WatchEvent.Touched(path, (mask & (CLOSE_WRITE | MOVED_TO | ATTRIB)) != 0));
            return;
        }
        if ((mask & (MOVED_FROM | DELETE)) != 0) {
            WatchedFolder gone = folder.remove(name);
            if (gone != null && (mask & MOVED_FROM) != 0) {
                departed.put(cookie, new Departed(gone, drains));
            } else if (gone != null) {
                forget(gone);
            }
            to.accept(new WatchEvent.Touched(path, true));
        }
        if ((mask & (MOVED_TO | CREATE)) != 0) {
            Departed known = departed.remove(cookie);
            WatchedFolder old = folder.remove(name);
            if (old != null) {
                forget(old);
            }
            if (known != null && folder.isIn(known.folder())) {
                // Names were looked up that came true only later, and it can't be told any more which is where.
                forget(known.folder());
                lost(to);
                return;
            }
            if (known != null && !skipped.test(path)) {
                folder.add(name, known.folder());
            } else if (known != null) {
                forget(known.folder());
            }
            cover(path, to);
            to.accept(new WatchEvent.Appeared(path));
        }
        if ((mask & ATTRIB) != 0) {
            // It may have become readable.
            cover(path, to);
            to.accept(new WatchEvent.Appeared(path));
        }
    }

    /// Ends the watches of a folder that is gone, and of all that was in it.
    private void forget(WatchedFolder folder) {
        if (folder.number != WatchedFolder.NOT_WATCHED) {
            folders.remove(folder.number);
            posix.unwatch(queue, folder.number);
            folder.number = WatchedFolder.NOT_WATCHED;
        }
        for (WatchedFolder child : folder.children()) {
            forget(child);
        }
        folder.leave();
    }

    @Override
    public void cover(String folder, Consumer<WatchEvent> to) {
        if (!folder.isEmpty() && skipped.test(folder)) {
            return;
        }
        blind = false;
        int opened = -1;
        try {
            WatchedFolder node = root;
            // Not held open: that would keep its disk from being unmounted.
            opened = posix.open(Posix.AT_FDCWD, this.folder.toString(), Posix.O_RDONLY | Posix.O_DIRECTORY, 0);
            device = posix.stat(opened, "").device();
            for (String name : folder.isEmpty() ? new String[0] : folder.split("/")) {
                int inside = enter(opened, name);
                posix.close(opened);
                opened = inside;
                node = node.child(name);
            }
            cover(node, opened, to);
        } catch (PosixException _) {
            // It is gone, or not a folder any more, or may not be read: the look that follows tells.
        } finally {
            if (opened >= 0) {
                posix.close(opened);
            }
        }
    }

    private void cover(WatchedFolder node, int opened, Consumer<WatchEvent> to) throws PosixException {
        if (node.number == WatchedFolder.NOT_WATCHED && !blind) {
            watch(node, opened, to);
        }
        Listing entries = posix.list(opened);
        while (entries.next()) {
            String name = entries.mayBeFolder() ? entries.name() : null;
            if (name != null && !skipped.test(node.path(name))) {
                coverChild(node, opened, name, to);
            }
        }
    }

    private void coverChild(WatchedFolder node, int opened, String name, Consumer<WatchEvent> to) {
        int inside;
        try {
            inside = enter(opened, name);
        } catch (PosixException _) {
            // Not a folder, gone, or unreadable: as above.
            return;
        }
        try {
            cover(node.child(name), inside, to);
        } catch (PosixException _) {
            // As above.
        } finally {
            posix.close(inside);
        }
    }

    private int enter(int opened, String name) throws PosixException {
        return across ? posix.openFolder(opened, name) : posix.openFolder(opened, name, device);
    }

    private void watch(WatchedFolder node, int opened, Consumer<WatchEvent> to) {
        try {
            int number = posix.watch(queue, opened, WATCHED);
            WatchedFolder before = folders.put(number, node);
            if (before != null && before != node) {
                // The same folder under another name: it was renamed, and the event is still to come.
                before.number = WatchedFolder.NOT_WATCHED;
            }
            node.number = number;
        } catch (PosixException e) {
            blind = true;
            to.accept(new WatchEvent.Blind(
                    e.errno() == PosixException.ENOSPC
                            ? advice()
                            : "changes are found by looking again and again: " + e.getMessage()));
        }
    }

    private String advice() {
        int wanted = 65_536;
        while (wanted < 4 * folders.size()) {
            wanted *= 2;
        }
        return "the system watches no more than " + folders.size()
                + " folders for this user; changes in the others are found by looking again and again. "
                + "To have them all watched: sudo sysctl fs.inotify.max_user_watches=" + wanted;
    }

    @Override
    public int size() {
        return folders.size();
    }

    private static @Nullable String decoded(byte[] name) {
        int length = 0;
        while (length < name.length && name[length] != 0) {
            length++;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name, 0, length))
                    .toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            posix.ring(bell);
            reader.join();
        } catch (IOException e) {
            throw new IllegalStateException("the watching thread can't be woken", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            posix.close(queue);
            posix.close(bell);
            posix.close();
        }
    }
}
