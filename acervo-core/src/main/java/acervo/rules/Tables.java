package acervo.rules;

import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.NodeId;
import acervo.model.RequestId;
import acervo.model.Role;
import acervo.model.SecretHash;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.rules.Row.Only;
import acervo.wire.Reader;
import acervo.wire.ValueFormat;
import acervo.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Every table of the catalog. `docs/formats.md` draws the bytes of each.
public final class Tables {
    /// The first byte of every row.
    static final int FORMAT = 1;

    /// Ends a path inside a key where more follows. Less than every character of a path and more than the 0 that
    /// stands for `/`.
    private static final int PATH_END = 1;

    /// Flags beside a space's kind.
    private static final int REMOVED = 0x80;

    private static final int WAITED_FOR = 0x40;

    /// The least ids, to start a walk with.
    static final ClientId FIRST = new ClientId(new UUID(0, 0));

    static final RequestId FIRST_REQUEST = new RequestId(new UUID(0, 0));

    private static final List<Table<?, ?>> MADE = new ArrayList<>();

    /// Counts over everything: one row.
    public static final Table<Only, Row.Totals> TOTALS =
            table("totals", Family.META, 'T', key((to, k) -> {}, f -> Only.KEY), row(Tables::totals, Tables::totals));

    /// Identities.
    public static final Table<ClientId, Row.Client> CLIENTS = table(
            "clients",
            Family.META,
            'C',
            key((to, k) -> to.uuid(k.uuid()), Tables::client),
            row(
                    (to, v) -> {
                        ValueFormat.blob(to, v.secret().sha256());
                        to.u64(v.home().number()).varint(v.createdMillis());
                    },
                    f -> new Row.Client(new SecretHash(ValueFormat.blob(f)), space(f), f.varint())));

    /// Spaces by number.
    public static final Table<SpaceId, Row.Space> SPACES = table(
            "spaces",
            Family.META,
            'S',
            key((to, k) -> to.u64(k.number()), Tables::space),
            keyed(Tables::spaceRow, Tables::spaceRow));

    /// Shared spaces by name.
    public static final Table<SpaceName, SpaceId> NAMES = table(
            "names",
            Family.META,
            'N',
            key(
                    (to, k) -> to.raw(k.text().getBytes(StandardCharsets.US_ASCII)),
                    f -> new SpaceName(new String(f.raw(f.left()), StandardCharsets.US_ASCII))),
            row((to, v) -> to.u64(v.number()), Tables::space));

    /// Who has which role in a shared space.
    public static final Table<Row.MemberKey, Role> MEMBERS = table(
            "members",
            Family.META,
            'M',
            key(
                    (to, k) -> to.u64(k.space().number()).uuid(k.client().uuid()),
                    f -> new Row.MemberKey(space(f), client(f))),
            row((to, v) -> to.u8(v.code()), f -> Role.of(f.u8())));

    /// The same from the clients' side.
    public static final Table<Row.MembershipKey, Role> MEMBERSHIPS = table(
            "memberships",
            Family.META,
            'm',
            key(
                    (to, k) -> to.uuid(k.client().uuid()).u64(k.space().number()),
                    f -> new Row.MembershipKey(client(f), space(f))),
            row((to, v) -> to.u8(v.code()), f -> Role.of(f.u8())));

    /// Machines that can hold replicas, by a small number that stands for them in [#BLOBS].
    public static final Table<Integer, Row.Node> NODES = table(
            "nodes",
            Family.META,
            'D',
            key((to, k) -> to.u32(k), Reader::u32),
            row(
                    (to, v) -> to.uuid(v.id().uuid()).varint(v.addedMillis()),
                    f -> new Row.Node(new NodeId(f.uuid()), f.varint())));

    /// What was removed as a whole, is hidden already and is let go of in steps.
    public static final Table<Row.DrainKey, Row.Here> DRAINS = table(
            "drains",
            Family.META,
            'R',
            key((to, k) -> to.u64(k.space().number()).u64(k.file()), f -> new Row.DrainKey(space(f), f.u64())),
            row((to, v) -> {}, f -> Row.Here.HERE));

