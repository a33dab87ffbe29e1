package acervo.catalog;

import acervo.model.BlobId;
import acervo.model.Change;
import acervo.model.ClientId;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Interest;
import acervo.model.NodeId;
import acervo.model.Notice;
import acervo.model.Outcome;
import acervo.model.PathPattern;
import acervo.model.RequestId;
import acervo.model.Role;
import acervo.model.SecretHash;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import acervo.model.Version;
import acervo.rules.Access;
import acervo.rules.CatalogState;
import acervo.rules.Cursor;
import acervo.rules.Row;
import acervo.rules.Tables;
import acervo.wire.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Answers what is asked of a catalog from its rows. How a change gets there is for those that extend it.
abstract sealed class StoredCatalog implements Catalog permits MemoryCatalog, RocksCatalog {
    private static final int MOST = 10_000;

    private final RowStore rows;
    private final Told told = new Told();

    StoredCatalog(RowStore rows) {
        this.rows = rows;
    }

    /// Who is told of what is applied.
    Told told() {
        return told;
    }

    @Override
    public void listen(Listener listener) {
        told.add(listener);
    }

    @Override
    public Optional<Outcome> outcome(ClientId author, RequestId request) {
        Row.Request row = rows.get(Tables.REQUESTS, new Row.RequestKey(author, request));
        return row == null ? Optional.empty() : Optional.of(row.outcome());
    }

    @Override
    public Optional<SecretHash> secret(ClientId client) {
        Row.Client row = rows.get(Tables.CLIENTS, client);
        return row == null ? Optional.empty() : Optional.of(row.secret());
    }

    @Override
    public Optional<SpaceView> space(ClientId caller, SpaceName name) {
        Access access = Access.of(rows, caller, name);
        return access == null ? Optional.empty() : Optional.of(view(access));
    }

    @Override
    public boolean isTaken(SpaceName name) {
        SpaceId id = rows.get(Tables.NAMES, name);
        Row.Space space = id == null ? null : rows.get(Tables.SPACES, id);
        return space != null && space.kind() != Row.SpaceKind.ON_DISK;
    }

    private static SpaceView view(Access access) {
        Row.Space space = access.space();
        return new SpaceView(space.id(), space.name(), access.role(), space.files(), space.bytes(), space.sequence());
    }

    @Override
    public List<SpaceView> spaces(ClientId caller) {
        List<SpaceView> own = new ArrayList<>();
        List<SpaceView> shared = new ArrayList<>();
        try (View view = rows.view()) {
            for (SpaceName name : List.of(SpaceName.HOME, SpaceName.PUBLIC)) {
                Access access = Access.of(view, caller, name);
                if (access != null) {
                    own.add(view(access));
                }
            }
            // What the server shares of its disks has nobody but the server for a member.
            for (ClientId member : List.of(caller, Stamp.SERVER)) {
                try (Cursor<Row.MembershipKey, Role> roles = view.scan(Tables.MEMBERSHIPS, Tables.of(member))) {
                    while (roles.next()) {
                        Access access = Access.of(view, caller, roles.key().space());
                        if (access != null) {
                            shared.add(view(access));
                        }
                    }
                }
            }
        }
        shared.sort(Comparator.comparing(SpaceView::name));
        own.addAll(shared);
        return own;
    }

    @Override
    public List<Member> members(SpaceId space) {
        List<Member> members = new ArrayList<>();
        try (View view = rows.view();
                Cursor<Row.MemberKey, Role> roles = view.scan(Tables.MEMBERS, Tables.in(space))) {
            while (roles.next()) {
                members.add(new Member(roles.key().client(), roles.value()));
            }
        }
        return members;
    }

    @Override
    public Optional<FileEntry> file(SpaceId space, FilePath path) {
        return Optional.ofNullable(rows.get(Tables.FILES, new Row.PathKey(space, path)));
    }

