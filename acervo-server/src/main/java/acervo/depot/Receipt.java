package acervo.depot;

import acervo.model.FileEntry;
import acervo.model.NodeId;
import java.util.List;

/// One file's facts: what it is, where its copies are, what it was before.
///
/// @param history past versions, newest first
public record Receipt(FileEntry entry, List<Copy> copies, List<FileEntry> history) {
    /// Copies that are there and not known to be damaged.
    public int verified() {
        return (int) copies.stream().filter(Copy::healthy).count();
    }

    /// One copy.
    ///
    /// @param healthy false when it was found damaged or missing
    /// @param verifiedMillis when all its bytes were last hashed (the hash that was computed on their way in
    /// counts), milliseconds since 1970;
    ///     a moment at which that is known to have been so, never a later one; 0 when nothing is known
    public record Copy(NodeId node, boolean healthy, long verifiedMillis) {}
}
