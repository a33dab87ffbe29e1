package acervo.watch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The system calls of Linux that the JDK does not offer: those that name a file by an open folder and one name, so
/// that no symbolic link can lead elsewhere between two looks, and those that give every fact of an inode at once.
///
/// An object is one thread's at a time and holds the memory that its calls fill: make one for a stretch of
/// work and close it. Descriptors are plain numbers; whoever opens one closes it. A call that fails throws a
/// [PosixException] unless it says otherwise. Interrupted calls are repeated.
public final class Posix implements AutoCloseable {
    private static final boolean ARM =
            System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).equals("aarch64");

    public static final int AT_FDCWD = -100;
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
    public static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_PATH = 0x200000;

    private static final int AT_REMOVEDIR = 0x200;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int RENAME_NOREPLACE = 1;
    private static final int RENAME_EXCHANGE = 2;
    private static final int SYNC_FILE_RANGE_WRITE = 2;
    private static final long UTIME_OMIT = (1L << 30) - 2;

    private static final long GETDENTS64 = ARM ? 61 : 217;

    private static final int F_SETSIG = 10;
    private static final int F_SETLEASE = 1024;
    private static final int F_RDLCK = 0;
    private static final int F_UNLCK = 2;
    private static final int SIGURG = 23;

    public static final int POLL_IN = 1;

    private static final long ERRNO_OFFSET = Linker.Option.captureStateLayout()
            .byteOffset(java.lang.foreign.MemoryLayout.PathElement.groupElement("errno"));

    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
    private final MemorySegment first = arena.allocate(4096);
    private final MemorySegment second = arena.allocate(4096);
    private final MemorySegment entries = arena.allocate(32 << 10, 8);
    private final MemorySegment stat = arena.allocate(256, 8);

    private @Nullable MemorySegment scratch;

    public Posix() {
        if (!LibC.AVAILABLE) {
            throw new UnsupportedOperationException("these system calls are Linux's");
        }
    }

    /// Memory for one's own use, 256 KiB, that no call here touches.
    public MemorySegment scratch() {
        MemorySegment memory = scratch;
        if (memory == null) {
            memory = arena.allocate(256 << 10, 8);
            scratch = memory;
        }
        return memory;
    }

    /// Memory of `bytes` bytes that lives as long as this object.
    public MemorySegment allocate(long bytes) {
        return arena.allocate(bytes, 8);
    }

    /// Opens `name` in the folder `at`; never hands the descriptor on to another program.
    public int open(int at, String name, int flags, int mode) throws PosixException {
        MemorySegment text = text(name, first);
        return (int)
                call("opening", name, () -> (int) LibC.OPENAT.invokeExact(state, at, text, flags | O_CLOEXEC, mode));
    }

    /// Opens the folder `name` in `at` for what stands in it; a symbolic link is not followed but refused
    /// (`ENOTDIR` or `ELOOP`).
    public int openFolder(int at, String name) throws PosixException {
        return open(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    }

    /// The same for a folder of the file system `device`; fails with `EXDEV` when another one is mounted there,
    /// whose files could not be replaced in one step, and would all seem to be removed once it is not there.
    public int openFolder(int at, String name, long device) throws PosixException {
        int folder = openFolder(at, name);
        int error = stat(folder, text("", first), AT_EMPTY_PATH);
        if (error == 0 && lastDevice() == device) {
            return folder;
        }
        close(folder);
        throw new PosixException("opening", name, error == 0 ? PosixException.EXDEV : error);
    }

    /// Closes a descriptor. What closing says is no news: what had to be durable was forced.
    public void close(int fd) {
        try {
            int _ = (int) LibC.CLOSE.invokeExact(state, fd);
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    /// Reads up to `length` bytes into `to`, from where the descriptor stands; 0 at the end.
    public long read(int fd, MemorySegment to, long length) throws PosixException {
        return call("reading", "", () -> (long) LibC.READ.invokeExact(state, fd, to, length));
    }

    /// Reads up to `length` bytes from `offset` on into `to`; 0 at the end.
    public long read(int fd, MemorySegment to, long length, long offset) throws PosixException {
        return call("reading", "", () -> (long) LibC.PREAD.invokeExact(state, fd, to, length, offset));
    }

    /// Writes all `length` bytes of `from`.
    public void write(int fd, MemorySegment from, long length) throws PosixException {
        for (long done = 0; done < length; ) {
            long at = done;
            done += call("writing", "", () -> (long) LibC.WRITE.invokeExact(state, fd, from.asSlice(at), length - at));
        }
    }

    /// Has the system write to the disk what it holds of a file or folder.
    public void force(int fd) throws PosixException {
        call("forcing", "", () -> (int) LibC.FSYNC.invokeExact(state, fd));
    }

    /// Has the system write to the disk all that it holds of the file system of `fd`.
    public void forceFileSystem(int fd) throws PosixException {
        call("forcing the file system", "", () -> (int) LibC.SYNCFS.invokeExact(state, fd));
    }

    /// Has the system begin to write to the disk what it holds of a file; what comes of it is told by [#force].
    /// With many files, the forces that follow have little left to wait for.
    public void beginForcing(int fd) {
        try {
            int _ = (int) LibC.SYNC_FILE_RANGE.invokeExact(state, fd, 0L, 0L, SYNC_FILE_RANGE_WRITE);
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    /// Sets where a descriptor reads and writes next.
    public void seek(int fd, long offset) throws PosixException {
        call("going to a place in a file", "", () -> (long) LibC.LSEEK.invokeExact(state, fd, offset, 0));
    }

    /// The facts of what stands at `name` in `at`, a symbolic link's own. An empty name means the descriptor
    /// itself.
    public Stat stat(int at, String name) throws PosixException {
        MemorySegment text = text(name, first);
        int flags = AT_SYMLINK_NOFOLLOW | (name.isEmpty() ? AT_EMPTY_PATH : 0);
        int error = stat(at, text, flags);
        if (error != 0) {
            throw new PosixException("looking at", name, error);
        }
        return lastStat();
    }

    /// Fills this object's memory with the facts of the entry at which a listing of the folder `at` stands; then
    /// [#lastStat] and its like read them. Allocates nothing.
    ///
    /// @return 0 or the error's number
    public int stat(int at, Listing entry) {
        entry.copyName(first);
        return stat(at, first, AT_SYMLINK_NOFOLLOW);
    }

    private int stat(int at, MemorySegment text, int flags) {
        while (true) {
            int result;
            try {
                result = (int) LibC.STATX.invokeExact(state, at, text, flags, STATX_BASIC_STATS, stat);
            } catch (Throwable t) {
                throw bug(t);
            }
            if (result == 0 || errno() != PosixException.EINTR) {
                return result == 0 ? 0 : errno();
            }
        }
    }

    /// What the last successful `stat` saw. (The layout of `struct statx` is the same on every machine.)
    public Stat lastStat() {
        return new Stat(lastMode(), lastSize(), lastModified(), lastChanged(), lastInode(), lastDevice());
    }

    public int lastMode() {
        return Short.toUnsignedInt(stat.get(JAVA_SHORT, 28));
    }

    public long lastInode() {
        return stat.get(JAVA_LONG, 32);
    }

    public long lastSize() {
        return stat.get(JAVA_LONG, 40);
    }

    public long lastChanged() {
        return nanos(96);
    }

    public long lastModified() {
        return nanos(112);
    }

    public long lastDevice() {
        return (long) stat.get(JAVA_INT, 136) << 32 | Integer.toUnsignedLong(stat.get(JAVA_INT, 140));
    }

    private long nanos(long at) {
        return Stat.nanos(stat.get(JAVA_LONG, at), stat.get(JAVA_INT, at + 8));
    }

    /// Reads what stands in an open folder, from where its descriptor stands to the end.
    public Listing list(int folder) throws PosixException {
        byte[] all = new byte[0];
        while (true) {
            int count = (int) call("listing", "", () ->
                    (long) LibC.SYSCALL.invokeExact(state, GETDENTS64, folder, entries, entries.byteSize()));
            if (count == 0) {
                return new Listing(all);
            }
            int before = all.length;
            all = Arrays.copyOf(all, before + count);
            MemorySegment.copy(entries, JAVA_BYTE, 0, all, before, count);
        }
    }

    public void makeFolder(int at, String name, int mode) throws PosixException {
        MemorySegment text = text(name, first);
        call("making the folder", name, () -> (int) LibC.MKDIRAT.invokeExact(state, at, text, mode));
    }

    /// Removes the name of anything but a folder.
    public void unlink(int at, String name) throws PosixException {
        unlink(at, name, 0);
    }

    /// Removes an empty folder.
    public void removeFolder(int at, String name) throws PosixException {
        unlink(at, name, AT_REMOVEDIR);
    }

    private void unlink(int at, String name, int flags) throws PosixException {
        MemorySegment text = text(name, first);
        call("removing", name, () -> (int) LibC.UNLINKAT.invokeExact(state, at, text, flags));
    }

    /// Makes a symbolic link; fails with `EEXIST` when something is there.
    public void makeLink(String target, int at, String name) throws PosixException {
        MemorySegment text = text(target, first);
        MemorySegment link = text(name, second);
        call("making the link", name, () -> (int) LibC.SYMLINKAT.invokeExact(state, text, at, link));
    }

    /// The bytes of a symbolic link's target.
    public byte[] readLink(int at, String name) throws PosixException {
        MemorySegment text = text(name, first);
        long count = call("reading the link", name, () ->
                (long) LibC.READLINKAT.invokeExact(state, at, text, second, second.byteSize()));
        return second.asSlice(0, count).toArray(JAVA_BYTE);
    }

    /// Renames, replacing what is there.
    public void rename(int fromAt, String from, int toAt, String to) throws PosixException {
        rename(fromAt, from, toAt, to, 0);
    }

    /// Renames a file or link; fails with `EEXIST` when something is there. On a file system that has no such call
    /// the file gets a second name and then loses the first one.
    public void renameExclusively(int fromAt, String from, int toAt, String to) throws PosixException {
        try {
            rename(fromAt, from, toAt, to, RENAME_NOREPLACE);
        } catch (PosixException e) {
            if (e.errno() != PosixException.EINVAL) {
                throw e;
            }
            link(fromAt, from, toAt, to);
            unlink(fromAt, from);
        }
    }

    /// Has two names change what they lead to.
    ///
    /// @return false when the file system has no such call
    public boolean exchange(int fromAt, String from, int toAt, String to) throws PosixException {
        try {
            rename(fromAt, from, toAt, to, RENAME_EXCHANGE);
            return true;
        } catch (PosixException e) {
            if (e.errno() == PosixException.EINVAL) {
                return false;
            }
            throw e;
        }
    }

    private void rename(int fromAt, String from, int toAt, String to, int flags) throws PosixException {
        MemorySegment text = text(from, first);
        MemorySegment target = text(to, second);
        call("renaming '" + from + "' to", to, () ->
                (int) LibC.RENAMEAT2.invokeExact(state, fromAt, text, toAt, target, flags));
    }

    private void link(int fromAt, String from, int toAt, String to) throws PosixException {
        MemorySegment text = text(from, first);
        MemorySegment target = text(to, second);
        call("linking '" + from + "' as", to, () ->
                (int) LibC.LINKAT.invokeExact(state, fromAt, text, toAt, target, 0));
    }

    /// Sets the time of the last change of what stands at `name`, a symbolic link's own.
    public void setModified(int at, String name, long millis) throws PosixException {
        MemorySegment text = text(name, first);
        MemorySegment times = second;
        times.set(JAVA_LONG, 0, 0);
        times.set(JAVA_LONG, 8, UTIME_OMIT);
        times.set(JAVA_LONG, 16, Math.floorDiv(millis, 1_000L));
        times.set(JAVA_LONG, 24, 1_000_000L * Math.floorMod(millis, 1_000L));
        call("setting the time of", name, () ->
                (int) LibC.UTIMENSAT.invokeExact(state, at, text, times, AT_SYMLINK_NOFOLLOW));
    }

    public void setMode(int fd, int mode) throws PosixException {
        call("setting the mode", "", () -> (int) LibC.FCHMOD.invokeExact(state, fd, mode));
    }

    /// What the system says about whether somebody has a file open for writing.
    public enum Writing {
        NO,
        YES,
        /// It is another's file, or its file system has no leases.
        UNKNOWN
    }

    /// Whether somebody has the file open for writing at this moment, as far as the system says.
    public boolean isBeingWritten(int fd) {
        return writing(fd) == Writing.YES;
    }

    /// Whether somebody has the file open for writing at this moment: a read lease is refused while somebody has.
    ///
    /// Whoever opens the file for writing in the few microseconds of the lease waits for its end. The system tells
    /// the holder by a signal: by one that is ignored unless asked for, since the usual one would end this program.
    public Writing writing(int fd) {
        if (control(fd, F_SETSIG, SIGURG) != 0) {
            return Writing.UNKNOWN;
        }
        int error = control(fd, F_SETLEASE, F_RDLCK);
        if (error == 0) {
            int _ = control(fd, F_SETLEASE, F_UNLCK);
            return Writing.NO;
        }
        return error == PosixException.EAGAIN ? Writing.YES : Writing.UNKNOWN;
    }

    private int control(int fd, int command, int argument) {
        try {
            return (int) LibC.FCNTL.invokeExact(state, fd, command, argument) < 0 ? errno() : 0;
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    public int watchQueue() throws PosixException {
        return (int) call("asking for a queue of changes", "", () ->
                (int) LibC.INOTIFY_INIT.invokeExact(state, O_CLOEXEC | O_NONBLOCK));
    }

    /// Watches the folder that is open as `folder`, wherever its name may lead by now.
    ///
    /// @return the watch's number; the one that it has already, when the folder is watched
    public int watch(int queue, int folder, int mask) throws PosixException {
        MemorySegment text = text("/proc/self/fd/" + folder, first);
        return (int) call("watching a folder", "", () -> (int) LibC.INOTIFY_ADD.invokeExact(state, queue, text, mask));
    }

    /// Ends a watch; one that has ended already is no error.
    public void unwatch(int queue, int number) {
        try {
            int _ = (int) LibC.INOTIFY_REMOVE.invokeExact(state, queue, number);
        } catch (Throwable t) {
            throw bug(t);
        }
    }

    /// A descriptor that becomes readable when 8 bytes are written to it: what wakes a thread that polls.
    public int bell() throws PosixException {
        return (int)
                call("asking for a bell", "", () -> (int) LibC.EVENTFD.invokeExact(state, 0, O_CLOEXEC | O_NONBLOCK));
    }

    public void ring(int bell) throws PosixException {
        second.set(JAVA_LONG, 0, 1);
        write(bell, second, Long.BYTES);
    }

    /// Waits until one of two descriptors can be read.
    ///
    /// @return whether it is the first one
    public boolean awaitFirst(int one, int other) throws PosixException {
        second.set(JAVA_INT, 0, one);
        second.set(JAVA_INT, 4, POLL_IN);
        second.set(JAVA_INT, 8, other);
        second.set(JAVA_INT, 12, POLL_IN);
        while (call("waiting", "", () -> (int) LibC.POLL.invokeExact(state, second, 2L, -1)) == 0) {
            // Without an end to the waiting, none comes.
        }
        return second.get(JAVA_SHORT, 14) == 0;
    }

    private interface Call<X extends Throwable> {
        long run() throws X;
    }

    private long call(String what, String subject, Call<?> call) throws PosixException {
        while (true) {
            long result;
            try {
                result = call.run();
            } catch (Throwable t) {
                throw bug(t);
            }
            if (result >= 0) {
                return result;
            }
            if (errno() != PosixException.EINTR) {
                throw new PosixException(what, subject, errno());
            }
        }
    }

    private int errno() {
        return state.get(JAVA_INT, ERRNO_OFFSET);
    }

    /// `name` in C's form. A name with a NUL would be cut there and mean another file.
    private static MemorySegment text(String name, MemorySegment into) throws PosixException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= into.byteSize()) {
            throw new PosixException("naming", name.substring(0, 80) + "…", PosixException.ENAMETOOLONG);
        }
        if (name.indexOf('\0') >= 0) {
            throw new PosixException("naming", name.replace('\0', '?'), PosixException.EINVAL);
        }
        MemorySegment.copy(bytes, 0, into, JAVA_BYTE, 0, bytes.length);
        into.set(JAVA_BYTE, bytes.length, (byte) 0);
        return into;
    }

    private static AssertionError bug(Throwable t) {
        return new AssertionError("a system call was called in the wrong way", t);
    }

    @Override
    public void close() {
        arena.close();
    }

    static {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new UnsupportedOperationException("the layouts here are little-endian: " + ValueLayout.ADDRESS);
        }
    }
}
