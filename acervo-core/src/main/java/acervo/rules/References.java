package acervo.rules;

import acervo.model.BlobId;
import acervo.model.Content;
import acervo.model.Kind;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/// Who refers to which blob, and how many copies of it they want. Files and past versions refer; folders don't.
final class References {
    private References() {}

    static boolean has(Content content) {
        return content.kind() != Kind.FOLDER;
    }

    /// Adds a reference; the blob becomes known when it was not.
    static void add(Step step, Content content, int replicas, List<Integer> holders) {
        if (!has(content)) {
            return;
        }
        Row.Blob old = step.draft.get(Tables.BLOBS, content.blob());
        if (old == null) {
            step.draft.put(
                    Tables.BLOBS,
                    content.blob(),
                    new Row.Blob(content.size(), step.now, 0, List.of(new Row.Want(replicas, 1)), holders));
            step.count(0, 0, 0, 0, 1, 0);
            return;
        }
        if (old.wants().isEmpty()) {
            step.draft.drop(Tables.ORPHANS, new Row.OrphanKey(old.orphanSince(), content.blob()));
            step.count(0, 0, 0, 0, 0, -1);
        }
        step.draft.put(
                Tables.BLOBS, content.blob(), old.with(0, old.wanting(replicas, 1), union(old.holders(), holders)));
    }

    /// Takes a reference away; a blob that has none left is an orphan from now on.
    static void remove(Step step, Content content, int replicas) {
        if (!has(content)) {
            return;
        }
        BlobId id = content.blob();
        Row.Blob old = Objects.requireNonNull(step.draft.get(Tables.BLOBS, id), () -> "blob " + id + " has no row");
        List<Row.Want> wants = old.wanting(replicas, -1);
        if (wants.isEmpty()) {
            step.draft.put(Tables.ORPHANS, new Row.OrphanKey(step.now, id), Row.Here.HERE);
            step.count(0, 0, 0, 0, 0, 1);
        }
        step.draft.put(Tables.BLOBS, id, old.with(wants.isEmpty() ? step.now : 0, wants, old.holders()));
    }

    /// Lets a reference want another number of copies.
    static void change(Step step, Content content, int from, int to) {
        if (has(content) && from != to) {
            BlobId id = content.blob();
            Row.Blob old = Objects.requireNonNull(step.draft.get(Tables.BLOBS, id), () -> "blob " + id + " has no row");
            List<Row.Want> wants =
                    old.with(0, old.wanting(to, 1), old.holders()).wanting(from, -1);
            step.draft.put(Tables.BLOBS, id, old.with(0, wants, old.holders()));
        }
    }

    /// Notes copies on more nodes.
    static void hold(Step step, Content content, List<Integer> holders) {
        if (has(content)) {
            BlobId id = content.blob();
            Row.Blob old = Objects.requireNonNull(step.draft.get(Tables.BLOBS, id), () -> "blob " + id + " has no row");
            step.draft.put(Tables.BLOBS, id, old.with(old.orphanSince(), old.wants(), union(old.holders(), holders)));
        }
    }

    private static List<Integer> union(List<Integer> a, List<Integer> b) {
        if (a.containsAll(b)) {
            return a;
        }
        TreeSet<Integer> all = new TreeSet<>(a);
        all.addAll(b);
        return List.copyOf(all);
    }
}
