package acervo.client;

import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.wire.v1.ChangeResult;
import acervo.wire.v1.ChangesReply;
import acervo.wire.v1.Copy;
import acervo.wire.v1.Error;
import acervo.wire.v1.File;
import acervo.wire.v1.GrantRequest;
import acervo.wire.v1.HelloReply;
import acervo.wire.v1.HelloRequest;
import acervo.wire.v1.InfoReply;
import acervo.wire.v1.InfoRequest;
import acervo.wire.v1.ListReply;
import acervo.wire.v1.ListRequest;
import acervo.wire.v1.ListSpacesReply;
import acervo.wire.v1.Member;
import acervo.wire.v1.MoveItem;
import acervo.wire.v1.MoveRequest;
import acervo.wire.v1.RegisterRequest;
import acervo.wire.v1.RemoveItem;
import acervo.wire.v1.RemoveRequest;
import acervo.wire.v1.Role;
import acervo.wire.v1.SetReplicasRequest;
import acervo.wire.v1.Space;
import acervo.wire.v1.SpaceReply;
import acervo.wire.v1.StatusReply;
import acervo.wire.v1.VerifyReply;
import acervo.wire.v1.VerifyRequest;
import acervo.wire.v1.WhoAmIReply;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The calls of the [FakeServer].
final class FakeCalls {
    private final FakeServer server;

    FakeCalls(FakeServer server) {
        this.server = server;
    }

    byte[] answer(String method, byte[] body, Map<String, String> headers) throws InvalidProtocolBufferException {
        if (method.equals("Hello")) {
            HelloRequest r = HelloRequest.parseFrom(body);
            String word = r.getLanguage().equals("pt") ? "Olá, " : "Hello, ";
            return HelloReply.newBuilder()
                    .setGreeting(word + r.getName() + "!")
                    .build()
                    .toByteArray();
        }
        if (method.equals("Register")) {
            RegisterRequest r = RegisterRequest.parseFrom(body);
            String hash =
                    acervo.model.BlobId.of(r.getSecretSha256().toByteArray()).toString();
            server.clients.put(r.getClientId(), hash);
            return new byte[0];
        }
        String caller = server.caller(headers);
        return call(method, body, caller, headers).toByteArray();
    }

    private MessageLite call(String method, byte[] body, String caller, Map<String, String> headers)
            throws InvalidProtocolBufferException {
        return switch (method) {
            case "WhoAmI" -> WhoAmIReply.newBuilder().setClientId(caller).build();
            case "Want" -> server.interests.want(body);
            case "Wants" -> server.interests.wants();
            case "Unwant" -> server.interests.unwant(body);
            case "Acknowledge" -> server.interests.acknowledge(body);
            case "List" -> list(ListRequest.parseFrom(body));
            case "Info" -> info(InfoRequest.parseFrom(body));
            case "Remove" -> remove(RemoveRequest.parseFrom(body));
            case "Move" -> move(MoveRequest.parseFrom(body));
            case "SetReplicas" -> replicas(SetReplicasRequest.parseFrom(body));
            case "Status" ->
                StatusReply.newBuilder()
                        .setServerVersion("fake")
                        .setNodes(1)
                        .setWritable(true)
                        .build();
            case "Verify" -> verify(VerifyRequest.parseFrom(body), headers);
            case "ListSpaces" ->
                ListSpacesReply.newBuilder()
                        .addSpaces(Space.newBuilder().setName("home").setRole(Role.OWNER))
                        .build();
            case "CreateSpace", "RemoveSpace" -> SpaceReply.getDefaultInstance();
            case "Grant" -> {
                GrantRequest r = GrantRequest.parseFrom(body);
                yield SpaceReply.newBuilder()
                        .setSpace(Space.newBuilder()
                                .setName(r.getName())
                                .addMembers(Member.newBuilder()
                                        .setClientId(r.getClientId())
                                        .setRole(r.getRole())))
                        .build();
            }
            default -> throw new RefusedException(Reason.ARGUMENT_INVALID, "no method " + method);
        };
    }

