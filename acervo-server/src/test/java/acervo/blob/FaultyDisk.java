package acervo.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A disk in memory that goes wrong at the n-th operation that changes something, and that keeps apart what
/// programs see from what the medium holds: what was not forced may be lost, torn or turned to garbage by a
/// power cut, in any order.
final class FaultyDisk implements Disk {
    /// What happens at the n-th operation.
    enum Fault {
        NONE,
        /// The process is killed: the operation and all later ones fail; what was done before stays visible.
        KILL,
        /// The same, and the power goes.
        POWER,
        /// That one operation fails. A force that fails loses what it was to force, though reading still shows
        /// it.
        FAIL,
        /// That one operation is cut off by an interruption, which says nothing about the disk: what was done
        /// stays, and what was to be forced still can be.
        INTERRUPT,
        /// From there on nothing that takes room succeeds, until [#makeRoom].
        FULL
    }

    private static final int SECTOR = 512;
    private static final byte[] NOTHING = {};

    private final Random random;
    private final Map<Path, Node> live = new TreeMap<>();
    private final Map<Path, Node> durable = new TreeMap<>();
    private final TreeSet<Path> folders = new TreeSet<>();
    private final TreeSet<Path> durableFolders = new TreeSet<>();
    private final List<NameChange> pending = new ArrayList<>();

    private Fault fault = Fault.NONE;
    private int operationsLeft = Integer.MAX_VALUE;
    private int operations;
    private int forces;
    private boolean dead;
    private boolean full;
    private long inodes;
    private long clock;
    private Space space = new Space(1L << 40, 1L << 40);
    private Runnable beforeForce = () -> {};

    FaultyDisk(Path root, Random random) {
        this.random = random;
        folders.add(root);
        durableFolders.add(root);
    }

    /// A change of names that is not forced yet. `from` null: created; `to` null: unlinked.
    private record NameChange(
            @Nullable Path from,
            @Nullable Path to,
            @Nullable Node node) {
        boolean isIn(Path folder) {
            return folder.equals(Objects.requireNonNullElse(to, from).getParent());
        }
    }

    private static final class Node {
        private final long inode;
        private byte[] bytes = NOTHING;
        private byte[] medium = NOTHING;
        private final List<Edit> unforced = new ArrayList<>();
        private long changed;

        Node(long inode) {
            this.inode = inode;
        }
    }

