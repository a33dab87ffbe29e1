package acervo.depot;

import acervo.blob.BlobStore;
import acervo.catalog.Catalog;
import acervo.catalog.Catalog.BlobView;
import acervo.model.BlobId;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Goes through the blobs of the disk and those of the catalog side by side, in the order of their ids. Neither stands
/// still meanwhile: what
/// a visitor is told may have changed by then, and it must look again before it acts.
final class Walk {
    private static final int PAGE = 1_000;

    private Walk() {}

    static void all(BlobStore blobs, Catalog catalog, Visitor visitor) {
        Pages<BlobId> disk = new Pages<>(after -> blobs.list(after, PAGE), id -> id);
        Pages<BlobView> known = new Pages<>(after -> catalog.blobs(after, PAGE), BlobView::id);
        BlobId here = disk.next();
        BlobView there = known.next();
        while (here != null || there != null) {
            int order = here == null ? 1 : there == null ? -1 : here.compareTo(there.id());
            if (order < 0 && here != null) {
                visitor.onlyOnDisk(here);
            }
            if (order > 0 && there != null) {
                visitor.onlyInCatalog(there);
            }
            here = order <= 0 ? disk.next() : here;
            there = order >= 0 ? known.next() : there;
        }
    }

    interface Visitor {
        void onlyOnDisk(BlobId id);

        void onlyInCatalog(BlobView blob);
    }

    /// A long list, a page at a time.
    private static final class Pages<T> {
        private final Function<@Nullable BlobId, List<T>> fetch;
        private final Function<T, BlobId> id;
        private Iterator<T> page = List.<T>of().iterator();
        private @Nullable BlobId last;
        private boolean ended;

        Pages(Function<@Nullable BlobId, List<T>> fetch, Function<T, BlobId> id) {
            this.fetch = fetch;
            this.id = id;
        }

        @Nullable
        T next() {
            if (!page.hasNext() && !ended) {
                List<T> fetched = fetch.apply(last);
                ended = fetched.size() < PAGE;
                page = fetched.iterator();
            }
            if (!page.hasNext()) {
                return null;
            }
            T item = page.next();
            last = id.apply(item);
            return item;
        }
    }
}