    /// What stands at a path now.
    public static final Table<Row.PathKey, FileEntry> FILES = table(
            "files", Family.FILES, 'f', pathKey(), keyed(ValueFormat::entry, (f, k) -> ValueFormat.entry(f, k.path())));

    /// How many names a folder has in it, at least 1. A path with such a row is a folder and so are all above it:
    /// one look says
    /// that nothing is in the way of a new file in a folder that is in use.
    public static final Table<Row.PathKey, Long> FOLDERS =
            table("folders", Family.FILES, 'd', pathKey(), row(Writer::varint, Reader::varint));

    /// The latest change of each file, by version.
    public static final Table<Row.VersionKey, Row.Fed> FEED = table(
            "feed",
            Family.CHANGES,
            'F',
            key((to, k) -> to.u64(k.space().number()).u64(k.version()), f -> new Row.VersionKey(space(f), f.u64())),
            row(Tables::fed, Tables::fed));

    /// Versions that were replaced or removed, by the file's id, so that a rename moves nothing.
    public static final Table<Row.PastKey, Row.Past> HISTORY = table(
            "history",
            Family.CHANGES,
            'H',
            key(
                    (to, k) -> to.u64(k.space().number()).u64(k.file()).u64(k.version()),
                    f -> new Row.PastKey(space(f), f.u64(), f.u64())),
            row(Tables::past, Tables::past));

    /// Which removed files stood at a path, as long as the history has something of them.
    public static final Table<Row.DepartedKey, Long> DEPARTED = table(
            "departed",
            Family.CHANGES,
            'P',
            key(
                    (to, k) -> to.u64(k.space().number())
                            .raw(k.path().ordered())
                            .u8(PATH_END)
                            .u64(k.version()),
                    Tables::departedKey),
            row(Writer::varint, Reader::varint));

    /// What expires, the oldest first.
    public static final Table<Row.ExpiryKey, Row.Expiry> EXPIRIES = table(
            "expiries",
            Family.CHANGES,
            'E',
            key(
                    (to, k) -> to.u64(k.millis())
                            .u64(k.space().number())
                            .u64(k.file())
                            .u64(k.version()),
                    f -> new Row.ExpiryKey(f.u64(), space(f), f.u64(), f.u64())),
            row((to, v) -> to.u8(v.absent() ? 1 : 0), f -> new Row.Expiry(f.u8() == 1)));

    /// Blobs that files refer to, or did until a short while ago.
    public static final Table<BlobId, Row.Blob> BLOBS = table(
            "blobs", Family.BLOBS, 'B', key(ValueFormat::blob, ValueFormat::blob), row(Tables::blob, Tables::blob));

    /// Blobs that nothing refers to, the longest first.
    public static final Table<Row.OrphanKey, Row.Here> ORPHANS = table(
            "orphans",
            Family.BLOBS,
            'O',
            key(
                    (to, k) -> ValueFormat.blob(to.u64(k.sinceMillis()), k.blob()),
                    f -> new Row.OrphanKey(f.u64(), ValueFormat.blob(f))),
            row((to, v) -> {}, f -> Row.Here.HERE));

    /// Outcomes by request id, so that a retry takes effect once.
    public static final Table<Row.RequestKey, Row.Request> REQUESTS = table(
            "requests",
            Family.REQUESTS,
            'Q',
            key(
                    (to, k) -> to.uuid(k.author().uuid()).uuid(k.request().uuid()),
                    f -> new Row.RequestKey(client(f), new RequestId(f.uuid()))),
            row(
                    (to, v) -> ValueFormat.outcome(
                            to.varint(v.millis()).u64(v.hash0()).u64(v.hash1()), v.outcome()),
                    f -> new Row.Request(f.varint(), f.u64(), f.u64(), ValueFormat.outcome(f))));

