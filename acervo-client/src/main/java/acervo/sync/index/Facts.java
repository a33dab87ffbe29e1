package acervo.sync.index;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.Kind;
import acervo.watch.Stat;

/// What the system said of a file when its bytes were hashed. As long as it says the same, the bytes are taken to be
/// the same: the time of the last content change alone proves nothing, since anyone can set it, but the inode's own
/// time of change can't be set.
///
/// @param executable whether the owner may run it; false for all but files
/// @param size bytes; 0 for folders
/// @param modifiedNanos nanoseconds since 1970; 0 for folders and links
/// @param changedNanos the inode's; 0 for folders, and for a file whose bytes have to be hashed again at the next look
public record Facts(Kind kind, boolean executable, long size, long modifiedNanos, long changedNanos, long inode) {
    /// What the index keeps of what the system says.
    ///
    /// @throws IllegalStateException for a special file
    public static Facts of(Stat stat) {
        if (stat.isSpecial()) {
            throw new IllegalStateException("the index has no special files");
        }
        if (stat.isFile()) {
            return new Facts(
                    Kind.FILE,
                    stat.isExecutable(),
                    stat.size(),
                    stat.modifiedNanos(),
                    stat.changedNanos(),
                    stat.inode());
        }
        return stat.isFolder()
                ? new Facts(Kind.FOLDER, false, 0, 0, 0, stat.inode())
                : new Facts(Kind.LINK, false, stat.size(), 0, stat.changedNanos(), stat.inode());
    }

    /// The content with these facts. A link's and a folder's time mean nothing.
    public Content content(BlobId blob) {
        long millis = kind == Kind.FILE ? Math.floorDiv(modifiedNanos, 1_000_000L) : 0;
        return new Content(kind, blob, size, millis, executable);
    }

    /// The same, but to be hashed again at the next look.
    public Facts unconfirmed() {
        return new Facts(kind, executable, size, modifiedNanos, 0, inode);
    }

    /// Whether it can be the same file under another name: a rename changes nothing else but the time of change.
    public boolean isRenamed(Facts before) {
        return kind == before.kind
                && inode == before.inode
                && size == before.size
                && modifiedNanos == before.modifiedNanos;
    }
}
