package acervo.sync.index;

import acervo.model.FilePath;
import acervo.sync.Index.Edit;
import acervo.sync.Index.Position;
import acervo.sync.index.IndexFormat.Entry;
import acervo.sync.plan.RemoteNode;
import acervo.sync.plan.SyncedNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds out which entries of a journal still hold, by where they stand in it: one pass notes for each node the place
/// of its last word, a second one hands out what is said there. So a journal of millions of entries is read in few
/// bytes of memory for each.
final class Living {
    private final LongTable local = new LongTable();
    private final LongTable remote = new LongTable();
    private final LongTable syncedByLocal = new LongTable();
    private final LongTable syncedByRemote = new LongTable();
    private final Map<String, Long> syncedFolders = new HashMap<>();
    private Position position = Position.START;
    private long lastId;

    /// Takes an entry that holds.
    interface Taker {
        /// @param from the entry's bytes begin at `start` and end at the buffer's position
        void entry(Entry entry, ByteBuffer from, int start);
    }

    static Living in(Journal journal) throws IOException {
        Living living = new Living();
        journal.visit((body, at) -> {
            while (body.hasRemaining()) {
                long place = at + body.position();
                living.note(IndexFormat.read(body), place);
            }
        });
        return living;
    }

    private void note(Entry entry, long place) {
        switch (entry) {
            case Entry.Local row -> {
                local.set(row.id(), place);
                lastId = Math.max(lastId, row.id());
            }
            case Entry.LocalGone(long id) -> local.set(id, 0);
            case Entry.At(Position now) -> position = now;
            case Entry.LastId(long id) -> lastId = Math.max(lastId, id);
            case Entry.Engine(Edit edit) -> note(edit, place);
        }
    }

    private void note(Edit edit, long place) {
        switch (edit) {
            case Edit.Remote(long id, @Nullable RemoteNode now) -> remote.set(id, now == null ? 0 : place);
            case Edit.Synced(SyncedNode now) -> {
                if (now.localId() == 0) {
                    syncedFolders.put(now.path().text(), place);
                } else {
                    syncedByLocal.set(now.localId(), place);
                    syncedByRemote.set(now.remoteId(), place);
                }
            }
            case Edit.Unsynced(long localId, long remoteId) -> {
                syncedByLocal.set(localId, 0);
                syncedByRemote.set(remoteId, 0);
            }
            case Edit.UnsyncedFolder(FilePath path) -> syncedFolders.remove(path.text());
            case Edit.NothingSynced() -> {
                syncedByLocal.clear();
                syncedByRemote.clear();
                syncedFolders.clear();
            }
            case Edit.NothingRemote() -> remote.clear();
        }
    }

    /// Hands out, in the journal's order, the entries of nodes that hold.
    void visit(Journal journal, Taker taker) throws IOException {
        journal.visit((body, at) -> {
            while (body.hasRemaining()) {
                int start = body.position();
                Entry entry = IndexFormat.read(body);
                if (holds(entry, at + start)) {
                    taker.entry(entry, body, start);
                }
            }
        });
    }

    private boolean holds(Entry entry, long place) {
        return switch (entry) {
            case Entry.Local row -> local.get(row.id()) == place;
            case Entry.Engine(Edit.Remote(long id, var _)) -> remote.get(id) == place;
            case Entry.Engine(Edit.Synced(SyncedNode now)) ->
                now.localId() == 0
                        ? syncedFolders.getOrDefault(now.path().text(), 0L) == place
                        : syncedByLocal.get(now.localId()) == place && syncedByRemote.get(now.remoteId()) == place;
            case Entry.Engine _, Entry.LocalGone _, Entry.At _, Entry.LastId _ -> false;
        };
    }

    Position position() {
        return position;
    }

    long lastId() {
        return lastId;
    }
}