    /// Request ids, the oldest first.
    public static final Table<Row.RequestTimeKey, Row.Here> REQUEST_TIMES = table(
            "request times",
            Family.REQUESTS,
            't',
            key(
                    (to, k) -> to.u64(k.millis())
                            .uuid(k.author().uuid())
                            .uuid(k.request().uuid()),
                    f -> new Row.RequestTimeKey(f.u64(), client(f), new RequestId(f.uuid()))),
            row((to, v) -> {}, f -> Row.Here.HERE));

    /// What clients wait for.
    public static final Table<Row.InterestKey, Row.Interest> INTERESTS = table(
            "interests",
            Family.INBOXES,
            'I',
            key((to, k) -> to.uuid(k.client().uuid()).u64(k.number()), f -> new Row.InterestKey(client(f), f.u64())),
            row(
                    (to, v) -> to.u64(v.space().number())
                            .text(v.pattern())
                            .u8(v.keep() ? 1 : 0)
                            .varint(v.createdMillis())
                            .varint(v.expiresMillis()),
                    f -> new Row.Interest(space(f), f.text(), f.u8() == 1, f.varint(), f.varint())));

    /// The same by where it would be met: a change of a path looks at that path, and at its folders for globs.
    public static final Table<Row.WaiterKey, Row.Waiter> WAITERS = table(
            "waiters",
            Family.INBOXES,
            'W',
            key(
                    (to, k) -> to.raw(waiting(k.space(), k.anchor(), k.glob()))
                            .uuid(k.client().uuid())
                            .u64(k.number()),
                    Tables::waiterKey),
            row((to, v) -> to.text(v.glob()).varint(v.expiresMillis()), f -> new Row.Waiter(f.text(), f.varint())));

    /// The same by when it is over, the earliest first.
    public static final Table<Row.InterestTimeKey, Row.Here> INTEREST_TIMES = table(
            "interest times",
            Family.INBOXES,
            'i',
            key(
                    (to, k) -> to.u64(k.millis()).uuid(k.client().uuid()).u64(k.number()),
                    f -> new Row.InterestTimeKey(f.u64(), client(f), f.u64())),
            row((to, v) -> {}, f -> Row.Here.HERE));

    /// What arrived and was not acknowledged, by client, the oldest first.
    public static final Table<Row.NoticeKey, Row.Notice> NOTICES = table(
            "notices",
            Family.INBOXES,
            'n',
            key((to, k) -> to.uuid(k.client().uuid()).u64(k.number()), f -> new Row.NoticeKey(client(f), f.u64())),
            row(
                    (to, v) -> ValueFormat.entry(
                            to.varint(v.interest())
                                    .u64(v.space().number())
                                    .text(v.entry().path().text()),
                            v.entry()),
                    f -> new Row.Notice(f.varint(), space(f), ValueFormat.entry(f, ValueFormat.path(f)))));

    /// One row of counters for each client that ever waited for something.
    public static final Table<ClientId, Row.Inbox> INBOXES = table(
            "inboxes",
            Family.INBOXES,
            'X',
            key((to, k) -> to.uuid(k.uuid()), Tables::client),
            row(
                    (to, v) -> to.varint(v.nextInterest())
                            .varint(v.nextNotice())
                            .varint(v.interests())
                            .varint(v.notices())
                            .varint(v.missed()),
                    f -> new Row.Inbox(f.varint(), f.varint(), f.varint(), f.varint(), f.varint())));

    /// All of them, in an order that never changes.
    public static final List<Table<?, ?>> ALL = Collections.unmodifiableList(MADE);

    private Tables() {}

    /// The prefix of keys that start with a space.
    public static byte[] in(SpaceId space) {
        return new Writer(8).u64(space.number()).toBytes();
    }

    /// The prefix of [#HISTORY]'s keys of one file.
    public static byte[] in(SpaceId space, long file) {
        return new Writer(16).u64(space.number()).u64(file).toBytes();
    }

