package acervo.http;

import acervo.catalog.Catalog;
import acervo.depot.Depot;
import acervo.depot.DepotStatus;
import acervo.depot.Receipt;
import acervo.model.Change;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Condition;
import acervo.model.FilePath;
import acervo.model.Outcome;
import acervo.model.Refusal;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import acervo.model.SecretHash;
import acervo.model.SpaceName;
import acervo.model.Version;
import acervo.wire.v1.AcknowledgeRequest;
import acervo.wire.v1.ChangesReply;
import acervo.wire.v1.CreateSpaceRequest;
import acervo.wire.v1.FeedReply;
import acervo.wire.v1.FeedRequest;
import acervo.wire.v1.GrantRequest;
import acervo.wire.v1.HelloReply;
import acervo.wire.v1.HelloRequest;
import acervo.wire.v1.InfoReply;
import acervo.wire.v1.InfoRequest;
import acervo.wire.v1.ListReply;
import acervo.wire.v1.ListRequest;
import acervo.wire.v1.ListSpacesReply;
import acervo.wire.v1.ListSpacesRequest;
import acervo.wire.v1.MoveRequest;
import acervo.wire.v1.NoticesReply;
import acervo.wire.v1.NoticesRequest;
import acervo.wire.v1.PiecesRequest;
import acervo.wire.v1.RegisterReply;
import acervo.wire.v1.RegisterRequest;
import acervo.wire.v1.RemoveRequest;
import acervo.wire.v1.RemoveSpaceReply;
import acervo.wire.v1.RemoveSpaceRequest;
import acervo.wire.v1.SetReplicasRequest;
import acervo.wire.v1.Space;
import acervo.wire.v1.SpaceReply;
import acervo.wire.v1.StatusReply;
import acervo.wire.v1.StatusRequest;
import acervo.wire.v1.SumsRequest;
import acervo.wire.v1.UnwantRequest;
import acervo.wire.v1.VerifyReply;
import acervo.wire.v1.VerifyRequest;
import acervo.wire.v1.WantRequest;
import acervo.wire.v1.WantsRequest;
import acervo.wire.v1.WatchReply;
import acervo.wire.v1.WatchRequest;
import acervo.wire.v1.WhoAmIReply;
import acervo.wire.v1.WhoAmIRequest;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The methods of `acervo.v1`, each: check the arguments, ask the depot once, render.
final class Calls {
    private static final int MOST_LISTED = 10_000;
    private static final int LISTED = 1_000;
    private static final int MOST_NAME = 1_000;

    private final Depot depot;
    private final Meters meters;
    private final ServerFacts facts;
    private final Map<String, Call> calls = new HashMap<>();
    private final Map<String, StreamCall> streams = new HashMap<>();

    Calls(Depot depot, Meters meters, ServerFacts facts) {
        this.depot = depot;
        this.meters = meters;
        this.facts = facts;
        add(HelloRequest.getDefaultInstance(), "Hello", false, (r, _) -> hello(r));
        add(RegisterRequest.getDefaultInstance(), "Register", true, this::register);
        add(WhoAmIRequest.getDefaultInstance(), "WhoAmI", true, (_, who) -> whoAmI(who.client()));
        add(ListRequest.getDefaultInstance(), "List", true, this::list);
        add(InfoRequest.getDefaultInstance(), "Info", true, this::info);
        add(RemoveRequest.getDefaultInstance(), "Remove", true, this::remove);
        add(MoveRequest.getDefaultInstance(), "Move", true, this::move);
        add(SetReplicasRequest.getDefaultInstance(), "SetReplicas", true, this::setReplicas);
        add(FeedRequest.getDefaultInstance(), "Feed", true, this::feed);
        add(CreateSpaceRequest.getDefaultInstance(), "CreateSpace", true, this::createSpace);
        add(ListSpacesRequest.getDefaultInstance(), "ListSpaces", true, (_, who) -> listSpaces(who.client()));
        add(GrantRequest.getDefaultInstance(), "Grant", true, this::grant);
        add(RemoveSpaceRequest.getDefaultInstance(), "RemoveSpace", true, this::removeSpace);
        add(StatusRequest.getDefaultInstance(), "Status", true, (_, who) -> status(who));
        add(VerifyRequest.getDefaultInstance(), "Verify", true, this::verify);
        SumCalls sums = new SumCalls(depot);
        add(SumsRequest.getDefaultInstance(), "Sums", true, sums::sums);
        add(PiecesRequest.getDefaultInstance(), "Pieces", true, sums::pieces);
        InterestCalls interests = new InterestCalls(depot);
        add(WantRequest.getDefaultInstance(), "Want", true, interests::want);
        add(WantsRequest.getDefaultInstance(), "Wants", true, interests::wants);
        add(UnwantRequest.getDefaultInstance(), "Unwant", true, interests::unwant);
        add(AcknowledgeRequest.getDefaultInstance(), "Acknowledge", true, interests::acknowledge);
        add(NoticesRequest.getDefaultInstance(), "Notices", NoticesReply.getDefaultInstance(), interests::notices);
        add(WatchRequest.getDefaultInstance(), "Watch", WatchReply.getDefaultInstance(), interests::watch);
    }

