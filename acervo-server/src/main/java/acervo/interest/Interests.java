package acervo.interest;

import acervo.catalog.Catalog;
import acervo.catalog.Catalog.SpaceView;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Interest;
import acervo.model.Notice;
import acervo.model.Outcome;
import acervo.model.PathPattern;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/// Everything that can be asked about interests, notices and feeds that one waits for. Any thread; blocking, but for
/// the streams once they are open.
///
/// Throws [RefusedException] for the caller's "no" and [acervo.catalog.CatalogUnavailableException] when a change could
/// not be carried out now. `caller` was authenticated.
public final class Interests {
    /// How often somebody looks again while the space changes under their eyes.
    private static final int LOOKS = 20;

    private static final int EXPIRED_AT_ONCE = 1_000;

    /// How long an acknowledgement waits for streams whose readers are slow.
    private static final long OTHERS_NANOS = 1_000_000_000;

    private final Catalog catalog;
    private final InstantSource clock;
    private final Looking looking;
    private final Lookout lookout = new Lookout();
    private final Rounds rounds;
    private final Consumer<SpaceName> known;

    public Interests(Catalog catalog, InstantSource clock) {
        this(catalog, clock, _ -> {});
    }

    /// @param known called before it is looked whether something is there already: returns when what is in a space
    ///     is known, or refuses
    public Interests(Catalog catalog, InstantSource clock, Consumer<SpaceName> known) {
        this(catalog, clock, known, new Rounds());
    }

    Interests(Catalog catalog, InstantSource clock, Rounds rounds) {
        this(catalog, clock, _ -> {}, rounds);
    }

    private Interests(Catalog catalog, InstantSource clock, Consumer<SpaceName> known, Rounds rounds) {
        this.known = known;
        this.rounds = rounds;
        this.catalog = catalog;
        this.clock = clock;
        this.looking = new Looking(catalog);
        catalog.listen(lookout);
    }

    /// Looks for what is there and, when there is nothing (or the wish is to be kept), registers an interest: as
    /// one step, so that whatever comes is either in the answer or will be told.
    ///
    /// @throws RefusedException NO_SUCH_SPACE; INTERESTS_FULL; LOOK_AGAIN in a space that changes all the time
    public Wanted want(ClientId caller, RequestId request, Wish wish) {
        known.accept(wish.space());
        SpaceView space = readable(caller, wish.space());
        PathPattern pattern = wish.pattern();
        Optional<Outcome> before = catalog.outcome(caller, request);
        if (before.isPresent()) {
            return again(caller, space, wish, refusing(before.get()));
        }
        // A version that the space has not come to is one of before it was restored.
        Looking.Found found = looking.find(space, pattern, wish.since() > space.latest() ? 0 : wish.since());
        for (int look = 1; ; look++) {
            if (wish.forMillis() == 0 || !found.there().isEmpty() && !wish.keep()) {
                long seen = Math.max(found.seen(), space.latest());
                return wanted(caller, new Outcome.Wanted(0, seen, List.of()), found.there(), found.more());
            }
            Outcome outcome = catalog.submit(
                    new Command.Want(wish.space(), pattern, wish.forMillis(), wish.keep(), found.seen()),
                    caller,
                    request);
            if (look == LOOKS || !isLookAgain(outcome)) {
                return wanted(caller, refusing(outcome), pattern.isGlob() ? found.there() : List.of(), found.more());
            }
            found = pattern.isGlob()
                    ? looking.goOn(space, pattern, found)
                    : looking.find(readable(caller, wish.space()), pattern, 0);
        }
    }

    /// Answers a request whose first answer was lost: what the walk through a folder had found then is not kept,
    /// and what came since the interest was registered is told by notices.
    private Wanted again(ClientId caller, SpaceView space, Wish wish, Outcome outcome) {
        if (!wish.pattern().isGlob() || !(outcome instanceof Outcome.Wanted(var _, long seen, var _))) {
            return wanted(caller, outcome, List.of(), false);
        }
        Looking.Found found = looking.find(space, wish.pattern(), wish.since());
        List<FileEntry> then = found.there().stream()
                .filter(entry -> entry.version().number() <= seen)
                .toList();
        return wanted(caller, outcome, then, found.more());
    }

    private Wanted wanted(ClientId caller, Outcome outcome, List<FileEntry> found, boolean more) {
        if (!(outcome instanceof Outcome.Wanted(long number, long seen, List<FileEntry> since))) {
            throw new RefusedException(Reason.ARGUMENT_INVALID, "the request id was used for something else");
        }
        // One that changed while it was looked for was found twice: what it is now counts.
        Map<FilePath, FileEntry> there = new LinkedHashMap<>();
        found.forEach(entry -> there.put(entry.path(), entry));
        since.forEach(entry -> there.put(entry.path(), entry));
        // One that is met or cancelled already still has the number that its notices go by.
        long expires = number == 0
                ? 0
                : catalog.interest(caller, number).map(Interest::expiresMillis).orElse(0L);
        return new Wanted(number, expires, seen, List.copyOf(there.values()), more);
    }