    @Override
    public Page list(SpaceId space, FilePath folder, boolean recursive, @Nullable FilePath after, int limit) {
        check(limit);
        byte[] prefix = Tables.below(space, folder);
        try (View view = rows.view();
                Cursor<Row.PathKey, FileEntry> files = view.scan(Tables.FILES, prefix)) {
            if (after != null) {
                files.seek(recursive ? justAfter(space, after) : afterAllOf(space, after));
            }
            return recursive ? all(files, limit) : names(files, space, folder, limit);
        }
    }

    private static Page all(Cursor<Row.PathKey, FileEntry> files, int limit) {
        List<Item> items = new ArrayList<>();
        while (files.next()) {
            if (items.size() == limit) {
                return new Page(items, true);
            }
            items.add(new Item.Entry(files.value()));
        }
        return new Page(items, false);
    }

    /// The names in one folder: what is in its sub-folders is jumped over, so that it costs nothing.
    private static Page names(Cursor<Row.PathKey, FileEntry> files, SpaceId space, FilePath folder, int limit) {
        int start = folder.isRoot() ? 0 : folder.text().length() + 1;
        List<Item> items = new ArrayList<>();
        while (files.next()) {
            FilePath path = files.key().path();
            int slash = path.text().indexOf('/', start);
            FilePath name = slash < 0 ? path : new FilePath(path.text().substring(0, slash));
            // A folder that was made on purpose came just before what is in it.
            boolean told = !items.isEmpty() && items.getLast().path().equals(name);
            if (!told) {
                if (items.size() == limit) {
                    return new Page(items, true);
                }
                items.add(slash < 0 ? new Item.Entry(files.value()) : new Item.Folder(name));
            }
            if (slash >= 0) {
                files.seek(afterAllOf(space, name));
            }
        }
        return new Page(items, false);
    }

    /// The first key after that of `path`: of something in it, when it is a folder.
    private static byte[] justAfter(SpaceId space, FilePath path) {
        return plus(Tables.FILES.key(new Row.PathKey(space, path)), 0);
    }

    /// The first key after that of `path` and of everything in it: 1 is more than the 0 that stands for `/`, and
    /// less than any
    /// character of a longer name.
    private static byte[] afterAllOf(SpaceId space, FilePath path) {
        return plus(Tables.FILES.key(new Row.PathKey(space, path)), 1);
    }

    private static byte[] plus(byte[] key, int last) {
        return new Writer(key.length + 1).raw(key).u8(last).toBytes();
    }

    @Override
    public List<Change> feed(SpaceId space, long after, int limit) {
        check(limit);
        List<Change> changes = new ArrayList<>();
        try (View view = rows.view();
                Cursor<Row.VersionKey, Row.Fed> feed = view.scan(Tables.FEED, Tables.in(space))) {
            feed.seek(Tables.FEED.key(new Row.VersionKey(space, Math.max(0, after) + 1)));
            while (changes.size() < limit && feed.next()) {
                changes.add(change(view, feed.key(), feed.value()));
            }
        }
        return changes;
    }

    private static Change change(CatalogState state, Row.VersionKey key, Row.Fed row) {
        if (row.absent()) {
            return new Change.Absent(row.file(), row.path(), new Version(key.version()), row.atMillis(), row.author());
        }
        FileEntry entry = state.get(Tables.FILES, new Row.PathKey(key.space(), row.path()));
        if (entry == null || entry.version().number() != key.version()) {
            throw new IllegalStateException("the feed of space " + key.space() + " names version " + key.version()
                    + " of a file that is not there");
        }
        return new Change.Present(entry);
    }

    @Override
    public long feedStart(SpaceId space) {
        Row.Space row = rows.get(Tables.SPACES, space);
        return row == null ? 0 : row.feedStart();
    }

