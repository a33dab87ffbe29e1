package acervo.client;

import acervo.model.ClientId;
import acervo.model.FilePath;
import acervo.model.Role;
import acervo.model.SpaceName;
import acervo.wire.v1.AcknowledgeReply;
import acervo.wire.v1.AcknowledgeRequest;
import acervo.wire.v1.ChangesReply;
import acervo.wire.v1.CreateSpaceRequest;
import acervo.wire.v1.GrantRequest;
import acervo.wire.v1.HelloReply;
import acervo.wire.v1.HelloRequest;
import acervo.wire.v1.InfoReply;
import acervo.wire.v1.InfoRequest;
import acervo.wire.v1.ListReply;
import acervo.wire.v1.ListRequest;
import acervo.wire.v1.ListSpacesReply;
import acervo.wire.v1.ListSpacesRequest;
import acervo.wire.v1.MoveItem;
import acervo.wire.v1.MoveRequest;
import acervo.wire.v1.NoticesReply;
import acervo.wire.v1.NoticesRequest;
import acervo.wire.v1.RegisterReply;
import acervo.wire.v1.RegisterRequest;
import acervo.wire.v1.RemoveItem;
import acervo.wire.v1.RemoveRequest;
import acervo.wire.v1.RemoveSpaceReply;
import acervo.wire.v1.RemoveSpaceRequest;
import acervo.wire.v1.SetReplicasRequest;
import acervo.wire.v1.SpaceReply;
import acervo.wire.v1.StatusReply;
import acervo.wire.v1.StatusRequest;
import acervo.wire.v1.UnwantReply;
import acervo.wire.v1.UnwantRequest;
import acervo.wire.v1.VerifyReply;
import acervo.wire.v1.VerifyRequest;
import acervo.wire.v1.WantReply;
import acervo.wire.v1.WantRequest;
import acervo.wire.v1.WantsReply;
import acervo.wire.v1.WantsRequest;
import acervo.wire.v1.WatchReply;
import acervo.wire.v1.WhoAmIReply;
import acervo.wire.v1.WhoAmIRequest;
import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client of one server. Blocking; any thread; any number of calls at once, each on a connection of its own.
///
/// Every method throws [acervo.model.RefusedException] for the server's "no" and [UnreachableException] when the server
/// can't
/// be reached for as long as the [RetryPolicy] is patient. A broken connection is tried again with the same request id,
/// so
/// that a change takes effect once. Those that touch local files throw [LocalTroubleException] as well.
public final class AcervoClient implements AutoCloseable {
    private final Transport transport;
    private final @Nullable Credentials credentials;
    private final Path journal;

    /// @param credentials null for the calls that need none: [#hello]
    /// @param journal the folder that remembers uploads under way; made when needed
    public AcervoClient(ServerAddress server, @Nullable Credentials credentials, Path journal, RetryPolicy policy) {
        this.transport = new Transport(server, credentials, policy);
        this.credentials = credentials;
        this.journal = journal;
    }

    public ServerAddress server() {
        return transport.server();
    }

    /// What its requests travel over, for those that speak to the server in their own way; closed with this.
    public Transport transport() {
        return transport;
    }

    /// The smallest call through the whole stack.
    ///
    /// @param language `en` or `pt`
    public HelloReply hello(String name, String language) {
        HelloRequest request =
                HelloRequest.newBuilder().setName(name).setLanguage(language).build();
        return call("Hello", request, HelloReply.parser());
    }

    /// Makes these credentials known to the server; again does no harm.
    public void register(Credentials fresh) {
        RegisterRequest request = RegisterRequest.newBuilder()
                .setClientId(fresh.id().toString())
                .setSecretSha256(
                        ByteString.copyFrom(fresh.secret().hash().sha256().toBytes()))
                .build();
        call("Register", request, RegisterReply.parser());
    }

    public WhoAmIReply whoAmI() {
        return call("WhoAmI", WhoAmIRequest.getDefaultInstance(), WhoAmIReply.parser());
    }

    /// One page of a folder.
    ///
    /// @param after the last path of the page before, or empty
    /// @param limit 1 to 10,000
    public ListReply list(SpaceName space, FilePath folder, boolean recursive, String after, int limit) {
        ListRequest request = ListRequest.newBuilder()
                .setSpace(space.text())
                .setPath(folder.text())
                .setRecursive(recursive)
                .setAfter(after)
                .setLimit(limit)
                .build();
        return call("List", request, ListReply.parser());
    }

