package acervo.depot;

import acervo.blob.BlobStore;
import acervo.blob.StoreStatus;
import acervo.catalog.Catalog;
import acervo.catalog.Catalog.BlobView;
import acervo.catalog.Catalog.CatalogStatus;
import acervo.catalog.Catalog.Item;
import acervo.catalog.Catalog.Member;
import acervo.catalog.Catalog.Page;
import acervo.catalog.Catalog.SpaceView;
import acervo.interest.Interests;
import acervo.model.Change;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.NodeId;
import acervo.model.Outcome;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import acervo.model.SecretHash;
import acervo.model.SpaceName;
import acervo.model.Version;
import acervo.share.SharedFolder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The only place where blobs and names meet: everything that the front door can ask.
///
/// Every method may be called from any thread, may block (the one that may not says so), and throws
/// [acervo.model.RefusedException] for the caller's "no", [acervo.blob.StoreException] when the disk failed, and
/// [acervo.catalog.CatalogUnavailableException] when a change could not be carried out now. A full disk is a refusal,
/// NO_ROOM. `caller` was authenticated.
/// A space that the caller may not read is NO_SUCH_SPACE, as if there were none.
public final class Depot implements AutoCloseable {
    /// For small deposits on their way in, and again for small files on their way out, unless the heap is small.
    private static final long MOST_MEMORY = 64L << 20;

    /// Past versions that a receipt shows.
    private static final int MOST_HISTORY = 100;

    /// Damaged blobs whose references are counted for the status; more damage than this is not told any better by a
    /// number.
    private static final int MOST_SHORT = 1_000;

    private static final Duration A_LITTLE = Duration.ofSeconds(1);

    private final Catalog catalog;
    private final Access access;
    private final Shares shares;
    private final Credentials credentials;
    private final Intakes intakes;
    private final Batch batch;
    private final Downloads downloads;
    private final Copies copies;
    private final Uploads uploads;
    private final Verification verification;
    private final Damage damage;
    private final HotCache cache;
    private final Room room;
    private final Collector collector;
    private final Scrub scrub;
    private final Housekeeping housekeeping;
    private final Forever forever;
    private final Interests interests;

    private Depot(
            BlobStore blobs,
            Catalog catalog,
            NodeId node,
            Path folder,
            DepotSettings settings,
            List<SharedFolder> folders,
            Clock clock) {
        this.catalog = catalog;
        this.shares = new Shares(folders);
        this.access = new Access(catalog, shares);
        this.forever = new Forever(catalog);
        this.credentials = new Credentials(catalog, clock);
        this.cache = new HotCache(settings.cacheBytes());
        this.room = new Room(blobs, catalog);
        Pins pins = new Pins();
        this.damage = new Damage(blobs, pins, cache, folder.resolve("damaged"), clock);
        Remover remover = new Remover(blobs, catalog, pins, cache, damage);
        this.collector = new Collector(blobs, catalog, remover, settings.grace(), settings.history(), clock);
        VerifiedTimes times = new VerifiedTimes();
        this.scrub = new Scrub(blobs, catalog, damage, times, folder.resolve("scrub"), clock);
        this.verification = new Verification(blobs, catalog, damage, times, clock);
        this.copies = new Copies(catalog, node, damage, times);
        long memory = Math.min(MOST_MEMORY, Runtime.getRuntime().maxMemory() / 6);
        this.downloads = new Downloads(blobs, access, shares, cache, damage, copies, new Budget(memory));
        Publisher publisher = new Publisher(catalog, node, pins, room, damage, remover, copies);
        Quota streams = new Quota("large deposits of one client", settings.appendsPerClient());
        this.intakes = new Intakes(blobs, collector, access, room, publisher, new Budget(memory), streams);
        this.batch = new Batch(node, access, intakes, pins, damage);
        UploadShelf shelf = new UploadShelf(
                folder.resolve("uploads"), settings.uploadsPerClient(), settings.uploads(), blobs, pins);
        this.uploads = new Uploads(catalog, access, intakes, pins, damage, shelf, settings.uploadExpiry(), clock);
        this.interests = new Interests(catalog, clock, shares::awaitSeen);
        this.housekeeping = new Housekeeping(room, collector, scrub, settings, clock);
        addChores(shelf, settings);
    }

    /// Opens a depot over a store and a catalog, which stay the caller's to close, after this.
    ///
    /// @param node this machine, known to the catalog already
    /// @param folder for uploads' records and what else is kept locally; made when missing
    public static Depot open(
            BlobStore blobs, Catalog catalog, NodeId node, Path folder, DepotSettings settings, Clock clock) {
        return open(blobs, catalog, node, folder, settings, List.of(), clock);
    }

    /// The same, with folders of this machine that every client may read.
    ///
    /// @param folders of names that no space of the catalog has
    public static Depot open(
            BlobStore blobs,
            Catalog catalog,
            NodeId node,
            Path folder,
            DepotSettings settings,
            List<SharedFolder> folders,
            Clock clock) {
        Depot depot = new Depot(blobs, catalog, node, folder, settings, folders, clock);
        depot.shares.start(catalog, clock);
        depot.housekeeping.start();
        return depot;
    }

