package acervo.depot;

import acervo.catalog.Catalog;
import acervo.catalog.Catalog.Item;
import acervo.catalog.Catalog.Page;
import acervo.model.Command;
import acervo.model.FilePath;
import acervo.model.Outcome;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import acervo.share.ShareWatch;
import acervo.share.SharedFolder;
import acervo.share.SharedFolder.Line;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The shared folders of this server, by name: spaces that every client may read and nobody may change. What is listed
/// and read comes from the disk; what the catalog knows of them, for feeds and interests, is what was seen there
/// ([ShareWatch]), which is a little behind. Any thread.
final class Shares implements AutoCloseable {
    /// How long somebody who wants something waits for the first look at a folder.
    private static final Duration FIRST_LOOK = Duration.ofSeconds(5);

    private final Map<SpaceName, SharedFolder> folders = new TreeMap<>();
    private final Map<SpaceName, ShareWatch> watches = new ConcurrentHashMap<>();

    Shares(List<SharedFolder> folders) {
        folders.forEach(folder -> this.folders.put(folder.name(), folder));
    }

    /// Makes the folders spaces of the catalog, hides those that were and are not any more, and begins to watch.
    void start(Catalog catalog, InstantSource clock) {
        Set<SpaceName> before = new HashSet<>();
        catalog.spaces(Stamp.SERVER).forEach(space -> before.add(space.name()));
        if (!before.equals(folders.keySet())) {
            Outcome outcome = catalog.submit(
                    new Command.ShareFolders(List.copyOf(folders.keySet())), Stamp.SERVER, SeenInCatalog.request());
            if (outcome instanceof Outcome.Refused(var refusal)) {
                throw new RefusedException(refusal);
            }
        }
        if (ShareWatch.isPossible()) {
            folders.forEach((name, folder) ->
                    watches.put(name, ShareWatch.start(folder, new SeenInCatalog(catalog, name), clock)));
        }
    }

    Optional<SharedFolder> find(SpaceName name) {
        return Optional.ofNullable(folders.get(name));
    }

    /// Returns once what was in a folder when the server started is known, so that it does not pass for new; at
    /// once
    /// for the name of any other space.
    ///
    /// @throws RefusedException UNAVAILABLE when that takes long
    void awaitSeen(SpaceName name) {
        if (!folders.containsKey(name)) {
            return;
        }
        ShareWatch watch = watches.get(name);
        if (watch == null) {
            throw new RefusedException(
                    Reason.ARGUMENT_INVALID, "this server's system does not tell of changes in " + name);
        }
        if (!watch.awaitScanned(FIRST_LOOK)) {
            throw new RefusedException(
                    Reason.UNAVAILABLE,
                    "the server is still looking through the shared folder " + name + ": try again in a moment");
        }
    }

    @Override
    public void close() {
        watches.values().forEach(ShareWatch::close);
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
                    Command.ExpireInterests _,
                    Command.ShareFolders _,
                    Command.Sight _ -> {}
        }
    }
}
