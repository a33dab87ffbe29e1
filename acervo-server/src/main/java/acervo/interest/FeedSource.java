package acervo.interest;

import acervo.catalog.Catalog;
import acervo.catalog.Catalog.SpaceView;
import acervo.model.Change;
import acervo.model.ClientId;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The feeds of some spaces, each from a version on.
final class FeedSource implements Source<News.OfSpace> {
    /// Rows in a message: some 50 KB.
    private static final int PAGE = 500;

    private final Catalog catalog;
    private final ClientId client;

    /// In turn, so that no space keeps the others waiting.
    private final ArrayDeque<Place> places = new ArrayDeque<>();

    /// How far the reader is in one space.
    private static final class Place {
        private final SpaceName name;
        private final @Nullable SpaceId id;
        private long after;
        private boolean begun;

        Place(SpaceName name, @Nullable SpaceId id, long after) {
            this.name = name;
            this.id = id;
            this.after = after;
        }
    }

    FeedSource(Catalog catalog, ClientId client) {
        this.catalog = catalog;
        this.client = client;
    }

    /// @param id what the name means now; null when there is no such space for this reader
    void add(SpaceName name, @Nullable SpaceId id, long after) {
        places.add(new Place(name, id, after));
    }

    @Override
    public News.@Nullable OfSpace next() {
        for (int i = places.size(); i > 0; i--) {
            Place place = places.remove();
            Optional<SpaceView> view = catalog.space(client, place.name);
            // Another space of the same name is not the one that is watched.
            if (view.isEmpty() || !view.get().id().equals(place.id)) {
                return gone(place);
            }
            places.add(place);
            News.OfSpace news = news(place, view.get());
            if (news != null) {
                return news;
            }
        }
        return null;
    }

    private News.OfSpace gone(Place place) {
        Refusal refusal = new Refusal(Reason.NO_SUCH_SPACE, place.name);
        return new News.OfSpace(place.name, epoch(), 0, List.of(), 0, 0, Optional.of(refusal));
    }

    private News.@Nullable OfSpace news(Place place, SpaceView view) {
        if (place.begun && view.latest() <= place.after) {
            return null;
        }
        place.begun = true;
        // The newest version first: rows that come in between are newer than it says, never older.
        long start = catalog.feedStart(view.id());
        List<Change> rows = catalog.feed(view.id(), place.after, PAGE);
        long latest = view.latest();
        if (rows.size() < PAGE) {
            // Rows that were replaced by newer ones leave gaps: everything up to here was told.
            place.after = Math.max(place.after, latest);
        }
        if (!rows.isEmpty()) {
            long last = rows.getLast().version().number();
            place.after = Math.max(place.after, last);
            latest = Math.max(latest, last);
            if (rows.size() == PAGE) {
                place.after = last;
            }
        }
        return new News.OfSpace(place.name, epoch(), view.id().number(), rows, latest, start, Optional.empty());
    }

    private long epoch() {
        return catalog.status().epoch();
    }

    /// Not about notices.
    @Override
    public long place() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean isOver() {
        return places.isEmpty();
    }
}