    /// The prefix of [#MEMBERSHIPS]', [#INTERESTS]' and [#NOTICES]' keys of one client.
    public static byte[] of(ClientId client) {
        return new Writer(16).uuid(client.uuid()).toBytes();
    }

    /// The prefix of [#FILES]' keys of what is below a folder.
    public static byte[] below(SpaceId space, FilePath folder) {
        Writer to = new Writer(64).u64(space.number()).raw(folder.ordered());
        return (folder.isRoot() ? to : to.u8(0)).toBytes();
    }

    /// The prefix of [#DEPARTED]'s keys of one path.
    public static byte[] departedFrom(SpaceId space, FilePath path) {
        return new Writer(64)
                .u64(space.number())
                .raw(path.ordered())
                .u8(PATH_END)
                .toBytes();
    }

    /// The prefix of [#WAITERS]' keys of those who wait for a path, or by a glob for something in a folder.
    public static byte[] waiting(SpaceId space, FilePath anchor, boolean glob) {
        return new Writer(64)
                .u64(space.number())
                .raw(anchor.ordered())
                .u8(PATH_END)
                .u8(glob ? 1 : 0)
                .toBytes();
    }

    private static <K, V> Table<K, V> table(
            String name, Family family, char code, Table.KeyFormat<K> keys, Table.RowFormat<K, V> rows) {
        Table<K, V> table = new Table<>(name, MADE.size(), family, code, keys, rows);
        MADE.add(table);
        return table;
    }

    private static <K> Table.KeyFormat<K> key(BiConsumer<Writer, K> write, Function<Reader, K> read) {
        return new Table.KeyFormat<>() {
            @Override
            public void write(Writer to, K key) {
                write.accept(to, key);
            }

            @Override
            public K read(Reader from) {
                return read.apply(from);
            }
        };
    }

    private static <K, V> Table.RowFormat<K, V> row(BiConsumer<Writer, V> write, Function<Reader, V> read) {
        return keyed(write, (from, key) -> read.apply(from));
    }

    private interface KeyedRead<K, V> {
        V read(Reader from, K key);
    }

    private static <K, V> Table.RowFormat<K, V> keyed(BiConsumer<Writer, V> write, KeyedRead<K, V> read) {
        return new Table.RowFormat<>() {
            @Override
            public void write(Writer to, V value) {
                write.accept(to, value);
            }

            @Override
            public V read(Reader from, K key) {
                return read.read(from, key);
            }
        };
    }

    private static Table.KeyFormat<Row.PathKey> pathKey() {
        return key(
                (to, k) -> to.u64(k.space().number()).raw(k.path().ordered()),
                f -> new Row.PathKey(space(f), path(f.raw(f.left()))));
    }

    private static FilePath path(byte[] ordered) {
        for (int i = 0; i < ordered.length; i++) {
            if (ordered[i] == 0) {
                ordered[i] = '/';
            }
        }
        return new FilePath(new String(ordered, StandardCharsets.UTF_8));
    }

    private static Row.DepartedKey departedKey(Reader from) {
        SpaceId space = space(from);
        FilePath path = path(from.raw(from.left() - 9));
        from.format(PATH_END);
        return new Row.DepartedKey(space, path, from.u64());
    }

    private static Row.WaiterKey waiterKey(Reader from) {
        SpaceId space = space(from);
        FilePath anchor = path(from.raw(from.left() - 26));
        from.format(PATH_END);
        return new Row.WaiterKey(space, anchor, from.u8() == 1, client(from), from.u64());
    }

    private static ClientId client(Reader from) {
        return new ClientId(from.uuid());
    }

    private static SpaceId space(Reader from) {
        return new SpaceId(from.u64());
    }

    private static void totals(Writer to, Row.Totals v) {
        to.varint(v.clients())
                .varint(v.spaces())
                .varint(v.files())
                .varint(v.bytes())
                .varint(v.blobs())
                .varint(v.orphans())
                .varint(v.nodes())
                .varint(v.nextSpace())
                .varint(v.drains())
                .varint(v.epoch())
                .varint(v.lastMillis())
                .varint(v.oldestRequest());
    }

