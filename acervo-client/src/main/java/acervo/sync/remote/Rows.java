package acervo.sync.remote;

import acervo.client.ServerRefusals;
import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.Version;
import acervo.sync.RemoteSpace.FeedPage;
import acervo.sync.RemoteSpace.FeedRow;
import acervo.sync.RemoteSpace.RemoteAnswer;
import acervo.sync.plan.RemoteNode;
import acervo.wire.v1.ChangeResult;
import acervo.wire.v1.FeedReply;
import acervo.wire.v1.File;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the server's messages as rows of the part that is kept in step.
final class Rows {
    private final Part part;

    Rows(Part part) {
        this.part = part;
    }

    FeedPage page(FeedReply reply) {
        List<FeedRow> rows = new ArrayList<>(reply.getRowsCount());
        long latest = reply.getLatest();
        for (acervo.wire.v1.FeedRow row : reply.getRowsList()) {
            rows.add(row(row));
            latest = Math.max(latest, row.getVersion());
        }
        return new FeedPage(epoch(reply), rows, latest, reply.getStart());
    }

    /// Another space of the same name has a sequence of its own: the space's number is a part of what names it.
    private static long epoch(FeedReply reply) {
        long epoch = reply.getEpoch() ^ reply.getSpaceId() * 0x9E37_79B9_7F4A_7C15L;
        return epoch == 0 ? 1 : epoch;
    }

    private FeedRow row(acervo.wire.v1.FeedRow row) {
        Version version = new Version(row.getVersion());
        return row.hasPresent()
                ? new FeedRow(row.getPresent().getId(), version, node(row.getPresent()))
                : new FeedRow(row.getAbsent().getId(), version, null);
    }

    /// Null for what is not inside the part, which is as if it were not there.
    private @Nullable RemoteNode node(File file) {
        FilePath inner = part.inner(new FilePath(file.getPath()));
        return inner == null ? null : node(file, inner);
    }

    /// @param path where it is, inside the part
    static RemoteNode node(File file, FilePath path) {
        Kind kind = Kind.of(file.getKindValue());
        boolean digested = !file.getSha256().isEmpty();
        if (!digested && kind == Kind.FILE) {
            // Two files could not be told apart.
            throw new RefusedException(
                    Reason.ARGUMENT_INVALID,
                    "the server shares these files from its disk, without digests: they can't be kept in step");
        }
        BlobId blob = digested ? BlobId.parse(file.getSha256()) : BlobId.EMPTY;
        Content content = new Content(kind, blob, file.getSize(), file.getModifiedMillis(), file.getExecutable());
        return new RemoteNode(file.getId(), path, new Version(file.getVersion()), content);
    }

    /// @param path where the change takes effect, inside the part
    static RemoteAnswer answer(ChangeResult result, FilePath path) {
        return switch (result.getResultCase()) {
            case NOW -> new RemoteAnswer.Done(node(result.getNow(), path));
            case GONE_VERSION -> new RemoteAnswer.Gone(new Version(result.getGoneVersion()));
            case ERROR -> new RemoteAnswer.Refused(ServerRefusals.of(result.getError()));
            case RESULT_NOT_SET -> throw new IllegalStateException("the server did not say what became of " + path);
        };
    }
}