    /// As [#open], but nothing runs by itself.
    static Depot still(
            BlobStore blobs, Catalog catalog, NodeId node, Path folder, DepotSettings settings, Clock clock) {
        return new Depot(blobs, catalog, node, folder, settings, List.of(), clock);
    }

    private void addChores(UploadShelf shelf, DepotSettings settings) {
        Duration often = shorter(settings.grace().dividedBy(4), Duration.ofMinutes(1));
        housekeeping.chore("collecting", () -> {
            collector.collect();
            return often;
        });
        housekeeping.chore("tidying uploads", () -> {
            uploads.tidy();
            return shorter(settings.uploadExpiry().dividedBy(4), Duration.ofMinutes(1));
        });
        housekeeping.chore("looking after damage", () -> {
            damage.settleAll();
            damage.save();
            return Duration.ofMinutes(1);
        });
        housekeeping.chore("trimming history", () -> {
            collector.trim();
            return shorter(settings.history().dividedBy(4), Duration.ofHours(1));
        });
        housekeeping.chore("letting go of old interests", () -> interests.expire() ? A_LITTLE : Duration.ofMinutes(1));
        housekeeping.chore("sweeping broken deposits", () -> {
            intakes.sweep(shelf::isLive);
            return Duration.ofHours(1);
        });
        housekeeping.chore("comparing disk and catalog", () -> {
            collector.reconcile();
            return collector.hasStrays() ? settings.grace().plus(A_LITTLE) : Duration.ofDays(1);
        });
    }

    private static Duration shorter(Duration a, Duration b) {
        Duration shorter = a.compareTo(b) < 0 ? a : b;
        return shorter.compareTo(A_LITTLE) < 0 ? A_LITTLE : shorter;
    }

    /// Checks an id and its secret. Takes as long for an unknown id.
    ///
    /// @return `id`
    /// @throws acervo.model.RefusedException UNAUTHENTICATED
    public ClientId authenticate(ClientId id, byte[] secret) {
        return credentials.check(id, secret);
    }

    /// Makes a client and its home. Again with the same hash: changes nothing.
    ///
    /// @throws acervo.model.RefusedException CLIENT_EXISTS
    public void register(ClientId id, SecretHash hash, RequestId request) {
        refusing(catalog.submit(new Command.RegisterClient(id, hash), id, request));
    }

    /// @throws acervo.model.RefusedException NO_SUCH_SPACE
    public SpaceView space(ClientId caller, SpaceName name) {
        return access.readable(caller, name);
    }

    /// All spaces that the caller may read: `home` and `public` first.
    public List<SpaceView> spaces(ClientId caller) {
        return catalog.spaces(caller);
    }

    /// Whether a space is a folder of this machine that the server shares.
    public boolean isOnDisk(SpaceName name) {
        return shares.find(name).isPresent();
    }

    /// The clients with a role in a shared space.
    public List<Member> members(ClientId caller, SpaceName name) {
        if (shares.find(name).isPresent()) {
            return List.of();
        }
        return catalog.members(access.readable(caller, name).id());
    }

    /// A page of a folder; the path of a file lists just that file.
    ///
    /// @param limit 1 to 10,000
    public Page list(
            ClientId caller, SpaceName name, FilePath folder, boolean recursive, @Nullable FilePath after, int limit) {
        Optional<SharedFolder> share = shares.find(name);
        if (share.isPresent()) {
            return Shares.list(share.get(), folder, recursive, after, limit);
        }
        SpaceView space = access.readable(caller, name);
        Optional<FileEntry> there = folder.isRoot() ? Optional.empty() : catalog.file(space.id(), folder);
        if (there.isPresent() && there.get().content().kind() != Kind.FOLDER) {
            return new Page(List.of(new Item.Entry(there.get())), false);
        }
        Page page = catalog.list(space.id(), folder, recursive, after, limit);
        if (page.items().isEmpty() && after == null && !folder.isRoot() && there.isEmpty()) {
            throw Access.noSuchFile(folder);
        }
        return page;
    }

    /// @throws acervo.model.RefusedException NO_SUCH_FILE
    public FileEntry file(ClientId caller, SpaceName name, FilePath path) {
        Optional<SharedFolder> share = shares.find(name);
        if (share.isPresent()) {
            return share.get().file(path).orElseThrow(() -> Access.noSuchFile(path));
        }
        return access.file(access.readable(caller, name), path);
    }

    /// How many verified copies a version has; a look-up in memory and one in the catalog.
    public int verified(FileEntry entry) {
        return copies.verified(entry);
    }

    /// A file's facts, copies and past versions.
    public Receipt receipt(ClientId caller, SpaceName name, FilePath path) {
        if (shares.find(name).isPresent()) {
            // Opened, since its digest is to be told.
            try (Download file = downloads.open(caller, name, path)) {
                return new Receipt(file.entry(), copies.of(file.entry()), List.of());
            }
        }
        SpaceView space = access.readable(caller, name);
        FileEntry entry = access.file(space, path);
        return new Receipt(entry, copies.of(entry), catalog.history(space.id(), path, MOST_HISTORY));
    }