    private void add(Message prototype, String name, Message keepAlive, StreamCall.Opening opening) {
        streams.put(name, new StreamCall(name, prototype, keepAlive, opening, meters.operation(name)));
    }

    /// The method with a stream of answers of that name, or null.
    @Nullable
    StreamCall findStream(String name) {
        return streams.get(name);
    }

    private <R extends Message> void add(
            R prototype, String name, boolean blocks, BiFunction<R, Call.Who, Message> work) {
        @SuppressWarnings("unchecked") // A request is always parsed from this prototype.
        Call.Work erased = (request, who) -> work.apply((R) request, who);
        calls.put(name, new Call(name, prototype, blocks, erased, meters.operation(name)));
    }

    /// The method of that name, or null.
    @Nullable
    Call find(String name) {
        return calls.get(name);
    }

    private HelloReply hello(HelloRequest request) {
        if (request.getName().length() > MOST_NAME) {
            throw Refusals.tooLarge("a name", MOST_NAME + " characters");
        }
        return HelloReply.newBuilder()
                .setGreeting(Greeting.of(request.getName(), request.getLanguage()))
                .setServerVersion(facts.version())
                .build();
    }

    private RegisterReply register(RegisterRequest request, Call.Who who) {
        ClientId client = client(request.getClientId());
        byte[] hash = request.getSecretSha256().toByteArray();
        if (hash.length != acervo.model.BlobId.BYTES) {
            throw Refusals.invalid("secret_sha256 has 32 bytes");
        }
        who.registering();
        depot.register(client, new SecretHash(acervo.model.BlobId.of(hash)), new RequestId(UUID.randomUUID()));
        return RegisterReply.getDefaultInstance();
    }

    private WhoAmIReply whoAmI(ClientId caller) {
        return WhoAmIReply.newBuilder()
                .setClientId(caller.toString())
                .addAllSpaces(spaces(caller))
                .build();
    }

    private ListSpacesReply listSpaces(ClientId caller) {
        return ListSpacesReply.newBuilder().addAllSpaces(spaces(caller)).build();
    }

    private List<Space> spaces(ClientId caller) {
        return depot.spaces(caller).stream().map(view -> space(caller, view)).toList();
    }

    private Space space(ClientId caller, Catalog.SpaceView view) {
        Space.Builder space = Render.space(view).setOnDisk(depot.isOnDisk(view.name()));
        if (!view.name().equals(SpaceName.HOME) && !view.name().equals(SpaceName.PUBLIC)) {
            depot.members(caller, view.name()).stream().map(Render::member).forEach(space::addMembers);
        }
        return space.build();
    }

    private ListReply list(ListRequest request, Call.Who who) {
        ClientId caller = who.client();
        Catalog.Page page = depot.list(
                caller,
                new SpaceName(request.getSpace()),
                new FilePath(request.getPath()),
                request.getRecursive(),
                request.getAfter().isEmpty() ? null : new FilePath(request.getAfter()),
                limit(request.getLimit()));
        ListReply.Builder reply = ListReply.newBuilder().setMore(page.more());
        page.items().forEach(item -> reply.addFiles(Render.item(item, depot)));
        return reply.build();
    }

