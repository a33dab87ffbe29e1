package acervo.depot;

import acervo.catalog.Catalog.Item;
import acervo.catalog.Catalog.Page;
import acervo.catalog.Catalog.SpaceView;
import acervo.model.Command;
import acervo.model.FilePath;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.Role;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.share.SharedFolder;
import acervo.share.SharedFolder.Line;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The shared folders of this server, by name: spaces that every client may read and nobody may change, of which the
/// catalog knows nothing. Any thread.
final class Shares {
    /// Of a number that the catalog never gives.
    private static final SpaceId NO_SPACE = new SpaceId(Long.MAX_VALUE);

    private final Map<SpaceName, SharedFolder> folders = new TreeMap<>();

    Shares(List<SharedFolder> folders) {
        folders.forEach(folder -> this.folders.put(folder.name(), folder));
    }

    Optional<SharedFolder> find(SpaceName name) {
        return Optional.ofNullable(folders.get(name));
    }

    /// What every client sees of them. How much is in them would have to be counted each time, and is not told.
    List<SpaceView> views() {
        return folders.keySet().stream().map(Shares::view).toList();
    }

    static SpaceView view(SpaceName name) {
        return new SpaceView(NO_SPACE, name, Role.READER, 0, 0, 0);
    }

    static Page list(SharedFolder share, FilePath folder, boolean recursive, @Nullable FilePath after, int limit) {
        if (!folder.isRoot()) {
            var file = share.file(folder);
            if (file.isPresent()) {
                return new Page(List.of(new Item.Entry(file.get())), false);
            }
        }
        SharedFolder.Listing listing = share.list(folder, recursive, after, limit);
        return new Page(listing.lines().stream().map(Shares::item).toList(), listing.more());
    }

    private static Item item(Line line) {
        return line.entry().isPresent() ? new Item.Entry(line.entry().get()) : new Item.Folder(line.path());
    }

    /// @throws RefusedException READ_ONLY when the space is one of these
    void mayChange(SpaceName name) {
        if (folders.containsKey(name)) {
            throw new RefusedException(Reason.READ_ONLY, name);
        }
    }

    /// @throws RefusedException when a command would change one of these, or make a space of the same name
    void mayChange(Command command) {
        switch (command) {
            case Command.CreateSpace create -> {
                if (folders.containsKey(create.space())) {
                    throw new RefusedException(Reason.SPACE_EXISTS, create.space());
                }
            }
            case Command.RemoveSpace remove -> mayChange(remove.space());
            case Command.Grant grant -> mayChange(grant.space());
            case Command.RemoveFiles remove -> mayChange(remove.space());
            case Command.MoveFiles move -> mayChange(move.space());
            case Command.SetReplicas set -> mayChange(set.space());
            case Command.RegisterClient _,
                    Command.AddNode _,
                    Command.PutFiles _,
                    Command.TrimHistory _,
                    Command.ForgetBlobs _,
                    Command.Drain _,
                    Command.Want _,
                    Command.Unwant _,
                    Command.Acknowledge _,
                    Command.ExpireInterests _ -> {}
        }
    }
}
