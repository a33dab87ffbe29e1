package acervo.sync.local;

import acervo.model.FilePath;
import acervo.sync.LocalSink;
import acervo.sync.plan.LocalNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The local tree as the engine would have it, from what a disk tells. Checks that what is told makes sense.
final class Seen implements LocalSink {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    private final Map<Long, LocalNode> nodes = new TreeMap<>();
    private final Map<String, LocalNode> paths = new HashMap<>();
    private final Map<String, List<LocalTrouble>> troubles = new TreeMap<>();
    private final List<String> told = new ArrayList<>();
    private int scans;
    private @Nullable String lost;

    @Override
    public synchronized void observed(List<Long> gone, List<LocalNode> present) {
        gone.forEach(id -> {
            LocalNode node = nodes.remove(id);
            told.add("gone " + (node == null ? "unknown " + id : node.path()));
        });
        present.forEach(node -> {
            nodes.put(node.id(), node);
            told.add("present " + node.path());
        });
        paths.clear();
        nodes.values().forEach(node -> paths.put(node.path().text(), node));
        if (paths.size() != nodes.size()) {
            told.add("TWO NODES AT ONE PATH after " + gone + " " + present);
        }
        notifyAll();
    }

    /// As an engine does that was started again.
    synchronized void known(LocalNode node) {
        nodes.put(node.id(), node);
        paths.put(node.path().text(), node);
    }

    @Override
    public synchronized void scanned() {
        scans++;
        lost = null;
        notifyAll();
    }

    @Override
    public synchronized void troubles(FilePath folder, List<LocalTrouble> list) {
        if (list.isEmpty()) {
            troubles.remove(folder.text());
        } else {
            troubles.put(folder.text(), list);
        }
        notifyAll();
    }

    @Override
    public synchronized void rootLost(String why) {
        lost = why;
        notifyAll();
    }

    synchronized @Nullable LocalNode at(String path) {
        return paths.get(path);
    }

    LocalNode get(String path) {
        LocalNode node = at(path);
        if (node == null) {
            throw new AssertionError("nothing was seen at " + path + ": " + this);
        }
        return node;
    }

    synchronized List<LocalNode> all() {
        return List.copyOf(nodes.values());
    }

    /// Every path that was told of, `gone` or `present`, since [#forget].
    synchronized List<String> told() {
        return List.copyOf(told);
    }

    /// Waits without looking at anything else, and so as short as can be.
    synchronized void awaitTold(String one) throws InterruptedException {
        while (!told.contains(one)) {
            wait();
        }
    }

    /// Forgets all.
    synchronized void clear() {
        nodes.clear();
        paths.clear();
        told.clear();
    }

    synchronized void forget() {
        told.clear();
    }

    synchronized int scans() {
        return scans;
    }

    synchronized @Nullable String lost() {
        return lost;
    }

    /// What is wrong with a path; `""` for nothing.
    synchronized String trouble(String name) {
        for (List<LocalTrouble> list : troubles.values()) {
            for (LocalTrouble one : list) {
                if (one.name().equals(name)) {
                    return one.what();
                }
            }
        }
        return "";
    }

    synchronized Map<String, List<LocalTrouble>> troubles() {
        return new TreeMap<>(troubles);
    }

    /// Waits for something to become true; the end of the waiting is only that of a test that has failed.
    void await(String what, Predicate<Seen> wanted) throws InterruptedException {
        await(what, wanted, this);
    }

    /// @param otherwise said when it was in vain
    synchronized void await(String what, Predicate<Seen> wanted, Object otherwise) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE;
        while (!wanted.test(this)) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("waited in vain until " + what + ": " + otherwise);
            }
            // Some of what is awaited is on the disk, and nobody tells of that.
            wait(Math.min(left, 20));
        }
    }

    void awaitPath(String path) throws InterruptedException {
        await(path + " is seen", seen -> seen.at(path) != null);
    }

    void awaitGone(String path) throws InterruptedException {
        await(path + " is gone", seen -> seen.at(path) == null);
    }

    @Override
    public synchronized String toString() {
        return nodes.values().stream().map(LocalNode::path).toList() + " told " + told + " troubles " + troubles
                + (lost == null ? "" : " LOST " + lost);
    }
}
