package acervo.sync.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A disk and a space as they really are, beside the trees that a planner sees; as unforgiving as real ones.
final class World {
    static final Content FOLDER = new Content(Kind.FOLDER, BlobId.EMPTY, 0, 0, false);

    final Map<Long, LocalNode> disk = new TreeMap<>();
    final Map<Long, RemoteNode> space = new TreeMap<>();
    final Trees trees = new Trees();
    // Numbers of their own, so that one of a file on disk may be that of a row that has nothing to do with it.
    long localIds;
    long remoteIds;
    long version;
    private boolean lags;

    // The disk.

    @Nullable
    LocalNode onDisk(String path) {
        return disk.values().stream()
                .filter(n -> n.path().text().equals(path))
                .findFirst()
                .orElse(null);
    }

    boolean diskHasBelow(String path) {
        return disk.values().stream().anyMatch(n -> n.path().text().startsWith(path + "/"));
    }

    LocalNode write(long id, String path, Content content) {
        LocalNode node = new LocalNode(id, new FilePath(path), content);
        disk.put(id, node);
        return node;
    }

    void mkdirs(String path) {
        for (String at = path; !at.isEmpty(); at = Paths.parent(at)) {
            if (onDisk(at) == null) {
                write(++localIds, at, FOLDER);
            }
        }
    }

    // The space.

    @Nullable
    RemoteNode row(String path) {
        return space.values().stream()
                .filter(n -> n.path().text().equals(path))
                .findFirst()
                .orElse(null);
    }

    boolean spaceHasBelow(String path) {
        return space.values().stream().anyMatch(n -> n.path().text().startsWith(path + "/"));
    }

    RemoteNode store(long id, String path, Content content) {
        RemoteNode node = new RemoteNode(id, new FilePath(path), new Version(++version), content);
        space.put(id, node);
        return node;
    }

    /// What the rules of the catalog refuse.
    private void assertFreeInSpace(String path, boolean folder) {
        if (lags) {
            refuseUnlessFree(path, folder);
        }
        assertNull(row(path), () -> path + " is taken in the space");
        assertFalse(!folder && spaceHasBelow(path), () -> path + " is a folder in the space");
        for (String at = Paths.parent(path); !at.isEmpty(); at = Paths.parent(at)) {
            RemoteNode above = row(at);
            assertTrue(above == null || above.content().kind() == Kind.FOLDER, () -> path + " is below a file");
        }
    }

    private void assertFreeOnDisk(String path) {
        assertNull(onDisk(path), () -> path + " is taken on disk");
        String parent = Paths.parent(path);
        LocalNode folder = onDisk(parent);
        assertTrue(
                parent.isEmpty() || (folder != null && folder.content().kind() == Kind.FOLDER),
                () -> "no folder for " + path);
    }

    private void assertSame(LocalNode expected) {
        assertEquals(expected, disk.get(expected.id()), "the disk is not as planned");
    }

    private void refuseUnlessFree(String path, boolean folder) {
        boolean free = row(path) == null && (folder || !spaceHasBelow(path));
        for (String at = Paths.parent(path); !at.isEmpty(); at = Paths.parent(at)) {
            RemoteNode above = row(at);
            free &= above == null || above.content().kind() == Kind.FOLDER;
        }
        if (!free) {
            throw new Refused();
        }
    }

    private void assertSame(RemoteNode expected) {
        if (lags && !expected.equals(space.get(expected.id()))) {
            throw new Refused();
        }
        assertEquals(expected, space.get(expected.id()), "the space is not as planned");
    }

    /// The space's no, which is to be expected only while the feed lags behind.
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// Makes the trees see the disk.
    void scan() {
        for (LocalNode node : trees.locals()) {
            if (!disk.containsKey(node.id())) {
                trees.removeLocal(node.id());
            }
        }
        disk.values().forEach(trees::put);
    }

    /// Makes the trees see the space.
    void feed() {
        for (RemoteNode node : trees.remotes()) {
            if (!space.containsKey(node.id())) {
                trees.removeRemote(node.id());
            }
        }
        space.values().forEach(trees::put);
        trees.setCursor(version);
    }

    private static Content metadata(Content content, Content from) {
        return new Content(content.kind(), content.blob(), content.size(), from.modifiedMillis(), from.executable());
    }

    private SyncedNode at(SyncedNode base, FilePath path, long newVersion) {
        return new SyncedNode(base.localId(), base.remoteId(), path, newVersion, base.content());
    }

    /// Carries an operation out, and notes what its contract says.
    void apply(Operation operation) {
        switch (operation) {
            case Operation.Upload _,
                    Operation.MakeRemoteFolder _,
                    Operation.RemoveRemote _,
                    Operation.MoveRemote _,
                    Operation.KeepBothRemote _,
                    Operation.SetRemoteMetadata _ -> applyToSpace(operation);
            default -> applyToDisk(operation);
        }
    }

