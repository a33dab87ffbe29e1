package acervo.watch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A folder that is, or should be, watched: names hang together as a tree, so that the rename of one changes the paths
/// of all in it at once.
final class WatchedFolder {
    static final int NOT_WATCHED = -1;

    /// The watch's number.
    int number = NOT_WATCHED;

    private @Nullable WatchedFolder parent;
    private String name;
    private @Nullable Map<String, WatchedFolder> children;

    WatchedFolder(@Nullable WatchedFolder parent, String name) {
        this.parent = parent;
        this.name = name;
    }

    String path() {
        return parent == null ? name : parent.path(name);
    }

    /// The path of a name in this folder.
    String path(String inside) {
        String path = path();
        return path.isEmpty() ? inside : path + "/" + inside;
    }

    /// The folder of this name in this one, made when it is not known.
    WatchedFolder child(String inside) {
        Map<String, WatchedFolder> all = children;
        if (all == null) {
            all = new HashMap<>(4);
            children = all;
        }
        return all.computeIfAbsent(inside, n -> new WatchedFolder(this, n));
    }

    @Nullable
    WatchedFolder remove(String inside) {
        return children == null ? null : children.remove(inside);
    }

    /// Puts `folder`, with all in it, under a name in this one.
    void add(String inside, WatchedFolder folder) {
        folder.leave();
        folder.parent = this;
        folder.name = inside;
        if (children == null) {
            children = new HashMap<>(4);
        }
        children.put(inside, folder);
    }

    /// Is in no folder any more.
    void leave() {
        if (parent != null && parent.children != null) {
            parent.children.remove(name, this);
        }
    }

    /// Whether it is `other` or stands in it.
    boolean isIn(WatchedFolder other) {
        return this == other || parent != null && parent.isIn(other);
    }

    /// A copy, so that children may leave meanwhile.
    List<WatchedFolder> children() {
        return children == null ? List.of() : List.copyOf(children.values());
    }
}
