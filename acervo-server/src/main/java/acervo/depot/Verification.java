package acervo.depot;

import acervo.catalog.Catalog.FileRef;
import acervo.model.BlobId;
import acervo.model.ClientId;
import java.util.List;

/// The pass that reads every copy on this server again and compares hashes, and that looks for copies that should be
/// here and are
/// not. Damaged ones go to quarantine. Any thread.
public final class Verification {
    /// At most this many ids and files are kept of a pass.
    public static final int MOST = 1_000;

    Verification() {}

    /// Starts a pass at full speed in the background, unless one is under way.
    ///
    /// @return whether this call started it
    public boolean start() {
        throw new UnsupportedOperationException();
    }

    /// How the current or the last pass stands; all zero before the first one.
    public Progress progress() {
        throw new UnsupportedOperationException();
    }

    /// The files that the last pass found damaged or missing, in all spaces: for the operator only.
    public List<FileRef> affected() {
        throw new UnsupportedOperationException();
    }

    /// Those of them in spaces that `caller` may read.
    public List<FileRef> affected(ClientId caller) {
        throw new UnsupportedOperationException();
    }

    /// @param blobsTotal a guess until the pass ends
    /// @param damaged blobs whose bytes were not those stored, at most [#MOST]
    /// @param missing blobs that files refer to and that are not there, at most [#MOST]
    /// @param endedMillis 0 while it runs
    /// @param failure why the pass stopped before its end, in English; empty for none
    public record Progress(
            boolean running,
            long blobsDone,
            long blobsTotal,
            long bytesDone,
            List<BlobId> damaged,
            List<BlobId> missing,
            long startedMillis,
            long endedMillis,
            String failure) {}
}
