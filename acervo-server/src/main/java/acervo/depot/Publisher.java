package acervo.depot;

import acervo.catalog.Catalog;
import acervo.catalog.CatalogUnavailableException;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.Content;
import acervo.model.NodeId;
import acervo.model.Outcome;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import acervo.model.SpaceId;
import java.util.List;
import java.util.Optional;

/// Makes stored bytes a file: the last step of every deposit. Any thread.
final class Publisher {
    private final Catalog catalog;
    private final NodeId here;
    private final Pins pins;
    private final Room room;
    private final Damage damage;
    private final Remover remover;
    private final Copies copies;

    Publisher(Catalog catalog, NodeId here, Pins pins, Room room, Damage damage, Remover remover, Copies copies) {
        this.catalog = catalog;
        this.here = here;
        this.pins = pins;
        this.room = room;
        this.damage = damage;
        this.remover = remover;
        this.copies = copies;
    }

    /// Stores and makes visible, pinned throughout.
    ///
    /// @param store puts the bytes on disk, forced, under `id`
    Deposited deposit(ClientId caller, SpaceId space, Target target, BlobId id, long size, Runnable store) {
        damage.settle(id);
        boolean visible = false;
        try (Pins.Pin pin = pins.pin(id)) {
            store.run();
            damage.healed(id);
            Deposited deposited = publish(caller, space, target, id, size, pin);
            visible = true;
            return deposited;
        } finally {
            if (!visible) {
                abandoned(id);
            }
        }
    }

    /// Nothing became visible: bytes that nothing refers to go at once.
    void abandoned(BlobId id) {
        remover.removeUnlessWanted(id);
    }

    /// Makes bytes visible that are on disk and pinned.
    Deposited publish(ClientId caller, SpaceId space, Target target, BlobId id, long size, Pins.Pin pin) {
        boolean created = switch (target.condition()) {
            case Condition.Absent _ -> true;
            case Condition.Present _, Condition.At _ -> false;
            case Condition.Any _ -> catalog.file(space, target.path()).isEmpty();
        };
        Content content = new Content(target.kind(), id, size, target.modifiedMillis(), target.executable());
        Command command = new Command.PutFiles(
                target.space(),
                List.of(here),
                List.of(new Command.Put(target.path(), content, target.replicas(), target.condition())));
        Outcome outcome = submit(command, caller, target.request(), List.of(pin));
        return deposited(outcome, created)
                .orElseThrow(() -> new IllegalStateException("not a deposit's outcome: " + outcome));
    }

    /// Submits while `pins` are held; keeps them when the answer does not come, for then the command may still be
    /// applied.
    Outcome submit(Command command, ClientId caller, RequestId request, List<Pins.Pin> held) {
        boolean answered = false;
        try {
            Outcome outcome = catalog.submit(command, caller, request);
            answered = true;
            return outcome;
        } catch (CatalogUnavailableException e) {
            // Turned away at the door is an answer: nothing can come of it, and on a full disk no bytes may stay behind
            // for ever.
            answered = !e.tried();
            throw answered ? room.fullOr(e) : e;
        } finally {
            if (!answered) {
                held.forEach(Pins.Pin::keep);
            }
        }
    }

    /// What a deposit's outcome says; empty for the outcome of something else.
    ///
    /// @throws RefusedException when it is a refusal
    Optional<Deposited> deposited(Outcome outcome, boolean created) {
        if (outcome instanceof Outcome.Refused(var refusal)) {
            throw new RefusedException(refusal);
        }
        if (!(outcome instanceof Outcome.Files(var results)) || results.size() != 1) {
            return Optional.empty();
        }
        return switch (results.getFirst()) {
            case Outcome.Result.Now(var entry, var changed) ->
                Optional.of(new Deposited(entry, created && changed, changed, copies.verified(entry)));
            case Outcome.Result.No(var path, var refusal) -> throw new RefusedException(refusal);
            case Outcome.Result.Gone gone -> Optional.empty();
        };
    }
}
