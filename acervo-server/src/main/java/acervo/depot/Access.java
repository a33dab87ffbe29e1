package acervo.depot;

import acervo.catalog.Catalog;
import acervo.catalog.Catalog.SpaceView;
import acervo.model.ClientId;
import acervo.model.Condition;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import acervo.model.SpaceName;
import java.util.Optional;

/// What can be refused before bytes move. The catalog decides again, and finally, when a change is applied; this spares
/// the caller the
/// bytes of a deposit that can't succeed.
final class Access {
    /// A link's target is a path: longer ones can't be made on any common system.
    private static final long MAX_LINK = FilePath.MAX_BYTES;

    private final Catalog catalog;
    private final Shares shares;

    Access(Catalog catalog, Shares shares) {
        this.catalog = catalog;
        this.shares = shares;
    }

    SpaceView readable(ClientId caller, SpaceName name) {
        return catalog.space(caller, name).orElseThrow(() -> new RefusedException(Reason.NO_SUCH_SPACE, name));
    }

    SpaceView writable(ClientId caller, SpaceName name) {
        shares.mayChange(name);
        SpaceView space = readable(caller, name);
        if (!space.role().mayWrite()) {
            throw new RefusedException(Reason.FORBIDDEN, name, "write");
        }
        return space;
    }

    FileEntry file(SpaceView space, FilePath path) {
        return catalog.file(space.id(), path).orElseThrow(() -> noSuchFile(path));
    }

    static RefusedException noSuchFile(FilePath path) {
        return new RefusedException(Reason.NO_SUCH_FILE, path);
    }

    /// Copies that can't be made are refused before bytes move.
    void nodesFor(int replicas) {
        int nodes = catalog.nodes().size();
        if (replicas > nodes) {
            throw new RefusedException(Reason.NOT_ENOUGH_NODES, replicas, nodes);
        }
    }

    /// Whether a deposit looks as if it could succeed. A request that took effect before is let through: its
    /// condition may fail because of
    /// itself.
    SpaceView deposit(ClientId caller, Target target) {
        SpaceView space = writable(caller, target.space());
        shape(target.path(), target.kind(), target.length().orElse(0)).ifPresent(refusal -> {
            throw new RefusedException(refusal);
        });
        nodesFor(target.replicas());
        boolean unconditional = target.condition() instanceof Condition.Any;
        if (!unconditional && catalog.outcome(caller, target.request()).isEmpty()) {
            condition(space, target.path(), target.condition());
        }
        return space;
    }

    /// What can't be right about a deposit, whatever is in the catalog.
    static Optional<Refusal> shape(FilePath path, Kind kind, long length) {
        if (path.isRoot()) {
            return Optional.of(new Refusal(Reason.PATH_INVALID, "/", "it is the space itself"));
        }
        return switch (kind) {
            case FILE -> Optional.empty();
            case FOLDER ->
                length == 0
                        ? Optional.empty()
                        : Optional.of(new Refusal(Reason.ARGUMENT_INVALID, "a folder has no bytes of its own"));
            case LINK ->
                length <= MAX_LINK
                        ? Optional.empty()
                        : Optional.of(new Refusal(Reason.TOO_LARGE, path, MAX_LINK + " bytes"));
        };
    }

    private void condition(SpaceView space, FilePath path, Condition condition) {
        Optional<FileEntry> there = catalog.file(space.id(), path);
        switch (condition) {
            case Condition.Any any -> {}
            case Condition.Absent absent -> {
                if (there.isPresent()) {
                    throw new RefusedException(Reason.FILE_EXISTS, path);
                }
            }
            case Condition.Present present -> {
                if (there.isEmpty()) {
                    throw noSuchFile(path);
                }
            }
            case Condition.At at -> {
                FileEntry entry = there.orElseThrow(() -> noSuchFile(path));
                if (!entry.version().equals(at.version())) {
                    throw new RefusedException(Reason.VERSION_CHANGED, path, entry.version());
                }
            }
        }
    }
}