    private static boolean isLookAgain(Outcome outcome) {
        return outcome instanceof Outcome.Refused(var refusal) && refusal.reason() == Reason.LOOK_AGAIN;
    }

    /// The caller's interests that hold, by number.
    public List<Interest> interests(ClientId caller) {
        long now = clock.millis();
        return catalog.interests(caller, 0, Interest.MOST).stream()
                .filter(interest -> interest.expiresMillis() > now)
                .toList();
    }

    /// Cancels interests. Once this has returned, no notice of them comes that was not told before.
    ///
    /// @return how many there were: not those that are met or over
    public int unwant(ClientId caller, RequestId request, List<Long> numbers) {
        return count(catalog.submit(new Command.Unwant(numbers), caller, request));
    }

    /// Lets go of notices that have reached the caller.
    ///
    /// @param missed how many missed ones it knows of
    /// @return how many of the notices there were
    public int acknowledge(ClientId caller, RequestId request, List<Long> notices, long missed) {
        awaitOthers(caller, notices);
        return count(catalog.submit(new Command.Acknowledge(notices, missed), caller, request));
    }

    /// Another machine of the same client that is connected gets its word too, before one lets go of it for both.
    private void awaitOthers(ClientId caller, List<Long> notices) {
        List<Delivery<?>> streams = lookout.of(caller);
        if (notices.isEmpty() || streams.isEmpty()) {
            return;
        }
        long last = Collections.max(notices);
        List<Notice> there =
                catalog.notices(caller, Collections.min(notices) - 1, 1).notices();
        if (there.isEmpty() || there.getFirst().number() > last) {
            return;
        }
        long deadline = System.nanoTime() + OTHERS_NANOS;
        streams.forEach(stream -> stream.awaitRead(last, deadline));
    }

    private static int count(Outcome outcome) {
        if (refusing(outcome) instanceof Outcome.Trimmed(int count)) {
            return count;
        }
        throw new RefusedException(Reason.ARGUMENT_INVALID, "the request id was used for something else");
    }

    /// Opens a stream of the caller's notices.
    ///
    /// @param after only those after this number
    /// @param only of these interests, when there are some
    /// @param follow whether to go on when all that wait were told
    /// @return not started yet
    public Delivery<News.OfInterests> notices(
            ClientId caller, long after, Set<Long> only, boolean follow, Outlet<News.OfInterests> outlet) {
        NoticeSource source = new NoticeSource(catalog, clock, caller, after, only, follow);
        return new Delivery<>(source, outlet, rounds, lookout, caller, List.of());
    }

    /// Opens a stream of the feeds of some spaces.
    ///
    /// @param spaces each with the version after which it begins
    /// @return not started yet
    public Delivery<News.OfSpace> watch(ClientId caller, Map<SpaceName, Long> spaces, Outlet<News.OfSpace> outlet) {
        FeedSource source = new FeedSource(catalog, caller);
        List<SpaceId> ids = new ArrayList<>();
        spaces.forEach((name, after) -> {
            Optional<SpaceId> id = catalog.space(caller, name).map(SpaceView::id);
            id.ifPresent(ids::add);
            source.add(name, id.orElse(null), after);
        });
        if (ids.isEmpty()) {
            throw new RefusedException(
                    Reason.NO_SUCH_SPACE, spaces.keySet().iterator().next());
        }
        return new Delivery<>(source, outlet, rounds, lookout, caller, ids);
    }

    /// How far back a space's feed is complete, and which space it is.
    public long feedStart(ClientId caller, SpaceName name) {
        return catalog.feedStart(readable(caller, name).id());
    }

    /// Lets go of some interests whose time is over.
    ///
    /// @return whether there may be more
    public boolean expire() {
        if (!catalog.interestsAreDue(clock.millis())) {
            return false;
        }
        Outcome outcome = catalog.submit(
                new Command.ExpireInterests(EXPIRED_AT_ONCE), Stamp.SERVER, new RequestId(UUID.randomUUID()));
        return count(outcome) == EXPIRED_AT_ONCE;
    }

    /// Streams that are open.
    public int streams() {
        return lookout.size();
    }

    private SpaceView readable(ClientId caller, SpaceName name) {
        return catalog.space(caller, name).orElseThrow(() -> new RefusedException(Reason.NO_SUCH_SPACE, name));
    }

    private static Outcome refusing(Outcome outcome) {
        if (outcome instanceof Outcome.Refused(var refusal)) {
            throw new RefusedException(refusal);
        }
        return outcome;
    }
}
