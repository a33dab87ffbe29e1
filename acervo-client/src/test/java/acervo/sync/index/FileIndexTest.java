package acervo.sync.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Version;
import acervo.sync.Index;
import acervo.sync.Index.Edit;
import acervo.sync.Index.Position;
import acervo.sync.index.FileIndex.Seen;
import acervo.sync.plan.RemoteNode;
import acervo.sync.plan.SyncedNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an index remembers, also when it is cut off or damaged anywhere.
final class FileIndexTest {
    private static final BlobId BLOB = new BlobId(1, 2, 3, 4);

    @TempDir
    Path temp;

    /// All that an index says, in an order of its own.
    private record State(TreeSet<String> nodes, Position position) {
        static State of(FileIndex index) {
            TreeSet<String> nodes = new TreeSet<>();
            Position position = index.load(new Index.Trees(
                    one -> nodes.add(one.toString()),
                    one -> nodes.add(one.toString()),
                    one -> nodes.add(one.toString())));
            return new State(nodes, position);
        }
    }

    private FileIndex open() throws IOException {
        return FileIndex.open(temp).orElseThrow();
    }

    private static Facts facts(long inode) {
        return new Facts(Kind.FILE, inode % 2 == 0, 10 + inode, -inode, 1_000_000_000_000_000_000L + inode, inode);
    }

    private static Seen present(long id, String path, @Nullable Row before) {
        return new Seen.Present(id, path, facts(id), new BlobId(id, 2, 3, 4), before);
    }

    private static void see(FileIndex index, Seen... changes) {
        synchronized (index.lock()) {
            index.note(List.of(changes), true);
            index.change(List.of(changes));
        }
    }

    private static Content content(long size) {
        return new Content(Kind.FILE, BLOB, size, -size, size % 2 == 0);
    }

    private static RemoteNode remote(long id, String path) {
        return new RemoteNode(id, new FilePath(path), new Version(id), content(id));
    }

    private static SyncedNode synced(long localId, long remoteId) {
        return new SyncedNode(localId, remoteId, new FilePath("s" + localId), 3, content(localId));
    }

    private static Edit.Synced syncedFolder(String path) {
        return new Edit.Synced(
                new SyncedNode(0, 0, new FilePath(path), 0, new Content(Kind.FOLDER, BlobId.EMPTY, 0, 0, false)));
    }

