package acervo.depot;

import acervo.catalog.Catalog;
import acervo.catalog.Catalog.SpaceView;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.FilePath;
import acervo.model.Outcome;
import acervo.model.RequestId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Brings removals for ever to their end. A path may have seen any number of files come and go, and one command lets go
/// of some thousands of them at most, so that no entry of the log takes long; the rest goes here, step by step.
///
/// A step asks for paths where nothing is: a file that somebody deposits meanwhile stays. A request that is repeated
/// after the server died halfway goes on where it ended. Any thread.
final class Forever {
    private final Catalog catalog;

    Forever(Catalog catalog) {
        this.catalog = catalog;
    }

    /// @param outcome of `remove`
    void finish(ClientId caller, Command.RemoveFiles remove, Outcome outcome) {
        Outcome last = outcome;
        List<Command.Remove> rest = rest(caller, remove, last);
        while (!rest.isEmpty()) {
            Command.RemoveFiles step = new Command.RemoveFiles(remove.space(), true, rest);
            last = catalog.submit(step, caller, new RequestId(UUID.randomUUID()));
            rest = rest(caller, step, last);
        }
    }

    /// What was removed for ever and has left more behind.
    private List<Command.Remove> rest(ClientId caller, Command.RemoveFiles remove, Outcome outcome) {
        Optional<SpaceView> space = catalog.space(caller, remove.space());
        if (!remove.forever() || space.isEmpty() || !(outcome instanceof Outcome.Files files)) {
            return List.of();
        }
        return files.results().stream()
                .filter(Outcome.Result.Gone.class::isInstance)
                .map(result -> ((Outcome.Result.Gone) result).path())
                .distinct()
                .filter(path -> leftMore(space.get(), path))
                .map(path -> new Command.Remove(path, Condition.ABSENT))
                .toList();
    }

    private boolean leftMore(SpaceView space, FilePath path) {
        return catalog.file(space.id(), path).isEmpty()
                && !catalog.history(space.id(), path, 1).isEmpty();
    }
}