    @Override
    public List<Interest> interests(ClientId client, long after, int limit) {
        check(limit);
        List<Interest> interests = new ArrayList<>();
        try (View view = rows.view();
                Cursor<Row.InterestKey, Row.Interest> all = view.scan(Tables.INTERESTS, Tables.of(client))) {
            all.seek(Tables.INTERESTS.key(new Row.InterestKey(client, Math.max(0, after) + 1)));
            while (interests.size() < limit && all.next()) {
                interests.add(interest(view, all.key(), all.value()));
            }
        }
        return interests;
    }

    @Override
    public Optional<Interest> interest(ClientId client, long number) {
        Row.InterestKey key = new Row.InterestKey(client, number);
        try (View view = rows.view()) {
            Row.Interest row = view.get(Tables.INTERESTS, key);
            return row == null ? Optional.empty() : Optional.of(interest(view, key, row));
        }
    }

    private static Interest interest(CatalogState state, Row.InterestKey key, Row.Interest row) {
        Row.Space space = state.get(Tables.SPACES, row.space());
        if (space == null) {
            throw new IllegalStateException(key + " is about the space " + row.space() + ", which is not there");
        }
        return new Interest(
                key.number(),
                space.name(),
                PathPattern.parse(row.pattern()),
                row.keep(),
                row.createdMillis(),
                row.expiresMillis());
    }

    @Override
    public Inbox notices(ClientId client, long after, int limit) {
        check(limit);
        List<Notice> notices = new ArrayList<>();
        long last = Math.max(0, after);
        boolean more = false;
        try (View view = rows.view()) {
            Row.Inbox inbox = view.get(Tables.INBOXES, client);
            if (inbox == null) {
                return new Inbox(List.of(), last, false, 0);
            }
            if (inbox.nextNotice() > last + 1 && inbox.notices() > 0) {
                try (Cursor<Row.NoticeKey, Row.Notice> all = view.scan(Tables.NOTICES, Tables.of(client))) {
                    all.seek(Tables.NOTICES.key(new Row.NoticeKey(client, last + 1)));
                    int looked = 0;
                    while (looked < limit && all.next()) {
                        looked++;
                        last = all.key().number();
                        Row.Notice row = all.value();
                        Access access = Access.of(view, client, row.space());
                        if (access != null) {
                            notices.add(new Notice(
                                    last, row.interest(), access.space().name(), row.entry()));
                        }
                    }
                    more = looked == limit && all.next();
                }
            }
            if (!more) {
                last = Math.max(last, inbox.nextNotice() - 1);
            }
            return new Inbox(notices, last, more, inbox.missed());
        }
    }

    @Override
    public boolean interestsAreDue(long nowMillis) {
        try (View view = rows.view();
                Cursor<Row.InterestTimeKey, Row.Here> times = view.scan(Tables.INTEREST_TIMES, new byte[0])) {
            return times.next() && times.key().millis() <= nowMillis;
        }
    }

    @Override
    public List<FileEntry> history(SpaceId space, FilePath path, int limit) {
        check(limit);
        TreeMap<Long, FileEntry> newest = new TreeMap<>(Comparator.reverseOrder());
        try (View view = rows.view()) {
            FileEntry now = view.get(Tables.FILES, new Row.PathKey(space, path));
            if (now != null) {
                past(view, space, now.id(), limit, newest);
            }
            try (Cursor<Row.DepartedKey, Long> departed =
                    view.scanBack(Tables.DEPARTED, Tables.departedFrom(space, path))) {
                while (departed.next()) {
                    // All versions of a file that left are older than its removal.
                    if (newest.size() >= limit
                            && newest.lastKey() > departed.key().version()) {
                        break;
                    }
                    past(view, space, departed.value(), limit, newest);
                }
            }
        }
        return List.copyOf(newest.values());
    }

    private static void past(View view, SpaceId space, long file, int limit, NavigableMap<Long, FileEntry> newest) {
        try (Cursor<Row.PastKey, Row.Past> past = view.scanBack(Tables.HISTORY, Tables.in(space, file))) {
            while (past.next()) {
                newest.put(past.key().version(), past.value().entry());
                if (newest.size() > limit
                        && newest.pollLastEntry().getKey() == past.key().version()) {
                    return; // the rest is older still
                }
            }
        }
    }

