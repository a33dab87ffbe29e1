package acervo.interest;

import acervo.catalog.Catalog;
import acervo.catalog.Catalog.Item;
import acervo.catalog.Catalog.Page;
import acervo.catalog.Catalog.SpaceView;
import acervo.model.Change;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.PathPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Finds what matches a pattern already. Any thread.
final class Looking {
    /// At most so many matches are told.
    static final int MOST = 1_000;

    private static final int PAGE = 1_000;

    /// Walks through whole folders at a time, of all clients.
    private static final int WALKS = 2;

    private final Catalog catalog;
    private final Semaphore walks = new Semaphore(WALKS);

    Looking(Catalog catalog) {
        this.catalog = catalog;
    }

    /// What was found.
    ///
    /// @param seen everything up to this version was looked at
    record Found(List<FileEntry> there, long seen, boolean more) {}

    /// @param since only what is newer than this version
    Found find(SpaceView space, PathPattern pattern, long since) {
        if (!pattern.isGlob()) {
            List<FileEntry> there = catalog.file(space.id(), pattern.anchor())
                    .filter(entry -> counts(entry, since))
                    .map(List::of)
                    .orElse(List.of());
            return new Found(there, since, false);
        }
        if (since > 0) {
            return goOn(space, pattern, new Found(List.of(), since, false));
        }
        // The newest version was known before the walk begins: what comes meanwhile is looked at again.
        walks.acquireUninterruptibly();
        try {
            return walk(space, pattern);
        } finally {
            walks.release();
        }
    }

    private Found walk(SpaceView space, PathPattern pattern) {
        List<FileEntry> there = new ArrayList<>();
        FilePath after = null;
        boolean more = true;
        while (more) {
            Page page = page(space, pattern, after);
            for (Item item : page.items()) {
                if (item instanceof Item.Entry(FileEntry entry)
                        && counts(entry, 0)
                        && PathPattern.globMatches(pattern.text(), entry.path().text())) {
                    if (there.size() == MOST) {
                        return new Found(there, space.latest(), true);
                    }
                    there.add(entry);
                }
            }
            more = page.more();
            after = page.items().isEmpty() ? null : page.items().getLast().path();
        }
        return new Found(there, space.latest(), false);
    }

    private Page page(SpaceView space, PathPattern pattern, @Nullable FilePath after) {
        return catalog.list(space.id(), pattern.anchor(), !pattern.isFlat(), after, PAGE);
    }

    /// Looks at what came after `before` was found.
    Found goOn(SpaceView space, PathPattern pattern, Found before) {
        List<FileEntry> there = new ArrayList<>(before.there());
        long seen = before.seen();
        boolean more = before.more();
        while (true) {
            List<Change> rows = catalog.feed(space.id(), seen, PAGE);
            for (Change row : rows) {
                if (row instanceof Change.Present(FileEntry entry)
                        && entry.content().kind() != Kind.FOLDER
                        && PathPattern.globMatches(pattern.text(), entry.path().text())) {
                    if (there.size() == MOST) {
                        more = true;
                    } else {
                        there.add(entry);
                    }
                }
                seen = row.version().number();
            }
            if (rows.size() < PAGE) {
                return new Found(there, seen, more);
            }
        }
    }

    private static boolean counts(FileEntry entry, long since) {
        return entry.content().kind() != Kind.FOLDER && entry.version().number() > since;
    }
}
