package acervo.depot;

import acervo.catalog.Catalog;
import acervo.catalog.Catalog.Item;
import acervo.catalog.Catalog.Page;
import acervo.catalog.Catalog.SpaceView;
import acervo.model.Command;
import acervo.model.Command.Sighting;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Outcome;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import acervo.share.Known;
import acervo.share.SharedFolder.Line;
import acervo.share.SharedFolder.Listing;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What was seen in one shared folder, as the catalog keeps it: so that it outlives the server, and so that comparing,
/// keeping and finding those who wait for it is one step there.
final class SeenInCatalog implements Known {
    private static final int PAGE = 1_000;

    private final Catalog catalog;
    private final SpaceName name;
    private final SpaceId id;

    /// @throws RefusedException NO_SUCH_SPACE when the catalog does not know that it is shared
    SeenInCatalog(Catalog catalog, SpaceName name) {
        this.catalog = catalog;
        this.name = name;
        this.id = catalog.spaces(Stamp.SERVER).stream()
                .filter(space -> space.name().equals(name))
                .map(SpaceView::id)
                .findFirst()
                .orElseThrow(() -> new RefusedException(Reason.NO_SUCH_SPACE, name));
    }

    static RequestId request() {
        return new RequestId(UUID.randomUUID());
    }

    @Override
    public Optional<FileEntry> file(FilePath path) {
        return catalog.file(id, path);
    }

    @Override
    public Listing list(FilePath folder, boolean recursive, @Nullable FilePath after) {
        Page page = catalog.list(id, folder, recursive, after, PAGE);
        return new Listing(page.items().stream().map(SeenInCatalog::line).toList(), page.more());
    }

    private static Line line(Item item) {
        return switch (item) {
            case Item.Entry(FileEntry entry) -> new Line(entry.path(), Optional.of(entry));
            case Item.Folder(FilePath path) -> new Line(path, Optional.empty());
        };
    }

    @Override
    public boolean tell(List<Sighting> seen) {
        return switch (catalog.submit(new Command.Sight(name, seen), Stamp.SERVER, request())) {
            case Outcome.Trimmed(int taken) -> taken == seen.size();
            case Outcome.Refused(var refusal) -> throw new RefusedException(refusal);
            case Outcome other -> throw new IllegalStateException("sightings give no " + other);
        };
    }
}
