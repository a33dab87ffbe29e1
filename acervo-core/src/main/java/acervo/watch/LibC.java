package acervo.watch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Locale;

/// The functions of the C library that [Posix] calls, found once. Every handle takes, before its arguments, the memory
/// that gets `errno`.
///
/// Only for 64-bit Linux ([#AVAILABLE]); elsewhere nothing here may be touched but that constant.
public final class LibC {
    private static final Linker LINKER = Linker.nativeLinker();

    /// Whether this system has all of it.
    public static final boolean AVAILABLE = isKnown()
            && List.of("openat", "statx", "renameat2", "inotify_init1", "eventfd", "utimensat").stream()
                    .allMatch(name -> LINKER.defaultLookup().find(name).isPresent());

    static final MethodHandle OPENAT = variadic("openat", 3, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    static final MethodHandle CLOSE = fixed("close", JAVA_INT, JAVA_INT);
    static final MethodHandle READ = fixed("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    static final MethodHandle PREAD = fixed("pread", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    static final MethodHandle WRITE = fixed("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    static final MethodHandle FSYNC = fixed("fsync", JAVA_INT, JAVA_INT);
    static final MethodHandle SYNCFS = fixed("syncfs", JAVA_INT, JAVA_INT);
    static final MethodHandle SYNC_FILE_RANGE =
            fixed("sync_file_range", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    static final MethodHandle LSEEK = fixed("lseek", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    static final MethodHandle STATX = fixed("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    static final MethodHandle SYSCALL = syscall();
    static final MethodHandle MKDIRAT = fixed("mkdirat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle UNLINKAT = fixed("unlinkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle SYMLINKAT = fixed("symlinkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
    static final MethodHandle LINKAT = fixed("linkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle READLINKAT = fixed("readlinkat", JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle RENAMEAT2 = fixed("renameat2", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle UTIMENSAT = fixed("utimensat", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    static final MethodHandle FCHMOD = fixed("fchmod", JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle FCNTL = variadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle INOTIFY_INIT = fixed("inotify_init1", JAVA_INT, JAVA_INT);
    static final MethodHandle INOTIFY_ADD = fixed("inotify_add_watch", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle INOTIFY_REMOVE = fixed("inotify_rm_watch", JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle EVENTFD = fixed("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle POLL = fixed("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    private LibC() {}

    private static boolean isKnown() {
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return System.getProperty("os.name", "").equals("Linux")
                && List.of("amd64", "x86_64", "aarch64").contains(arch);
    }

    private static MethodHandle fixed(String name, MemoryLayout result, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(result, arguments), Linker.Option.captureCallState("errno"));
    }

    /// A function whose arguments from number `first` on are variadic; it returns an `int`.
    private static MethodHandle variadic(String name, int first, MemoryLayout... arguments) {
        return handle(
                name,
                FunctionDescriptor.of(JAVA_INT, arguments),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(first));
    }

    /// A call by number, of an int, an address and a length: the C libraries disagree about the name of
    /// `getdents64`.
    private static MethodHandle syscall() {
        return handle(
                "syscall",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(1));
    }

    /// Restricted: a wrong signature could crash the program. Each one above was compared with its manual page.
    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
        if (!AVAILABLE) {
            // Never called: the callers look at AVAILABLE, and reading it makes this class.
            return MethodHandles.constant(int.class, -1);
        }
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }
}
