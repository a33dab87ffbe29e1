package acervo.watch;

import java.io.IOException;

/// A system call that failed.
public final class PosixException extends IOException {
    private static final long serialVersionUID = 1;

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOTEMPTY = 39;
    public static final int ELOOP = 40;
    public static final int EDQUOT = 122;

    private final int errno;

    public PosixException(String call, String subject, int errno) {
        super(call + (subject.isEmpty() ? "" : " '" + subject + "'") + ": " + describe(errno));
        this.errno = errno;
    }

    /// Never null.
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /// The system's number of the error.
    public int errno() {
        return errno;
    }

    /// Whether the disk, or the user's share of it, is full.
    public boolean isFull() {
        return errno == ENOSPC || errno == EDQUOT;
    }

    /// Whether there is nothing at the name, or a part of the way to it is not a folder (any more).
    public boolean isAbsent() {
        return errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
    }

    private static String describe(int errno) {
        return switch (errno) {
            case EPERM -> "the system does not permit it";
            case ENOENT -> "there is nothing of that name";
            case EACCES -> "no permission";
            case EEXIST -> "something of that name is there";
            case EXDEV -> "another disk is mounted there";
            case ENOTDIR -> "it is not a folder";
            case EISDIR -> "it is a folder";
            case ENFILE, EMFILE -> "too many open files";
            case ENOSPC -> "no room is left";
            case EROFS -> "the disk is read-only";
            case ENAMETOOLONG -> "the name is too long";
            case ENOTEMPTY -> "the folder is not empty";
            case ELOOP -> "a symbolic link is in the way";
            case EDQUOT -> "the user's share of the disk is used up";
            default -> "error " + errno;
        };
    }
}