    private static int limit(int asked) {
        if (asked < 0 || asked > MOST_LISTED) {
            throw Refusals.invalid("limit is 1 to " + MOST_LISTED + ", or 0 for " + LISTED);
        }
        return asked == 0 ? LISTED : asked;
    }

    private InfoReply info(InfoRequest request, Call.Who who) {
        Receipt receipt = depot.receipt(who.client(), new SpaceName(request.getSpace()), path(request.getPath()));
        InfoReply.Builder reply = InfoReply.newBuilder().setFile(Render.file(receipt.entry(), receipt.verified()));
        receipt.copies().forEach(copy -> reply.addCopies(Render.copy(copy)));
        receipt.history().forEach(past -> reply.addHistory(Render.file(past, depot.verified(past))));
        return reply.build();
    }

    private ChangesReply remove(RemoveRequest request, Call.Who who) {
        SpaceName space = new SpaceName(request.getSpace());
        return changes(
                who.client(),
                request.getRequestId(),
                request.getItemsList(),
                item -> item.getPath(),
                item -> new Command.Remove(path(item.getPath()), condition(item.getIfVersion())),
                items -> new Command.RemoveFiles(space, request.getForever(), items));
    }

    private ChangesReply move(MoveRequest request, Call.Who who) {
        SpaceName space = new SpaceName(request.getSpace());
        return changes(
                who.client(),
                request.getRequestId(),
                request.getItemsList(),
                item -> item.getFrom(),
                item -> new Command.Move(
                        path(item.getFrom()), path(item.getTo()), condition(item.getIfVersion()), item.getReplace()),
                items -> new Command.MoveFiles(space, items));
    }

    private ChangesReply setReplicas(SetReplicasRequest request, Call.Who who) {
        SpaceName space = new SpaceName(request.getSpace());
        if (request.getReplicas() < 1) {
            throw Refusals.invalid("replicas is 1 or more");
        }
        return changes(
                who.client(),
                request.getRequestId(),
                request.getPathsList(),
                path -> path,
                Calls::path,
                items -> new Command.SetReplicas(space, request.getReplicas(), items));
    }

