package acervo.rules;

import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.NodeId;
import acervo.model.Outcome;
import acervo.model.RequestId;
import acervo.model.SecretHash;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import java.util.ArrayList;
import java.util.List;

/// The rows of the catalog's tables, and the keys that are more than one id. [Tables] says what each is for.
public final class Row {
    private Row() {}

    /// The key of a table with one row.
    public record Only() {
        public static final Only KEY = new Only();
    }

    /// A row that says all by being there.
    public record Here() {
        static final Here HERE = new Here();
    }

    /// Counts over everything, and what must never go backwards.
    ///
    /// @param files entries that are visible now, folders not counted
    /// @param bytes their sizes
    /// @param nextSpace the number that the next space gets; numbers are never used twice
    /// @param drains rows of [Tables#DRAINS]
    /// @param epoch the time of the very first command
    /// @param lastMillis the latest stamp
    /// @param oldestRequest no request id is older than this
    public record Totals(
            long clients,
            long spaces,
            long files,
            long bytes,
            long blobs,
            long orphans,
            int nodes,
            long nextSpace,
            long drains,
            long epoch,
            long lastMillis,
            long oldestRequest) {
        /// Before the first command.
        public static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    public record Client(SecretHash secret, SpaceId home, long createdMillis) {}

    /// What kind of space it is, which says who may do what in it.
    public enum SpaceKind {
        HOME(1),
        PUBLIC(2),
        SHARED(3),
        /// A folder of the server's machine: every client may read it while it is shared.
        ON_DISK(4);

        private final int code;

        SpaceKind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static SpaceKind of(int code) {
            return switch (code) {
                case 1 -> HOME;
                case 2 -> PUBLIC;
                case 3 -> SHARED;
                case 4 -> ON_DISK;
                default -> throw new IllegalArgumentException("no kind of space has the code " + code);
            };
        }
    }

    /// @param owner who made it; of a home, whose it is
    /// @param removed hidden from everyone; its rows are being drained
    /// @param owners members with the role of an owner, at least 1 in a shared space; of a folder
    ///     on disk, which is the server's, 1 while it is shared and 0 while it is not
    /// @param sequence the version of the newest change
    /// @param nextFile the id that the next new file gets
    /// @param feedStart removals up to this version may be missing in the feed
    /// @param interests how many wait for something here
    /// @param globs how many of those wait for more than one path
    public record Space(
            SpaceId id,
            SpaceKind kind,
            SpaceName name,
            ClientId owner,
            long createdMillis,
            boolean removed,
            int owners,
            long sequence,
            long nextFile,
            long files,
            long bytes,
            long feedStart,
            long interests,
            long globs) {
        static Space fresh(SpaceId id, SpaceKind kind, SpaceName name, ClientId owner, long millis) {
            return new Space(id, kind, name, owner, millis, false, 1, 0, 1, 0, 0, 0, 0, 0);
        }

        private Space with(boolean nowRemoved, int nowOwners, long nowStart) {
            return new Space(
                    id,
                    kind,
                    name,
                    owner,
                    createdMillis,
                    nowRemoved,
                    nowOwners,
                    sequence,
                    nextFile,
                    files,
                    bytes,
                    nowStart,
                    interests,
                    globs);
        }

        private Space plus(
                long changes, long newFiles, long moreFiles, long moreBytes, long waiting, long waitingGlobs) {
            return new Space(
                    id,
                    kind,
                    name,
                    owner,
                    createdMillis,
                    removed,
                    owners,
                    sequence + changes,
                    nextFile + newFiles,
                    files + moreFiles,
                    bytes + moreBytes,
                    feedStart,
                    interests + waiting,
                    globs + waitingGlobs);
        }

        Space advanced() {
            return plus(1, 0, 0, 0, 0, 0);
        }

        Space numbered() {
            return plus(0, 1, 0, 0, 0, 0);
        }

        Space counted(long moreFiles, long moreBytes) {
            return plus(0, 0, moreFiles, moreBytes, 0, 0);
        }

        Space waiting(long more, long moreGlobs) {
            return plus(0, 0, 0, 0, more, moreGlobs);
        }

        /// Whether it is a folder that the server had shared, and does not share now.
        boolean isUnshared() {
            return kind == SpaceKind.ON_DISK && owners == 0;
        }

        Space withOwners(int count) {
            return with(removed, count, feedStart);
        }

        Space startingAt(long start) {
            return with(removed, owners, start);
        }

        Space gone() {
            return with(true, owners, feedStart);
        }
    }

    public record Node(NodeId id, long addedMillis) {}

    /// What is drained: a whole space (`file` 0) or the history of one file.
    public record DrainKey(SpaceId space, long file) {}

    public record MemberKey(SpaceId space, ClientId client) {}

    public record MembershipKey(ClientId client, SpaceId space) {}

    public record PathKey(SpaceId space, FilePath path) {}

    public record VersionKey(SpaceId space, long version) {}

    /// A row of a feed: which file, and where it stands or stood. What is there now is in [Tables#FILES].
    public record Fed(long file, FilePath path, boolean absent, long atMillis, ClientId author) {}

    public record PastKey(SpaceId space, long file, long version) {}

    /// A version that was replaced or removed.
    ///
    /// @param entry as it was, at the path where it was
    /// @param endedVersion the version of the change that ended it
    /// @param removed whether that change removed the file; then this is its last version
    public record Past(FileEntry entry, long endedMillis, long endedVersion, boolean removed) {}

    /// @param version of the change that removed the file
    public record DepartedKey(SpaceId space, FilePath path, long version) {}

    /// @param version of the past version, or of the removal that an absent row tells of
    public record ExpiryKey(long millis, SpaceId space, long file, long version) {}

    /// What expires.
    ///
    /// @param absent an absent row of a feed; otherwise a past version
    public record Expiry(boolean absent) {}

    /// How many references want so many copies.
    public record Want(int replicas, long references) {}

    /// @param since when it became known: its bytes had just been hashed; 0 in rows from before this was kept
    /// @param orphanSince when its last reference went; 0 while it has one
    /// @param wants by growing count of copies; empty for an orphan
    /// @param holders numbers of the nodes that hold a copy, growing
    public record Blob(long size, long since, long orphanSince, List<Want> wants, List<Integer> holders) {
        public Blob {
            wants = List.copyOf(wants);
            holders = List.copyOf(holders);
        }

        Blob with(long newOrphanSince, List<Want> newWants, List<Integer> newHolders) {
            return new Blob(size, since, newOrphanSince, newWants, newHolders);
        }

        /// References in all.
        public long references() {
            long sum = 0;
            for (Want want : wants) {
                sum += want.references();
            }
            return sum;
        }

        /// The most copies that any reference wants; 0 for an orphan.
        public int replicas() {
            return wants.isEmpty() ? 0 : wants.getLast().replicas();
        }

        /// With one reference more or less (`by` is 1 or -1) that wants `replicas` copies.
        List<Want> wanting(int replicas, int by) {
            List<Want> after = new ArrayList<>(wants.size() + 1);
            boolean counted = false;
            for (Want want : wants) {
                if (!counted && want.replicas() >= replicas) {
                    counted = true;
                    if (want.replicas() > replicas) {
                        after.add(first(replicas, by));
                        after.add(want);
                    } else if (want.references() + by > 0) {
                        after.add(new Want(replicas, want.references() + by));
                    }
                } else {
                    after.add(want);
                }
            }
            if (!counted) {
                after.add(first(replicas, by));
            }
            return after;
        }

        private static Want first(int replicas, int by) {
            if (by < 0) {
                throw new IllegalStateException("a blob loses a reference that it does not have");
            }
            return new Want(replicas, by);
        }
    }

    public record OrphanKey(long sinceMillis, BlobId blob) {}

    public record RequestKey(ClientId author, RequestId request) {}

    /// @param hash0 the first half of the command's hash
    public record Request(long millis, long hash0, long hash1, Outcome outcome) {}

    public record RequestTimeKey(long millis, ClientId author, RequestId request) {}

    public record InterestKey(ClientId client, long number) {}

    /// @param pattern the text of a [acervo.model.PathPattern]
    /// @param expiresMillis from when on it is not met any more
    public record Interest(SpaceId space, String pattern, boolean keep, long createdMillis, long expiresMillis) {}

    /// @param anchor the path itself, or the innermost folder that holds everything a glob stands for
    public record WaiterKey(SpaceId space, FilePath anchor, boolean glob, ClientId client, long number) {}

    /// What of an interest it takes to see whether it is met.
    ///
    /// @param glob empty for a path
    public record Waiter(String glob, long expiresMillis) {}

    public record InterestTimeKey(long millis, ClientId client, long number) {}

    public record NoticeKey(ClientId client, long number) {}

    /// @param interest the number of the one that was met
    /// @param entry what arrived
    public record Notice(long interest, SpaceId space, FileEntry entry) {}

    /// A client's counters.
    ///
    /// @param nextInterest the number that the next interest gets
    /// @param nextNotice the number that the next notice gets
    /// @param missed how many notices there was no room for, and that the client was not told of
    public record Inbox(long nextInterest, long nextNotice, long interests, long notices, long missed) {
        static final Inbox NONE = new Inbox(1, 1, 0, 0, 0);

        Inbox wanting() {
            return new Inbox(nextInterest + 1, nextNotice, interests + 1, notices, missed);
        }

        Inbox noticed() {
            return new Inbox(nextInterest, nextNotice + 1, interests, notices + 1, missed);
        }

        Inbox counted(long moreInterests, long moreNotices) {
            return new Inbox(nextInterest, nextNotice, interests + moreInterests, notices + moreNotices, missed);
        }

        Inbox missing(long more) {
            return new Inbox(nextInterest, nextNotice, interests, notices, missed + more);
        }
    }
}
