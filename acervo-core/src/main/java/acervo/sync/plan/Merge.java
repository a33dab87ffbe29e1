package acervo.sync.plan;

import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.sync.plan.Item.Fate;
import acervo.sync.plan.Mode.Direction;
import acervo.sync.plan.Report.Trouble;
import java.util.List;

/// The operations for one file, looked at by itself. What has to follow a rename waits for the next plan.
final class Merge {
    private final Mode mode;
    private final OtherNames names;
    private final List<Report> reports;

    Merge(Mode mode, OtherNames names, List<Report> reports) {
        this.mode = mode;
        this.names = names;
        this.reports = reports;
    }

    static boolean movedLocally(Entry s, Entry l) {
        return !l.path.equals(s.path) && !OtherNames.isAside(l.path, s.path, s.local);
    }

    static boolean movedRemotely(Entry s, Entry r) {
        return !r.path.equals(s.path) && !OtherNames.isAside(r.path, s.path, s.remote);
    }

    /// Where a file shall stand. Renamed on both sides: where the space has it, since all others see it there.
    static String target(Mode mode, Entry s, Entry l, Entry r) {
        boolean movedLocally = movedLocally(s, l);
        boolean movedRemotely = movedRemotely(s, r);
        return switch (mode.direction()) {
            case UP -> movedLocally ? l.path : s.path;
            case DOWN -> movedRemotely ? r.path : s.path;
            case BOTH -> movedRemotely ? r.path : movedLocally ? l.path : s.path;
        };
    }

    void act(Item item) {
        Entry s = item.s;
        Entry l = item.l;
        Entry r = item.r;
        switch (item.fate) {
            case HELD -> {}
            case LEFT -> leave(item);
            case FORGET -> {
                if (s != null) {
                    add(item, new Operation.Forget(s.syncedNode()));
                }
            }
            case UPLOAD -> {
                if (l != null && s != null && OtherNames.isAside(l.path, s.path, s.local) && mode.changesLocal()) {
                    comeBackLocally(item, s, l);
                } else if (l != null) {
                    add(item, new Operation.Upload(l.localNode(), null));
                }
            }
            case DOWNLOAD -> {
                if (r != null && s != null && OtherNames.isAside(r.path, s.path, s.remote) && mode.changesRemote()) {
                    comeBackRemotely(item, s, r);
                } else if (r != null) {
                    add(item, new Operation.Download(r.remoteNode(), null, r.content()));
                }
            }
            case REMOVE_LOCAL -> {
                if (l != null) {
                    add(item, new Operation.RemoveLocal(l.localNode()));
                }
            }
            case REMOVE_REMOTE -> {
                if (r != null) {
                    add(item, new Operation.RemoveRemote(r.remoteNode()));
                }
            }
            case PAIR -> {
                if (l != null && r != null) {
                    pair(item, l, r);
                }
            }
            case MERGE -> {
                if (s != null && l != null && r != null) {
                    merge(item, s, l, r);
                }
            }
        }
    }

    private static void add(Item item, Operation operation) {
        item.acts.add(Act.of(operation, item));
    }

    private void leave(Item item) {
        item.fate = Fate.LEFT;
        item.reported = true;
        reports.add(new Report(Trouble.ONE_WAY, new FilePath(item.path())));
    }

    /// It was removed on the other side, and changed on this one, while it stood aside, which nobody was meant to
    /// see:
    /// it gets its name back before it goes anywhere, or one that a person will understand.
    private void comeBackLocally(Item item, Entry s, Entry l) {
        if (names.take(s.path)) {
            add(item, new Operation.MoveLocal(l.localNode(), new FilePath(s.path), s.syncedNode(), false));
        } else {
            add(item, new Operation.KeepBothLocal(l.localNode(), new FilePath(names.conflict(l)), true));
        }
    }

    private void comeBackRemotely(Item item, Entry s, Entry r) {
        if (names.take(s.path)) {
            add(item, new Operation.MoveRemote(r.remoteNode(), new FilePath(s.path), s.syncedNode(), false));
        } else {
            add(item, new Operation.KeepBothRemote(r.remoteNode(), new FilePath(names.conflict(r)), true));
        }
    }

    private void pair(Item item, Entry l, Entry r) {
        if (!l.sameBytes(r)) {
            keepBoth(item, l, r);
        } else if (l.sameMetadata(r)) {
            add(item, new Operation.AdoptSame(agreed(l, r, l.content())));
        } else if (mode.changesLocal()) {
            add(item, new Operation.SetLocalMetadata(l.localNode(), r.content(), agreed(l, r, r.content())));
        } else {
            add(item, new Operation.SetRemoteMetadata(r.remoteNode(), l.localNode()));
        }
    }

