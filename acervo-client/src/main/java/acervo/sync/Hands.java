package acervo.sync;

import acervo.client.UnreachableException;
import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import acervo.sync.RemoteSpace.Deposit;
import acervo.sync.RemoteSpace.Move;
import acervo.sync.RemoteSpace.RemoteAnswer;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.Operation;
import acervo.sync.plan.RemoteNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Carries operations out, blocking. Knows nothing of trees; any thread.
final class Hands {
    static final Content FOLDER = new Content(Kind.FOLDER, BlobId.EMPTY, 0, 0, false);

    private final LocalDisk disk;
    private final RemoteSpace space;

    Hands(LocalDisk disk, RemoteSpace space) {
        this.disk = disk;
        this.space = space;
    }

    /// Carries out operations of one lane.
    ///
    /// @return one result each, in order
    /// @throws UncheckedIOException when it is not known what is on disk
    List<Result> carryOut(Orders.Lane lane, List<Operation> operations) {
        try {
            return switch (lane) {
                case NOTE -> throw new IllegalArgumentException("nothing is to be done: " + operations);
                case LOCAL -> disk(operations.stream().map(Hands::change).toList());
                case FETCH -> fetch(operations);
                case DEPOSIT ->
                    space(space.deposit(operations.stream().map(Hands::deposit).toList()));
                case REMOVE ->
                    space(space.remove(operations.stream().map(Hands::row).toList()));
                case MOVE ->
                    space(space.move(operations.stream().map(Hands::move).toList()));
            };
        } catch (UnreachableException e) {
            return all(operations, unreachable(e));
        } catch (RefusedException e) {
            return all(operations, new Result.SpaceLost(FeedReader.refused(e)));
        } catch (RootLostException e) {
            return all(operations, new Result.RootLost(String.valueOf(e.getMessage())));
        }
    }

    private static List<Result> all(List<Operation> operations, Result result) {
        return operations.stream().map(_ -> result).toList();
    }

    private static Result unreachable(UnreachableException e) {
        return new Result.SpaceLost(new FeedReader.Trouble(false, String.valueOf(e.getMessage())));
    }

    private static LocalChange change(Operation operation) {
        return switch (operation) {
            case Operation.MakeLocalFolder(FilePath path) -> new LocalChange.MakeFolder(path);
            case Operation.RemoveLocal(LocalNode local) -> new LocalChange.Remove(local);
            case Operation.MoveLocal(LocalNode local, FilePath to, var _, var _) -> new LocalChange.Move(local, to);
            case Operation.KeepBothLocal(LocalNode local, FilePath to, var _) -> new LocalChange.Move(local, to);
            case Operation.SetLocalMetadata(LocalNode local, Content content, var _) ->
                new LocalChange.SetMetadata(local, content.modifiedMillis(), content.executable());
            default -> throw misplaced(operation);
        };
    }

    private static Deposit deposit(Operation operation) {
        return switch (operation) {
            case Operation.Upload(LocalNode local, RemoteNode replaces) ->
                new Deposit(local.path(), local.content(), local, replaces);
            case Operation.SetRemoteMetadata(RemoteNode remote, LocalNode local) ->
                new Deposit(remote.path(), local.content(), local, remote);
            case Operation.MakeRemoteFolder(FilePath path) -> new Deposit(path, FOLDER, null, null);
            default -> throw misplaced(operation);
        };
    }

    private static RemoteNode row(Operation operation) {
        if (operation instanceof Operation.RemoveRemote(RemoteNode remote)) {
            return remote;
        }
        throw misplaced(operation);
    }

    private static Move move(Operation operation) {
        return switch (operation) {
            case Operation.MoveRemote(RemoteNode remote, FilePath to, var _, var _) -> new Move(remote, to);
            case Operation.KeepBothRemote(RemoteNode remote, FilePath to, var _) -> new Move(remote, to);
            default -> throw misplaced(operation);
        };
    }

    private static IllegalStateException misplaced(Operation operation) {
        return new IllegalStateException("carried out by someone else: " + operation);
    }

    private List<Result> disk(List<LocalChange> changes) throws RootLostException {
        List<Result> results = new ArrayList<>(changes.size());
        for (LocalAnswer answer : disk.apply(changes)) {
            results.add(
                    switch (answer) {
                        case LocalAnswer.Done(LocalNode now) -> new Result.OnDisk(now);
                        case LocalAnswer.Changed() -> new Result.DiskChanged();
                        case LocalAnswer.Failed(String what) -> new Result.Impossible(Status.Why.LOCAL, what);
                    });
        }
        return results;
    }

    private static List<Result> space(List<RemoteAnswer> answers) {
        List<Result> results = new ArrayList<>(answers.size());
        for (RemoteAnswer answer : answers) {
            results.add(
                    switch (answer) {
                        case RemoteAnswer.Done(RemoteNode now) -> new Result.InSpace(now);
                        case RemoteAnswer.Gone(var version) -> new Result.GoneFromSpace(version);
                        case RemoteAnswer.Changed() -> new Result.DiskChanged();
                        case RemoteAnswer.Refused(Refusal why) -> refused(why);
                    });
        }
        return results;
    }

    private static Result refused(Refusal why) {
        return switch (why.reason()) {
            case VERSION_CHANGED, NO_SUCH_FILE, FILE_EXISTS, PATH_IN_THE_WAY -> new Result.SpaceChanged(why.toString());
            case UNAVAILABLE, TOO_MANY -> new Result.SpaceLost(new FeedReader.Trouble(false, why.toString()));
            case FORBIDDEN, UNAUTHENTICATED, NO_SUCH_SPACE, NO_SUCH_CLIENT ->
                new Result.SpaceLost(new FeedReader.Trouble(true, why.toString()));
            case CORRUPT -> new Result.Impossible(Status.Why.FAILED, why.toString());
            default -> new Result.Impossible(Status.Why.REFUSED, why.toString());
        };
    }

    /// Fetches all, then has all placed and forced together. What was fetched before the connection broke is
    /// placed.
    private List<Result> fetch(List<Operation> operations) throws RootLostException {
        List<Stage> stages = new ArrayList<>();
        try {
            List<@Nullable Result> troubles = new ArrayList<>();
            List<LocalChange> places = new ArrayList<>();
            Result lost = null;
            for (Operation operation : operations) {
                if (!(operation instanceof Operation.Download download)) {
                    throw misplaced(operation);
                }
                Result trouble = lost != null ? lost : fetch(download, stages, places);
                troubles.add(trouble);
                if (trouble instanceof Result.SpaceLost) {
                    lost = trouble;
                }
            }
            List<Result> placed = places.isEmpty() ? List.of() : disk(places);
            List<Result> results = new ArrayList<>(operations.size());
            int next = 0;
            for (Result trouble : troubles) {
                results.add(trouble != null ? trouble : placed.get(next++));
            }
            return results;
        } finally {
            stages.forEach(Stage::close);
        }
    }

    /// @return null when it is ready to be placed
    private @Nullable Result fetch(Operation.Download download, List<Stage> stages, List<LocalChange> places) {
        RemoteNode version = download.remote();
        try {
            Stage stage = disk.stage(version, download.replaces());
            stages.add(stage);
            space.fetch(version, stage);
            places.add(new LocalChange.Place(stage, version.path(), download.content(), download.replaces()));
            return null;
        } catch (UnreachableException e) {
            return unreachable(e);
        } catch (RefusedException e) {
            return refused(e.refusal());
        } catch (IOException e) {
            return new Result.Impossible(Status.Why.FAILED, String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            return new Result.Impossible(Status.Why.FAILED, String.valueOf(e.getMessage()));
        }
    }
}
