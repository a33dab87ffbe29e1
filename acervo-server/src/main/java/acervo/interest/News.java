package acervo.interest;

import acervo.model.Change;
import acervo.model.Notice;
import acervo.model.Refusal;
import acervo.model.SpaceName;
import java.util.List;
import java.util.Optional;

/// What streams tell.
public final class News {
    private News() {}

    /// @param missed how many notices there was no room for and that were not acknowledged
    /// @param ended those of the interests asked for that are no more, with all notices of theirs told before
    public record OfInterests(List<Notice> notices, long missed, List<Long> ended) {
        public OfInterests {
            notices = List.copyOf(notices);
            ended = List.copyOf(ended);
        }
    }

    /// News of one space. The first of a space comes at once, with rows or without.
    ///
    /// @param epoch another one than before: the catalog was restored, and numbers mean nothing any more
    /// @param id the number of the space, 0 with trouble; another one than before: it is another space of the same
    /// name
    /// @param rows changes after those told before, oldest first; empty when only the rest is news
    /// @param latest the newest version there is, at least that of the last row; less than what the reader has
    ///     seen: the catalog was restored
    /// @param start removals up to this version may be missing in the feed
    /// @param trouble why there will be no more of this space
    public record OfSpace(
            SpaceName space,
            long epoch,
            long id,
            List<Change> rows,
            long latest,
            long start,
            Optional<Refusal> trouble) {
        public OfSpace {
            rows = List.copyOf(rows);
        }
    }
}