    /// A write; or a cut to `at` bytes, when `bytes` is null.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Edit(int at, byte @Nullable [] bytes) {
        byte[] applyTo(byte[] old) {
            if (bytes == null) {
                return Arrays.copyOf(old, Math.min(at, old.length));
            }
            byte[] all = Arrays.copyOf(old, Math.max(old.length, at + bytes.length));
            System.arraycopy(bytes, 0, all, at, bytes.length);
            return all;
        }
    }

    synchronized void failAt(int operation, Fault what) {
        operationsLeft = operation;
        fault = what;
    }

    /// How many operations changed something so far.
    synchronized int operations() {
        return operations;
    }

    synchronized int forces() {
        return forces;
    }

    synchronized boolean struck() {
        return operationsLeft <= 0;
    }

    synchronized void makeRoom() {
        full = false;
        fault = Fault.NONE;
    }

    /// Runs before each force of a file, in the thread that forces.
    synchronized void beforeForce(Runnable work) {
        beforeForce = work;
    }

    synchronized void setSpace(long free, long total) {
        space = new Space(free, total);
    }

    /// A new process, after a kill.
    synchronized void restart() {
        dead = false;
        full = false;
        fault = Fault.NONE;
        operationsLeft = Integer.MAX_VALUE;
    }

    /// The power comes back.
    synchronized void powerCycle() {
        restart();
        for (NameChange change : pending) {
            if (random.nextBoolean()) {
                settle(change);
            }
        }
        pending.clear();
        for (Path folder : folders) {
            // A folder that was made, but not forced, may be there all the same.
            if (durableFolders.contains(folder.getParent()) && random.nextBoolean()) {
                durableFolders.add(folder);
            }
        }
        folders.retainAll(durableFolders);
        durable.keySet().removeIf(path -> !folders.contains(path.getParent()));
        live.clear();
        live.putAll(durable);
        live.values().forEach(this::lose);
    }

    private void lose(Node node) {
        for (Edit edit : node.unforced) {
            switch (random.nextInt(4)) {
                case 0 -> node.medium = edit.applyTo(node.medium);
                case 1 -> tear(node, edit);
                default -> {}
            }
        }
        node.unforced.clear();
        node.bytes = node.medium;
    }

    /// Some sectors reach the medium, some don't (and are zeros in a file that grew), some are garbage.
    private void tear(Node node, Edit edit) {
        byte[] bytes = edit.bytes();
        if (bytes == null) {
            return;
        }
        byte[] torn = bytes.clone();
        byte[] before = Arrays.copyOfRange(
                Arrays.copyOf(node.medium, Math.max(node.medium.length, edit.at() + bytes.length)),
                edit.at(),
                edit.at() + bytes.length);
        for (int i = 0; i < torn.length; i += SECTOR) {
            int end = Math.min(torn.length, i + SECTOR);
            switch (random.nextInt(3)) {
                case 0 -> System.arraycopy(before, i, torn, i, end - i);
                case 1 -> {
                    byte[] garbage = new byte[end - i];
                    random.nextBytes(garbage);
                    System.arraycopy(garbage, 0, torn, i, end - i);
                }
                default -> {}
            }
        }
        node.medium = new Edit(edit.at(), torn).applyTo(node.medium);
    }

    private void settle(NameChange change) {
        Path from = change.from();
        Path to = change.to();
        if (from != null && to != null) {
            Node node = durable.get(from);
            if (node == change.node()) {
                durable.remove(from);
            }
            durable.put(to, Objects.requireNonNull(change.node()));
        } else if (to != null) {
            durable.put(to, Objects.requireNonNull(change.node()));
        } else if (from != null && durable.get(from) == change.node()) {
            durable.remove(from);
        }
    }

    /// Counts one operation, and lets it go wrong if it is the one. `takesRoom`: fails on a full disk.
    ///
    /// @return whether it is to fail by itself
    private boolean step(boolean takesRoom) throws IOException {
        if (dead) {
            throw new IOException("the process is gone");
        }
        operations++;
        operationsLeft--;
        if (operationsLeft == 0) {
            switch (fault) {
                case KILL, POWER -> {
                    dead = true;
                    throw new IOException("the process is gone");
                }
                case FAIL -> {
                    return true;
                }
                case INTERRUPT -> throw new ClosedByInterruptException();
                case FULL -> full = true;
                case NONE -> {}
            }
        }
        if (full && takesRoom) {
            throw new IOException("No space left on device");
        }
        return false;
    }

    private void stepOrFail(boolean takesRoom) throws IOException {
        if (step(takesRoom)) {
            throw new IOException("Input/output error");
        }
    }

    @Override
    public synchronized DiskFile open(Path file, Mode mode) throws IOException {
        if (dead) {
            throw new IOException("the process is gone");
        }
        Node node = live.get(file);
        if (mode == Mode.CREATE && node == null) {
            stepOrFail(true);
            if (!folders.contains(file.getParent())) {
                throw new NoSuchFileException(file.toString());
            }
            node = new Node(++inodes);
            live.put(file, node);
            pending.add(new NameChange(null, file, node));
        } else if (mode == Mode.CREATE) {
            stepOrFail(false);
            edit(node, new Edit(0, null));
        }
        if (node == null) {
            throw new NoSuchFileException(file.toString());
        }
        return new File(node, mode);
    }

    private void edit(Node node, Edit edit) {
        node.bytes = edit.applyTo(node.bytes);
        node.unforced.add(edit);
        node.changed = ++clock;
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        stepOrFail(true);
        Node node = live.get(from);
        if (node == null || !folders.contains(to.getParent())) {
            throw new NoSuchFileException(from.toString());
        }
        live.remove(from);
        live.put(to, node);
        node.changed = ++clock;
        pending.add(new NameChange(from, to, node));
    }

    @Override
    public synchronized boolean unlink(Path file) throws IOException {
        stepOrFail(false);
        Node gone = live.remove(file);
        if (gone != null) {
            pending.add(new NameChange(file, null, gone));
        }
        return gone != null;
    }

    @Override
    public synchronized boolean createFolder(Path folder) throws IOException {
        stepOrFail(!folders.contains(folder));
        if (!folders.contains(folder.getParent())) {
            throw new NoSuchFileException(folder.toString());
        }
        return folders.add(folder);
    }

    @Override
    public synchronized void forceFolder(Path folder) throws IOException {
        stepOrFail(false);
        if (!folders.contains(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        forces++;
        for (NameChange change : List.copyOf(pending)) {
            if (change.isIn(folder)) {
                settle(change);
                pending.remove(change);
                // Under the name that it had before it can't come back.
                pending.removeIf(c -> c.node() == change.node()
                        && change.from() != null
                        && change.from().equals(c.to()));
            }
        }
        folders.stream().filter(f -> folder.equals(f.getParent())).forEach(durableFolders::add);
    }

    @Override
    public synchronized List<String> list(Path folder) {
        List<String> names = new ArrayList<>();
        folders.stream()
                .filter(f -> folder.equals(f.getParent()))
                .forEach(f -> names.add(f.getFileName().toString()));
        live.keySet().stream()
                .filter(f -> folder.equals(f.getParent()))
                .forEach(f -> names.add(f.getFileName().toString()));
        return names;
    }

    @Override
    public synchronized Stamp stamp(Path file) throws IOException {
        Node node = live.get(file);
        if (node == null) {
            throw new NoSuchFileException(file.toString());
        }
        return new Stamp(node.inode, node.changed, node.bytes.length, node.changed);
    }

    @Override
    public synchronized Space space() {
        return space;
    }

    /// Changes a byte behind everybody's back.
    synchronized void rot(Path file, int at) {
        Node node = Objects.requireNonNull(live.get(file), file.toString());
        node.unforced.clear();
        node.bytes = node.bytes.clone();
        node.bytes[at] ^= 0x40;
        node.medium = node.bytes;
    }

    /// Cuts a file behind everybody's back.
    synchronized void cut(Path file, int size) {
        Node node = Objects.requireNonNull(live.get(file), file.toString());
        node.unforced.clear();
        node.bytes = Arrays.copyOf(node.bytes, size);
        node.medium = node.bytes;
        node.changed = ++clock;
    }

    synchronized void lose(Path file) {
        live.remove(file);
        durable.remove(file);
    }

    synchronized byte[] bytes(Path file) {
        return Objects.requireNonNull(live.get(file), file.toString()).bytes.clone();
    }

    synchronized List<Path> files(Path under) {
        return live.keySet().stream().filter(f -> f.startsWith(under)).toList();
    }

    private final class File implements DiskFile {
        private final Node node;
        private final Mode mode;

        File(Node node, Mode mode) {
            this.node = node;
            this.mode = mode;
        }

        private byte[] content() {
            if (mode != Mode.READ_MEDIUM) {
                return node.bytes;
            }
            // Reading past the cache writes it back first; what a failed force lost, it does not know any more.
            byte[] medium = node.medium;
            for (Edit edit : node.unforced) {
                medium = edit.applyTo(medium);
            }
            return medium;
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            synchronized (FaultyDisk.this) {
                if (dead) {
                    throw new IOException("the process is gone");
                }
                byte[] bytes = content();
                if (position >= bytes.length) {
                    return into.hasRemaining() ? -1 : 0;
                }
                int n = (int) Math.min(into.remaining(), bytes.length - position);
                into.put(bytes, (int) position, n);
                return n;
            }
        }

        @Override
        public int write(ByteBuffer from, long position) throws IOException {
            synchronized (FaultyDisk.this) {
                if (!from.hasRemaining()) {
                    return 0;
                }
                boolean wasFull = full;
                boolean dying = operationsLeft == 1 && (fault == Fault.KILL || fault == Fault.POWER);
                boolean filling = operationsLeft == 1 && fault == Fault.FULL;
                // The last write before the end gets some of its bytes out.
                if (dying || (filling && !wasFull)) {
                    byte[] some = new byte[random.nextInt(from.remaining() + 1)];
                    from.duplicate().get(some);
                    if (some.length > 0) {
                        edit(node, new Edit((int) position, some));
                    }
                }
                stepOrFail(true);
                // The system may take fewer bytes than it is given.
                byte[] taken = new byte[random.nextInt(4) == 0 ? (from.remaining() + 1) / 2 : from.remaining()];
                from.get(taken);
                edit(node, new Edit((int) position, taken));
                return taken.length;
            }
        }

        @Override
        public void force() throws IOException {
            Runnable before;
            synchronized (FaultyDisk.this) {
                before = beforeForce;
            }
            before.run();
            synchronized (FaultyDisk.this) {
                if (step(false)) {
                    node.unforced.clear();
                    throw new IOException("Input/output error");
                }
                forces++;
                for (Edit edit : node.unforced) {
                    node.medium = edit.applyTo(node.medium);
                }
                node.unforced.clear();
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (FaultyDisk.this) {
                stepOrFail(false);
                edit(node, new Edit((int) size, null));
            }
        }

        @Override
        public long size() {
            synchronized (FaultyDisk.this) {
                return content().length;
            }
        }

        @Override
        public void close() {}
    }
}