    public InfoReply info(RemoteFile file) {
        InfoRequest request = InfoRequest.newBuilder()
                .setSpace(file.space().text())
                .setPath(file.path().text())
                .build();
        return call("Info", request, InfoReply.parser());
    }

    /// Removes files, at most 1,000 at once.
    public ChangesReply remove(SpaceName space, List<RemoveItem> items, boolean forever) {
        RemoveRequest request = RemoveRequest.newBuilder()
                .setSpace(space.text())
                .addAllItems(items)
                .setForever(forever)
                .setRequestId(Randomness.request().toString())
                .build();
        return call("Remove", request, ChangesReply.parser());
    }

    /// Renames files, at most 1,000 at once.
    public ChangesReply move(SpaceName space, List<MoveItem> items) {
        MoveRequest request = MoveRequest.newBuilder()
                .setSpace(space.text())
                .addAllItems(items)
                .setRequestId(Randomness.request().toString())
                .build();
        return call("Move", request, ChangesReply.parser());
    }

    /// Changes how many copies are wanted, of at most 1,000 files at once.
    public ChangesReply setReplicas(SpaceName space, List<String> paths, int replicas) {
        SetReplicasRequest request = SetReplicasRequest.newBuilder()
                .setSpace(space.text())
                .addAllPaths(paths)
                .setReplicas(replicas)
                .setRequestId(Randomness.request().toString())
                .build();
        return call("SetReplicas", request, ChangesReply.parser());
    }

    public SpaceReply createSpace(SpaceName name) {
        CreateSpaceRequest request = CreateSpaceRequest.newBuilder()
                .setName(name.text())
                .setRequestId(Randomness.request().toString())
                .build();
        return call("CreateSpace", request, SpaceReply.parser());
    }

    public ListSpacesReply spaces() {
        return call("ListSpaces", ListSpacesRequest.getDefaultInstance(), ListSpacesReply.parser());
    }

    /// Gives a client a role in a shared space, or takes it with [Role#NONE].
    public SpaceReply grant(SpaceName name, ClientId client, Role role) {
        GrantRequest request = GrantRequest.newBuilder()
                .setName(name.text())
                .setClientId(client.toString())
                .setRoleValue(role.code())
                .setRequestId(Randomness.request().toString())
                .build();
        return call("Grant", request, SpaceReply.parser());
    }

    public void removeSpace(SpaceName name, boolean withFiles) {
        RemoveSpaceRequest request = RemoveSpaceRequest.newBuilder()
                .setName(name.text())
                .setWithFiles(withFiles)
                .setRequestId(Randomness.request().toString())
                .build();
        call("RemoveSpace", request, RemoveSpaceReply.parser());
    }

    /// Waits for files: says what is there, and registers an interest when that is nothing (or `keep`).
    ///
    /// @param pattern a path or a glob, see [acervo.model.PathPattern]
    /// @param forMillis how long it is to hold
    public WantReply want(SpaceName space, String pattern, long forMillis, boolean keep) {
        WantRequest request = WantRequest.newBuilder()
                .setSpace(space.text())
                .setPattern(pattern)
                .setForMillis(forMillis)
                .setKeep(keep)
                .setRequestId(Randomness.request().toString())
                .build();
        return call("Want", request, WantReply.parser());
    }

    /// Says what is there after a version of the space, and registers nothing.
    public WantReply look(SpaceName space, String pattern, long since) {
        WantRequest request = WantRequest.newBuilder()
                .setSpace(space.text())
                .setPattern(pattern)
                .setSince(since)
                .setLook(true)
                .build();
        return call("Want", request, WantReply.parser());
    }

    public WantsReply wants() {
        return call("Wants", WantsRequest.getDefaultInstance(), WantsReply.parser());
    }

    /// Cancels interests, at most 2,000 at once.
    ///
    /// @return how many there were
    public int unwant(List<Long> interests) {
        UnwantRequest request = UnwantRequest.newBuilder()
                .addAllInterests(interests)
                .setRequestId(Randomness.request().toString())
                .build();
        return call("Unwant", request, UnwantReply.parser()).getCancelled();
    }

