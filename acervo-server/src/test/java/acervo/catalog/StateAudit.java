package acervo.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.PathPattern;
import acervo.model.Role;
import acervo.model.SpaceId;
import acervo.rules.CatalogState;
import acervo.rules.Cursor;
import acervo.rules.Row;
import acervo.rules.Table;
import acervo.rules.Tables;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Makes everything that can be made from files and past versions once more, the slow way, and compares it with what
/// the rules kept:
/// counts, folders, references, orphans, feeds, expiries.
final class StateAudit {
    private final CatalogState state;
    private final Map<Row.PathKey, FileEntry> files;
    private final Map<Row.PastKey, Row.Past> history;
    private final Map<Row.VersionKey, Row.Fed> feed;
    private final Map<SpaceId, Row.Space> spaces;
    private final Set<Row.DrainKey> drains;

    private StateAudit(CatalogState state) {
        this.state = state;
        this.files = all(Tables.FILES);
        this.history = all(Tables.HISTORY);
        this.feed = all(Tables.FEED);
        this.spaces = all(Tables.SPACES);
        this.drains = all(Tables.DRAINS).keySet();
    }

    static void check(CatalogState state) {
        StateAudit audit = new StateAudit(state);
        audit.folders();
        audit.feeds();
        audit.expiries();
        audit.departed();
        audit.blobs();
        audit.counts();
        audit.members();
        audit.requests();
        audit.interests();
    }

    private <K, V> Map<K, V> all(Table<K, V> table) {
        Map<K, V> rows = new HashMap<>();
        try (Cursor<K, V> walk = state.scan(table, new byte[0])) {
            while (walk.next()) {
                rows.put(walk.key(), walk.value());
            }
        }
        return rows;
    }

    private boolean draining(SpaceId space) {
        Row.Space row = spaces.get(space);
        return row == null || row.removed();
    }

    private boolean isOnDisk(SpaceId space) {
        return spaces.get(space).kind() == Row.SpaceKind.ON_DISK;
    }

    private void folders() {
        Map<Row.PathKey, Set<String>> names = new HashMap<>();
        files.forEach((key, entry) -> {
            for (FilePath at = key.path(); !at.parent().isRoot(); at = at.parent()) {
                names.computeIfAbsent(new Row.PathKey(key.space(), at.parent()), k -> new TreeSet<>())
                        .add(at.name());
                FileEntry above = files.get(new Row.PathKey(key.space(), at.parent()));
                assertEquals(
                        Kind.FOLDER,
                        above == null ? Kind.FOLDER : above.content().kind(),
                        () -> "a file above " + key);
            }
        });
        Map<Row.PathKey, Long> counted = new HashMap<>();
        names.forEach((key, inside) -> counted.put(key, (long) inside.size()));
        Map<Row.PathKey, Long> kept = all(Tables.FOLDERS);
        kept.keySet().removeIf(key -> draining(key.space()));
        counted.keySet().removeIf(key -> draining(key.space()));
        assertEquals(counted, kept);
    }

    private void feeds() {
        Map<Row.VersionKey, FileEntry> present = new HashMap<>();
        files.forEach((key, entry) ->
                present.put(new Row.VersionKey(key.space(), entry.version().number()), entry));
        Set<Row.VersionKey> told = new HashSet<>();
        feed.forEach((key, row) -> {
            if (!row.absent()) {
                told.add(key);
                FileEntry entry = present.get(key);
                assertEquals(row.path(), entry == null ? null : entry.path(), key::toString);
                assertEquals(row.file(), entry == null ? 0 : entry.id(), key::toString);
            }
        });
        assertEquals(present.keySet(), told);
    }

    private void expiries() {
        Map<Row.ExpiryKey, Row.Expiry> due = new HashMap<>();
        history.forEach((key, row) -> due.put(
                new Row.ExpiryKey(row.endedMillis(), key.space(), key.file(), key.version()), new Row.Expiry(false)));
        feed.forEach((key, row) -> {
            if (row.absent()) {
                due.put(
                        new Row.ExpiryKey(row.atMillis(), key.space(), row.file(), key.version()),
                        new Row.Expiry(true));
            }
        });
        assertEquals(due, all(Tables.EXPIRIES));
    }

    private void departed() {
        Map<Row.DepartedKey, Long> gone = new HashMap<>();
        history.forEach((key, row) -> {
            if (row.removed() && !drains.contains(new Row.DrainKey(key.space(), key.file()))) {
                gone.put(new Row.DepartedKey(key.space(), row.entry().path(), row.endedVersion()), key.file());
            }
        });
        Map<Row.DepartedKey, Long> kept = all(Tables.DEPARTED);
        kept.keySet().removeIf(key -> draining(key.space()));
        gone.keySet().removeIf(key -> draining(key.space()));
        assertEquals(gone, kept);
    }

    private void blobs() {
        Map<BlobId, SortedMap<Integer, Long>> wants = new HashMap<>();
        files.forEach((key, entry) -> {
            if (!isOnDisk(key.space())) {
                want(wants, entry);
            }
        });
        history.values().forEach(past -> want(wants, past.entry()));
        Map<BlobId, Row.Blob> kept = all(Tables.BLOBS);
        Map<Row.OrphanKey, Row.Here> orphans = new HashMap<>();
        kept.forEach((id, blob) -> {
            SortedMap<Integer, Long> expected = wants.getOrDefault(id, new TreeMap<>());
            SortedMap<Integer, Long> found = new TreeMap<>();
            blob.wants().forEach(want -> found.put(want.replicas(), want.references()));
            assertEquals(expected, found, id::toString);
            assertEquals(expected.isEmpty() ? 0 : expected.lastKey(), blob.replicas());
            if (expected.isEmpty()) {
                orphans.put(new Row.OrphanKey(blob.orphanSince(), id), new Row.Here());
            }
        });
        Set<BlobId> wanted = new HashSet<>(wants.keySet());
        wanted.removeAll(kept.keySet());
        assertEquals(Set.of(), wanted);
        assertEquals(orphans, all(Tables.ORPHANS));
    }

