package acervo.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.http.TestServer.Person;
import acervo.wire.v1.Error;
import acervo.wire.v1.HelloReply;
import acervo.wire.v1.HelloRequest;
import acervo.wire.v1.ListReply;
import acervo.wire.v1.ListRequest;
import acervo.wire.v1.NoticesReply;
import acervo.wire.v1.NoticesRequest;
import acervo.wire.v1.WantReply;
import acervo.wire.v1.WantRequest;
import acervo.wire.v1.WatchReply;
import acervo.wire.v1.WatchRequest;
import acervo.wire.v1.WatchedSpace;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A client of gRPC's own makers speaks to the front door.
final class GrpcTest {
    @TempDir
    Path folder;

    private TestServer server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.start(folder);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port)
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow();
        assertTrue(channel.awaitTermination(30, TimeUnit.SECONDS));
        server.close();
    }

    private static <M extends Message> MethodDescriptor.Marshaller<M> marshaller(Parser<M> parser) {
        return new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(M message) {
                return message.toByteString().newInput();
            }

            @Override
            public M parse(InputStream in) {
                try {
                    return parser.parseFrom(in);
                } catch (InvalidProtocolBufferException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private static <Q extends Message, R extends Message> MethodDescriptor<Q, R> method(
            MethodDescriptor.MethodType type, String method, Parser<Q> asked, Parser<R> replied) {
        return MethodDescriptor.<Q, R>newBuilder()
                .setType(type)
                .setFullMethodName("acervo.v1.Acervo/" + method)
                .setRequestMarshaller(marshaller(asked))
                .setResponseMarshaller(marshaller(replied))
                .build();
    }

    private Channel with(Metadata metadata) {
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private <Q extends Message, R extends Message> R call(
            String method, Q request, Parser<Q> asked, Parser<R> replied, Metadata metadata) {
        return ClientCalls.blockingUnaryCall(
                with(metadata),
                method(MethodDescriptor.MethodType.UNARY, method, asked, replied),
                CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
                request);
    }

    private <Q extends Message, R extends Message> Iterator<R> stream(
            String method, Q request, Parser<Q> asked, Parser<R> replied, Metadata metadata) {
        return ClientCalls.blockingServerStreamingCall(
                with(metadata),
                method(MethodDescriptor.MethodType.SERVER_STREAMING, method, asked, replied),
                CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
                request);
    }

    private Iterator<NoticesReply> notices(Metadata metadata, boolean follow) {
        NoticesRequest request = NoticesRequest.newBuilder().setFollow(follow).build();
        return stream("Notices", request, NoticesRequest.parser(), NoticesReply.parser(), metadata);
    }

    @Test
    void streamsGoOnForAsLongAsTheClientStays() throws IOException {
        Person ana = server.person();
        Metadata as = as(ana);
        Iterator<NoticesReply> followed = notices(as, true);
        assertEquals(NoticesReply.getDefaultInstance(), followed.next());
        WantRequest want = WantRequest.newBuilder()
                .setSpace("home")
                .setPattern("*")
                .setKeep(true)
                .build();
        assertEquals(
                1,
                call("Want", want, WantRequest.parser(), WantReply.parser(), as).getInterest());
        try (Wired wire = server.open()) {
            for (int i = 1; i <= 20; i++) {
                byte[] content = {(byte) i};
                assertEquals(
                        201,
                        wire.ask("PUT", "/v1/files/home/f" + i, content, ana.basic())
                                .status());
                NoticesReply reply = followed.next();
                assertEquals("f" + i, reply.getNotices(0).getFile().getPath());
            }
        }
        Iterator<NoticesReply> all = notices(as, false);
        assertEquals(20, all.next().getNoticesCount());
        assertFalse(all.hasNext(), "it ends with the status OK");
        WatchRequest nowhere = WatchRequest.newBuilder()
                .addSpaces(WatchedSpace.newBuilder().setSpace("nowhere"))
                .build();
        Iterator<WatchReply> refused = stream("Watch", nowhere, WatchRequest.parser(), WatchReply.parser(), as);
        StatusRuntimeException e = assertThrows(StatusRuntimeException.class, refused::hasNext);
        assertEquals(Status.Code.NOT_FOUND, e.getStatus().getCode());
        channel.shutdownNow();
        while (server.depot.interests().streams() > 0) {
            Thread.onSpinWait();
        }
    }

    private HelloReply hello(String name) {
        return call(
                "Hello",
                HelloRequest.newBuilder().setName(name).build(),
                HelloRequest.parser(),
                HelloReply.parser(),
                new Metadata());
    }

    private ListReply list(String space, Metadata metadata) {
        return call(
                "List",
                ListRequest.newBuilder().setSpace(space).build(),
                ListRequest.parser(),
                ListReply.parser(),
                metadata);
    }

    private static Metadata as(Person person) {
        Metadata metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + person.id() + ":" + person.secret());
        return metadata;
    }

    @Test
    void callsAreAnswered() {
        for (int i = 0; i < 100; i++) {
            assertEquals("Hello, João " + i + "!", hello("João " + i).getGreeting());
        }
    }

    @Test
    void aCallerIsKnownByItsMetadata() {
        assertEquals(0, list("home", as(server.person())).getFilesCount());
    }

    @Test
    void refusalsHaveTheirCodeAndTheErrorInATrailer() throws InvalidProtocolBufferException {
        StatusRuntimeException refused =
                assertThrows(StatusRuntimeException.class, () -> list("nobodys", as(server.person())));
        assertEquals(Status.Code.NOT_FOUND, refused.getStatus().getCode());
        assertTrue(refused.getStatus().getDescription().contains("nobodys"));
        byte[] detail = refused.getTrailers().get(Metadata.Key.of("acervo-error-bin", Metadata.BINARY_BYTE_MARSHALLER));
        assertEquals("NO_SUCH_SPACE", Error.parseFrom(detail).getReason());
    }

    @Test
    void whoIsNotKnownIsUnauthenticated() {
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> list("home", new Metadata()));
        assertEquals(Status.Code.UNAUTHENTICATED, refused.getStatus().getCode());
    }

    @Test
    void anUnknownMethodIsUnimplemented() {
        StatusRuntimeException refused = assertThrows(
                StatusRuntimeException.class,
                () -> call(
                        "Nothing",
                        HelloRequest.getDefaultInstance(),
                        HelloRequest.parser(),
                        HelloReply.parser(),
                        new Metadata()));
        assertEquals(Status.Code.UNIMPLEMENTED, refused.getStatus().getCode());
    }

    @Test
    void aMessageOverTheLimitIsRefused() {
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> hello("x".repeat(2_000_000)));
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
    }
}