    @Override
    public Optional<BlobView> blob(BlobId id) {
        // Without a view, which would cost more than the rest: a node that a blob names is there for good.
        Row.Blob row = rows.get(Tables.BLOBS, id);
        return row == null ? Optional.empty() : Optional.of(view(rows, id, row));
    }

    private static BlobView view(CatalogState state, BlobId id, Row.Blob row) {
        List<NodeId> holders = new ArrayList<>();
        for (int number : row.holders()) {
            holders.add(node(state, number));
        }
        return new BlobView(id, row.size(), row.since(), row.references(), row.replicas(), holders);
    }

    private static NodeId node(CatalogState state, int number) {
        return Objects.requireNonNull(state.get(Tables.NODES, number), () -> "node " + number + " has no row")
                .id();
    }

    @Override
    public List<BlobId> orphans(long beforeMillis, int limit) {
        check(limit);
        List<BlobId> orphans = new ArrayList<>();
        try (View view = rows.view();
                Cursor<Row.OrphanKey, Row.Here> since = view.scan(Tables.ORPHANS, new byte[0])) {
            while (orphans.size() < limit && since.next() && since.key().sinceMillis() < beforeMillis) {
                orphans.add(since.key().blob());
            }
        }
        return orphans;
    }

    @Override
    public List<BlobView> blobs(@Nullable BlobId after, int limit) {
        check(limit);
        List<BlobView> blobs = new ArrayList<>();
        try (View view = rows.view();
                Cursor<BlobId, Row.Blob> all = view.scan(Tables.BLOBS, new byte[0])) {
            if (after != null) {
                all.seek(plus(Tables.BLOBS.key(after), 0));
            }
            while (blobs.size() < limit && all.next()) {
                blobs.add(view(view, all.key(), all.value()));
            }
        }
        return blobs;
    }

    @Override
    public List<FileRef> referring(Set<BlobId> blobs, int limit) {
        check(limit);
        List<FileRef> found = new ArrayList<>();
        try (View view = rows.view();
                Cursor<Row.PathKey, FileEntry> files = view.scan(Tables.FILES, new byte[0])) {
            while (found.size() < limit && files.next()) {
                FileEntry entry = files.value();
                if (!blobs.contains(entry.content().blob())) {
                    continue;
                }
                Row.Space space = view.get(Tables.SPACES, files.key().space());
                if (space != null && !space.removed()) {
                    boolean owned = space.kind() != Row.SpaceKind.PUBLIC;
                    found.add(new FileRef(
                            space.id(), space.name(), owned ? Optional.of(space.owner()) : Optional.empty(), entry));
                }
            }
        }
        return found;
    }

    @Override
    public List<NodeId> nodes() {
        try (View view = rows.view()) {
            List<NodeId> nodes = new ArrayList<>();
            for (int number = 1; number <= totals(view).nodes(); number++) {
                nodes.add(node(view, number));
            }
            return nodes;
        }
    }

    /// Counts and positions, with what the log says about itself.
    CatalogStatus status(boolean writable, Optional<String> trouble) {
        try (View view = rows.view()) {
            Row.Totals totals = totals(view);
            Position applied = rows.applied();
            return new CatalogStatus(
                    totals.clients(),
                    totals.spaces(),
                    totals.files(),
                    totals.bytes(),
                    totals.blobs(),
                    totals.orphans(),
                    applied.term(),
                    applied.index(),
                    totals.epoch(),
                    writable,
                    trouble);
        }
    }

    static Row.Totals totals(CatalogState state) {
        return Objects.requireNonNullElse(state.get(Tables.TOTALS, Row.Only.KEY), Row.Totals.NONE);
    }

    private static void check(int limit) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("a limit is 1 to " + MOST + ", not " + limit);
        }
    }
}
