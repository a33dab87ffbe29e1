package acervo.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Takes the bodies of HTTP/1.1 requests out of the pipeline before Vert.x sees them, because Vert.x would copy
/// each of their buffers to the heap and send it through two queues. Stands between Vert.x's decoder and its
/// connection handler, and tells the latter only that the body has ended, so that the connection goes on to its
/// next request as ever. Requests that the [HotLane] answers it keeps back as a whole.
///
/// A request can be claimed only while its own head is being delivered: then no byte of its body can have gone
/// past. (The handler of a pipelined request is called later than that, and takes its body from Vert.x's stream.)
///
/// Event loop only.
final class BodyTap extends ChannelInboundHandlerAdapter {
    static final String NAME = "bodyTap";

    private final HotLane lane;
    private final Line line;
    private boolean delivering;

    /// What still comes belongs to a request that the lane has answered.
    private boolean skipping;

    /// Answers of the lane's were written, and wait until what was read together is dealt with.
    private boolean unflushed;

    private @Nullable ChannelHandlerContext encoder;

    private @Nullable BodySink sink;

    BodyTap(HotLane lane, Line line) {
        this.lane = lane;
        this.line = line;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        encoder = ctx.pipeline().context("httpEncoder");
    }

    static @Nullable BodyTap of(Channel channel) {
        return (BodyTap) channel.pipeline().get(NAME);
    }

    /// Takes the body of the request whose head is being delivered.
    ///
    /// @return false when it is too late for that
    boolean claim(BodySink to) {
        if (!delivering || sink != null) {
            return false;
        }
        sink = to;
        return true;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (skipping) {
            skipping = !(message instanceof LastHttpContent);
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            ByteBuf answer = lane.answer(line, ctx.alloc(), request);
            if (answer != null) {
                // Past the encoder, whose work is done.
                var _ = Objects.requireNonNull(encoder).write(answer);
                unflushed = true;
                skipping = !(message instanceof LastHttpContent);
                ReferenceCountUtil.release(message);
                return;
            }
            line.passedOn();
            if (request.protocolVersion().majorVersion() != 1) {
                // Vert.x would answer in that same version, whatever it is.
                request.setProtocolVersion(HttpVersion.HTTP_1_1);
                request.setDecoderResult(DecoderResult.failure(new UnknownVersionException()));
            }
            delivering = true;
            try {
                ctx.fireChannelRead(message);
            } finally {
                delivering = false;
            }
            return;
        }
        BodySink to = sink;
        if (to == null || !(message instanceof HttpContent content)) {
            ctx.fireChannelRead(message);
            return;
        }
        if (!content.decoderResult().isSuccess()) {
            sink = null;
            to.broken(new BrokenBodyException(400, "the body's chunks are malformed"));
            ctx.fireChannelRead(message);
            return;
        }
        ByteBuf bytes = content.content();
        if (bytes.isReadable()) {
            to.data(bytes);
        } else {
            bytes.release();
        }
        if (content instanceof LastHttpContent last) {
            sink = null;
            String digest = last.trailingHeaders().get(FileHeaders.REPR_DIGEST);
            to.end(digest == null ? "" : digest);
            ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (unflushed) {
            unflushed = false;
            ctx.flush();
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        BodySink to = sink;
        sink = null;
        if (to != null) {
            to.broken(new BrokenBodyException(499, "the connection broke before the body was whole"));
        }
        ctx.fireChannelInactive();
    }

    /// The request speaks no version of HTTP that is spoken here.
    static final class UnknownVersionException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnknownVersionException() {
            super("no version of HTTP that is spoken here", null, false, false);
        }
    }

    /// What a [Body] asks of its connection.
    static BodySource source(Channel channel) {
        return new BodySource() {
            @Override
            public void pause() {
                channel.config().setAutoRead(false);
            }

            @Override
            public void resume() {
                channel.eventLoop().execute(() -> channel.config().setAutoRead(true));
            }

            @Override
            public void discard() {
                resume();
            }
        };
    }
}
