package acervo.interest;

import acervo.catalog.Catalog;
import acervo.catalog.Catalog.Inbox;
import acervo.model.ClientId;
import acervo.model.Notice;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A client's notices from a number on.
final class NoticeSource implements Source<News.OfInterests> {
    /// Notices in a message: some 10 KB.
    private static final int PAGE = 100;

    private final Catalog catalog;
    private final InstantSource clock;
    private final ClientId client;
    private final boolean follow;

    /// The interests whose notices are wanted; empty for all.
    private final Set<Long> only;

    /// Those of them that the reader does not know to be over.
    private final TreeSet<Long> open;

    private volatile long after;
    private long missed = -1;
    private boolean over;

    NoticeSource(Catalog catalog, InstantSource clock, ClientId client, long after, Set<Long> only, boolean follow) {
        this.catalog = catalog;
        this.clock = clock;
        this.client = client;
        this.after = after;
        this.only = Set.copyOf(only);
        this.open = new TreeSet<>(only);
        this.follow = follow;
    }

    /// The first one comes at once, so that the reader knows that it is heard.
    @Override
    public News.@Nullable OfInterests next() {
        while (!over) {
            // Interests first: one that is gone now has written its last notice before, so that it is read below.
            List<Long> gone = gone();
            Inbox inbox = catalog.notices(client, after, PAGE);
            after = inbox.last();
            List<Notice> notices = inbox.notices();
            if (!only.isEmpty()) {
                notices = notices.stream()
                        .filter(notice -> only.contains(notice.interest()))
                        .toList();
            }
            List<Long> ended = inbox.more() ? List.of() : gone;
            boolean news = !notices.isEmpty() || !ended.isEmpty() || missed != inbox.missed();
            over = !follow && !inbox.more();
            if (news) {
                missed = inbox.missed();
                ended.forEach(open::remove);
                return new News.OfInterests(notices, missed, ended);
            }
            if (!inbox.more()) {
                return null;
            }
        }
        return null;
    }

    private List<Long> gone() {
        List<Long> gone = new ArrayList<>();
        long now = clock.millis();
        for (long number : open) {
            if (catalog.interest(client, number)
                    .filter(interest -> interest.expiresMillis() > now)
                    .isEmpty()) {
                gone.add(number);
            }
        }
        return gone;
    }

    @Override
    public long place() {
        return after;
    }

    @Override
    public boolean isOver() {
        return over;
    }
}
