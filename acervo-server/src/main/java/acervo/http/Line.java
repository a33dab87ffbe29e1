package acervo.http;

import acervo.model.ClientId;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// One connection, from before its first byte: its deadlines, and what is remembered of it between requests. The
/// first handler of its pipeline. Event loop only.
///
/// It is closed when a header does not arrive in time, when nothing is asked for a while, when the client leaves an
/// answer unread, and after lingering.
final class Line extends ChannelInboundHandlerAdapter {
    private static final AttributeKey<Line> KEY = AttributeKey.valueOf("acervo.line");
    private static final byte[] TURNED_AWAY = turnedAway();

    private final Limits limits;
    private final boolean room;
    private final LongAdder timedOut;
    private @Nullable Channel channel;
    private String address = "";
    private boolean multiplexed;
    private int active;

    /// Requests that were passed on to Vert.x and whose answers have not left yet.
    private int onTheirWay;
    private long headerSince;
    private long quietSince;
    private long lingerUntil;
    private boolean throwAway;
    private long unsentBytes;
    private long unsentProgress;
    private long unsentSince;

    /// Written by whoever authenticated, read by the event loop.
    private volatile @Nullable Known known;

    /// An `Authorization` that was found to be right, and whose it is.
    private record Known(String authorization, ClientId client) {}

    /// @param room false to answer that there are too many connections
    Line(Limits limits, boolean room, LongAdder timedOut) {
        this.limits = limits;
        this.room = room;
        this.timedOut = timedOut;
    }

    static Line of(Channel channel) {
        Line line = channel.attr(KEY).get();
        if (line == null) {
            throw new IllegalStateException("a connection that came past the doorman");
        }
        return line;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        channel.attr(KEY).set(this);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!room) {
            throwAway = true;
            var _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(TURNED_AWAY)).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        if (ctx.channel().remoteAddress() instanceof InetSocketAddress inet && inet.getAddress() != null) {
            address = inet.getAddress().getHostAddress();
        }
        long now = System.nanoTime();
        headerSince = now;
        quietSince = now;
        watch(ctx);
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (throwAway) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (headerSince == 0 && active == 0 && !multiplexed) {
            headerSince = System.nanoTime();
        }
        ctx.fireChannelRead(message);
    }

    private void watch(ChannelHandlerContext ctx) {
        long shortest = Math.min(
                Math.min(limits.headerDeadline().toNanos(), limits.idle().toNanos()),
                Math.min(limits.linger().toNanos(), limits.writeStall().toNanos()));
        var _ = ctx.executor().schedule(() -> check(ctx), Math.max(shortest / 4, 1_000_000), TimeUnit.NANOSECONDS);
    }

    private void check(ChannelHandlerContext ctx) {
        if (!ctx.channel().isActive()) {
            return;
        }
        if (isOver(System.nanoTime(), ctx.channel())) {
            timedOut.increment();
            var _ = ctx.close();
        } else {
            watch(ctx);
        }
    }

    private boolean isOver(long now, Channel open) {
        if (lingerUntil != 0) {
            return now - lingerUntil > 0;
        }
        if (headerSince != 0
                && active == 0
                && now - headerSince > limits.headerDeadline().toNanos()) {
            return true;
        }
        if (active == 0 && headerSince == 0 && now - quietSince > limits.idle().toNanos()) {
            return true;
        }
        ChannelOutboundBuffer unsent = open.unsafe().outboundBuffer();
        long bytes = unsent == null ? 0 : unsent.totalPendingWriteBytes();
        long progress = unsent == null ? 0 : unsent.currentProgress();
        if (bytes == 0 || bytes != unsentBytes || progress != unsentProgress) {
            unsentBytes = bytes;
            unsentProgress = progress;
            unsentSince = now;
        }
        return bytes != 0 && now - unsentSince > limits.writeStall().toNanos();
    }

    /// It speaks HTTP/2: bytes that come between requests need not be the beginning of one.
    void multiplexed() {
        multiplexed = true;
    }

    /// A request's header is whole.
    void requestBegins() {
        headerSince = 0;
        active++;
    }

    /// A request was answered.
    void requestEnds() {
        active--;
        quietSince = System.nanoTime();
    }

    /// A request goes on to Vert.x, where it may wait for earlier ones.
    void passedOn() {
        onTheirWay++;
    }

    /// The whole answer to a request that was passed on was handed to the system.
    void answerLeft() {
        onTheirWay--;
    }

    /// Whether an answer that is sent now comes after those to all earlier requests, and has room.
    boolean isClear() {
        Channel open = channel;
        return onTheirWay == 0 && active == 0 && !throwAway && open != null && open.isWritable();
    }

    /// Ends the connection after an answer that came before the request's body was read: says that nothing more
    /// will be sent, and reads and throws away for a while, since a close would make the client's system drop the
    /// answer.
    void linger() {
        Channel open = channel;
        if (open == null || !open.isActive() || lingerUntil != 0) {
            return;
        }
        lingerUntil = System.nanoTime() + limits.linger().toNanos();
        throwAway = true;
        open.config().setAutoRead(true);
        var _ = open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
            if (open instanceof DuplexChannel duplex) {
                var _ = duplex.shutdownOutput();
            }
        });
    }

    /// Cuts the connection, so that nobody takes what was sent for whole.
    void cut() {
        if (channel != null) {
            var _ = channel.close();
        }
    }

    /// The client's address, without a port.
    String address() {
        return address;
    }

    /// The client that this `Authorization` was found to be before on this connection, or null. A client can't be
    /// removed and its secret can't change, so that what was right once stays right.
    @Nullable
    ClientId known(String authorization) {
        Known there = known;
        return there != null && there.authorization.equals(authorization) ? there.client : null;
    }

    void remember(String authorization, ClientId client) {
        known = new Known(authorization, client);
    }

    private static byte[] turnedAway() {
        String body = new Trouble(
                        503,
                        Trouble.Code.UNAVAILABLE,
                        "too many connections; try again shortly",
                        "TOO_MANY",
                        List.of("connections"),
                        1)
                .toJson();
        return ("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n"
                        + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