    /// Says that notices were seen, at most 2,000 at once.
    ///
    /// @param missed how many were told of that there was no room for
    public void acknowledge(List<Long> notices, long missed) {
        AcknowledgeRequest request = AcknowledgeRequest.newBuilder()
                .addAllNotices(notices)
                .setMissed(missed)
                .setRequestId(Randomness.request().toString())
                .build();
        call("Acknowledge", request, AcknowledgeReply.parser());
    }

    /// The notices that wait.
    ///
    /// @param after only those after this number
    /// @param interests only those of these interests; empty for all
    public NoticesReply waitingNotices(long after, List<Long> interests) {
        NoticesRequest request = NoticesRequest.newBuilder()
                .setAfter(after)
                .addAllInterests(interests)
                .build();
        return transport.run(c -> {
            NoticesReply.Builder all = NoticesReply.newBuilder();
            // The connection is the transport's: it is not the stream's to close.
            MessageStream<NoticesReply> stream =
                    MessageStream.open(transport, c, "Notices", request, NoticesReply.parser());
            for (NoticesReply part = stream.next(); part != null; part = stream.next()) {
                all.addAllNotices(part.getNoticesList())
                        .addAllEnded(part.getEndedList())
                        .setMissed(part.getMissed());
            }
            return all.build();
        });
    }

    /// Prepares to follow this client's notices.
    ///
    /// @param listener asked for a [acervo.wire.v1.NoticesRequest]
    public Following<NoticesReply> notices(Following.Listener<NoticesReply> listener) {
        return new Following<>(transport, "Notices", NoticesReply.parser(), listener);
    }

    /// Prepares to follow the feeds of spaces.
    ///
    /// @param listener asked for a [acervo.wire.v1.WatchRequest]
    public Following<WatchReply> watch(Following.Listener<WatchReply> listener) {
        return new Following<>(transport, "Watch", WatchReply.parser(), listener);
    }

    public StatusReply status() {
        return call("Status", StatusRequest.getDefaultInstance(), StatusReply.parser());
    }

    /// Starts a verification pass, or asks how it stands.
    ///
    /// @param operator the operator's secret, as the server's data folder holds it; null to ask as a client
    public VerifyReply verify(boolean start, @Nullable String operator) {
        VerifyRequest request = VerifyRequest.newBuilder().setStart(start).build();
        return call("Verify", request, VerifyReply.parser(), operator);
    }

    /// Deposits one file.
    ///
    /// @param file as it was just looked at; a link is to be followed
    public Deposited put(LocalFile file, DepositTarget target, Progress progress) {
        return Deposits.one(transport, who(), new UploadJournal(journal), target, file, progress);
    }

    /// Deposits what a stream gives until its end.
    ///
    /// @throws java.io.IOException when it can't be read; nothing was deposited then
    public Deposited put(InputStream in, DepositTarget target, Progress progress) throws java.io.IOException {
        return new StreamUpload(transport, target, progress).run(in);
    }

    /// Starts to deposit many files.
    public Deposits deposits(SpaceName space, int replicas, Deposits.Listener listener, Progress progress) {
        return new Deposits(transport, who(), journal, space, replicas, listener, progress);
    }

    /// Recovers one file.
    ///
    /// @param to the file's local path; its folder must exist
    /// @param force whether a different file that is there may be replaced
    public Recovered get(RemoteFile file, Path to, boolean force, Progress progress) {
        return new Download(transport, file, to, force, StateFile::forceFolder, progress).run(null, false);
    }

    /// Recovers one file into a stream; what the stream got is right only if this returns.
    ///
    /// @throws OutputException when the stream takes no more
    public long get(RemoteFile file, OutputStream out, Progress progress) {
        return new StreamDownload(transport, file, out, progress).run().size();
    }

    /// Starts to recover many files.
    public Recoveries recoveries(boolean force, Recoveries.Listener listener, Progress progress) {
        return new Recoveries(transport, force, listener, progress);
    }

    private String who() {
        return transport.server() + " "
                + (credentials == null ? "" : credentials.id().toString());
    }

    private <T> T call(String method, MessageLite request, Parser<T> reply) {
        return call(method, request, reply, null);
    }

    private <T> T call(String method, MessageLite request, Parser<T> reply, @Nullable String operator) {
        return transport.call(method, request, reply, operator == null ? "" : "Acervo-Operator: " + operator + "\r\n");
    }

    @Override
    public void close() {
        transport.close();
    }
}
