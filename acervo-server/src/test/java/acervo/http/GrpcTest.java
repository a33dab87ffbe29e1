package acervo.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.http.TestServer.Person;
import acervo.wire.v1.Error;
import acervo.wire.v1.HelloReply;
import acervo.wire.v1.HelloRequest;
import acervo.wire.v1.ListReply;
import acervo.wire.v1.ListRequest;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.CallOptions;
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

    private <Q extends Message, R extends Message> R call(
            String method, Q request, Parser<Q> asked, Parser<R> replied, Metadata metadata) {
        MethodDescriptor<Q, R> descriptor = MethodDescriptor.<Q, R>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("acervo.v1.Acervo/" + method)
                .setRequestMarshaller(marshaller(asked))
                .setResponseMarshaller(marshaller(replied))
                .build();
        return ClientCalls.blockingUnaryCall(
                io.grpc.ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
                descriptor,
                CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
                request);
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