    /// The space's bytes keep the name, since others have them under it already; one way up, the local ones do.
    private void keepBoth(Item item, Entry l, Entry r) {
        if (mode.changesLocal()) {
            add(item, new Operation.KeepBothLocal(l.localNode(), new FilePath(names.conflict(l)), true));
            if (l.path.equals(r.path)) {
                add(item, new Operation.Download(r.remoteNode(), null, r.content()));
            }
        } else {
            add(item, new Operation.KeepBothRemote(r.remoteNode(), new FilePath(names.conflict(r)), true));
            if (l.path.equals(r.path)) {
                add(item, new Operation.Upload(l.localNode(), null));
            }
        }
    }

    private void merge(Item item, Entry s, Entry l, Entry r) {
        boolean newBytesLocally = !l.sameBytes(s);
        boolean newBytesRemotely = !r.sameBytes(s);
        boolean same = l.sameBytes(r);
        if (newBytesLocally && newBytesRemotely && !same) {
            keepBoth(item, l, r);
        } else if (move(item, s, l, r)) {
            return;
        } else if (same) {
            metadata(item, s, l, r);
        } else if (newBytesLocally) {
            up(item, s, l, r);
        } else {
            down(item, s, l, r);
        }
    }

    private boolean move(Item item, Entry s, Entry l, Entry r) {
        String to = target(mode, s, l, r);
        // With the ids of now: one may have taken the place of the one that was in step.
        SyncedNode base =
                new SyncedNode(l.local, r.remote, new FilePath(s.path), Math.max(s.version, r.version), s.content());
        if (!r.path.equals(to)) {
            if (!mode.changesRemote()) {
                leave(item);
                return true;
            }
            add(item, new Operation.MoveRemote(r.remoteNode(), new FilePath(to), base, false));
        }
        if (!l.path.equals(to)) {
            if (!mode.changesLocal()) {
                item.acts.clear();
                leave(item);
                return true;
            }
            add(item, new Operation.MoveLocal(l.localNode(), new FilePath(to), base, false));
        }
        return !item.acts.isEmpty();
    }

    private void up(Item item, Entry s, Entry l, Entry r) {
        if (!mode.changesRemote()) {
            leave(item);
        } else if (mode.direction() == Direction.BOTH
                && allFiles(s, l, r)
                && r.executable != s.executable
                && l.executable == s.executable) {
            // Else the upload would take the other side's bit back.
            Content content = with(l.content(), l.millis, r.executable);
            SyncedNode agreed = agreed(l, r, with(s.content(), r.millis, r.executable));
            add(item, new Operation.SetLocalMetadata(l.localNode(), content, agreed));
        } else {
            add(item, new Operation.Upload(l.localNode(), r.remoteNode()));
        }
    }

    private void down(Item item, Entry s, Entry l, Entry r) {
        if (!mode.changesLocal()) {
            leave(item);
            return;
        }
        boolean keepsBit = mode.direction() == Direction.BOTH
                && allFiles(s, l, r)
                && l.executable != s.executable
                && r.executable == s.executable;
        Content content = keepsBit ? with(r.content(), r.millis, l.executable) : r.content();
        add(item, new Operation.Download(r.remoteNode(), l.localNode(), content));
    }

    private void metadata(Item item, Entry s, Entry l, Entry r) {
        if (l.sameMetadata(r)) {
            add(item, new Operation.AdoptSame(agreed(l, r, l.content())));
            return;
        }
        boolean locally = !l.sameMetadata(s);
        boolean remotely = !r.sameMetadata(s);
        if (locally && (mode.direction() == Direction.UP || (!remotely && mode.direction() == Direction.BOTH))) {
            add(item, new Operation.SetRemoteMetadata(r.remoteNode(), l.localNode()));
        } else if (remotely && mode.changesLocal()) {
            boolean both = mode.direction() == Direction.BOTH;
            boolean executable = both && r.executable == s.executable ? l.executable : r.executable;
            long millis = both && r.millis == s.millis ? l.millis : r.millis;
            if (executable == l.executable && millis == l.millis) {
                add(item, new Operation.SetRemoteMetadata(r.remoteNode(), l.localNode()));
            } else {
                Content content = with(l.content(), millis, executable);
                add(item, new Operation.SetLocalMetadata(l.localNode(), content, agreed(l, r, r.content())));
            }
        } else {
            leave(item);
        }
    }

    private static boolean allFiles(Entry s, Entry l, Entry r) {
        return s.kind == Kind.FILE && l.kind == Kind.FILE && r.kind == Kind.FILE;
    }

    private static Content with(Content content, long millis, boolean executable) {
        return new Content(content.kind(), content.blob(), content.size(), millis, executable);
    }

    private static SyncedNode agreed(Entry l, Entry r, Content content) {
        return new SyncedNode(l.local, r.remote, new FilePath(r.path), r.version, content);
    }
}