    private void applyToSpace(Operation operation) {
        switch (operation) {
            case Operation.Upload(LocalNode local, RemoteNode replaces) -> {
                assertSame(local);
                RemoteNode now;
                if (replaces == null) {
                    assertFreeInSpace(local.path().text(), false);
                    now = store(++remoteIds, local.path().text(), local.content());
                } else {
                    assertSame(replaces);
                    assertEquals(local.path(), replaces.path());
                    now = store(replaces.id(), local.path().text(), local.content());
                }
                trees.put(((Operation.Upload) operation).synced(now));
            }
            case Operation.MakeRemoteFolder(FilePath path) -> {
                assertFreeInSpace(path.text(), true);
                store(++remoteIds, path.text(), FOLDER);
                trees.put(new SyncedNode(0, 0, path, 0, FOLDER));
            }
            case Operation.RemoveRemote(RemoteNode remote) -> {
                assertSame(remote);
                space.remove(remote.id());
                version++;
                trees.removeRemote(remote.id());
                if (remote.content().kind() == Kind.FOLDER) {
                    trees.forgetFolder(remote.path());
                } else {
                    trees.forget(0, remote.id());
                }
            }
            case Operation.MoveRemote(RemoteNode remote, FilePath to, SyncedNode base, boolean aside) -> {
                assertSame(remote);
                RemoteNode lifted = space.remove(remote.id());
                assertNotNull(lifted);
                try {
                    assertFreeInSpace(to.text(), false);
                } catch (Refused e) {
                    space.put(remote.id(), lifted);
                    throw e;
                }
                RemoteNode now = store(remote.id(), to.text(), remote.content());
                trees.put(at(base, aside ? base.path() : to, now.version().number()));
            }
            case Operation.SetRemoteMetadata(RemoteNode remote, LocalNode local) -> {
                assertSame(remote);
                assertEquals(local.content().blob(), remote.content().blob());
                RemoteNode now = store(remote.id(), remote.path().text(), local.content());
                trees.put(((Operation.SetRemoteMetadata) operation).synced(now));
            }
            case Operation.KeepBothRemote(RemoteNode remote, FilePath to, boolean forget) -> {
                assertSame(remote);
                assertFreeInSpace(to.text(), false);
                if (forget) {
                    trees.forget(0, remote.id());
                }
                store(remote.id(), to.text(), remote.content());
            }
            default -> throw new AssertionError(operation);
        }
    }

    private void applyToDisk(Operation operation) {
        switch (operation) {
            case Operation.Download(RemoteNode remote, LocalNode replaces, Content content) -> {
                // The version may have been replaced in the space meanwhile; its bytes are still right.
                LocalNode now;
                if (replaces == null) {
                    assertFreeOnDisk(remote.path().text());
                    now = write(++localIds, remote.path().text(), content);
                } else {
                    assertSame(replaces);
                    assertEquals(remote.path(), replaces.path());
                    now = write(replaces.id(), remote.path().text(), content);
                }
                trees.put(now);
                trees.put(new SyncedNode(
                        now.id(), remote.id(), remote.path(), remote.version().number(), remote.content()));
            }
            case Operation.MakeLocalFolder(FilePath path) -> {
                assertFreeOnDisk(path.text());
                trees.put(write(++localIds, path.text(), FOLDER));
                trees.put(new SyncedNode(0, 0, path, 0, FOLDER));
            }
            case Operation.RemoveLocal(LocalNode local) -> {
                assertSame(local);
                assertFalse(diskHasBelow(local.path().text()), () -> local.path() + " is not empty");
                disk.remove(local.id());
                trees.removeLocal(local.id());
                if (local.content().kind() == Kind.FOLDER) {
                    trees.forgetFolder(local.path());
                } else {
                    trees.forget(local.id(), 0);
                }
            }
            case Operation.MoveLocal(LocalNode local, FilePath to, SyncedNode base, boolean aside) -> {
                assertSame(local);
                assertFreeOnDisk(to.text());
                trees.put(write(local.id(), to.text(), local.content()));
                if (!aside) {
                    trees.put(at(base, to, base.version()));
                }
            }
            case Operation.SetLocalMetadata(LocalNode local, Content content, SyncedNode agreed) -> {
                assertSame(local);
                trees.put(write(local.id(), local.path().text(), metadata(local.content(), content)));
                trees.put(agreed);
            }
            case Operation.KeepBothLocal(LocalNode local, FilePath to, boolean forget) -> {
                assertSame(local);
                assertFreeOnDisk(to.text());
                if (forget) {
                    trees.forget(local.id(), 0);
                }
                trees.put(write(local.id(), to.text(), local.content()));
            }
            case Operation.AdoptSame(SyncedNode agreed) -> trees.put(agreed);
            case Operation.Forget(SyncedNode synced) -> {
                if (synced.content().kind() == Kind.FOLDER) {
                    trees.forgetFolder(synced.path());
                } else {
                    trees.forget(synced.localId(), synced.remoteId());
                }
            }
            default -> throw new AssertionError(operation);
        }
    }

    /// Carries steps out in a random order that their waiting allows; some fail, and those that wait for them are
    /// left.
    void carryOut(Plan plan, Random random, int failPercent) {
        lags = trees.cursor() < version;
        List<Plan.Step> steps = plan.steps();
        Set<Integer> done = new HashSet<>();
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            for (int before : steps.get(i).after()) {
                assertTrue(before < i, "a step waits for a later one");
            }
            open.add(i);
        }
        while (true) {
            List<Integer> ready = new ArrayList<>();
            for (int i : open) {
                if (done.containsAll(steps.get(i).after())) {
                    ready.add(i);
                }
            }
            if (ready.isEmpty()) {
                return;
            }
            Integer next = ready.get(random.nextInt(ready.size()));
            open.removeIf(next::equals);
            if (random.nextInt(100) >= failPercent) {
                try {
                    apply(steps.get(next).operation());
                    done.add(next);
                } catch (Refused e) {
                    assertTrue(lags);
                }
            }
        }
    }
}
