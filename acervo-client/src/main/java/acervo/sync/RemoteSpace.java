package acervo.sync;

import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Refusal;
import acervo.model.Version;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.RemoteNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The space that is kept in step. Blocking; any thread. A broken connection is tried again with the same request id
/// for a
/// short while.
///
/// Every method throws [acervo.client.UnreachableException] when it is not known what became of the request, and
/// [acervo.model.RefusedException] when the whole of it was refused (no right, no space).
public interface RemoteSpace extends AutoCloseable {
    /// Rows of the feed after `after`, in order.
    ///
    /// @param limit 1 to 10,000
    FeedPage feed(long after, int limit);

    /// Calls `hint` from any thread, soon after the feed has grown beyond what was told last or the connection was
    /// made
    /// again. A hint says "look", and may be late, lost or doubled. Returns at once; again replaces the one before.
    void watch(long after, Runnable hint);

    /// Deposits files, links and folders; any number and size: it sorts small ones into batches itself. One answer
    /// each, in
    /// order. A local file that changed while it was read is answered [RemoteAnswer.Changed] and not deposited.
    List<RemoteAnswer> deposit(List<Deposit> deposits);

    /// Removes rows.
    List<RemoteAnswer> remove(List<RemoteNode> rows);

    /// Renames rows, in order: as one step as far as the server's limit of items allows. Nothing may stand at the
    /// new path.
    List<RemoteAnswer> move(List<Move> moves);

    /// Writes the version's bytes (from `stage.position()` on) to the stage, changed parts only where it can. The
    /// caller has
    /// the hash of the whole checked when the stage is placed.
    ///
    /// @throws IOException when the stage can't be written
    /// @throws acervo.model.RefusedException when the version is not there any more
    void fetch(RemoteNode version, Stage stage) throws IOException;

    @Override
    void close();

    /// @param epoch whose sequence this is; another one than before: another catalog, or one that was restored
    /// @param rows in order of their versions
    /// @param latest the newest version of the space when the page was read; never below that of the last row
    /// @param start removals up to this version may be missing from the feed: whoever has read up to a version
    /// before
    ///     it, but not from 0, can't know what was removed, and reads the remote tree anew from 0. It is then whole
    record FeedPage(long epoch, List<FeedRow> rows, long latest, long start) {
        /// A feed that has all removals.
        public FeedPage(long epoch, List<FeedRow> rows, long latest) {
            this(epoch, rows, latest, 0);
        }
    }

    /// @param present what is there now; null when the file was removed
    record FeedRow(long id, Version version, @Nullable RemoteNode present) {}

    /// One deposit.
    ///
    /// @param from where its bytes are read; null for a folder
    /// @param content what it is to be: hash, size, time, executable bit as observed (or, to change only time and
    /// bit of a
    /// version that is there, the content of that version with others)
    /// @param replaces the row that it replaces, at exactly this version; null when nothing may stand there
    record Deposit(
            FilePath path,
            Content content,
            @Nullable LocalNode from,
            @Nullable RemoteNode replaces) {}

    /// One rename, of exactly that version.
    record Move(RemoteNode row, FilePath to) {}

    /// What became of one change.
    sealed interface RemoteAnswer {
        /// It is durable.
        record Done(RemoteNode now) implements RemoteAnswer {}

        /// The row is gone.
        record Gone(Version version) implements RemoteAnswer {}

        /// The local file changed while it was read; nothing was done.
        record Changed() implements RemoteAnswer {}

        /// The server's no. `VERSION_CHANGED`, `NO_SUCH_FILE`, `FILE_EXISTS` and `PATH_IN_THE_WAY` mean that
        /// someone else was
        /// faster.
        record Refused(Refusal why) implements RemoteAnswer {}
    }
}