    private ListReply list(ListRequest r) {
        if (r.getSpace().equals("missing")) {
            throw new RefusedException(Reason.NO_SUCH_SPACE, r.getSpace());
        }
        String prefix = r.getSpace() + "/";
        TreeMap<String, File> rows = new TreeMap<>();
        Set<String> folders = new LinkedHashSet<>();
        for (Map.Entry<String, FakeServer.Stored> e : List.copyOf(server.files.entrySet())) {
            if (!e.getKey().startsWith(prefix)) {
                continue;
            }
            String path = e.getKey().substring(prefix.length());
            boolean itself = path.equals(r.getPath());
            boolean below = r.getPath().isEmpty() || path.startsWith(r.getPath() + "/");
            if (!itself && !below) {
                continue;
            }
            int from = r.getPath().isEmpty() ? 0 : r.getPath().length() + 1;
            int slash = itself || r.getRecursive() ? -1 : path.indexOf('/', from);
            if (slash < 0) {
                rows.put(path, FakeServer.describe(path, e.getValue()));
            } else if (folders.add(path.substring(0, slash))) {
                String folder = path.substring(0, slash);
                rows.put(
                        folder,
                        File.newBuilder().setPath(folder).setImplied(true).build());
            }
        }
        List<File> after = new ArrayList<>(rows.tailMap(r.getAfter(), false).values());
        if (r.getAfter().isEmpty()) {
            after = new ArrayList<>(rows.values());
        }
        int limit = r.getLimit() == 0 ? 1000 : r.getLimit();
        return ListReply.newBuilder()
                .addAllFiles(after.subList(0, Math.min(limit, after.size())))
                .setMore(after.size() > limit)
                .build();
    }

    private InfoReply info(InfoRequest r) {
        FakeServer.Stored stored = server.files.get(r.getSpace() + "/" + r.getPath());
        if (stored == null) {
            throw new RefusedException(Reason.NO_SUCH_FILE, r.getPath());
        }
        return InfoReply.newBuilder()
                .setFile(FakeServer.describe(r.getPath(), stored))
                .addCopies(Copy.newBuilder().setNode("node-1").setHealthy(true).setVerifiedMillis(1_700_000_000_000L))
                .build();
    }

    private static ChangeResult.Builder missing(String path) {
        return ChangeResult.newBuilder()
                .setPath(path)
                .setError(Error.newBuilder()
                        .setCode("not_found")
                        .setReason("NO_SUCH_FILE")
                        .setMessage("there is no file " + path)
                        .addArguments(path));
    }

    private ChangesReply remove(RemoveRequest r) {
        ChangesReply.Builder reply = ChangesReply.newBuilder();
        for (RemoveItem item : r.getItemsList()) {
            FakeServer.Stored gone = server.files.remove(r.getSpace() + "/" + item.getPath());
            reply.addResults(
                    gone == null
                            ? missing(item.getPath())
                            : ChangeResult.newBuilder().setPath(item.getPath()).setGoneVersion(server.nextVersion()));
        }
        return reply.build();
    }

    private ChangesReply move(MoveRequest r) {
        ChangesReply.Builder reply = ChangesReply.newBuilder();
        for (MoveItem item : r.getItemsList()) {
            String to = r.getSpace() + "/" + item.getTo();
            FakeServer.Stored from = server.files.get(r.getSpace() + "/" + item.getFrom());
            if (from == null) {
                reply.addResults(missing(item.getFrom()));
            } else if (server.files.containsKey(to) && !item.getReplace()) {
                reply.addResults(ChangeResult.newBuilder()
                        .setPath(item.getFrom())
                        .setError(Error.newBuilder()
                                .setCode("already_exists")
                                .setReason("FILE_EXISTS")
                                .addArguments(item.getTo())));
            } else {
                server.files.remove(r.getSpace() + "/" + item.getFrom());
                server.files.put(to, from);
                reply.addResults(ChangeResult.newBuilder()
                        .setPath(item.getFrom())
                        .setNow(FakeServer.describe(item.getTo(), from)));
            }
        }
        return reply.build();
    }

    private ChangesReply replicas(SetReplicasRequest r) {
        ChangesReply.Builder reply = ChangesReply.newBuilder();
        for (String path : r.getPathsList()) {
            FakeServer.Stored stored = server.files.get(r.getSpace() + "/" + path);
            if (stored == null) {
                reply.addResults(missing(path));
            } else if (r.getReplicas() > 1) {
                reply.addResults(ChangeResult.newBuilder()
                        .setPath(path)
                        .setError(Error.newBuilder()
                                .setCode("failed_precondition")
                                .setReason("NOT_ENOUGH_NODES")
                                .addArguments(String.valueOf(r.getReplicas()))
                                .addArguments("1")));
            } else {
                reply.addResults(ChangeResult.newBuilder().setPath(path).setNow(FakeServer.describe(path, stored)));
            }
        }
        return reply.build();
    }

    private static VerifyReply verify(VerifyRequest r, Map<String, String> headers) {
        if (r.getStart() && !headers.containsKey("acervo-operator")) {
            throw new RefusedException(Reason.FORBIDDEN, "this server", "verify");
        }
        boolean bad = "bad".equals(headers.get("acervo-operator"));
        VerifyReply.Builder reply =
                VerifyReply.newBuilder().setBlobsDone(3).setBlobsTotal(3).setStartedMillis(1);
        return bad ? reply.addDamaged("ab").addFiles("home:x").build() : reply.build();
    }
}
