package acervo.http;

import acervo.depot.Depot;
import acervo.interest.Delivery;
import acervo.interest.Interests;
import acervo.interest.News;
import acervo.interest.Wanted;
import acervo.interest.Wish;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Interest;
import acervo.model.PathPattern;
import acervo.model.SpaceName;
import acervo.wire.v1.AcknowledgeReply;
import acervo.wire.v1.AcknowledgeRequest;
import acervo.wire.v1.Notice;
import acervo.wire.v1.NoticesReply;
import acervo.wire.v1.NoticesRequest;
import acervo.wire.v1.UnwantReply;
import acervo.wire.v1.UnwantRequest;
import acervo.wire.v1.WantReply;
import acervo.wire.v1.WantRequest;
import acervo.wire.v1.WantsReply;
import acervo.wire.v1.WantsRequest;
import acervo.wire.v1.WatchReply;
import acervo.wire.v1.WatchRequest;
import com.google.protobuf.Message;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The methods of `acervo.v1` about what one waits for, each: check the arguments, ask once, render.
final class InterestCalls {
    private static final int MOST_SPACES = 100;
    private static final int MOST_NAMED = 1_000;

    private final Depot depot;
    private final Interests interests;

    InterestCalls(Depot depot) {
        this.depot = depot;
        this.interests = depot.interests();
    }

    WantReply want(WantRequest request, Call.Who who) {
        ClientId caller = who.client();
        if (request.getForMillis() < 0 || request.getForMillis() > Interest.MOST_MILLIS) {
            throw Refusals.invalid("for_millis is up to 366 days, or 0 for 7 days");
        }
        if (request.getSince() < 0) {
            throw Refusals.invalid("since is a version, or 0");
        }
        long millis =
                request.getLook() ? 0 : request.getForMillis() == 0 ? Interest.USUAL_MILLIS : request.getForMillis();
        Wish wish = new Wish(
                new SpaceName(request.getSpace()),
                PathPattern.parse(request.getPattern()),
                millis,
                request.getKeep(),
                request.getSince());
        Wanted wanted = interests.want(caller, Calls.request(request.getRequestId()), wish);
        WantReply.Builder reply = WantReply.newBuilder()
                .setInterest(wanted.interest())
                .setExpiresMillis(wanted.expiresMillis())
                .setMore(wanted.more())
                .setSeen(wanted.seen());
        wanted.there().forEach(entry -> reply.addThere(Render.file(entry, depot.verified(entry))));
        return reply.build();
    }

    WantsReply wants(WantsRequest request, Call.Who who) {
        WantsReply.Builder reply = WantsReply.newBuilder();
        for (Interest interest : interests.interests(who.client())) {
            reply.addInterests(acervo.wire.v1.Interest.newBuilder()
                    .setNumber(interest.number())
                    .setSpace(interest.space().text())
                    .setPattern(interest.pattern().text())
                    .setKeep(interest.keep())
                    .setCreatedMillis(interest.createdMillis())
                    .setExpiresMillis(interest.expiresMillis()));
        }
        return reply.build();
    }

    UnwantReply unwant(UnwantRequest request, Call.Who who) {
        ClientId caller = who.client();
        List<Long> numbers = numbers(request.getInterestsList(), Command.MAX_ITEMS);
        return UnwantReply.newBuilder()
                .setCancelled(interests.unwant(caller, Calls.request(request.getRequestId()), numbers))
                .build();
    }

    AcknowledgeReply acknowledge(AcknowledgeRequest request, Call.Who who) {
        ClientId caller = who.client();
        if (request.getMissed() < 0) {
            throw Refusals.invalid("missed is a number, or 0");
        }
        List<Long> numbers = numbers(request.getNoticesList(), Command.MAX_ITEMS);
        return AcknowledgeReply.newBuilder()
                .setAcknowledged(interests.acknowledge(
                        caller, Calls.request(request.getRequestId()), numbers, request.getMissed()))
                .build();
    }

    private static List<Long> numbers(List<Long> numbers, int most) {
        if (numbers.size() > most) {
            throw Refusals.tooLarge("a list", most + " items");
        }
        if (numbers.stream().anyMatch(number -> number <= 0)) {
            throw Refusals.invalid("numbers of interests and notices are positive");
        }
        return numbers;
    }

    Delivery<?> notices(Message message, ClientId caller, StreamCall.Sender to) {
        NoticesRequest request = (NoticesRequest) message;
        if (request.getAfter() < 0) {
            throw Refusals.invalid("after is the number of a notice, or 0");
        }
        return interests.notices(
                caller,
                request.getAfter(),
                new HashSet<>(numbers(request.getInterestsList(), MOST_NAMED)),
                request.getFollow(),
                to.through(this::render));
    }

    private NoticesReply render(News.OfInterests news) {
        NoticesReply.Builder reply =
                NoticesReply.newBuilder().setMissed(news.missed()).addAllEnded(news.ended());
        for (acervo.model.Notice notice : news.notices()) {
            reply.addNotices(Notice.newBuilder()
                    .setNumber(notice.number())
                    .setInterest(notice.interest())
                    .setSpace(notice.space().text())
                    .setFile(Render.file(notice.entry(), depot.verified(notice.entry()))));
        }
        return reply.build();
    }

    Delivery<?> watch(Message message, ClientId caller, StreamCall.Sender to) {
        WatchRequest request = (WatchRequest) message;
        if (request.getSpacesCount() == 0 || request.getSpacesCount() > MOST_SPACES) {
            throw Refusals.invalid("spaces are 1 to " + MOST_SPACES);
        }
        Map<SpaceName, Long> spaces = new LinkedHashMap<>();
        request.getSpacesList().forEach(space -> {
            if (space.getAfter() < 0) {
                throw Refusals.invalid("after is a version, or 0");
            }
            spaces.put(new SpaceName(space.getSpace()), space.getAfter());
        });
        return interests.watch(caller, spaces, to.through(this::render));
    }

    private WatchReply render(News.OfSpace news) {
        WatchReply.Builder reply = WatchReply.newBuilder()
                .setSpace(news.space().text())
                .setEpoch(news.epoch())
                .setSpaceId(news.id())
                .setLatest(news.latest())
                .setStart(news.start());
        news.rows().forEach(row -> reply.addRows(Render.row(row, depot)));
        news.trouble().ifPresent(refusal -> reply.setError(Trouble.of(refusal).toError()));
        return reply.build();
    }
}
