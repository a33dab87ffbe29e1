package acervo.catalog;

import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.NodeId;
import acervo.model.PathPattern;
import acervo.model.RequestId;
import acervo.model.Role;
import acervo.model.SecretHash;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import acervo.model.Stamped;
import acervo.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/// Commands as many clients might send them, sensible and silly ones; the same seed gives the same.
final class RandomCommands {
    private static final List<String> PATHS = List.of(
            "a", "a/b", "a/b/c", "a/b/d", "a-", "b", "b/a", "c/d/e/f", "c/d", "c", "e", "é/ü", "é", "f/1", "f/2",
            "f/3");
    private static final List<String> PATTERNS = List.of("a", "b", "c/d", "*", "a/**", "**", "f/?", "**/a");
    private static final SpaceName DISK = new SpaceName("disk");
    private static final List<SpaceName> SPACES =
            List.of(SpaceName.HOME, SpaceName.PUBLIC, new SpaceName("team"), new SpaceName("art"), DISK);
    private static final int CLIENTS = 4;

    private final Random random;
    private final List<Stamped> sent = new ArrayList<>();
    private long millis = 1_000_000_000_000L;

    RandomCommands(long seed) {
        this.random = new Random(seed);
    }

    /// The next command. The first ones make nodes and clients, so that later ones mostly have an effect.
    Stamped next() {
        int n = sent.size();
        // Mostly little time passes; now and then a request's day is over.
        millis += random.nextInt(200) == 0 ? random.nextInt(30) * 3_600_000L : random.nextInt(2_000);
        Stamped next;
        if (n < 2) {
            next = stamped(Stamp.SERVER, new Command.AddNode(node(n)));
        } else if (n < 2 + CLIENTS) {
            next = stamped(client(n - 2), new Command.RegisterClient(client(n - 2), secret(n - 2)));
        } else if (random.nextInt(25) == 0) {
            Stamped old = sent.get(random.nextInt(sent.size()));
            Command command = random.nextInt(4) == 0 ? command() : old.command();
            next = new Stamped(
                    new Stamp(millis, old.stamp().author(), old.stamp().request()), command);
        } else if (random.nextInt(12) == 0) {
            next = stamped(Stamp.SERVER, housekeeping());
        } else if (random.nextInt(12) == 0) {
            next = stamped(Stamp.SERVER, onDisk());
        } else {
            next = stamped(client(random.nextInt(CLIENTS + 1)), command());
        }
        sent.add(next);
        return next;
    }

    /// Commands that share an entry.
    List<Stamped> entry() {
        List<Stamped> entry = new ArrayList<>();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            entry.add(next());
        }
        return entry;
    }

    private Stamped stamped(ClientId author, Command command) {
        RequestId request = new RequestId(new UUID(random.nextLong(), random.nextLong()));
        // A leader's clock that jumped back.
        long time = random.nextInt(50) == 0 ? millis - 5_000 : millis;
        return new Stamped(new Stamp(time, author, request), command);
    }

    private Command housekeeping() {
        return switch (random.nextInt(5)) {
            case 0 -> new Command.TrimHistory(millis - random.nextInt(10_000), random.nextInt(40));
            case 1 -> new Command.ForgetBlobs(millis - random.nextInt(10_000), some(() -> blob(random.nextInt(8))));
            case 2 -> new Command.Drain(random.nextInt(15));
            case 3 -> new Command.ExpireInterests(random.nextInt(8));
            default -> new Command.AddNode(node(random.nextInt(3)));
        };
    }

    private Command onDisk() {
        return switch (random.nextInt(12)) {
            case 0 -> new Command.ShareFolders(List.of());
            case 1 -> new Command.ShareFolders(List.of(space()));
            case 2, 3 -> new Command.ShareFolders(List.of(DISK));
            default -> new Command.Sight(DISK, some(this::sighting));
        };
    }

    private Command.Sighting sighting() {
        return random.nextInt(3) == 0
                ? new Command.Sighting.Gone(path())
                : new Command.Sighting.There(
                        path(), random.nextInt(9), random.nextInt(100), 0, random.nextBoolean(), random.nextInt(5));
    }

    private Command command() {
        return switch (random.nextInt(20)) {
            case 0 -> new Command.CreateSpace(space());
            case 1 -> new Command.RemoveSpace(space(), random.nextBoolean());
            case 2, 3 -> new Command.Grant(space(), client(random.nextInt(CLIENTS + 1)), Role.of(random.nextInt(4)));
            case 4, 5 ->
                new Command.RemoveFiles(
                        space(), random.nextInt(4) == 0, some(() -> new Command.Remove(path(), condition())));
            case 6, 7 ->
                new Command.MoveFiles(
                        space(), some(() -> new Command.Move(path(), path(), condition(), random.nextBoolean())));
            case 8 -> new Command.SetReplicas(space(), random.nextInt(4), some(this::path));
            case 9 -> new Command.RegisterClient(client(random.nextInt(CLIENTS)), secret(random.nextInt(CLIENTS)));
            case 10 -> housekeeping();
            case 11, 12 ->
                new Command.Want(
                        space(),
                        PathPattern.parse(PATTERNS.get(random.nextInt(PATTERNS.size()))),
                        1 + random.nextInt(3_600_000),
                        random.nextBoolean(),
                        random.nextInt(200));
            case 13 -> new Command.Unwant(some(() -> 1L + random.nextInt(30)));
            case 14 -> new Command.Acknowledge(some(() -> 1L + random.nextInt(60)), random.nextInt(3));
            default ->
                new Command.PutFiles(
                        space(),
                        random.nextInt(9) == 0 ? List.of() : List.of(node(random.nextInt(2))),
                        some(() -> new Command.Put(path(), content(), random.nextInt(4), condition())));
        };
    }

    private <T> List<T> some(Supplier<T> one) {
        List<T> some = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            some.add(one.get());
        }
        return some;
    }

    private Content content() {
        int n = random.nextInt(8);
        return switch (random.nextInt(6)) {
            case 0 -> new Content(Kind.FOLDER, BlobId.EMPTY, 0, random.nextInt(3), false);
            case 1 -> new Content(Kind.LINK, blob(n), 100 + n, -random.nextInt(3), false);
            default -> new Content(Kind.FILE, blob(n), 100 + n, random.nextInt(3), random.nextBoolean());
        };
    }

    private Condition condition() {
        return switch (random.nextInt(8)) {
            case 0 -> Condition.ABSENT;
            case 1 -> Condition.PRESENT;
            case 2 -> new Condition.At(new Version(1 + random.nextInt(60)));
            default -> Condition.ANY;
        };
    }

    private FilePath path() {
        return new FilePath(PATHS.get(random.nextInt(PATHS.size())));
    }

    private SpaceName space() {
        return SPACES.get(random.nextInt(SPACES.size()));
    }

    private static ClientId client(int n) {
        return new ClientId(new UUID(20, n));
    }

    private static NodeId node(int n) {
        return new NodeId(new UUID(10, n));
    }

    private static SecretHash secret(int n) {
        return SecretHash.of(new byte[] {(byte) n});
    }

    private static BlobId blob(int n) {
        return new BlobId(n, n, 1, 2);
    }
}
