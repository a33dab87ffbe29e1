package acervo.http;

import acervo.catalog.Catalog;
import acervo.depot.Depot;
import acervo.depot.Verification;
import acervo.model.BlobId;
import acervo.model.Change;
import acervo.model.FileEntry;
import acervo.model.Kind;
import acervo.model.Outcome;
import acervo.model.Refusal;
import acervo.model.Role;
import acervo.share.SharedFolder;
import acervo.wire.v1.Absent;
import acervo.wire.v1.ChangeResult;
import acervo.wire.v1.Copy;
import acervo.wire.v1.FeedRow;
import acervo.wire.v1.File;
import acervo.wire.v1.Member;
import acervo.wire.v1.Space;
import acervo.wire.v1.VerifyReply;

/// From the model's words to those of `acervo.v1`, and back where a request has them.
final class Render {
    private Render() {}

    static File file(FileEntry entry, int verified) {
        return File.newBuilder()
                .setPath(entry.path().text())
                .setVersion(entry.version().number())
                .setKind(kind(entry.content().kind()))
                .setSize(entry.content().size())
                .setSha256(digest(entry.content().blob()))
                .setModifiedMillis(FileHeaders.modified(entry))
                .setStoredMillis(entry.storedMillis())
                .setExecutable(entry.content().executable())
                .setReplicas(entry.replicas())
                .setVerified(verified)
                .setId(entry.id())
                .setAuthor(entry.author().toString())
                .build();
    }

    /// Empty in a listing of a shared folder, of a file that nobody has asked for yet.
    private static String digest(BlobId id) {
        return id.equals(SharedFolder.NOT_HASHED) ? "" : id.toString();
    }

    static File item(Catalog.Item item, Depot depot) {
        return switch (item) {
            case Catalog.Item.Entry(var entry) -> file(entry, depot.verified(entry));
            case Catalog.Item.Folder(var path) ->
                File.newBuilder()
                        .setPath(path.text())
                        .setKind(acervo.wire.v1.Kind.FOLDER)
                        .setImplied(true)
                        .build();
        };
    }

    static ChangeResult result(Outcome.Result result, Depot depot) {
        return switch (result) {
            case Outcome.Result.Now(var entry, var _) ->
                ChangeResult.newBuilder()
                        .setPath(entry.path().text())
                        .setNow(file(entry, depot.verified(entry)))
                        .build();
            case Outcome.Result.Gone(var path, var version) ->
                ChangeResult.newBuilder()
                        .setPath(path.text())
                        .setGoneVersion(version.number())
                        .build();
            case Outcome.Result.No(var path, var refusal) -> refused(path.text(), refusal);
        };
    }

    static ChangeResult refused(String path, Refusal refusal) {
        return ChangeResult.newBuilder()
                .setPath(path)
                .setError(Trouble.of(refusal).toError())
                .build();
    }

    static FeedRow row(Change change, Depot depot) {
        return switch (change) {
            case Change.Present(var entry) ->
                FeedRow.newBuilder()
                        .setVersion(entry.version().number())
                        .setPresent(file(entry, depot.verified(entry)))
                        .build();
            case Change.Absent absent ->
                FeedRow.newBuilder()
                        .setVersion(absent.version().number())
                        .setAbsent(Absent.newBuilder()
                                .setId(absent.id())
                                .setPath(absent.path().text())
                                .setAtMillis(absent.atMillis()))
                        .build();
        };
    }

    static Copy copy(acervo.depot.Receipt.Copy copy) {
        return Copy.newBuilder()
                .setNode(copy.node().toString())
                .setHealthy(copy.healthy())
                .setVerifiedMillis(copy.verifiedMillis())
                .build();
    }

    static Space.Builder space(Catalog.SpaceView view) {
        return Space.newBuilder()
                .setName(view.name().text())
                .setRole(role(view.role()))
                .setFiles(view.files())
                .setBytes(view.bytes());
    }

    static Member member(Catalog.Member member) {
        return Member.newBuilder()
                .setClientId(member.client().toString())
                .setRole(role(member.role()))
                .build();
    }

    static acervo.wire.v1.Role role(Role role) {
        return switch (role) {
            case NONE -> acervo.wire.v1.Role.ROLE_UNSPECIFIED;
            case READER -> acervo.wire.v1.Role.READER;
            case WRITER -> acervo.wire.v1.Role.WRITER;
            case OWNER -> acervo.wire.v1.Role.OWNER;
        };
    }

    static Role role(acervo.wire.v1.Role role) {
        return switch (role) {
            case ROLE_UNSPECIFIED -> Role.NONE;
            case READER -> Role.READER;
            case WRITER -> Role.WRITER;
            case OWNER -> Role.OWNER;
            case UNRECOGNIZED -> throw Refusals.invalid("role is READER, WRITER, OWNER, or nothing to take it away");
        };
    }

    static acervo.wire.v1.Kind kind(Kind kind) {
        return switch (kind) {
            case FILE -> acervo.wire.v1.Kind.FILE;
            case FOLDER -> acervo.wire.v1.Kind.FOLDER;
            case LINK -> acervo.wire.v1.Kind.LINK;
        };
    }

    /// A kind that was left out is a file.
    static Kind kind(acervo.wire.v1.Kind kind) {
        return switch (kind) {
            case KIND_UNSPECIFIED, FILE -> Kind.FILE;
            case FOLDER -> Kind.FOLDER;
            case LINK -> Kind.LINK;
            case UNRECOGNIZED -> throw Refusals.invalid("kind is FILE, FOLDER or LINK");
        };
    }

    /// @param blobs whether ids of blobs may be told: what is stored here is nobody's business but the operator's
    static VerifyReply.Builder verification(Verification.Progress progress, boolean blobs) {
        VerifyReply.Builder reply = VerifyReply.newBuilder()
                .setRunning(progress.running())
                .setBlobsDone(progress.blobsDone())
                .setBlobsTotal(progress.blobsTotal())
                .setBytesDone(progress.bytesDone())
                .setStartedMillis(progress.startedMillis())
                .setEndedMillis(progress.endedMillis());
        if (blobs) {
            progress.damaged().stream().map(BlobId::toString).forEach(reply::addDamaged);
            progress.missing().stream().map(BlobId::toString).forEach(reply::addMissing);
        }
        return reply;
    }
}
