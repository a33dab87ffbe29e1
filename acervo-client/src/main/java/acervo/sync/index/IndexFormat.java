package acervo.sync.index;

import acervo.model.BlobId;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Version;
import acervo.sync.Index.Edit;
import acervo.sync.Index.Position;
import acervo.sync.plan.RemoteNode;
import acervo.sync.plan.SyncedNode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The entries of an index. Each begins with its type; `docs/formats.md` has them all. A later entry of the same node
/// takes the place of an earlier one.
final class IndexFormat {
    private static final int LOCAL = 1;
    private static final int LOCAL_GONE = 2;
    private static final int REMOTE = 3;
    private static final int REMOTE_GONE = 4;
    private static final int SYNCED = 5;
    private static final int UNSYNCED = 6;
    private static final int UNSYNCED_FOLDER = 7;
    private static final int NOTHING_SYNCED = 8;
    private static final int NOTHING_REMOTE = 9;
    private static final int POSITION = 10;
    private static final int LAST_ID = 11;

    private IndexFormat() {}

    /// What an entry says.
    sealed interface Entry {
        record Local(long id, String path, Facts facts, BlobId blob) implements Entry {}

        record LocalGone(long id) implements Entry {}

        record Engine(Edit edit) implements Entry {}

        record At(Position position) implements Entry {}

        record LastId(long id) implements Entry {}
    }

    static void local(Bytes to, long id, String path, Facts facts, BlobId blob) {
        to.raw(LOCAL);
        to.number(id);
        to.text(path);
        to.kind(facts.kind(), facts.executable());
        to.number(facts.size());
        to.signed(facts.modifiedNanos());
        to.signed(facts.changedNanos());
        to.number(facts.inode());
        to.blob(facts.kind(), blob);
    }

    static void localGone(Bytes to, long id) {
        to.raw(LOCAL_GONE);
        to.number(id);
    }

    static void lastId(Bytes to, long id) {
        to.raw(LAST_ID);
        to.number(id);
    }

    static void position(Bytes to, Position position) {
        to.raw(POSITION);
        to.number(position.epoch());
        to.number(position.cursor());
    }

    static void edit(Bytes to, Edit edit) {
        switch (edit) {
            case Edit.Remote(long id, @Nullable RemoteNode now) -> {
                if (now == null) {
                    to.raw(REMOTE_GONE);
                    to.number(id);
                } else {
                    to.raw(REMOTE);
                    to.number(now.id());
                    to.text(now.path().text());
                    to.number(now.version().number());
                    to.content(now.content());
                }
            }
            case Edit.Synced(SyncedNode now) -> {
                to.raw(SYNCED);
                to.number(now.localId());
                to.number(now.remoteId());
                to.text(now.path().text());
                to.number(now.version());
                to.content(now.content());
            }
            case Edit.Unsynced(long localId, long remoteId) -> {
                to.raw(UNSYNCED);
                to.number(localId);
                to.number(remoteId);
            }
            case Edit.UnsyncedFolder(FilePath path) -> {
                to.raw(UNSYNCED_FOLDER);
                to.text(path.text());
            }
            case Edit.NothingSynced() -> to.raw(NOTHING_SYNCED);
            case Edit.NothingRemote() -> to.raw(NOTHING_REMOTE);
        }
    }

    /// Reads the entry at the buffer's position and moves it on.
    static Entry read(ByteBuffer from) {
        int type = from.get();
        return switch (type) {
            case LOCAL -> readLocal(from);
            case LOCAL_GONE -> new Entry.LocalGone(Bytes.number(from));
            case REMOTE -> {
                long id = Bytes.number(from);
                FilePath path = new FilePath(Bytes.text(from));
                Version version = new Version(Bytes.number(from));
                yield new Entry.Engine(new Edit.Remote(id, new RemoteNode(id, path, version, Bytes.content(from))));
            }
            case REMOTE_GONE -> new Entry.Engine(new Edit.Remote(Bytes.number(from), null));
            case SYNCED -> {
                long localId = Bytes.number(from);
                long remoteId = Bytes.number(from);
                FilePath path = new FilePath(Bytes.text(from));
                long version = Bytes.number(from);
                yield new Entry.Engine(
                        new Edit.Synced(new SyncedNode(localId, remoteId, path, version, Bytes.content(from))));
            }
            case UNSYNCED -> new Entry.Engine(new Edit.Unsynced(Bytes.number(from), Bytes.number(from)));
            case UNSYNCED_FOLDER -> new Entry.Engine(new Edit.UnsyncedFolder(new FilePath(Bytes.text(from))));
            case NOTHING_SYNCED -> new Entry.Engine(new Edit.NothingSynced());
            case NOTHING_REMOTE -> new Entry.Engine(new Edit.NothingRemote());
            case POSITION -> new Entry.At(new Position(Bytes.number(from), Bytes.number(from)));
            case LAST_ID -> new Entry.LastId(Bytes.number(from));
            default ->
                throw new IllegalArgumentException(
                        "no entry of an index has the type " + type + ": was it written by a newer program?");
        };
    }

    private static Entry readLocal(ByteBuffer from) {
        long id = Bytes.number(from);
        String path = Bytes.text(from);
        int bits = from.get();
        Kind kind = Bytes.kind(bits);
        Facts facts = new Facts(
                kind,
                Bytes.executable(bits),
                Bytes.number(from),
                Bytes.signed(from),
                Bytes.signed(from),
                Bytes.number(from));
        return new Entry.Local(id, path, facts, Bytes.blob(kind, from));
    }
}
