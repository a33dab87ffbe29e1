package acervo.http;

import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// What is needed of Vert.x beyond its public interface. Event loop only, where nothing else is said.
final class Wire {
    private Wire() {}

    /// Prepares a connection on which HTTP was just spoken for the first time.
    static void connected(HttpConnection connection, HotLane lane) {
        Channel channel = channel(connection);
        if (channel.pipeline().get("httpDecoder") != null) {
            channel.pipeline().addBefore("handler", BodyTap.NAME, new BodyTap(lane, Line.of(channel)));
        } else {
            Line.of(channel).multiplexed();
        }
    }

    private static Channel channel(HttpConnection connection) {
        return ((HttpServerConnection) connection).channelHandlerContext().channel();
    }

    static Line line(HttpServerRequest request) {
        return Line.of(channel(request.connection()));
    }

    /// Sends a request's body to `sink`, by the short way where there is one.
    static BodySource claim(HttpServerRequest request, BodySink sink) {
        if (request.version() != HttpVersion.HTTP_2) {
            Channel channel = channel(request.connection());
            BodyTap tap = BodyTap.of(channel);
            if (tap != null && tap.claim(sink)) {
                return BodyTap.source(channel);
            }
        }
        return stream(request, sink);
    }

    private static BodySource stream(HttpServerRequest request, BodySink sink) {
        Context context = Vertx.currentContext();
        request.exceptionHandler(
                _ -> sink.broken(new BrokenBodyException(499, "the connection broke before the body was whole")));
        request.endHandler(_ -> sink.end(""));
        request.handler(buffer -> sink.data(((BufferInternal) buffer).getByteBuf()));
        return new BodySource() {
            @Override
            public void pause() {
                request.pause();
            }

            @Override
            public void resume() {
                context.runOnContext(_ -> {
                    // By the time that it is asked for the rest, all may have come.
                    if (!request.isEnded()) {
                        request.resume();
                    }
                });
            }

            @Override
            public void discard() {
                resume();
            }
        };
    }

    /// A buffer on the bytes themselves, without a copy.
    static Buffer buffer(ByteBuffer bytes) {
        return BufferInternal.buffer(io.netty.buffer.Unpooled.wrappedBuffer(bytes));
    }

    /// Whether a file's bytes can go to this request's client without passing through the process.
    static boolean takesRegions(HttpServerRequest request) {
        return request.version() != HttpVersion.HTTP_2 && !request.isSSL();
    }

    /// Writes a piece of a file as the next part of an answer whose head, with a `Content-Length`, was written.
    /// Vert.x can send one
    /// piece of a file as a whole answer; here each piece is checked before it goes.
    static Future<Void> region(HttpServerRequest request, FileChannel file, long offset, long length) {
        Promise<Void> written = Promise.promise();
        ((HttpServerConnection) request.connection())
                .channelHandlerContext()
                .writeAndFlush(new OpenFileRegion(file, offset, length))
                .addListener(done -> {
                    if (done.isSuccess()) {
                        written.complete();
                    } else {
                        written.fail(done.cause());
                    }
                });
        return written.future();
    }
}
