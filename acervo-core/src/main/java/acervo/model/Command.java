package acervo.model;

import java.util.List;

/// A change that is asked of the catalog. Each is one step: an observer sees all of it or nothing. Those with a list
/// decide each item by itself and answer one outcome per item, in order.
public sealed interface Command {
    /// At most this many items in a list, so that an entry of the log stays well under Ratis' 4 MB.
    int MAX_ITEMS = 2_000;

    /// Makes a client and its home space. Doing it again with the same hash changes nothing and succeeds.
    record RegisterClient(ClientId client, SecretHash secret) implements Command {}

    /// Makes a machine known that can hold replicas. Again with the same id: changes nothing and succeeds.
    record AddNode(NodeId node) implements Command {}

    /// Makes a shared space that the author owns.
    record CreateSpace(SpaceName space) implements Command {}

    /// Removes a shared space; only its owner may, and only when it is empty, unless `withFiles`.
    record RemoveSpace(SpaceName space, boolean withFiles) implements Command {}

    /// Gives a client a role in a shared space, or takes it with [Role#NONE]. Only the owner may.
    record Grant(SpaceName space, ClientId client, Role role) implements Command {}

    /// Makes deposits visible whose bytes are already on disk.
    ///
    /// @param holders where the bytes of every item are on disk, forced
    record PutFiles(SpaceName space, List<NodeId> holders, List<Put> items) implements Command {
        public PutFiles {
            holders = List.copyOf(holders);
            items = checked(items);
        }
    }

    /// One deposit.
    ///
    /// @param replicas copies wanted in total; 0 keeps the count of the version that is there, or 1
    record Put(FilePath path, Content content, int replicas, Condition condition) {}

    /// Removes files. With `forever` their history goes too, so that their bytes are freed as soon as possible.
    record RemoveFiles(SpaceName space, boolean forever, List<Remove> items) implements Command {
        public RemoveFiles {
            items = checked(items);
        }
    }

    /// One removal.
    record Remove(FilePath path, Condition condition) {}

    /// Renames files within a space; no bytes move.
    record MoveFiles(SpaceName space, List<Move> items) implements Command {
        public MoveFiles {
            items = checked(items);
        }
    }

    /// One rename.
    ///
    /// @param condition on what stands at `from`
    /// @param replace whether a file that stands at `to` is replaced (its versions stay in the history)
    record Move(FilePath from, FilePath to, Condition condition, boolean replace) {}

    /// Changes how many copies of files are wanted in total.
    record SetReplicas(SpaceName space, int replicas, List<FilePath> items) implements Command {
        public SetReplicas {
            items = checked(items);
        }
    }

    /// Lets go of versions in the history that were replaced or removed before `beforeMillis`, oldest first, at
    /// most
    /// `limit` of them. Server only.
    record TrimHistory(long beforeMillis, int limit) implements Command {}

    /// Forgets blobs that nothing has referred to since before `beforeMillis`. The outcome names those whose bytes
    /// may go.
    /// Server only.
    record ForgetBlobs(long beforeMillis, List<BlobId> items) implements Command {
        public ForgetBlobs {
            items = checked(items);
        }
    }

    /// Lets go of at most `limit` rows of what was removed as a whole and is hidden already: spaces removed with
    /// their files, long
    /// histories removed for ever. A million files can't go in one entry. The outcome counts the rows. Server only.
    record Drain(int limit) implements Command {}

    /// Registers an interest of the author, unless what it is for is there already. It is there when a file or
    /// link that matches has a version after `seen`: the caller has looked at everything up to there, so that
    /// looking and registering are one step. LOOK_AGAIN when too much came after `seen` to look at here.
    ///
    /// @param forMillis how long it holds, 1 to [Interest#MOST_MILLIS]
    /// @param keep whether it stays when it is met; then it is registered whatever is there
    record Want(SpaceName space, PathPattern pattern, long forMillis, boolean keep, long seen) implements Command {}

    /// Cancels interests of the author, with the notices of them that wait. Those that are met or over already
    /// don't count, and keep theirs.
    record Unwant(List<Long> interests) implements Command {
        public Unwant {
            interests = checked(interests);
        }
    }

    /// Lets go of notices that reached the author, and with them of older ones that it may not read any more.
    ///
    /// @param missed how many missed ones it was told of
    record Acknowledge(List<Long> notices, long missed) implements Command {
        public Acknowledge {
            notices = checked(notices);
        }
    }

    /// Lets go of at most `limit` interests whose time is over. Server only.
    record ExpireInterests(int limit) implements Command {}

    /// Says which folders of the server's machine are shared from now on, as spaces that every client may read:
    /// those
    /// that were shared before and are not named are hidden, with what is known of them, until they are named
    /// again.
    /// Server only.
    record ShareFolders(List<SpaceName> spaces) implements Command {
        public ShareFolders {
            spaces = checked(spaces);
        }
    }

    /// Tells what stands in a shared folder, as far as it is not known. What is known already changes nothing, so
    /// that
    /// it may be told again. The outcome counts the items that are known now: not those that something else is in
    /// the
    /// way of. Server only.
    record Sight(SpaceName space, List<Sighting> items) implements Command {
        public Sight {
            items = checked(items);
        }
    }

    /// One look at a path in a shared folder.
    sealed interface Sighting {
        FilePath path();

        /// A file that nobody is writing.
        ///
        /// @param id the system's number of it
        /// @param changedMillis when the system saw it change last, milliseconds since 1970
        record There(FilePath path, long id, long size, long modifiedMillis, boolean executable, long changedMillis)
                implements Sighting {}

        /// Nothing that could be read.
        record Gone(FilePath path) implements Sighting {}
    }

    private static <T> List<T> checked(List<T> items) {
        if (items.size() > MAX_ITEMS) {
            throw new IllegalArgumentException("at most " + MAX_ITEMS + " items in a command, not " + items.size());
        }
        return List.copyOf(items);
    }
}
