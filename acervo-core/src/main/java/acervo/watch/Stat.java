package acervo.watch;

/// What the system says of an inode.
///
/// @param mode type and permissions, as the system codes them
/// @param size bytes; of a link, of its target's text
/// @param modifiedNanos of the last change of the content, nanoseconds since 1970; anyone can set it, so it proves
///     nothing by itself
/// @param changedNanos of the last change of content or facts; nobody can set it
/// @param inode the file's number on its device, which stays through renames and may be used again afterwards
public record Stat(int mode, long size, long modifiedNanos, long changedNanos, long inode, long device) {
    private static final int TYPE = 0xf000;
    private static final int FOLDER = 0x4000;
    private static final int FILE = 0x8000;
    private static final int LINK = 0xa000;
    public static final int OWNER_EXECUTES = 0100;

    /// Seconds and nanoseconds as nanoseconds; a time beyond the years 1678 to 2262 becomes the nearest one.
    public static long nanos(long seconds, int nanos) {
        if (seconds > 9_223_372_035L) {
            return Long.MAX_VALUE;
        }
        return seconds < -9_223_372_035L ? Long.MIN_VALUE : seconds * 1_000_000_000L + nanos;
    }

    public static boolean isFile(int mode) {
        return (mode & TYPE) == FILE;
    }

    public static boolean isFolder(int mode) {
        return (mode & TYPE) == FOLDER;
    }

    public static boolean isLink(int mode) {
        return (mode & TYPE) == LINK;
    }

    public static boolean isExecutable(int mode) {
        return isFile(mode) && (mode & OWNER_EXECUTES) != 0;
    }

    public boolean isFile() {
        return isFile(mode);
    }

    public boolean isFolder() {
        return isFolder(mode);
    }

    public boolean isLink() {
        return isLink(mode);
    }

    /// Whether the owner may run it.
    public boolean isExecutable() {
        return isExecutable(mode);
    }

    /// What it is, when it is none of what can be kept in step.
    public String special() {
        return switch (mode & TYPE) {
            case 0x1000 -> "a named pipe";
            case 0x2000, 0x6000 -> "a device";
            case 0xc000 -> "a socket";
            default -> "a special file";
        };
    }

    public boolean isSpecial() {
        return !isFile() && !isFolder() && !isLink();
    }
}
