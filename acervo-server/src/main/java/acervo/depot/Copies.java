package acervo.depot;

import acervo.catalog.Catalog;
import acervo.catalog.Catalog.BlobView;
import acervo.model.BlobId;
import acervo.model.FileEntry;
import acervo.model.NodeId;
import acervo.share.SharedFolder;
import java.util.List;
import java.util.Optional;

/// Where the copies of a file are, and which are good. Any thread.
final class Copies {
    private final Catalog catalog;
    private final NodeId here;
    private final Damage damage;
    private final VerifiedTimes times;

    Copies(Catalog catalog, NodeId here, Damage damage, VerifiedTimes times) {
        this.catalog = catalog;
        this.here = here;
        this.damage = damage;
        this.times = times;
    }

    /// How many good copies there are. No bytes at all need no copy: they are as many as one likes.
    int verified(FileEntry entry) {
        BlobId id = entry.content().blob();
        if (entry.author().equals(SharedFolder.NOBODY)) {
            // There is the file itself, and it is hashed when it is read.
            return 1;
        }
        if (id.equals(BlobId.EMPTY)) {
            return entry.replicas();
        }
        Optional<BlobView> blob = catalog.blob(id);
        if (blob.isEmpty()) {
            return 0;
        }
        int copies = blob.get().holders().size();
        return damage.known(id) && blob.get().holders().contains(here) ? copies - 1 : copies;
    }

    /// One line per copy.
    List<Receipt.Copy> of(FileEntry entry) {
        BlobId id = entry.content().blob();
        if (entry.author().equals(SharedFolder.NOBODY)) {
            return List.of(new Receipt.Copy(here, true, 0));
        }
        if (id.equals(BlobId.EMPTY)) {
            return List.of(new Receipt.Copy(here, true, entry.storedMillis()));
        }
        return catalog.blob(id)
                .map(blob ->
                        blob.holders().stream().map(node -> copy(node, blob)).toList())
                .orElse(List.of());
    }

    private Receipt.Copy copy(NodeId node, BlobView blob) {
        boolean healthy = !node.equals(here) || !damage.known(blob.id());
        // Hashed on its way in, which was the first time.
        long verified = Math.max(times.at(blob.id()), blob.sinceMillis());
        return new Receipt.Copy(node, healthy, healthy ? verified : 0);
    }
}
