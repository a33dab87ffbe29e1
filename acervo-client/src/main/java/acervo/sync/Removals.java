package acervo.sync;

import acervo.model.Kind;
import acervo.sync.plan.Brakes;
import acervo.sync.plan.LocalNode;
import acervo.sync.plan.Operation;
import acervo.sync.plan.RemoteNode;

/// How much may still be removed before a person has to agree. A folder that is emptied slowly is planned in many small
/// pieces: so what was removed within the last minute counts as well. The control thread's.
final class Removals {
    private static final long MINUTE = 60_000;

    private final Brakes usual;
    private final Workers workers;
    private final Runnable eased;
    private int agreed;
    private int lately;

    /// @param eased called on the control thread when more may be removed again
    Removals(Brakes usual, Workers workers, Runnable eased) {
        this.usual = usual;
        this.workers = workers;
        this.eased = eased;
    }

    Brakes brakes() {
        return usual.after(lately).agreed(agreed);
    }

    /// A person agrees to so many at once.
    void agree(int count) {
        agreed = Math.max(agreed, count);
    }

    /// Nothing is left to do: what a person agreed to is over.
    void settled(boolean braked) {
        if (!braked) {
            agreed = 0;
        }
    }

    void done(Operation operation) {
        boolean counts = switch (operation) {
            case Operation.RemoveLocal(LocalNode node) -> node.content().kind() != Kind.FOLDER;
            case Operation.RemoveRemote(RemoteNode node) -> node.content().kind() != Kind.FOLDER;
            default -> false;
        };
        if (!counts || agreed > 0) {
            return;
        }
        if (lately++ == 0) {
            workers.later(MINUTE, () -> {
                lately = 0;
                eased.run();
            });
        }
    }
}
