package acervo.depot;

import acervo.blob.BlobStore;
import acervo.blob.SmallBlob;
import acervo.catalog.Catalog.SpaceView;
import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.Content;
import acervo.model.FileEntry;
import acervo.model.NodeId;
import acervo.model.Outcome;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import acervo.model.SpaceName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Many small deposits at once: one force of blobs, one command. Any thread.
final class Batch {
    private final NodeId here;
    private final Access access;
    private final Intakes intakes;
    private final Pins pins;
    private final Damage damage;

    Batch(NodeId here, Access access, Intakes intakes, Pins pins, Damage damage) {
        this.here = here;
        this.access = access;
        this.intakes = intakes;
        this.pins = pins;
        this.damage = damage;
    }

    List<Outcome.Result> deposit(
            ClientId caller, SpaceName space, int replicas, RequestId request, List<SmallDeposit> items) {
        SpaceView there = access.writable(caller, space);
        access.nodesFor(replicas);
        if (items.size() > Command.MAX_ITEMS) {
            throw new RefusedException(Reason.TOO_LARGE, "the batch", Command.MAX_ITEMS + " files");
        }
        // An item's own "no" stands at its place; the others are put.
        List<Optional<Outcome.Result>> own = new ArrayList<>(items.size());
        List<Command.Put> puts = new ArrayList<>(items.size());
        Map<BlobId, SmallBlob> bytes = new LinkedHashMap<>();
        List<BlobId> kept = new ArrayList<>();
        for (SmallDeposit item : items) {
            if (item.kept()) {
                try {
                    Content content = kept(there, item);
                    own.add(Optional.empty());
                    puts.add(new Command.Put(item.path(), content, replicas, item.condition()));
                    kept.add(content.blob());
                } catch (RefusedException no) {
                    own.add(Optional.of(new Outcome.Result.No(item.path(), no.refusal())));
                }
                continue;
            }
            BlobId id = Hashes.id(item.bytes());
            Optional<Refusal> refusal = check(item, id);
            own.add(refusal.map(no -> new Outcome.Result.No(item.path(), no)));
            if (refusal.isEmpty()) {
                puts.add(put(item, id, replicas));
                if (Intakes.hasBytes(item.kind(), id)) {
                    bytes.putIfAbsent(id, new SmallBlob(id, item.bytes().duplicate()));
                }
            }
        }
        if (puts.isEmpty()) {
            return own.stream().flatMap(Optional::stream).toList();
        }
        Command command = new Command.PutFiles(space, List.of(here), puts);
        return merge(own, submit(caller, request, command, List.copyOf(bytes.values()), kept));
    }

    /// The content of the version that is kept, with the item's time and executable bit.
    ///
    /// Its blob can't go away before the command is applied: the condition says that the version is still there
    /// then,
    /// and as long as it is, it refers to the blob.
    private Content kept(SpaceView space, SmallDeposit item) {
        if (!(item.condition() instanceof Condition.At(var version))
                || item.digest().isEmpty()) {
            throw new RefusedException(
                    Reason.ARGUMENT_INVALID, "bytes are kept of a version that is named, with its SHA-256");
        }
        FileEntry entry = access.file(space, item.path());
        if (!entry.version().equals(version)) {
            throw new RefusedException(Reason.VERSION_CHANGED, item.path(), entry.version());
        }
        Content was = entry.content();
        Hashes.mismatch(item.digest(), was.blob()).ifPresent(no -> {
            throw new RefusedException(no);
        });
        if (item.bytes().hasRemaining() || item.kind() != was.kind()) {
            throw new RefusedException(
                    Reason.ARGUMENT_INVALID, "what is kept has no bytes of its own and stays what it is");
        }
        return new Content(was.kind(), was.blob(), was.size(), item.modifiedMillis(), item.executable());
    }

    private static Optional<Refusal> check(SmallDeposit item, BlobId id) {
        int length = item.bytes().remaining();
        if (length > BlobStore.SMALL) {
            return Optional.of(new Refusal(Reason.TOO_LARGE, item.path(), BlobStore.SMALL + " bytes in a batch"));
        }
        return Access.shape(item.path(), item.kind(), length).or(() -> Hashes.mismatch(item.digest(), id));
    }

    private static Command.Put put(SmallDeposit item, BlobId id, int replicas) {
        long size = item.bytes().remaining();
        Content content = new Content(item.kind(), id, size, item.modifiedMillis(), item.executable());
        return new Command.Put(item.path(), content, replicas, item.condition());
    }

    private List<Outcome.Result> submit(
            ClientId caller, RequestId request, Command command, List<SmallBlob> bytes, List<BlobId> kept) {
        List<Pins.Pin> held = new ArrayList<>(bytes.size());
        boolean visible = false;
        try {
            kept.forEach(id -> held.add(pins.pin(id)));
            for (SmallBlob blob : bytes) {
                damage.settle(blob.id());
                held.add(pins.pin(blob.id()));
            }
            if (!bytes.isEmpty()) {
                intakes.putAll(bytes);
                bytes.forEach(blob -> damage.healed(blob.id()));
            }
            List<Outcome.Result> results = results(intakes.publisher().submit(command, caller, request, held));
            visible = results.stream().allMatch(Outcome.Result.Now.class::isInstance);
            return results;
        } finally {
            held.forEach(Pins.Pin::close);
            if (!visible) {
                bytes.forEach(blob -> intakes.publisher().abandoned(blob.id()));
            }
        }
    }

    private static List<Outcome.Result> results(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Files(var results) -> results;
            case Outcome.Refused(var refusal) -> throw new RefusedException(refusal);
            case Outcome.Done _, Outcome.Forgotten _, Outcome.Trimmed _, Outcome.Wanted _ ->
                throw new IllegalStateException("not a deposit's outcome: " + outcome);
        };
    }

    /// The catalog's results in the places that have none of their own.
    private static List<Outcome.Result> merge(List<Optional<Outcome.Result>> own, List<Outcome.Result> put) {
        List<Outcome.Result> all = new ArrayList<>(own.size());
        int next = 0;
        for (Optional<Outcome.Result> result : own) {
            all.add(result.isPresent() ? result.get() : put.get(next++));
        }
        return all;
    }
}