    /// Random changes of all kinds.
    private static void step(FileIndex index, Random random, int number) {
        long id = 1L + random.nextInt(12);
        List<Edit> edits = new ArrayList<>();
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                synchronized (index.lock()) {
                    long next = index.rows().nextId();
                    see(index, present(next, "d" + random.nextInt(3) + "/" + next + "é", null));
                    index.rows().below(index.rows().root()).stream()
                            .filter(row -> row.id() < next && random.nextInt(4) == 0)
                            .findFirst()
                            .ifPresent(row -> see(index, new Seen.Gone(row)));
                }
            }
            case 3, 4 -> edits.add(new Edit.Remote(id, random.nextInt(3) == 0 ? null : remote(id, "r" + id)));
            case 5 -> edits.add(new Edit.Synced(synced(id, 1 + random.nextInt(12))));
            case 6 -> {
                edits.add(new Edit.Unsynced(id, 1 + random.nextInt(12)));
                edits.add(random.nextBoolean() ? syncedFolder("f") : new Edit.UnsyncedFolder(new FilePath("f")));
            }
            default -> edits.add(random.nextInt(6) == 0 ? new Edit.NothingSynced() : syncedFolder("f" + id));
        }
        index.commit(edits, new Position(9, number), true);
    }

    @Test
    void whateverIsCutOffOrDamagedItSaysWhatItSaidAtSomeTime() throws IOException {
        long seed = Long.getLong("acervo.seed", System.nanoTime());
        System.out.println("acervo.seed=" + seed);
        Random random = new Random(seed);
        List<State> states = new ArrayList<>(List.of(new State(new TreeSet<>(), Position.START)));
        try (FileIndex index = open()) {
            index.load(new Index.Trees(_ -> {}, _ -> {}, _ -> {}));
            for (int i = 1; i <= 25; i++) {
                step(index, random, i);
                states.add(copyOf(temp));
            }
        }
        byte[] whole = Files.readAllBytes(temp.resolve("index"));
        for (int at = 0; at <= whole.length; at++) {
            byte[] cut = java.util.Arrays.copyOf(whole, at);
            check(cut, states, "cut at " + at);
            if (at < whole.length) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) (1 << random.nextInt(8));
                check(damaged, states, "damaged at " + at);
            }
        }
    }

    private static State copyOf(Path folder) throws IOException {
        Path copy = Files.createTempDirectory(folder, "copy");
        Files.copy(folder.resolve("index"), copy.resolve("index"));
        try (FileIndex index = FileIndex.open(copy).orElseThrow()) {
            return State.of(index);
        }
    }

    private void check(byte[] bytes, List<State> states, String what) throws IOException {
        Path copy = Files.createDirectories(temp.resolve("check"));
        Files.write(copy.resolve("index"), bytes);
        try (FileIndex index = FileIndex.open(copy).orElseThrow()) {
            State state = State.of(index);
            assertTrue(states.contains(state), () -> what + ": " + state);
            // And it goes on from there.
            index.commit(List.of(), new Position(10, 1), true);
        }
        try (FileIndex index = FileIndex.open(copy).orElseThrow()) {
            assertEquals(new Position(10, 1), State.of(index).position(), what);
        }
    }

    @Test
    void whatWasForcedIsThereAfterACrashAndOrderIsKept() throws IOException {
        FileIndex index = open();
        State.of(index);
        see(index, present(1, "a", null));
        index.commit(List.of(new Edit.Synced(synced(1, 5))), new Position(1, 1), true);
        index.commit(List.of(new Edit.Synced(synced(2, 6))), new Position(1, 2), false);
        index.abandon();
        try (FileIndex again = open()) {
            State state = State.of(again);
            assertEquals(new Position(1, 1), state.position());
            assertEquals(2, state.nodes().size());
            assertEquals("a", again.rows().find("a") == null ? "" : "a");
        }
    }

    @Test
    void closingForcesWhatWaits() throws IOException {
        try (FileIndex index = open()) {
            State.of(index);
            index.commit(List.of(new Edit.Remote(4, remote(4, "x"))), new Position(1, 2), false);
            assertTrue(index.isWaiting());
        }
        try (FileIndex again = open()) {
            assertEquals(1, State.of(again).nodes().size());
        }
    }

    @Test
    void anIdIsGivenOnceEvenWhenItsFileIsLongGone() throws IOException {
        long last;
        try (FileIndex index = open()) {
            State.of(index);
            last = index.rows().nextId();
            see(index, present(last, "a", null));
            see(
                    index,
                    new Seen.Gone(java.util.Objects.requireNonNull(index.rows().find("a"))));
        }
        for (int i = 0; i < 2; i++) {
            try (FileIndex again = open()) {
                State.of(again);
                assertTrue(again.rows().nextId() > last);
            }
        }
    }

    @Test
    void aRewriteKeepsWhatHoldsAndTheLastId() throws IOException {
        long last = 0;
        try (FileIndex index = open()) {
            State.of(index);
            Path file = temp.resolve("index");
            long before = 0;
            boolean shrunk = false;
            for (int round = 0; !shrunk; round++) {
                List<Edit> edits = new ArrayList<>();
                for (long id = 1; id <= 3000; id++) {
                    edits.add(new Edit.Remote(id, remote(id, "p" + id + "r" + round)));
                }
                last = index.rows().nextId();
                Row only = index.rows().find("only");
                if (only != null) {
                    see(index, new Seen.Gone(only));
                }
                see(index, present(last, "only", null));
                index.commit(edits, new Position(3, round), true);
                shrunk = Files.size(file) < before;
                before = Files.size(file);
            }
        }
        try (FileIndex again = open()) {
            State state = State.of(again);
            assertEquals(3001, state.nodes().size());
            long round = state.position().cursor();
            assertTrue(state.nodes().stream().anyMatch(one -> one.contains("p7r" + round)));
            assertTrue(again.rows().nextId() > last);
        }
    }

    @Test
    void nobodyElseCanOpenIt() throws IOException {
        try (FileIndex index = open()) {
            assertTrue(FileIndex.open(temp).isEmpty());
            assertFalse(index.isWaiting());
        }
        open().close();
    }

    @Test
    void whatIsNoIndexIsPutAside() throws IOException {
        Files.writeString(temp.resolve("index"), "something else altogether, and long enough");
        try (FileIndex index = open()) {
            assertEquals(new State(new TreeSet<>(), Position.START), State.of(index));
        }
        assertTrue(Files.exists(temp.resolve("index.damaged")));
    }

    @Test
    void whileTheFolderIsNotThereNothingIsWrittenAndAllWaits() throws IOException {
        boolean[] there = {false};
        try (FileIndex index = open()) {
            State.of(index);
            index.dataFirst(() -> there[0]);
            synchronized (index.lock()) {
                index.note(List.of(present(1, "a", null)), false);
            }
            index.commit(List.of(new Edit.Synced(synced(1, 2))), new Position(1, 1), true);
            index.commit(List.of(), new Position(1, 2), true);
            assertEquals(0, copyOf(temp).nodes().size());
            there[0] = true;
            index.force();
            assertEquals(new Position(1, 2), copyOf(temp).position());
            assertEquals(2, copyOf(temp).nodes().size());
        }
    }

    @Test
    void afterDataCouldNotBeForcedNothingIsTakenAnyMore() throws IOException {
        FileIndex index = open();
        State.of(index);
        boolean[] broken = {true};
        index.dataFirst(() -> {
            if (broken[0]) {
                throw new IOException("the disk is broken");
            }
            return true;
        });
        synchronized (index.lock()) {
            index.note(List.of(present(1, "a", null)), false);
        }
        assertThrows(UncheckedIOException.class, () -> index.commit(List.of(), Position.START, true));
        broken[0] = false;
        assertThrows(UncheckedIOException.class, () -> index.commit(List.of(), new Position(1, 1), true));
        index.abandon();
        assertEquals(0, copyOf(temp).nodes().size());
    }
}