    /// Carries out a command with a list; an item that can't even be read is refused by itself.
    private <P, I> ChangesReply changes(
            ClientId caller,
            String requestId,
            List<P> asked,
            Function<P, String> name,
            Function<P, I> read,
            Function<List<I>, Command> command) {
        if (asked.size() > Command.MAX_ITEMS) {
            throw Refusals.tooLarge("a list", Command.MAX_ITEMS + " items");
        }
        List<I> items = new ArrayList<>();
        Map<Integer, Refusal> unreadable = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            try {
                items.add(read.apply(asked.get(i)));
            } catch (RefusedException refused) {
                unreadable.put(i, refused.refusal());
            }
        }
        List<Outcome.Result> results = List.of();
        if (!items.isEmpty()) {
            Outcome outcome = depot.submit(caller, request(requestId), command.apply(items));
            if (!(outcome instanceof Outcome.Files(var each))) {
                throw new IllegalStateException("a list was answered by " + outcome);
            }
            results = each;
        }
        ChangesReply.Builder reply = ChangesReply.newBuilder();
        int next = 0;
        for (int i = 0; i < asked.size(); i++) {
            Refusal refusal = unreadable.get(i);
            reply.addResults(
                    refusal == null
                            ? Render.result(results.get(next++), depot)
                            : Render.refused(FilePath.printable(name.apply(asked.get(i))), refusal));
        }
        return reply.build();
    }

    private FeedReply feed(FeedRequest request, Call.Who who) {
        ClientId caller = who.client();
        SpaceName name = new SpaceName(request.getSpace());
        if (request.getAfter() < 0) {
            throw Refusals.invalid("after is a version, or 0");
        }
        int limit = limit(request.getLimit());
        // The newest version first: rows that come in between make `latest` smaller than theirs, never larger.
        Catalog.SpaceView space = depot.space(caller, name);
        long start = depot.interests().feedStart(caller, name);
        List<Change> rows = depot.feed(caller, name, request.getAfter(), limit);
        FeedReply.Builder reply = FeedReply.newBuilder()
                .setEpoch(depot.status().catalog().epoch())
                .setStart(start)
                .setSpaceId(space.id().number())
                .setLatest(space.latest());
        rows.forEach(row -> reply.addRows(Render.row(row, depot)));
        return reply.build();
    }

    private SpaceReply createSpace(CreateSpaceRequest request, Call.Who who) {
        ClientId caller = who.client();
        SpaceName name = new SpaceName(request.getName());
        depot.submit(caller, request(request.getRequestId()), new Command.CreateSpace(name));
        return spaceReply(caller, name);
    }

    private SpaceReply grant(GrantRequest request, Call.Who who) {
        ClientId caller = who.client();
        SpaceName name = new SpaceName(request.getName());
        depot.submit(
                caller,
                request(request.getRequestId()),
                new Command.Grant(name, client(request.getClientId()), Render.role(request.getRole())));
        return spaceReply(caller, name);
    }

    private SpaceReply spaceReply(ClientId caller, SpaceName name) {
        return SpaceReply.newBuilder()
                .setSpace(space(caller, depot.space(caller, name)))
                .build();
    }

    private RemoveSpaceReply removeSpace(RemoveSpaceRequest request, Call.Who who) {
        depot.submit(
                who.client(),
                request(request.getRequestId()),
                new Command.RemoveSpace(new SpaceName(request.getName()), request.getWithFiles()));
        return RemoveSpaceReply.getDefaultInstance();
    }

    private StatusReply status(Call.Who who) {
        boolean operator = who.isOperator();
        if (!operator) {
            who.client();
        }
        DepotStatus status = depot.status();
        return StatusReply.newBuilder()
                .setServerVersion(facts.version())
                .setNode(facts.node().toString())
                .setUptimeSeconds(facts.uptimeSeconds())
                .setClients(status.catalog().clients())
                .setSpaces(status.catalog().spaces())
                .setFiles(status.catalog().files())
                .setFileBytes(status.catalog().bytes())
                .setBlobs(status.store().blobs())
                .setBlobBytes(status.store().bytes())
                .setDiskFreeBytes(status.store().freeBytes())
                .setDiskReserveBytes(status.store().reserveBytes())
                .setDamaged(status.damaged())
                .setOrphans(status.catalog().orphans())
                .setNodes(status.nodes())
                .setFilesShort(status.filesShort())
                .setCacheHits(status.cache().hits())
                .setCacheMisses(status.cache().misses())
                .setCacheEvictions(status.cache().evictions())
                .setCacheBytes(status.cache().bytes())
                .setCacheLimitBytes(status.cache().limitBytes())
                .setWritable(status.writable())
                .addAllTroubles(status.troubles())
                .setVerification(Render.verification(status.verification(), operator))
                .setLogIndex(status.catalog().appliedIndex())
                .setUploads(status.uploads())
                .build();
    }

    private VerifyReply verify(VerifyRequest request, Call.Who who) {
        boolean operator = who.isOperator();
        if (request.getStart()) {
            if (!operator) {
                who.client();
                throw new RefusedException(
                        acervo.model.Reason.FORBIDDEN, "this server", "start a verification (only its operator may)");
            }
            depot.verification().start();
        }
        var files = operator
                ? depot.verification().affected()
                : depot.verification().affected(who.client());
        VerifyReply.Builder reply = Render.verification(depot.verification().progress(), operator);
        files.forEach(file -> reply.addFiles(file.name() + ":" + file.entry().path()));
        return reply.build();
    }

    private static FilePath path(String text) {
        FilePath path = new FilePath(text);
        if (path.isRoot()) {
            throw Refusals.invalid("the path is empty");
        }
        return path;
    }

    private static ClientId client(String text) {
        try {
            return ClientId.parse(text);
        } catch (IllegalArgumentException _) {
            throw Refusals.invalid("client_id is a UUID");
        }
    }

    private static Condition condition(long version) {
        if (version < 0) {
            throw Refusals.invalid("if_version is a version, or 0");
        }
        return version == 0 ? Condition.ANY : new Condition.At(new Version(version));
    }

    static RequestId request(String text) {
        if (text.isEmpty()) {
            return new RequestId(UUID.randomUUID());
        }
        try {
            return RequestId.parse(text);
        } catch (IllegalArgumentException _) {
            throw Refusals.invalid("request_id is a UUID");
        }
    }
}