    /// Rows of a space's feed after `after`, oldest first.
    public List<Change> feed(ClientId caller, SpaceName name, long after, int limit) {
        return catalog.feed(access.readable(caller, name).id(), after, limit);
    }

    /// Carries out a command that a client may ask for: remove, move, replicas, spaces, grants. Never a deposit,
    /// nor what only a server may.
    ///
    /// @return never [Outcome.Refused]: that is thrown
    /// @throws acervo.model.RefusedException when the whole command was refused; items have their own results
    public Outcome submit(ClientId caller, RequestId request, Command command) {
        switch (command) {
            case Command.CreateSpace _,
                    Command.RemoveSpace _,
                    Command.Grant _,
                    Command.RemoveFiles _,
                    Command.MoveFiles _,
                    Command.SetReplicas _ -> {}
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
                    Command.Sight _ -> throw new IllegalArgumentException("not for a client to ask: " + command);
        }
        shares.mayChange(command);
        Outcome outcome = refusing(catalog.submit(command, caller, request));
        if (command instanceof Command.RemoveFiles remove) {
            forever.finish(caller, remove, outcome);
        }
        // On a full disk what was just removed is to be free within a second or two.
        housekeeping.kick();
        return outcome;
    }

    /// Opens a file for reading.
    ///
    /// @throws acervo.model.RefusedException NO_SUCH_FILE; CORRUPT when the only copy is damaged or missing
    public Download open(ClientId caller, SpaceName name, FilePath path) {
        return downloads.open(caller, name, path);
    }

    /// As [#open], but only that version.
    ///
    /// @throws acervo.model.RefusedException VERSION_CHANGED when the path is at another one
    public Download open(ClientId caller, SpaceName name, FilePath path, Version version) {
        Download download = downloads.open(caller, name, path);
        Version there = download.entry().version();
        if (!there.equals(version)) {
            download.close();
            throw new RefusedException(Reason.VERSION_CHANGED, path, there);
        }
        return download;
    }

    /// As [#open], but only when the bytes are in memory: never touches the blobs' disk, so that an event loop may
    /// call it. Empty when they
    /// are not, or are more than `most`: then call [#open] elsewhere.
    public Optional<Download> hot(ClientId caller, SpaceName name, FilePath path, long most) {
        return downloads.hot(caller, name, path, most);
    }

    /// Begins a deposit, once rights, path, condition, copies and room look as if it could succeed.
    public Intake begin(ClientId caller, Target target) {
        return intakes.begin(caller, target);
    }

    /// Deposits many small files with one force of blobs and one command.
    ///
    /// @param replicas for all of them; 0 keeps what is there
    /// @return one result per item, in order: an item that is refused does not keep the others back
    public List<Outcome.Result> depositAll(
            ClientId caller, SpaceName name, int replicas, RequestId request, List<SmallDeposit> items) {
        return batch.deposit(caller, name, replicas, request, items);
    }

    /// Who waits for what, and the streams of notices and feeds.
    public Interests interests() {
        return interests;
    }

    public Uploads uploads() {
        return uploads;
    }

    public Verification verification() {
        return verification;
    }

    public DepotStatus status() {
        StoreStatus store = room.now();
        CatalogStatus known = catalog.status();
        List<String> troubles = new ArrayList<>();
        store.failure().ifPresent(failure -> troubles.add("the store takes no writes: " + failure));
        if (store.full()) {
            troubles.add("the disk is full: " + Room.human(store.freeBytes()) + " free, "
                    + Room.human(store.reserveBytes()) + " kept in reserve");
        }
        known.trouble().ifPresent(troubles::add);
        long damaged = damage.count();
        if (damaged > 0) {
            troubles.add(damaged + " blobs are damaged or missing here");
        }
        return new DepotStatus(
                known,
                store,
                cache.status(),
                verification.progress(),
                catalog.nodes().size(),
                damaged,
                filesShort(),
                uploads.count(),
                uploads.bytes(),
                known.writable() && store.failure().isEmpty() && !store.full(),
                List.copyOf(troubles));
    }

    /// Stops what runs by itself and waits for it. Deposits in flight fail.
    @Override
    public void close() {
        shares.close();
        housekeeping.stop();
        verification.stop();
        uploads.close();
        damage.save();
    }

    Collector collector() {
        return collector;
    }

    /// Bytes that small deposits on their way in hold.
    long memoryInUse() {
        return intakes.memory().taken();
    }

    Downloads downloads() {
        return downloads;
    }

    Scrub scrub() {
        return scrub;
    }

    Housekeeping housekeeping() {
        return housekeeping;
    }

    Damage damage() {
        return damage;
    }

    private long filesShort() {
        return damage.ids().stream()
                .limit(MOST_SHORT)
                .mapToLong(id -> catalog.blob(id).map(BlobView::references).orElse(0L))
                .sum();
    }

    private static Outcome refusing(Outcome outcome) {
        if (outcome instanceof Outcome.Refused(var refusal)) {
            throw new RefusedException(refusal);
        }
        return outcome;
    }
}