    private static Row.Totals totals(Reader f) {
        return new Row.Totals(
                f.varint(),
                f.varint(),
                f.varint(),
                f.varint(),
                f.varint(),
                f.varint(),
                f.count(Integer.MAX_VALUE),
                f.varint(),
                f.varint(),
                f.varint(),
                f.varint(),
                f.varint());
    }

    private static void spaceRow(Writer to, Row.Space v) {
        // The two counts came later: where nobody waits, the row is what it always was.
        int flags = (v.removed() ? REMOVED : 0) | (v.interests() > 0 ? WAITED_FOR : 0);
        to.u8(v.kind().code() | flags)
                .text(v.name().text())
                .uuid(v.owner().uuid())
                .varint(v.createdMillis())
                .varint(v.owners())
                .varint(v.sequence())
                .varint(v.nextFile())
                .varint(v.files())
                .varint(v.bytes())
                .varint(v.feedStart());
        if (v.interests() > 0) {
            to.varint(v.interests()).varint(v.globs());
        }
    }

    private static Row.Space spaceRow(Reader f, SpaceId id) {
        int flags = f.u8();
        SpaceName name = new SpaceName(f.text());
        ClientId owner = client(f);
        boolean waitedFor = (flags & WAITED_FOR) != 0;
        return new Row.Space(
                id,
                Row.SpaceKind.of(flags & ~(REMOVED | WAITED_FOR)),
                name,
                owner,
                f.varint(),
                (flags & REMOVED) != 0,
                f.count(Integer.MAX_VALUE),
                f.varint(),
                f.varint(),
                f.varint(),
                f.varint(),
                f.varint(),
                waitedFor ? f.varint() : 0,
                waitedFor ? f.varint() : 0);
    }

    private static void fed(Writer to, Row.Fed v) {
        to.u8(v.absent() ? 1 : 0)
                .varint(v.file())
                .text(v.path().text())
                .varint(v.atMillis())
                .uuid(v.author().uuid());
    }

    private static Row.Fed fed(Reader f) {
        boolean absent = f.u8() == 1;
        return new Row.Fed(f.varint(), ValueFormat.path(f), absent, f.varint(), client(f));
    }

    private static void past(Writer to, Row.Past v) {
        to.u8(v.removed() ? 1 : 0)
                .varint(v.endedMillis())
                .varint(v.endedVersion())
                .text(v.entry().path().text());
        ValueFormat.entry(to, v.entry());
    }

    private static Row.Past past(Reader f) {
        boolean removed = f.u8() == 1;
        long endedMillis = f.varint();
        long endedVersion = f.varint();
        return new Row.Past(ValueFormat.entry(f, ValueFormat.path(f)), endedMillis, endedVersion, removed);
    }

    private static void blob(Writer to, Row.Blob v) {
        to.varint(v.size()).varint(v.orphanSince()).varint(v.wants().size());
        for (Row.Want want : v.wants()) {
            to.varint(want.replicas()).varint(want.references());
        }
        to.varint(v.holders().size());
        v.holders().forEach(to::varint);
        to.varint(v.since());
    }

    private static Row.Blob blob(Reader f) {
        long size = f.varint();
        long orphanSince = f.varint();
        int wanted = f.count(f.left());
        List<Row.Want> wants = new ArrayList<>(wanted);
        for (int i = 0; i < wanted; i++) {
            wants.add(new Row.Want(f.count(Integer.MAX_VALUE), f.varint()));
        }
        int held = f.count(f.left());
        List<Integer> holders = new ArrayList<>(held);
        for (int i = 0; i < held; i++) {
            holders.add(f.count(Integer.MAX_VALUE));
        }
        long since = f.left() > 0 ? f.varint() : 0;
        return new Row.Blob(size, since, orphanSince, wants, holders);
    }
}