    private static void want(Map<BlobId, SortedMap<Integer, Long>> wants, FileEntry entry) {
        if (entry.content().kind() != Kind.FOLDER) {
            wants.computeIfAbsent(entry.content().blob(), b -> new TreeMap<>()).merge(entry.replicas(), 1L, Long::sum);
        }
    }

    private void counts() {
        Row.Totals totals = StoredCatalog.totals(state);
        long sumFiles = 0;
        long sumBytes = 0;
        long living = 0;
        for (Row.Space space : spaces.values()) {
            if (space.removed()) {
                continue;
            }
            long count = 0;
            long bytes = 0;
            for (Map.Entry<Row.PathKey, FileEntry> file : files.entrySet()) {
                if (file.getKey().space().equals(space.id())) {
                    count += file.getValue().content().kind() == Kind.FOLDER ? 0 : 1;
                    bytes += file.getValue().content().size();
                }
            }
            assertEquals(count, space.files(), space::toString);
            assertEquals(bytes, space.bytes(), space::toString);
            sumFiles += isOnDisk(space.id()) ? 0 : count;
            sumBytes += isOnDisk(space.id()) ? 0 : bytes;
            living++;
        }
        assertEquals(sumFiles, totals.files());
        assertEquals(sumBytes, totals.bytes());
        assertEquals(living, totals.spaces());
        assertEquals(all(Tables.CLIENTS).size(), totals.clients());
        assertEquals(all(Tables.BLOBS).size(), totals.blobs());
        assertEquals(all(Tables.ORPHANS).size(), totals.orphans());
        assertEquals(all(Tables.NODES).size(), totals.nodes());
        assertEquals(drains.size(), totals.drains());
    }

    private void members() {
        Map<Row.MemberKey, Role> members = all(Tables.MEMBERS);
        Map<Row.MemberKey, Role> back = new HashMap<>();
        all(Tables.MEMBERSHIPS).forEach((key, role) -> back.put(new Row.MemberKey(key.space(), key.client()), role));
        assertEquals(members, back);
        Map<SpaceId, Integer> owners = new HashMap<>();
        members.forEach((key, role) -> owners.merge(key.space(), role == Role.OWNER ? 1 : 0, Integer::sum));
        owners.forEach((id, count) -> {
            if (!draining(id)) {
                assertEquals(count, spaces.get(id).owners());
            }
        });
        all(Tables.NAMES).values().forEach(id -> assertEquals(false, draining(id)));
    }

    private void interests() {
        Map<Row.WaiterKey, Row.Waiter> waiters = new HashMap<>();
        Set<Row.InterestTimeKey> times = new HashSet<>();
        Map<SpaceId, long[]> bySpace = new HashMap<>();
        Map<ClientId, long[]> byClient = new HashMap<>();
        all(Tables.INTERESTS).forEach((key, row) -> {
            PathPattern pattern = PathPattern.parse(row.pattern());
            waiters.put(
                    new Row.WaiterKey(row.space(), pattern.anchor(), pattern.isGlob(), key.client(), key.number()),
                    new Row.Waiter(pattern.isGlob() ? row.pattern() : "", row.expiresMillis()));
            times.add(new Row.InterestTimeKey(row.expiresMillis(), key.client(), key.number()));
            bySpace.computeIfAbsent(row.space(), s -> new long[2])[0]++;
            bySpace.get(row.space())[1] += pattern.isGlob() ? 1 : 0;
            byClient.computeIfAbsent(key.client(), c -> new long[2])[0]++;
        });
        all(Tables.NOTICES).keySet().forEach(key -> byClient.computeIfAbsent(key.client(), c -> new long[2])[1]++);
        assertEquals(waiters, all(Tables.WAITERS));
        assertEquals(times, all(Tables.INTEREST_TIMES).keySet());
        spaces.forEach((id, space) -> {
            long[] counts = bySpace.getOrDefault(id, new long[2]);
            assertEquals(counts[0], space.interests(), id::toString);
            assertEquals(counts[1], space.globs(), id::toString);
        });
        Map<ClientId, Row.Inbox> inboxes = all(Tables.INBOXES);
        assertEquals(Set.of(), difference(byClient.keySet(), inboxes.keySet()));
        inboxes.forEach((client, inbox) -> {
            long[] counts = byClient.getOrDefault(client, new long[2]);
            assertEquals(counts[0], inbox.interests(), client::toString);
            assertEquals(counts[1], inbox.notices(), client::toString);
        });
    }

    private static <T> Set<T> difference(Set<T> all, Set<T> without) {
        Set<T> rest = new HashSet<>(all);
        rest.removeAll(without);
        return rest;
    }

    private void requests() {
        Set<Row.RequestTimeKey> times = new HashSet<>();
        all(Tables.REQUESTS)
                .forEach((key, row) -> times.add(new Row.RequestTimeKey(row.millis(), key.author(), key.request())));
        assertEquals(times, all(Tables.REQUEST_TIMES).keySet());
    }
}
